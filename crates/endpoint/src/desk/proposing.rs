//! Agents propose, amend and withdraw. An amendment of a pending or approved change supersedes the version and its
//! votes. How a version is made is `versions`.

use super::versions::{Built, build};
use super::work::Work;
use super::writing::{ENDPOINT, about, receipt, transition};
use super::written::{self, actor};
use super::{Desk, Principal, Refused};
use crate::store::changes::{self, Change};
use crate::store::principals;
use oversight::capability::{Deed, role_allows, state_allows};
use oversight::contract::{ChangeReceipt, MAX_REASON};
use oversight::id::ChangeId;
use oversight::missing::Field;
use oversight::proposal::Proposal;
use oversight::record::Agent;
use oversight::state::{Event, State};
use oversight::time::Instant;
use oversight::vocabulary::{Effect, Kind, Role};

impl Desk {
    /// A new change. What the policy allows is approved at once, what it denies is denied, all else is pending.
    pub async fn propose(&self, who: &Principal, proposal: Proposal) -> Result<ChangeReceipt, Refused> {
        role_allows(Deed::Propose, who.role).map_err(Refused::Forbidden)?;
        proposal.check().map_err(Refused::Invalid)?;
        let mut work = self.begin().await?;
        let agent = registration(&mut work, who).await?;
        let id = changes::next_id(work.db()).await?;
        let built = build(self, &mut work, id, 1, agent, proposal).await?;
        let mut record = written::whole(work.record(Kind::Proposal)?, &built.version, built.digest);
        record.actor = actor(who);
        let sequence = work.append(record).await?;
        changes::insert(work.db(), built.row(), sequence).await?;
        let receipt = decide_by_policy(&mut work, built).await?;
        work.commit().await?;
        Ok(receipt)
    }

    /// Another version of a change of one's own that is pending or approved.
    pub async fn amend(&self, who: &Principal, id: ChangeId, proposal: Proposal) -> Result<ChangeReceipt, Refused> {
        role_allows(Deed::Amend, who.role).map_err(Refused::Forbidden)?;
        let mut work = self.begin().await?;
        let change = own(&mut work, who, id).await?;
        proposal.check().map_err(Refused::Invalid)?;
        state_allows(Deed::Amend, change.state).map_err(Refused::Conflict)?;
        still_open(&change, work.now)?;
        let agent = registration(&mut work, who).await?;
        let built = build(self, &mut work, id, change.version + 1, agent, proposal).await?;
        supersede(&mut work, &change, &who.uid, Some(who), None).await?;
        let mut record = written::whole(work.record(Kind::Amendment)?, &built.version, built.digest);
        record.actor = actor(who);
        let sequence = work.append(record).await?;
        changes::replace_version(work.db(), built.row(), sequence).await?;
        let receipt = decide_by_policy(&mut work, built).await?;
        work.commit().await?;
        Ok(receipt)
    }

    /// Withdraws a pending change of one's own.
    pub async fn cancel(&self, who: &Principal, id: ChangeId, reason: String) -> Result<ChangeReceipt, Refused> {
        role_allows(Deed::Cancel, who.role).map_err(Refused::Forbidden)?;
        let mut work = self.begin().await?;
        let change = own(&mut work, who, id).await?;
        check_words("reason", &reason)?;
        state_allows(Deed::Cancel, change.state).map_err(Refused::Conflict)?;
        still_open(&change, work.now)?;
        let record = about(&work, Kind::Cancellation, &change.reviewed, change.digest, change.state)?;
        let record = written::reasoned(record, who, &reason);
        let receipt = transition(&mut work, &change, Event::Cancelled, record, &who.uid, Some(reason)).await?;
        work.commit().await?;
        Ok(receipt)
    }
}

/// The change, if there is one.
pub async fn found(work: &mut Work, id: ChangeId) -> Result<Change, Refused> {
    changes::by_id(work.db(), id).await?.ok_or(Refused::NotFound("change"))
}

/// The agent's own change.
pub async fn own(work: &mut Work, who: &Principal, id: ChangeId) -> Result<Change, Refused> {
    let change = found(work, id).await?;
    is_own(who, &change)?;
    Ok(change)
}

/// Refuses an agent that is not the change's.
pub fn is_own(who: &Principal, change: &Change) -> Result<(), Refused> {
    if who.role == Role::Agent && change.reviewed.agent.uid.as_str() != who.uid {
        return Err(Refused::forbidden("own-changes", "It is another agent's change; an agent sees its own alone."));
    }
    Ok(())
}

/// Refuses an open change whose time has come, though the sweep hasn't been there yet.
pub fn still_open(change: &Change, now: Instant) -> Result<(), Refused> {
    if !change.state.is_open() || now < change.reviewed.expires_at {
        return Ok(());
    }
    let words = match change.state {
        State::Pending => "It expired before it was decided.",
        _ => "Its approval lapsed before it was used.",
    };
    Err(Refused::conflict("expired", words))
}

/// Refuses words that say nothing or too much.
pub fn check_words(field: &str, words: &str) -> Result<(), Refused> {
    if words.trim().is_empty() {
        return Err(Refused::invalid(field, "empty"));
    }
    if words.len() > MAX_REASON {
        return Err(Refused::invalid(field, format!("longer than {MAX_REASON} bytes")));
    }
    Ok(())
}

/// That the current version stands no longer, since another is about to take its place.
pub async fn supersede(
    work: &mut Work,
    change: &Change,
    by: &str,
    who: Option<&Principal>,
    reason: Option<String>,
) -> Result<(), Refused> {
    let mut record = about(work, Kind::Supersession, &change.reviewed, change.digest, change.state)?;
    record.actor = who.map_or(Field::Absent, actor);
    record.reason = reason.clone().map_or(Field::Absent, Field::Is);
    transition(work, change, Event::Superseded, record, by, reason).await?;
    Ok(())
}

/// Records what the policy said of a version just stored as pending, and moves the change accordingly.
pub async fn decide_by_policy(work: &mut Work, built: Built) -> Result<ChangeReceipt, Refused> {
    let decision = built.version.policy.decision;
    let record = written::policy_decision(work.record(Kind::PolicyDecision)?, &built.version, built.digest);
    let change = Change {
        id: built.version.change,
        version: built.version.version,
        state: State::Pending,
        digest: built.digest,
        reviewed: built.version,
        sequence: work.next_sequence(),
        settled: None,
    };
    let reason = || written::policy_reason(&change.reviewed);
    match decision {
        Effect::Allow => transition(work, &change, Event::QuorumMet, record, ENDPOINT, reason()).await,
        Effect::Deny => transition(work, &change, Event::Denied, record, ENDPOINT, reason()).await,
        Effect::NeedsReview => {
            let sequence = work.append(record).await?;
            changes::touch(work.db(), change.id, sequence).await?;
            Ok(receipt(work, &change, State::Pending, sequence))
        }
    }
}

async fn registration(work: &mut Work, who: &Principal) -> Result<Agent, Refused> {
    let enrolled = principals::by_uid(work.db(), &who.uid).await?;
    let profile = enrolled.and_then(|enrolled| enrolled.profile);
    profile.ok_or_else(|| Refused::forbidden("not-registered", "The agent is not registered here."))
}
