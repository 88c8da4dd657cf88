//! The estate file: which accounts, regions, resources and tags are production, which are on a critical
//! path, which hold the audit trail. What it does not name is unknown. What an action does is
//! `action_table`; nothing an agent says of its own account or environment is read here.

use crate::classify::arguments;
use crate::vocabulary::{CriticalPath, Environment};
use globset::{GlobBuilder, GlobSet};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use toml::Spanned;

/// Where an organization's things stand. Empty: everything is unknown.
#[derive(Debug, Clone, Default)]
pub struct Estate {
    accounts: Vec<(String, Environment)>,
    regions: Vec<RegionRule>,
    resources: Vec<ResourceRule>,
    tags: Vec<TagRule>,
}

#[derive(Debug, Clone)]
struct RegionRule {
    name: String,
    account: Option<String>,
    environment: Environment,
}

#[derive(Debug, Clone)]
struct ResourceRule {
    glob: GlobSet,
    /// What stands before the name in the pattern, `arn:aws:s3:::`; nothing where no name is given.
    before_name: Option<String>,
    environment: Option<Environment>,
    path: Option<CriticalPath>,
    audit: bool,
    tags: Vec<(String, String)>,
}

#[derive(Debug, Clone)]
struct TagRule {
    key: String,
    value: GlobSet,
    environment: Option<Environment>,
    path: Option<CriticalPath>,
}

/// An estate file that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("estate file, line {line}{}: {reason}", if .field.is_empty() { String::new() } else { format!(", {}", .field) })]
pub struct EstateError {
    /// From 1.
    pub line: usize,
    /// `account.environment`; empty where the file is not TOML at all.
    pub field: String,
    pub reason: String,
}

/// What the estate says of one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub environment: Environment,
    pub critical_paths: BTreeSet<CriticalPath>,
    /// It holds the audit trail or is a guardrail.
    pub audit: bool,
    /// How the environment is known, or why it is not: a clause.
    pub because: String,
}

/// Something in the arguments that says where the action lands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// The text it was read from.
    pub of: String,
    /// Nothing where only a path is known.
    pub environment: Option<Environment>,
    pub critical_paths: BTreeSet<CriticalPath>,
    pub audit: bool,
    pub because: String,
}

