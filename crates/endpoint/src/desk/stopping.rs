//! People step in: an approval taken back before it is used, an agent stopped and let go on, a word said about a
//! change. An agent answers with a comment too.

use super::proposing::{check_words, found, is_own, still_open};
use super::work::Work;
use super::writing::{about, transition};
use super::{Desk, Principal, Refused, written};
use crate::store::{changes, principals, records};
use oversight::capability::{Deed, role_allows, state_allows};
use oversight::contract::{ChangeReceipt, CommentView, PauseView};
use oversight::id::{AgentUid, ChangeId};
use oversight::missing::Field;
use oversight::record::Agent;
use oversight::state::Event;
use oversight::vocabulary::Kind;

impl Desk {
    /// Takes an approval back before it is redeemed.
    pub async fn revoke(&self, who: &Principal, id: ChangeId, reason: String) -> Result<ChangeReceipt, Refused> {
        role_allows(Deed::Revoke, who.role).map_err(Refused::Forbidden)?;
        let mut work = self.begin().await?;
        let change = found(&mut work, id).await?;
        check_words("reason", &reason)?;
        state_allows(Deed::Revoke, change.state).map_err(Refused::Conflict)?;
        still_open(&change, work.now)?;
        let record = about(&work, Kind::Revocation, &change.reviewed, change.digest, change.state)?;
        let record = written::reasoned(record, who, &reason);
        let receipt = transition(&mut work, &change, Event::Revoked, record, &who.uid, Some(reason)).await?;
        work.commit().await?;
        Ok(receipt)
    }

    /// Says something about a change, whatever its state.
    pub async fn comment(&self, who: &Principal, id: ChangeId, text: String) -> Result<CommentView, Refused> {
        role_allows(Deed::Comment, who.role).map_err(Refused::Forbidden)?;
        let mut work = self.begin().await?;
        let change = found(&mut work, id).await?;
        is_own(who, &change)?;
        check_words("text", &text)?;
        let record = about(&work, Kind::Comment, &change.reviewed, change.digest, change.state)?;
        let record = written::comment(record, who, &text);
        let sequence = work.append(record).await?;
        changes::touch(work.db(), id, sequence).await?;
        let time = work.now;
        work.commit().await?;
        Ok(CommentView { sequence, time, author: who.uid.clone(), role: who.role, text })
    }

    /// Stops an agent: none of its changes is reviewed or redeemed until a manager resumes it. Stops no clock.
    pub async fn pause(&self, who: &Principal, agent: &AgentUid, reason: String) -> Result<PauseView, Refused> {
        role_allows(Deed::PauseAgent, who.role).map_err(Refused::Forbidden)?;
        let mut work = self.begin().await?;
        let registration = registered(&mut work, agent).await?;
        check_words("reason", &reason)?;
        if changes::is_paused(work.db(), agent.as_str()).await? {
            return Err(Refused::conflict("already-paused", "The agent is paused already."));
        }
        let pause = PauseView { by: who.uid.clone(), at: work.now, reason };
        changes::insert_pause(work.db(), agent.as_str(), &pause).await?;
        self.stopped_or_started(&mut work, Kind::Pause, who, registration, &pause.reason).await?;
        work.commit().await?;
        Ok(pause)
    }

    /// Lets a paused agent go on.
    pub async fn resume(&self, who: &Principal, agent: &AgentUid, reason: String) -> Result<(), Refused> {
        role_allows(Deed::ResumeAgent, who.role).map_err(Refused::Forbidden)?;
        let mut work = self.begin().await?;
        let registration = registered(&mut work, agent).await?;
        check_words("reason", &reason)?;
        if !changes::delete_pause(work.db(), agent.as_str()).await? {
            return Err(Refused::conflict("not-paused", "The agent is not paused."));
        }
        self.stopped_or_started(&mut work, Kind::Resume, who, registration, &reason).await?;
        work.commit().await
    }

    async fn stopped_or_started(
        &self,
        work: &mut Work,
        kind: Kind,
        who: &Principal,
        agent: Agent,
        reason: &str,
    ) -> Result<(), Refused> {
        let open = changes::open_of_agent(work.db(), agent.uid.as_str()).await?;
        let mut record = work.record(kind)?;
        record.agent = Field::Is(agent);
        let record = written::reasoned(record, who, reason);
        let sequence = work.append(record).await?;
        for id in &open {
            changes::touch(work.db(), *id, sequence).await?;
        }
        work.touch(open);
        Ok(())
    }
}

async fn registered(work: &mut Work, agent: &AgentUid) -> Result<Agent, Refused> {
    let enrolled = principals::by_uid(work.db(), agent.as_str()).await?;
    if let Some(profile) = enrolled.and_then(|enrolled| enrolled.profile) {
        return Ok(profile);
    }
    match records::seen(work.db(), Some(agent.as_str())).await?.is_empty() {
        true => Err(Refused::NotFound("agent")),
        false => Err(Refused::conflict(
            "not-registered",
            "The agent is known from imported records alone; nothing can stop it from here.",
        )),
    }
}
