//! The action table: what is known of each operation before anyone looks at its arguments. Read from three
//! checked-in files in `data/`; what they lack is unknown. Nothing is concluded from how a name begins.
//! Where an action lands is `estate`, what follows for its tier is `tier`.

use crate::classify::arguments;
use crate::vocabulary::{AccessLevel, CriticalPath, Reversibility};
use serde_json::{Map, Value};
use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

/// What the table says of one operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionFacts {
    /// Whether the table has the operation at all. If not, it might touch any path.
    pub listed: bool,
    pub access_level: AccessLevel,
    /// Sorted, each once. Empty for what only lists or reads.
    pub critical_paths: Vec<CriticalPath>,
    pub reversibility: Reversibility,
    /// The answer holds credentials or secrets.
    pub returns_credentials: bool,
    /// Stops, deletes or blinds an audit trail or a guardrail.
    pub audit_or_guardrail: bool,
    /// Why it is on its critical paths: one clause each.
    pub because_of_path: Vec<String>,
    /// Why it has its reversibility, flags or corrected access level: one clause each, in the table's order.
    pub because: Vec<String>,
}

/// A row that does not have the form of its file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file} line {line}: {reason}")]
pub struct TableError {
    pub file: &'static str,
    /// From 1.
    pub line: usize,
    pub reason: String,
}

/// All operations, by normalised service and operation name.
#[derive(Debug, Clone)]
pub struct ActionTable {
    source: String,
    date: String,
    services: HashMap<String, HashMap<String, Entry>>,
    service_names: HashMap<String, String>,
    operation_names: HashMap<(String, String), String>,
    paths_of_service: HashMap<String, (BTreeSet<CriticalPath>, String)>,
}

#[derive(Debug, Clone, Default)]
struct Entry {
    access_level: Option<AccessLevel>,
    facts: Vec<Row>,
}

#[derive(Debug, Clone)]
struct Row {
    access_level: Option<AccessLevel>,
    paths: BTreeSet<CriticalPath>,
    reversibility: Option<Reversibility>,
    returns_credentials: bool,
    audit_or_guardrail: bool,
    when: Option<Condition>,
    why: String,
}

/// An argument, at any depth, whose name holds this text.
#[derive(Debug, Clone)]
struct Condition {
    argument: String,
    value: Option<String>,
}

const ACTIONS: &str = include_str!("../../data/actions.tsv");
const OVERLAY: &str = include_str!("../../data/actions.overlay.tsv");
const NAMES: &str = include_str!("../../data/actions.names.tsv");

static BUILT_IN: LazyLock<ActionTable> =
    LazyLock::new(|| ActionTable::parse(ACTIONS, OVERLAY, NAMES).unwrap_or_else(|error| panic!("{error}")));

