//! The people and machines that an endpoint has from the start, their one-time links and tokens, and the file
//! that hands them on. How a link signs in is `http::sign_in`; how tokens are kept is the desk's.

use crate::demo;
use crate::desk::{Desk, Principal, Refused};
use anyhow::Context;
use oversight::id::{AgentUid, Group, PersonUid};
use oversight::missing::Field;
use oversight::record::Agent;
use oversight::vocabulary::Role;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;

/// Everybody local: uid, role, group.
const PEOPLE: [(&str, Role, &str); 7] = [
    ("engineer-1", Role::Engineer, "sre"),
    ("engineer-2", Role::Engineer, "sre"),
    ("identity-owner", Role::Engineer, "identity-owners"),
    ("network-owner", Role::Engineer, "network-owners"),
    ("billing-owner", Role::Engineer, "billing-owners"),
    ("manager", Role::Manager, ""),
    ("customer", Role::Customer, ""),
];

/// Every local machine: uid, role, owner.
const MACHINES: [(&str, Role, Option<&str>); 3] = [
    ("agent-1", Role::Agent, Some("manager")),
    ("executor-1", Role::Executor, None),
    ("importer-1", Role::Importer, None),
];

/// What the credentials file holds. Written for its owner alone; never logged.
#[derive(Serialize)]
pub struct Credentials {
    pub endpoint: String,
    pub people: Vec<PersonCredential>,
    pub machines: Vec<MachineCredential>,
}

#[derive(Serialize)]
pub struct PersonCredential {
    pub uid: String,
    pub role: Role,
    pub groups: Vec<Group>,
    /// A link that signs in once, within 24 hours.
    pub sign_in: String,
}

#[derive(Serialize)]
pub struct MachineCredential {
    pub uid: String,
    pub role: Role,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<PersonUid>,
    /// The roles and users of the cloud that it acts as, ARNs or names. Read back at the next start.
    pub principals: Vec<String>,
    pub token: String,
}

/// What is read back from the file: nothing of it is a secret.
#[derive(Deserialize)]
struct Kept {
    machines: Vec<KeptMachine>,
}

#[derive(Deserialize)]
struct KeptMachine {
    uid: String,
    principals: Option<Vec<String>>,
}

/// Everybody there is from the start, in the order in which they are enrolled: for a demonstration its people first, then
/// the local people and machines, then its fleet.
pub fn everybody(demonstration: bool) -> anyhow::Result<Vec<(Principal, Option<Agent>)>> {
    let mut all = Vec::new();
    if demonstration {
        all.extend(demo::fleet::people().map(|person| (person, None)));
    }
    for (uid, role, group) in PEOPLE {
        let groups = if group.is_empty() { Vec::new() } else { vec![Group::new(group)?] };
        all.push((Principal { uid: uid.to_owned(), role, groups, owner: None }, None));
    }
    for (uid, role, owner) in MACHINES {
        let owner = owner.map(PersonUid::new).transpose()?;
        let profile = (role == Role::Agent).then(|| -> anyhow::Result<Agent> {
            Ok(Agent {
                uid: AgentUid::new(uid)?,
                name: uid.to_owned(),
                version: Field::not_recorded(),
                owner: owner.clone().map_or(Field::not_recorded(), Field::Is),
                model: Field::not_recorded(),
            })
        });
        all.push((
            Principal { uid: uid.to_owned(), role, groups: Vec::new(), owner: owner.clone() },
            profile.transpose()?,
        ));
    }
    if demonstration {
        all.extend(demo::fleet::members().into_iter().map(|member| (member.principal, Some(member.profile))));
    }
    Ok(all)
}

/// Enrols everybody. Who is there already stays. Returns who signs in or carries a token: all but the demonstration's
/// people.
pub async fn enrol(desk: &Desk, demonstration: bool) -> anyhow::Result<Vec<Principal>> {
    let mut enrolled = Vec::new();
    for (principal, profile) in everybody(demonstration)? {
        let uid = principal.uid.clone();
        desk.enrol(principal.clone(), profile).await.with_context(|| format!("{uid} can't be enrolled"))?;
        if !demo::fleet::people().any(|person| person.uid == uid) {
            enrolled.push(principal);
        }
    }
    Ok(enrolled)
}

/// Takes over the `principals` that the credentials file of an earlier start gives its machines, if there is one:
/// this is where an operator says which roles and users of the cloud an agent acts as. A machine without the field
/// keeps what it has.
pub async fn take_principals(desk: &Desk, file: &Path) -> anyhow::Result<()> {
    let text = match fs::read_to_string(file) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        read => read.with_context(|| format!("{} can't be read", file.display()))?,
    };
    if text.trim().is_empty() {
        return Ok(());
    }
    let kept: Kept = serde_json::from_str(&text)
        .with_context(|| format!("{} is not a credentials file; it would be overwritten", file.display()))?;
    for machine in kept.machines {
        let Some(principals) = machine.principals else { continue };
        match desk.set_cloud_principals(&machine.uid, principals.clone()).await {
            // One of another database, that says nothing.
            Err(Refused::NotFound(_)) if principals.is_empty() => {}
            done => done.with_context(|| format!("{}, principals of {}", file.display(), machine.uid))?,
        }
    }
    Ok(())
}

