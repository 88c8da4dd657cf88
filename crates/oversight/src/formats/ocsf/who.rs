//! Who acted, by an OCSF event: `actor` with its user, session and application, and `ai_agent`. Which agent of ours
//! that is, the attribution table says first. The rest of the event is one folder up.

use super::said;
use crate::formats::Reader;
use crate::formats::agents::Seen;
use crate::formats::imported::NOT_SAID;
use crate::formats::lax::{at, text_at};
use crate::id::{AgentUid, PersonUid};
use crate::json::Fault;
use crate::missing::Field;
use crate::proposal::{Identity, Session};
use crate::record::{Agent, Model};
use serde_json::{Map, Value};

/// Where an event names the AI agent that acted: the profile `ai_operation` (1.9), or the process that it ran as.
/// `actor` has no agent of its own in the schema, and an `agent` object is a security sensor.
const AGENT: [&[&str]; 2] = [&["ai_agent"], &["actor", "process", "ai_agent"]];

/// Ids and names of the user and the application behind the event, best first. `invoked_by` is 1.1's word for what
/// `app_name` (1.2) and `application` (1.9) are now.
const PRINCIPALS: [&[&str]; 10] = [
    &["actor", "user", "uid"],
    &["actor", "user", "email_addr"],
    &["actor", "user", "uid_alt"],
    &["actor", "user", "name"],
    &["actor", "application", "uid"],
    &["actor", "application", "name"],
    &["actor", "app_uid"],
    &["actor", "app_name"],
    &["actor", "invoked_by"],
    &["actor", "session", "issuer"],
];

/// Ids of the session, best first. A long-lived credential is no session, though it may tell an agent.
const SESSIONS: [&[&str]; 4] = [
    &["actor", "session", "uid"],
    &["actor", "session", "uid_alt"],
    &["actor", "session", "uuid"],
    &["ai_agent", "instance_uid"],
];

const CREDENTIALS: [&[&str]; 2] = [&["actor", "session", "credential_uid"], &["actor", "user", "credential_uid"]];

impl Reader<'_> {
    /// The agent that acted, by the attribution table, or as the event names it. `Absent` where neither does: a
    /// person's act or a service's.
    pub(super) fn agent_of(&self, event: &Map<String, Value>) -> Result<Field<Agent>, Fault> {
        let named = AGENT.iter().find_map(|path| Some((at(event, path)?.as_object()?, path.join("."))));
        let of_named = |name: &str| named.as_ref().and_then(|(agent, _)| said(agent, &[name]));
        let texts = |paths: &[&[&str]]| paths.iter().filter_map(|path| said(event, path)).collect::<Vec<&str>>();
        let mut principals = texts(&PRINCIPALS);
        principals.extend([of_named("uid"), of_named("name")].into_iter().flatten());
        let sessions = [texts(&SESSIONS), texts(&CREDENTIALS)].concat();
        let user_agent = text_at(event, &["http_request", "user_agent"]);
        let known = self.agents.agent(Seen { user_agent, principals: &principals, sessions: &sessions });

        let mut agent = match (known, &named) {
            (Some(agent), _) => agent,
            (None, None) => return Ok(Field::Absent),
            (None, Some((agent, path))) => match named_agent(agent, path)? {
                Some(agent) => agent,
                None => return Ok(Field::not_recorded()),
            },
        };
        agent.version = Field::recorded(of_named("version").map(str::to_owned));
        // The model of a direct call stands beside the agent; an agent carries its own.
        let model = named.as_ref().and_then(|(agent, _)| agent.get("ai_model")).or(event.get("ai_model"));
        agent.model = Field::recorded(model.and_then(Value::as_object).and_then(model_of));
        Ok(Field::Is(agent))
    }
}

fn named_agent(agent: &Map<String, Value>, path: &str) -> Result<Option<Agent>, Fault> {
    let (uid, name) = (said(agent, &["uid"]), said(agent, &["name"]));
    let Some(known_by) = uid.or(name) else { return Ok(None) };
    let field = if uid.is_some() { "uid" } else { "name" };
    let uid = AgentUid::new(known_by).map_err(|error| Fault::new(format!("{path}.{field}"), error.to_string()))?;
    let name = name.unwrap_or(known_by).to_owned();
    Ok(Some(Agent { uid, name, version: Field::Absent, owner: Field::not_recorded(), model: Field::Absent }))
}

fn model_of(model: &Map<String, Value>) -> Option<Model> {
    Some(Model {
        name: said(model, &["name"]).or(said(model, &["uid"]))?.to_owned(),
        provider: said(model, &["ai_provider"]).unwrap_or(NOT_SAID).to_owned(),
        version: Field::recorded(said(model, &["version"]).map(str::to_owned)),
    })
}

/// The user that acted, or the application where no user is named.
pub fn identity(event: &Map<String, Value>) -> Option<Identity> {
    // The issuer of a session, last of them, is a role rather than whoever took it.
    let uid = PRINCIPALS[..9].iter().find_map(|path| PersonUid::new(said(event, path)?).ok())?;
    let name = [
        &["actor", "user", "name"][..],
        &["actor", "user", "full_name"],
        &["actor", "user", "display_name"],
        &["actor", "application", "name"],
        &["actor", "app_name"],
    ];
    let name = name.iter().find_map(|path| said(event, path)).filter(|name| *name != uid.as_str());
    Some(Identity { uid, name: name.map(str::to_owned) })
}

/// The session; who started it, OCSF does not say.
pub fn session(event: &Map<String, Value>) -> Option<Session> {
    let uid = SESSIONS.iter().find_map(|path| said(event, path))?;
    Some(Session { uid: uid.to_owned(), started_by: Field::not_recorded() })
}