impl ActionTable {
    /// The checked-in table; a test holds it to its form.
    pub fn built_in() -> &'static ActionTable {
        &BUILT_IN
    }

    /// Reads the generated actions, the overlay written by hand and the names that CloudTrail uses. Their
    /// columns are described in the files.
    pub fn parse(actions: &str, overlay: &str, names: &str) -> Result<ActionTable, TableError> {
        let header = |name: &str| {
            let line = actions.lines().find_map(|line| line.strip_prefix("# ")?.strip_prefix(name)?.strip_prefix(": "));
            line.unwrap_or_default().to_owned()
        };
        let mut table = ActionTable {
            source: header("source"),
            date: header("date"),
            services: HashMap::new(),
            service_names: HashMap::new(),
            operation_names: HashMap::new(),
            paths_of_service: HashMap::new(),
        };
        for row in rows("actions.tsv", actions, 3) {
            let (line, columns) = row?;
            let level = word("actions.tsv", line, columns[1])?;
            for operation in columns[2].split(' ') {
                table.entry(columns[0], operation).access_level = level;
            }
        }
        for row in rows("actions.overlay.tsv", overlay, 8) {
            let (line, columns) = row?;
            table.add_overlay(line, &columns)?;
        }
        for row in rows("actions.names.tsv", names, 3) {
            let (_, columns) = row?;
            let (service, name, target) = (columns[0].to_owned(), columns[1].to_lowercase(), columns[2]);
            if name == "-" {
                table.service_names.insert(service, target.to_owned());
            } else {
                table.operation_names.insert((service, name), target.to_lowercase());
            }
        }
        Ok(table)
    }

    fn entry(&mut self, service: &str, operation: &str) -> &mut Entry {
        self.services.entry(service.to_owned()).or_default().entry(operation.to_lowercase()).or_default()
    }

    fn add_overlay(&mut self, line: usize, columns: &[&str]) -> Result<(), TableError> {
        const FILE: &str = "actions.overlay.tsv";
        let error = |reason: String| TableError { file: FILE, line, reason };
        let mut paths = BTreeSet::new();
        for path in columns[3].split(',').filter(|path| *path != "-") {
            paths.extend(word::<CriticalPath>(FILE, line, path)?);
        }
        let mut row = Row {
            access_level: word(FILE, line, columns[2])?,
            paths,
            reversibility: word(FILE, line, columns[4])?,
            returns_credentials: false,
            audit_or_guardrail: false,
            when: None,
            why: columns[7].to_owned(),
        };
        for flag in columns[5].split(',').filter(|flag| *flag != "-") {
            match flag {
                "credentials" => row.returns_credentials = true,
                "audit" => row.audit_or_guardrail = true,
                other => return Err(error(format!("{other:?} is not a flag"))),
            }
        }
        if columns[6] != "-" {
            let (argument, value) =
                columns[6].split_once('=').map_or((columns[6], None), |(name, value)| (name, Some(value)));
            row.when = Some(Condition { argument: argument.to_lowercase(), value: value.map(str::to_lowercase) });
        }
        if columns[1] == "*" {
            if !row.says_paths_alone() || row.when.is_some() {
                return Err(error("a row for a whole service gives its paths and nothing else".to_owned()));
            }
            self.paths_of_service.insert(columns[0].to_owned(), (row.paths, row.why));
            return Ok(());
        }
        for operation in columns[1].split(' ') {
            self.entry(columns[0], operation).facts.push(row.clone());
        }
        Ok(())
    }

    /// Where the access levels come from, with the version.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The day of that source, `2026-09-26`.
    pub fn date(&self) -> &str {
        &self.date
    }

    /// How many operations it has.
    pub fn len(&self) -> usize {
        self.services.values().map(HashMap::len).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.services.is_empty()
    }

    /// What it says of `service`:`operation`, before its arguments. `s3` and `s3.amazonaws.com` are one
    /// service; case does not matter; an API version at the end of the name, `CreateFunction20150331`, is
    /// passed over.
    pub fn lookup(&self, service: &str, operation: &str) -> ActionFacts {
        self.facts(service, operation, None)
    }

    /// As `lookup`, with the rows that hold for these arguments as well; the worse governs.
    pub fn lookup_with(&self, service: &str, operation: &str, arguments: &Map<String, Value>) -> ActionFacts {
        self.facts(service, operation, Some(arguments))
    }

    fn facts(&self, service: &str, operation: &str, arguments: Option<&Map<String, Value>>) -> ActionFacts {
        let short = short_service(service);
        let service = self.service_names.get(&short).unwrap_or(&short);
        let entry = self.find(service, operation);
        let rows: Vec<&Row> = entry.map_or(Vec::new(), |entry| {
            entry
                .facts
                .iter()
                .filter(|row| row.when.as_ref().is_none_or(|when| arguments.is_some_and(|given| when.holds(given))))
                .collect()
        });
        let corrected = rows.iter().rev().find_map(|row| row.access_level);
        let access_level = corrected.or(entry.and_then(|entry| entry.access_level)).unwrap_or(AccessLevel::Unknown);
        let (mut because, mut because_of_path) = (Vec::new(), Vec::new());
        let mut paths = BTreeSet::new();
        if !access_level.is_read_only()
            && let Some((of_service, why)) = self.paths_of_service.get(service)
        {
            paths.extend(of_service);
            because_of_path.push(why.clone());
        }
        for row in &rows {
            if row.says_paths_alone() {
                if !access_level.is_read_only() {
                    because_of_path.push(row.why.clone());
                }
            } else if !because.contains(&row.why) {
                because.push(row.why.clone());
            }
            if !access_level.is_read_only() {
                paths.extend(&row.paths);
            }
        }
        let judged = rows.iter().filter_map(|row| row.reversibility).reduce(Reversibility::worse);
        let reversibility = if access_level.is_read_only() {
            Reversibility::Reversible
        } else {
            judged.unwrap_or(Reversibility::Unknown)
        };
        ActionFacts {
            listed: entry.is_some(),
            access_level,
            critical_paths: paths.into_iter().collect(),
            reversibility,
            returns_credentials: rows.iter().any(|row| row.returns_credentials),
            audit_or_guardrail: rows.iter().any(|row| row.audit_or_guardrail),
            because_of_path,
            because,
        }
    }

    fn find(&self, service: &str, operation: &str) -> Option<&Entry> {
        let operations = self.services.get(service)?;
        let operation = operation.to_lowercase();
        let by_name = |name: &str| {
            operations.get(name).or_else(|| {
                let target = self.operation_names.get(&(service.to_owned(), name.to_owned()))?;
                operations.get(target)
            })
        };
        by_name(&operation).or_else(|| by_name(without_api_version(&operation)?))
    }
}