impl Standing {
    fn unknown(because: impl Into<String>) -> Standing {
        Standing {
            environment: Environment::Unknown,
            critical_paths: BTreeSet::new(),
            audit: false,
            because: because.into(),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileWire {
    #[serde(default)]
    account: Vec<AccountWire>,
    #[serde(default)]
    region: Vec<RegionWire>,
    #[serde(default)]
    resource: Vec<ResourceWire>,
    #[serde(default)]
    tag: Vec<TagWire>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AccountWire {
    id: Spanned<String>,
    /// For people who read the file.
    #[serde(default, rename = "name")]
    _name: Option<String>,
    environment: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RegionWire {
    name: String,
    #[serde(default)]
    account: Option<String>,
    environment: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ResourceWire {
    #[serde(rename = "match")]
    glob: Spanned<String>,
    #[serde(default)]
    environment: Option<Spanned<String>>,
    #[serde(default)]
    path: Option<Spanned<String>>,
    #[serde(default)]
    audit: bool,
    #[serde(default)]
    tags: std::collections::BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TagWire {
    key: String,
    value: Spanned<String>,
    #[serde(default)]
    environment: Option<Spanned<String>>,
    #[serde(default)]
    path: Option<Spanned<String>>,
}

impl Estate {
    /// Reads an estate file (`data/estate.example.toml` shows every key).
    pub fn parse(text: &str) -> Result<Estate, EstateError> {
        let line_of = |at: usize| 1 + text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count();
        let file: FileWire = toml::from_str(text).map_err(|error| EstateError {
            line: error.span().map_or(1, |span| line_of(span.start)),
            field: String::new(),
            reason: error.message().to_owned(),
        })?;
        let at = |field: &str, spanned: &Spanned<String>, reason: String| EstateError {
            line: line_of(spanned.span().start),
            field: field.to_owned(),
            reason,
        };
        let environment = |field: &str, spanned: &Spanned<String>| {
            spanned.get_ref().parse::<Environment>().map_err(|error| at(field, spanned, error.to_string()))
        };
        let path = |field: &str, spanned: &Spanned<String>| {
            spanned.get_ref().parse::<CriticalPath>().map_err(|error| at(field, spanned, error.to_string()))
        };
        let glob = |field: &str, spanned: &Spanned<String>| {
            glob(spanned.get_ref()).map_err(|reason| at(field, spanned, reason))
        };

        let mut estate = Estate::default();
        for entry in &file.account {
            let id = entry.id.get_ref();
            if id.len() != 12 || !id.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(at("account.id", &entry.id, format!("{id:?} is not an account id of 12 digits")));
            }
            if estate.accounts.iter().any(|(known, _)| known == id) {
                return Err(at("account.id", &entry.id, format!("account {id} is given twice")));
            }
            estate.accounts.push((id.clone(), environment("account.environment", &entry.environment)?));
        }
        for entry in &file.region {
            estate.regions.push(RegionRule {
                name: entry.name.clone(),
                account: entry.account.clone(),
                environment: environment("region.environment", &entry.environment)?,
            });
        }
        for entry in &file.resource {
            estate.resources.push(ResourceRule {
                glob: glob("resource.match", &entry.glob)?,
                before_name: before_name(entry.glob.get_ref()),
                environment: entry
                    .environment
                    .as_ref()
                    .map(|given| environment("resource.environment", given))
                    .transpose()?,
                path: entry.path.as_ref().map(|given| path("resource.path", given)).transpose()?,
                audit: entry.audit,
                tags: entry.tags.iter().map(|(key, value)| (key.clone(), value.clone())).collect(),
            });
        }
        for entry in &file.tag {
            estate.tags.push(TagRule {
                key: entry.key.clone(),
                value: glob("tag.value", &entry.value)?,
                environment: entry
                    .environment
                    .as_ref()
                    .map(|given| environment("tag.environment", given))
                    .transpose()?,
                path: entry.path.as_ref().map(|given| path("tag.path", given)).transpose()?,
            });
        }
        Ok(estate)
    }

    /// What it says of the resource `uid`, an ARN or a name. The first matching `[[resource]]` that gives an
    /// environment governs, then the tags listed there, then the region of its ARN, then the account of its
    /// ARN. Paths and audit marks of every match add up.
    ///
    /// A bare name, `acme-cloudtrail`, is what a pattern on its ARN matches too: whoever carries the action out
    /// takes it for that. Space around it is passed over for the same reason.
    pub fn standing(&self, uid: &str) -> Standing {
        let uid = uid.trim();
        let arn = Arn::parse(uid);
        let matches: Vec<&ResourceRule> = self.resources.iter().filter(|rule| rule.names(uid)).collect();
        let tag_rules: Vec<&TagRule> = self.tag_rules(matches.iter().flat_map(|rule| &rule.tags));
        let by_region = || {
            let arn = arn.as_ref()?;
            let rule = self
                .regions
                .iter()
                .find(|rule| rule.name == arn.region && rule.account.as_deref().is_none_or(|id| id == arn.account))?;
            // A region of any account says nothing of an account that the file does not know.
            (rule.account.is_some() || self.account(arn.account).is_some())
                .then_some((rule.environment, format!("its region {} is {}", rule.name, rule.environment)))
        };
        let by_account = || {
            let arn = arn.as_ref()?;
            self.account(arn.account)
                .map(|environment| (environment, format!("its account {} is {environment}", arn.account)))
        };
        let found = (matches
            .iter()
            .find_map(|rule| rule.environment)
            .map(|found| (found, "the estate file names it".to_owned())))
        .or_else(|| {
            worst(tag_rules.iter().filter_map(|rule| rule.environment))
                .map(|found| (found, "its tags say so".to_owned()))
        })
        .or_else(by_region)
        .or_else(by_account);
        let mut standing = match (found, &arn) {
            (Some((environment, because)), _) => Standing { environment, ..Standing::unknown(because) },
            (None, Some(arn)) if arn.account.is_empty() => {
                Standing::unknown("its ARN names no account and the estate file does not name it")
            }
            (None, Some(_)) => Standing::unknown("the estate file does not name its account"),
            (None, None) => Standing::unknown("it is not an ARN and the estate file does not name it"),
        };
        standing.critical_paths.extend(matches.iter().filter_map(|rule| rule.path));
        standing.critical_paths.extend(tag_rules.iter().filter_map(|rule| rule.path));
        standing.audit = matches.iter().any(|rule| rule.audit);
        standing
    }

    /// What the arguments give away about where the action lands, beyond the resources listed: ARNs of
    /// accounts, names and tags that the estate file knows. It can only make a classification graver.
    pub fn hints(&self, given: &Map<String, Value>) -> Vec<Hint> {
        let mut hints = Vec::new();
        for found in arguments::texts(given) {
            let text = found.text.trim();
            if let Some(environment) = self.account(text) {
                hints.push(Hint {
                    of: text.to_owned(),
                    environment: Some(environment),
                    critical_paths: BTreeSet::new(),
                    audit: false,
                    because: format!("that account is {environment}"),
                });
                continue;
            }
            let named = self.resources.iter().any(|rule| rule.names(text));
            let in_an_account = Arn::parse(text).is_some_and(|arn| arn.account.len() == 12);
            if named || in_an_account {
                let standing = self.standing(found.text);
                let Standing { environment, critical_paths, audit, because } = standing;
                hints.push(Hint {
                    of: found.text.to_owned(),
                    environment: Some(environment),
                    critical_paths,
                    audit,
                    because,
                });
            }
        }
        for rule in self.tag_rules(arguments::tags(given).iter()) {
            hints.push(Hint {
                of: format!("the request's tag {}", rule.key),
                environment: rule.environment,
                critical_paths: rule.path.into_iter().collect(),
                audit: false,
                because: "the estate file reads that tag so".to_owned(),
            });
        }
        hints
    }

    fn account(&self, id: &str) -> Option<Environment> {
        self.accounts.iter().find(|(known, _)| known == id).map(|(_, environment)| *environment)
    }

    fn tag_rules<'a>(&self, pairs: impl Iterator<Item = &'a (String, String)>) -> Vec<&TagRule> {
        let pairs: Vec<_> = pairs.collect();
        let holds = |rule: &&TagRule| pairs.iter().any(|(key, value)| *key == rule.key && rule.value.is_match(value));
        self.tags.iter().filter(holds).collect()
    }
}

impl ResourceRule {
    /// Whether it is about `text`, an ARN or the bare name at the end of one.
    fn names(&self, text: &str) -> bool {
        let bare = |before: &String| !text.contains(':') && self.glob.is_match(format!("{before}{text}"));
        self.glob.is_match(text) || self.before_name.as_ref().is_some_and(bare)
    }
}

/// What stands before the name in a pattern on ARNs; nothing where the name is any (`role/*`), for then every
/// word would be one.
fn before_name(pattern: &str) -> Option<String> {
    let at = pattern.rfind([':', '/'])? + 1;
    let (before, name) = pattern.split_at(at);
    name.starts_with(|first: char| first.is_ascii_alphanumeric()).then(|| before.to_owned())
}

/// The parts of an Amazon Resource Name that say where a thing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arn<'a> {
    pub service: &'a str,
    pub region: &'a str,
    pub account: &'a str,
    /// `bucket/key`, `role/name`, `function:name`.
    pub resource: &'a str,
}

impl<'a> Arn<'a> {
    pub fn parse(text: &'a str) -> Option<Arn<'a>> {
        let mut parts = text.splitn(6, ':');
        if parts.next()? != "arn" {
            return None;
        }
        let (_partition, service, region, account, resource) =
            (parts.next()?, parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        Some(Arn { service, region, account, resource })
    }
}

/// The gravest of several environments: production, then unknown, then the others as listed.
pub fn worst(environments: impl Iterator<Item = Environment>) -> Option<Environment> {
    environments.max_by_key(|environment| match environment {
        Environment::Production => 4,
        Environment::Unknown => 3,
        Environment::Staging => 2,
        Environment::Development => 1,
        Environment::Sandbox => 0,
    })
}

/// A glob in which `*` matches anything, `/` and `:` included.
pub(crate) fn glob(text: &str) -> Result<GlobSet, String> {
    if text.is_empty() {
        return Err("an empty pattern matches nothing".to_owned());
    }
    let glob = GlobBuilder::new(text).literal_separator(false).backslash_escape(true).build();
    // A set of one: unlike a matcher, it says so where the pattern nests too deep or grows too large.
    glob.and_then(|glob| GlobSet::builder().add(glob).build()).map_err(|error| {
        let shown: String = text.chars().take(64).collect();
        format!("{shown:?} is not a glob: {}", error.kind())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const FILE: &str = include_str!("../../data/estate.example.toml");

    #[test]
    fn the_example_places_things() {
        use Environment::*;
        let estate = Estate::parse(FILE).unwrap();
        for (uid, environment, path, audit) in [
            ("arn:aws:ec2:eu-west-1:111111111111:instance/i-1", Production, None, false),
            ("arn:aws:ec2:eu-west-1:222222222222:instance/i-1", Staging, None, false),
            ("arn:aws:ec2:us-west-2:111111111111:instance/i-1", Staging, None, false),
            ("arn:aws:ec2:us-west-2:333333333333:instance/i-1", Sandbox, None, false),
            ("arn:aws:s3:::billing-exports", Production, Some(CriticalPath::Billing), false),
            ("arn:aws:s3:::acme-cloudtrail", Production, None, true),
            ("arn:aws:rds:eu-west-1:333333333333:db:identity", Production, Some(CriticalPath::Authentication), false),
            ("arn:aws:s3:::somebody-elses", Unknown, None, false),
            ("arn:aws:ec2:eu-west-1:999999999999:instance/i-1", Unknown, None, false),
            (" arn:aws:s3:::acme-cloudtrail ", Production, None, true),
            ("acme-cloudtrail-eu", Production, None, true),
            ("billing-exports", Production, Some(CriticalPath::Billing), false),
            ("identity", Production, Some(CriticalPath::Authentication), false),
            ("acme-cloudtrail-eu/AWSLogs", Production, None, true),
            ("s", Unknown, None, false),
            ("i-1", Unknown, None, false),
            ("", Unknown, None, false),
        ] {
            let standing = estate.standing(uid);
            assert_eq!((standing.environment, standing.audit), (environment, audit), "{uid}: {}", standing.because);
            assert_eq!(standing.critical_paths.into_iter().next(), path, "{uid}");
        }
        assert_eq!(Estate::default().standing("arn:aws:ec2:eu-west-1:111111111111:instance/i-1").environment, Unknown);
        assert_eq!(Estate::parse("").unwrap().standing("x").environment, Unknown);
    }

    #[test]
    fn arguments_give_away_where_an_action_lands() {
        let estate = Estate::parse(FILE).unwrap();
        for (arguments, environments) in [
            (json!({"bucketName": "x", "days": 3}), vec![]),
            (
                json!({"target": {"arn": "arn:aws:ec2:eu-west-1:111111111111:instance/i-1"}}),
                vec![Some(Environment::Production)],
            ),
            (json!({"target": ["arn:aws:ec2:eu-west-1:999999999999:instance/i-1"]}), vec![Some(Environment::Unknown)]),
            (json!({"policyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}), vec![]),
            (
                json!({"target": " arn:aws:ec2:eu-west-1:111111111111:instance/i-1"}),
                vec![Some(Environment::Production)],
            ),
            (json!({"bucketName": "billing-exports"}), vec![Some(Environment::Production)]),
            (json!({"accountId": "111111111111"}), vec![Some(Environment::Production)]),
            (json!({"accountId": "999999999999"}), vec![]),
            (json!({"tagSet": {"items": [{"key": "env", "value": "prod-eu"}]}}), vec![Some(Environment::Production)]),
        ] {
            let hints = estate.hints(arguments.as_object().unwrap());
            assert_eq!(hints.iter().map(|hint| hint.environment).collect::<Vec<_>>(), environments, "{arguments}");
        }
    }

    #[test]
    fn errors_name_line_and_field() {
        for (text, line, field, reason) in [
            (
                "[[account]]\nid = \"111111111111\"\nenvironment = \"prod\"",
                3,
                "account.environment",
                "not an environment",
            ),
            ("[[account]]\nid = \"1\"\nenvironment = \"production\"", 2, "account.id", "12 digits"),
            ("\n[[resource]]\nmatch = \"[\"\n", 3, "resource.match", "not a glob"),
            ("[[resource]]\nmatch = \"a\"\npath = \"dns\"", 3, "resource.path", "authentication, networking, billing"),
            ("[[acount]]\nid = \"1\"", 1, "", "unknown field"),
            ("[[account]]\nenvironment = \"production\"", 1, "", "missing field"),
            ("[[account]\n", 1, "", ""),
            (
                &format!("[[resource]]\nmatch = \"{}a{}\"", "{".repeat(300), "}".repeat(300)),
                2,
                "resource.match",
                "not a glob",
            ),
            (&format!("[[resource]]\nmatch = \"{}\"", "?".repeat(200_000)), 2, "resource.match", "not a glob"),
        ] {
            let error = Estate::parse(text).unwrap_err();
            assert_eq!((error.line, error.field.as_str()), (line, field), "{error}");
            assert!(error.reason.contains(reason), "{error}");
        }
    }
}