/// New links for the people among `principals`; the older ones are void.
pub async fn sign_in_links(
    desk: &Desk,
    principals: &[Principal],
    endpoint: &str,
) -> Result<Vec<PersonCredential>, Refused> {
    let mut people = Vec::new();
    for person in principals.iter().filter(|principal| principal.is_person()) {
        let code = desk.issue_sign_in(&person.uid).await?;
        people.push(PersonCredential {
            uid: person.uid.clone(),
            role: person.role,
            groups: person.groups.clone(),
            sign_in: format!("{endpoint}/sign-in/{code}"),
        });
    }
    Ok(people)
}

/// New tokens for the machines among `principals`; the older ones are void.
pub async fn tokens(desk: &Desk, principals: &[Principal]) -> Result<Vec<MachineCredential>, Refused> {
    let mut machines = Vec::new();
    for machine in principals.iter().filter(|principal| !principal.is_person()) {
        machines.push(MachineCredential {
            uid: machine.uid.clone(),
            role: machine.role,
            owner: machine.owner.clone(),
            principals: desk.cloud_principals(&machine.uid).await?,
            token: desk.rotate_token(&machine.uid).await?,
        });
    }
    Ok(machines)
}

/// The tokens that the demonstration acts with.
pub fn demo_tokens(machines: &[MachineCredential]) -> demo::Tokens {
    let fleet: Vec<String> = demo::fleet::members().into_iter().map(|member| member.principal.uid).collect();
    let mut agents = BTreeMap::new();
    let mut executor = String::new();
    for machine in machines {
        if fleet.contains(&machine.uid) {
            agents.insert(machine.uid.clone(), machine.token.clone());
        } else if machine.role == Role::Executor {
            executor = machine.token.clone();
        }
    }
    demo::Tokens { agents, executor }
}

impl Credentials {
    /// Writes the file anew, whole or not at all, readable by its owner alone.
    pub fn write(&self, file: &Path) -> anyhow::Result<()> {
        let text = serde_json::to_string_pretty(self)?;
        let mut beside = file.as_os_str().to_owned();
        beside.push(format!(".{}", std::process::id()));
        let beside = Path::new(&beside);
        let failed = || format!("the credentials can't be written to {}", file.display());
        // One left by a process that died would keep its own mode.
        let _ = fs::remove_file(beside);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut written = options.open(beside).with_context(failed)?;
        written.write_all(format!("{text}\n").as_bytes()).with_context(failed)?;
        written.sync_all().with_context(failed)?;
        fs::rename(beside, file).with_context(failed)
    }
}

/// What is printed last: where the endpoint is, and a link for each person.
pub fn table(endpoint: &str, people: &[PersonCredential]) -> String {
    let groups = |person: &PersonCredential| person.groups.iter().map(Group::as_str).collect::<Vec<_>>().join(", ");
    let widest = |of: &dyn Fn(&PersonCredential) -> usize| people.iter().map(of).max().unwrap_or(0);
    let uid = widest(&|person| person.uid.len());
    let role = widest(&|person| person.role.as_str().len());
    let group = widest(&|person| groups(person).len());
    let mut text = format!(
        "\nCountersign is at {endpoint}/\n\nSign in by one of these links. Each works once, within 24 hours.\n\n"
    );
    for person in people {
        let (of, role_of) = (groups(person), person.role.as_str());
        text.push_str(&format!("  {:uid$}  {role_of:role$}  {of:group$}  {}\n", person.uid, person.sign_in));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn credentials() -> Credentials {
        let people = PEOPLE.map(|(uid, role, group)| PersonCredential {
            uid: uid.to_owned(),
            role,
            groups: Group::new(group).into_iter().collect(),
            sign_in: format!("http://localhost:8787/sign-in/{uid}"),
        });
        Credentials { endpoint: "http://localhost:8787".into(), people: people.into(), machines: Vec::new() }
    }

    #[test]
    fn the_links_stand_under_one_another() {
        let table = table("http://localhost:8787", &credentials().people);
        let columns: Vec<usize> =
            table.lines().filter_map(|line| line.find("http://localhost:8787/sign-in/")).collect();
        assert_eq!(columns.len(), PEOPLE.len());
        assert!(columns.iter().all(|column| *column == columns[0]), "{table}");
    }

    #[cfg(unix)]
    #[test]
    fn the_file_is_its_owners_alone_even_where_one_was_open_to_all() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("credentials.json");
        fs::write(&file, "{}").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        credentials().write(&file).unwrap();
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        let value: serde_json::Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
        assert_eq!(value["people"][1]["uid"], "engineer-2");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