impl Row {
    fn says_paths_alone(&self) -> bool {
        let else_nothing = self.access_level.is_none()
            && self.reversibility.is_none()
            && !self.returns_credentials
            && !self.audit_or_guardrail;
        !self.paths.is_empty() && else_nothing
    }
}

impl Condition {
    fn holds(&self, given: &Map<String, Value>) -> bool {
        arguments::any_named(given, &|name, value| {
            name.contains(&self.argument)
                && match &self.value {
                    Some(wanted) => arguments::word(value).as_deref() == Some(wanted),
                    None => !matches!(value, Value::Null) && arguments::word(value).as_deref() != Some("false"),
                }
        })
    }
}

/// The short form of a service name, as records and screens show it: `s3` for `s3.amazonaws.com`.
pub fn short_service(service: &str) -> String {
    let lower = service.trim().to_lowercase();
    lower.strip_suffix(".amazonaws.com").unwrap_or(&lower).to_owned()
}

/// `createfunction` for `createfunction20150331v2` and `createdistribution2020_05_31`; nothing where the
/// name does not end in a date.
fn without_api_version(operation: &str) -> Option<&str> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let dated = match operation.rsplit_once('v') {
        Some((head, revision)) if digits(revision) && head.ends_with(|last: char| last.is_ascii_digit()) => head,
        _ => operation,
    };
    let name = dated.trim_end_matches(|last: char| last.is_ascii_digit() || last == '_');
    let date: String = dated[name.len()..].chars().filter(char::is_ascii_digit).collect();
    (date.len() == 8 && (date.starts_with("19") || date.starts_with("20")) && !name.is_empty()).then_some(name)
}

fn rows<'a>(
    file: &'static str,
    text: &'a str,
    columns: usize,
) -> impl Iterator<Item = Result<(usize, Vec<&'a str>), TableError>> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.starts_with('#') && !line.trim().is_empty());
    lines.map(move |(index, line)| {
        let cells: Vec<&str> = line.split('\t').collect();
        if cells.len() != columns || cells.iter().any(|cell| cell.is_empty()) {
            let reason = format!("{columns} columns, none empty, separated by tabs; it has {}", cells.len());
            return Err(TableError { file, line: index + 1, reason });
        }
        Ok((index + 1, cells))
    })
}

