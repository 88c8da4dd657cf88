//! `agents.toml`: which records of a foreign log are an agent's. The first entry that matches names the
//! agent; a record that none matches is a person's or a service's. The log itself is read in `cloudtrail`.

use crate::classify::estate::glob;
use crate::id::{AgentUid, PersonUid};
use crate::missing::Field;
use crate::record::Agent;
use globset::GlobSet;
use serde::Deserialize;
use toml::Spanned;

/// The entries of the file, in order. Empty: no record is an agent's.
#[derive(Debug, Clone, Default)]
pub struct Attribution {
    entries: Vec<Entry>,
}

#[derive(Debug, Clone)]
struct Entry {
    uid: AgentUid,
    name: String,
    owner: Option<PersonUid>,
    user_agent: Option<GlobSet>,
    principal: Option<GlobSet>,
    session: Option<GlobSet>,
}

/// What a record shows of who made it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Seen<'a> {
    pub user_agent: Option<&'a str>,
    /// ARNs and names of the principal, each of which may match.
    pub principals: &'a [&'a str],
    /// Ids and names of the session, each of which may match.
    pub sessions: &'a [&'a str],
}

/// An attribution table that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("agents file, line {line}{}: {reason}", if .field.is_empty() { String::new() } else { format!(", {}", .field) })]
pub struct AgentsError {
    /// From 1.
    pub line: usize,
    /// `agent.user_agent`; empty where the file is not TOML at all.
    pub field: String,
    pub reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileWire {
    #[serde(default)]
    agent: Vec<Spanned<EntryWire>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryWire {
    uid: Spanned<String>,
    name: Spanned<String>,
    #[serde(default)]
    owner: Option<Spanned<String>>,
    #[serde(default)]
    user_agent: Option<Spanned<String>>,
    #[serde(default)]
    principal: Option<Spanned<String>>,
    #[serde(default)]
    session: Option<Spanned<String>>,
}

impl Attribution {
    /// Reads an `agents.toml`; an entry that would match every record, having no key, is an error.
    pub fn parse(text: &str) -> Result<Attribution, AgentsError> {
        let line_of = |at: usize| 1 + text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count();
        let file: FileWire = toml::from_str(text).map_err(|error| AgentsError {
            line: error.span().map_or(1, |span| line_of(span.start)),
            field: String::new(),
            reason: error.message().to_owned(),
        })?;
        let fail = |field: &str, at: usize, reason: String| AgentsError {
            line: line_of(at),
            field: format!("agent.{field}"),
            reason,
        };
        let pattern = |field: &str, given: &Option<Spanned<String>>| -> Result<Option<GlobSet>, AgentsError> {
            let Some(given) = given else { return Ok(None) };
            glob(given.get_ref()).map(Some).map_err(|reason| fail(field, given.span().start, reason))
        };
        let mut entries = Vec::new();
        for wire in &file.agent {
            let start = wire.span().start;
            let wire = wire.get_ref();
            let name = wire.name.get_ref();
            if name.trim().is_empty() {
                return Err(fail("name", wire.name.span().start, "the name is empty".to_owned()));
            }
            let owner = wire.owner.as_ref().map(|owner| {
                PersonUid::new(owner.get_ref().as_str())
                    .map_err(|error| fail("owner", owner.span().start, error.to_string()))
            });
            let entry = Entry {
                uid: AgentUid::new(wire.uid.get_ref().as_str())
                    .map_err(|error| fail("uid", wire.uid.span().start, error.to_string()))?,
                name: name.clone(),
                owner: owner.transpose()?,
                user_agent: pattern("user_agent", &wire.user_agent)?,
                principal: pattern("principal", &wire.principal)?,
                session: pattern("session", &wire.session)?,
            };
            if entry.user_agent.is_none() && entry.principal.is_none() && entry.session.is_none() {
                let reason = "it has none of user_agent, principal, session, so it would match every record".to_owned();
                return Err(fail("uid", start, reason));
            }
            entries.push(entry);
        }
        Ok(Attribution { entries })
    }

    /// The agent that made the record, by the first entry all of whose keys match.
    pub fn agent(&self, seen: Seen<'_>) -> Option<Agent> {
        let entry = self.entries.iter().find(|entry| entry.matches(seen))?;
        Some(Agent {
            uid: entry.uid.clone(),
            name: entry.name.clone(),
            version: Field::not_recorded(),
            owner: Field::recorded(entry.owner.clone()),
            model: Field::not_recorded(),
        })
    }

    /// The agents named in the file, each once, in order.
    pub fn agents(&self) -> Vec<AgentUid> {
        let mut uids: Vec<AgentUid> = Vec::new();
        for entry in &self.entries {
            if !uids.contains(&entry.uid) {
                uids.push(entry.uid.clone());
            }
        }
        uids
    }
}

impl Entry {
    fn matches(&self, seen: Seen<'_>) -> bool {
        let any = |pattern: &Option<GlobSet>, texts: &[&str]| {
            pattern.as_ref().is_none_or(|glob| texts.iter().any(|text| glob.is_match(text)))
        };
        // CloudTrail writes a user agent that came through another service in brackets.
        let user_agents: Vec<&str> = seen.user_agent.into_iter().flat_map(|text| [text, unbracketed(text)]).collect();
        any(&self.user_agent, &user_agents)
            && any(&self.principal, seen.principals)
            && any(&self.session, seen.sessions)
    }
}

fn unbracketed(text: &str) -> &str {
    text.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"
[[agent]]
uid = "night-deployer"
name = "Night deployer"
user_agent = "*Terraform*"
principal = "*:role/deploy-night*"

[[agent]]
uid = "terraform"
name = "Terraform"
owner = "platform-lead"
user_agent = "*Terraform*"

[[agent]]
uid = "runner"
name = "Runner"
session = "runner-*"
"#;

    #[test]
    fn the_first_entry_that_matches_names_the_agent() {
        let table = Attribution::parse(FILE).unwrap();
        assert_eq!(table.agents().len(), 3);
        for (user_agent, principal, session, named) in [
            (
                Some("APN/1.0 Terraform/1.1.2 (+https://www.terraform.io)"),
                "arn:aws:iam::1:role/deploy-night",
                "",
                Some("night-deployer"),
            ),
            (
                Some("APN/1.0 Terraform/1.1.2 (+https://www.terraform.io)"),
                "arn:aws:iam::1:user/ada",
                "",
                Some("terraform"),
            ),
            (Some("[Terraform/1.1.2]"), "", "", Some("terraform")),
            (Some("Mozilla/5.0"), "arn:aws:iam::1:role/deploy-night", "", None),
            (Some("Boto3"), "", "runner-17", Some("runner")),
            (None, "", "", None),
        ] {
            let agent = table.agent(Seen { user_agent, principals: &[principal], sessions: &[session] });
            assert_eq!(agent.as_ref().map(|agent| agent.uid.as_str()), named, "{user_agent:?} {principal} {session}");
        }
        let terraform = table.agent(Seen { user_agent: Some("Terraform"), ..Seen::default() }).unwrap();
        assert_eq!(terraform.owner.value().unwrap().as_str(), "platform-lead");
        assert_eq!(terraform.model, Field::not_recorded());
        let exact = Attribution::parse("[[agent]]\nuid = \"a\"\nname = \"A\"\nuser_agent = \"Boto3/*\"").unwrap();
        assert!(exact.agent(Seen { user_agent: Some("[Boto3/1.26.165]"), ..Seen::default() }).is_some());
        assert!(Attribution::default().agent(Seen { user_agent: Some("Terraform"), ..Seen::default() }).is_none());
    }

    #[test]
    fn the_example_file_can_be_read() {
        Attribution::parse(include_str!("../../data/agents.example.toml")).unwrap();
    }

    #[test]
    fn errors_name_line_and_field() {
        let nested = format!("{}a{}", "{".repeat(300), "}".repeat(300));
        for (text, line, field, reason) in [
            ("[[agent]]\nuid = \"a\"\nname = \"A\"\nuser_agent = \"[\"", 4, "agent.user_agent", "not a glob"),
            ("[[agent]]\nuid = \"\"\nname = \"A\"\nuser_agent = \"x\"", 2, "agent.uid", "empty"),
            ("[[agent]]\nuid = \"a\"\nname = \"\"\nuser_agent = \"x\"", 3, "agent.name", "empty"),
            ("[[agent]]\nuid = \"a\"\nname = \"A\"\nsession = \"\"", 4, "agent.session", "matches nothing"),
            ("\n[[agent]]\nuid = \"a\"\nname = \"A\"", 2, "agent.uid", "match every record"),
            ("[[agent]]\nuid = \"a\"\nname = \"A\"\nuseragent = \"x\"", 4, "", "unknown field"),
            (
                &format!("[[agent]]\nuid = \"a\"\nname = \"A\"\nsession = \"{nested}\""),
                4,
                "agent.session",
                "not a glob",
            ),
            ("[[agent]]\nuid = 7", 2, "", "invalid type"),
        ] {
            let error = Attribution::parse(text).unwrap_err();
            assert_eq!((error.line, error.field.as_str()), (line, field), "{error}");
            assert!(error.reason.contains(reason), "{error}");
        }
    }
}
