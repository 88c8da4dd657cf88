//! The inventory of agents: those registered here and those that imported records name, what each may do, did and
//! was let do. Derived from rows on each reading; nothing here is stored.

use super::{Desk, Principal, Refused};
use crate::store::changes::Tally;
use crate::store::records::{Seen, Used};
use crate::store::{changes, principals, records};
use oversight::capability::{Deed, role_allows};
use oversight::contract::{AgentView, Share, UsedOperation};
use oversight::id::AgentUid;
use oversight::missing::Field;
use oversight::record::Agent;
use oversight::state::State;
use oversight::vocabulary::AccessLevel;
use sqlx::SqliteConnection;
use std::collections::BTreeMap;

/// Operations listed of one agent.
const LISTED: usize = 200;

impl Desk {
    /// Every agent, by uid.
    pub async fn agents(&self, who: &Principal) -> Result<Vec<AgentView>, Refused> {
        role_allows(Deed::ReadAgents, who.role).map_err(Refused::Forbidden)?;
        let mut db = self.0.store.read().await?;
        inventory(&mut db, None).await
    }

    /// One agent.
    pub async fn agent(&self, who: &Principal, uid: &AgentUid) -> Result<AgentView, Refused> {
        role_allows(Deed::ReadAgents, who.role).map_err(Refused::Forbidden)?;
        let mut db = self.0.store.read().await?;
        inventory(&mut db, Some(uid.as_str())).await?.pop().ok_or(Refused::NotFound("agent"))
    }
}

async fn inventory(db: &mut SqliteConnection, only: Option<&str>) -> Result<Vec<AgentView>, Refused> {
    let mut agents: BTreeMap<String, AgentView> = BTreeMap::new();
    let enrolled = match only {
        Some(uid) => principals::by_uid(db, uid).await?.into_iter().collect(),
        None => principals::all(db).await?,
    };
    for profile in enrolled.into_iter().filter_map(|one| one.profile) {
        agents.insert(profile.uid.to_string(), empty(profile, true));
    }
    for seen in records::seen(db, only).await? {
        add_seen(db, &mut agents, seen).await?;
    }
    for used in records::used(db, only).await? {
        if let Some(agent) = agents.get_mut(&used.agent) {
            agent.used.push(operation(used));
        }
    }
    for tally in changes::tallies(db, only).await? {
        if let Some(agent) = agents.get_mut(&tally.agent) {
            count(agent, &tally);
        }
    }
    let pauses = changes::pauses(db).await?;
    for (uid, agent) in &mut agents {
        agent.used.sort_by(|a, b| {
            b.count.cmp(&a.count).then_with(|| (&a.service, &a.operation).cmp(&(&b.service, &b.operation)))
        });
        agent.used.truncate(LISTED);
        agent.paused = pauses.get(uid).cloned();
        if agent.registered {
            agent.open_changes = changes::open_of_agent(db, uid).await?;
        }
    }
    Ok(agents.into_values().collect())
}

fn empty(profile: Agent, registered: bool) -> AgentView {
    AgentView {
        uid: profile.uid,
        name: profile.name,
        version: profile.version,
        owner: profile.owner,
        model: profile.model,
        registered,
        grants: Field::not_recorded(),
        used: Vec::new(),
        autonomy: Share { n: 0, denominator: 0, unknown: 0 },
        open_changes: Vec::new(),
        proposed: 0,
        approved: 0,
        rejected: 0,
        rolled_back: 0,
        failed: 0,
        last_seen: Field::not_recorded(),
        paused: None,
        sequence: 0,
    }
}

async fn add_seen(
    db: &mut SqliteConnection,
    agents: &mut BTreeMap<String, AgentView>,
    seen: Seen,
) -> Result<(), Refused> {
    if !agents.contains_key(&seen.agent) {
        let body = records::by_sequence(db, seen.sequence).await?;
        let record = body.map(|body| records::decoded(&body)).transpose()?;
        let Some(Field::Is(profile)) = record.map(|record| record.agent) else { return Ok(()) };
        agents.insert(seen.agent.clone(), empty(profile, false));
    }
    if let Some(agent) = agents.get_mut(&seen.agent) {
        agent.sequence = seen.sequence;
        agent.last_seen = Field::recorded(seen.last);
    }
    Ok(())
}

fn operation(used: Used) -> UsedOperation {
    UsedOperation {
        service: used.service,
        operation: used.operation,
        access_level: used.access_level.unwrap_or(AccessLevel::Unknown),
        count: used.count,
        failed: used.failed,
        last: used.last,
    }
}

fn count(agent: &mut AgentView, tally: &Tally) {
    agent.proposed += tally.count;
    match tally.state {
        State::Approved
        | State::Redeemed
        | State::Verified
        | State::RolledBack
        | State::Failed
        | State::Revoked
        | State::Lapsed => {
            agent.approved += tally.count;
        }
        State::Rejected => agent.rejected += tally.count,
        _ => {}
    }
    if matches!(tally.state, State::Redeemed | State::Verified | State::RolledBack | State::Failed) {
        agent.autonomy.denominator += tally.count;
        agent.autonomy.n += if tally.autonomous { tally.count } else { 0 };
    }
    match tally.state {
        State::RolledBack => agent.rolled_back += tally.count,
        State::Failed => agent.failed += tally.count,
        _ => {}
    }
}