fn word<T: std::str::FromStr<Err = crate::vocabulary::UnknownWord>>(
    file: &'static str,
    line: usize,
    text: &str,
) -> Result<Option<T>, TableError> {
    if text == "-" {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|error: crate::vocabulary::UnknownWord| TableError {
        file,
        line,
        reason: error.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_checked_in_files_have_their_form() {
        let table = ActionTable::parse(ACTIONS, OVERLAY, NAMES).unwrap();
        assert!(table.len() > 8_000, "{}", table.len());
        assert!(
            table.source().contains("iam-data") && table.date().starts_with("20"),
            "{} {}",
            table.source(),
            table.date()
        );
        assert!(ACTIONS.len() + OVERLAY.len() + NAMES.len() < 400_000);
        for ((service, name), target) in &table.operation_names {
            assert!(
                table.services[service].contains_key(target),
                "{service}: {name} stands for {target}, which is not there"
            );
            assert!(!table.services[service].contains_key(name), "{service}: {name} needs no other name");
        }
        for (name, target) in &table.service_names {
            assert!(table.services.contains_key(target), "{name} stands for {target}, which is not there");
        }
        for (service, operations) in &table.services {
            for (operation, entry) in operations {
                let plain = entry.facts.iter().filter(|row| row.when.is_none());
                assert!(
                    plain.clone().filter(|row| row.reversibility.is_some()).count() <= 1,
                    "{service}:{operation} judged twice"
                );
                let level = plain.clone().find_map(|row| row.access_level).or(entry.access_level);
                assert!(level.is_some(), "{service}:{operation} has no access level");
            }
        }
    }

    #[test]
    fn what_is_known_and_what_is_not() {
        use AccessLevel::*;
        use Reversibility::*;
        let none: &[CriticalPath] = &[];
        let (auth, net, bill) =
            (&[CriticalPath::Authentication][..], &[CriticalPath::Networking][..], &[CriticalPath::Billing][..]);
        for (service, operation, level, paths, reversibility, credentials, audit) in [
            ("ec2", "DescribeInstances", List, none, Reversible, false, false),
            ("ec2.amazonaws.com", "TerminateInstances", Write, none, Irreversible, false, false),
            ("ec2", "terminateinstances", Write, none, Irreversible, false, false),
            ("ec2", "DeleteRoute", Write, net, Compensable, false, false),
            ("ec2", "CreateRoute", Write, net, Reversible, false, false),
            ("ec2", "DeleteFlowLogs", Write, net, Compensable, false, true),
            ("ec2", "GetPasswordData", Read, none, Reversible, true, false),
            ("ec2", "CreateTags", Tagging, none, Compensable, false, false),
            ("iam", "PutRolePolicy", PermissionsManagement, auth, Compensable, false, false),
            ("iam", "CreateAccessKey", PermissionsManagement, auth, Compensable, true, false),
            ("iam", "GetUser", Read, none, Reversible, false, false),
            ("cloudtrail", "StopLogging", Write, none, Reversible, false, true),
            ("secretsmanager", "GetSecretValue", Read, none, Reversible, true, false),
            ("kms", "Decrypt", Read, none, Reversible, true, false),
            ("s3", "ListBuckets", List, none, Reversible, false, false),
            ("s3", "GetBucketLifecycle", Read, none, Reversible, false, false),
            ("s3", "PutObject", Write, none, Reversibility::Unknown, false, false),
            ("s3", "GetBucketCors", Read, none, Reversible, false, false),
            ("ssm", "SendCommand", Write, none, Irreversible, false, false),
            ("budgets", "UpdateBudget", Write, bill, Compensable, false, false),
            ("monitoring", "DeleteAlarms", Write, none, Compensable, false, true),
            ("lambda", "UpdateFunctionCode20150331v2", Write, none, Compensable, false, false),
            ("lambda", "Invoke", Write, none, Irreversible, false, false),
            ("iam", "DeleteEverything", AccessLevel::Unknown, auth, Reversibility::Unknown, false, false),
            ("ec2", "DescribeEverythingEver", AccessLevel::Unknown, none, Reversibility::Unknown, false, false),
            ("nosuch", "GetThing", AccessLevel::Unknown, none, Reversibility::Unknown, false, false),
            ("", "", AccessLevel::Unknown, none, Reversibility::Unknown, false, false),
        ] {
            let facts = ActionTable::built_in().lookup(service, operation);
            let found = (
                facts.access_level,
                &facts.critical_paths[..],
                facts.reversibility,
                facts.returns_credentials,
                facts.audit_or_guardrail,
            );
            assert_eq!(found, (level, paths, reversibility, credentials, audit), "{service}:{operation}");
        }
    }

    #[test]
    fn arguments_can_make_it_worse_never_better() {
        use Reversibility::*;
        for (service, operation, arguments, reversibility, audit) in [
            ("secretsmanager", "DeleteSecret", json!({"secretId": "a"}), Reversible, false),
            (
                "secretsmanager",
                "DeleteSecret",
                json!({"secretId": "a", "forceDeleteWithoutRecovery": true}),
                Irreversible,
                false,
            ),
            ("secretsmanager", "DeleteSecret", json!({"ForceDeleteWithoutRecovery": "TRUE"}), Irreversible, false),
            ("secretsmanager", "DeleteSecret", json!({"forceDeleteWithoutRecovery": false}), Reversible, false),
            (
                "s3",
                "PutBucketLifecycle",
                json!({"LifecycleConfiguration": {"Rule": {"Expiration": {"Days": 1}}}}),
                Irreversible,
                false,
            ),
            (
                "s3",
                "PutBucketLifecycle",
                json!({"LifecycleConfiguration": {"Rule": {"Transition": {"Days": 30}}}}),
                Compensable,
                false,
            ),
            (
                "s3",
                "PutBucketPublicAccessBlock",
                json!({"PublicAccessBlockConfiguration": {"BlockPublicAcls": true}}),
                Reversible,
                false,
            ),
            (
                "s3",
                "PutBucketPublicAccessBlock",
                json!({"PublicAccessBlockConfiguration": {"BlockPublicAcls": false}}),
                Reversible,
                true,
            ),
            ("rds", "DeleteDBInstance", json!({"skipFinalSnapshot": true}), Irreversible, false),
        ] {
            let facts = ActionTable::built_in().lookup_with(service, operation, arguments.as_object().unwrap());
            assert_eq!(
                (facts.reversibility, facts.audit_or_guardrail),
                (reversibility, audit),
                "{operation} {arguments}"
            );
        }
    }

    #[test]
    fn a_row_out_of_form_is_named() {
        let overlay = |row: &str| ActionTable::parse("", row, "").unwrap_err().to_string();
        assert_eq!(
            overlay("s3\tPutObject"),
            "actions.overlay.tsv line 1: 8 columns, none empty, separated by tabs; it has 2"
        );
        assert!(overlay("s3\tA\twrites\t-\t-\t-\t-\twhy").contains("not an access level"));
        assert!(overlay("s3\tA\t-\t-\t-\tscary\t-\twhy").contains("\"scary\" is not a flag"));
        assert!(overlay("s3\t*\twrite\tbilling\t-\t-\t-\twhy").contains("paths and nothing else"));
    }

    #[test]
    fn only_a_date_at_the_end_is_an_api_version() {
        assert_eq!(without_api_version("createfunction20150331"), Some("createfunction"));
        assert_eq!(without_api_version("updatefunctioncode20150331v2"), Some("updatefunctioncode"));
        assert_eq!(without_api_version("createdistribution2020_05_31"), Some("createdistribution"));
        for name in ["listobjectsv2", "20150331", "creatething2", "getv", "", "create99999999"] {
            assert_eq!(without_api_version(name), None, "{name}");
        }
    }
}
