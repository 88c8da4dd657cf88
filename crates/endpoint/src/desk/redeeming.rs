//! Executors redeem an approval, once, and report how it ended. This is where the endpoint verifies digest, state,
//! expiry, pause and policy; the executor must do nothing without it.

use super::keyed::Scope;
use super::proposing::{found, still_open};
use super::reviewing::{save, saved};
use super::versions::outcome;
use super::work::Work;
use super::writing::{about, transition};
use super::written::{self, actor};
use super::{Answer, Desk, Keyed, Principal, Redeemed, Refused};
use crate::store::changes::{self, Change};
use crate::store::{records, unreadable};
use oversight::capability::{Deed, role_allows, state_allows};
use oversight::contract::{ChangeReceipt, MAX_REASON, OutcomeRequest, RedemptionRequest};
use oversight::id::ChangeId;
use oversight::missing::Field;
use oversight::policy::PolicyOutcome;
use oversight::record::PolicyFact;
use oversight::state::{Event, State};
use oversight::vocabulary::{Effect, Kind};

impl Desk {
    /// Takes an approval: the same key gives the same answer, everyone else is refused. Checked in this order: the
    /// role, the answer saved under the key, the key, the action digest, state, expiry, pause, policy. That the policy
    /// in force refused is recorded, although the redemption is not.
    pub async fn redeem(
        &self,
        who: &Principal,
        id: ChangeId,
        request: RedemptionRequest,
        keyed: Keyed,
    ) -> Result<Answer<Redeemed>, Refused> {
        role_allows(Deed::Redeem, who.role).map_err(Refused::Forbidden)?;
        let scope = keyed.key.as_ref().map(|key| Scope::new(&who.uid, &keyed.route, key));
        let payload = keyed.fingerprint(id);
        let in_flight = scope.as_ref().map(|scope| self.take_key(scope)).transpose();
        if let (Err(_), Some(scope)) = (&in_flight, &scope) {
            let mut db = self.0.store.read().await?;
            return match saved(&mut db, scope, payload, self.now()).await? {
                Some(body) => Ok(Answer { body, replayed: true }),
                None => Err(Refused::KeyInFlight),
            };
        }
        let mut work = self.begin().await?;
        let now = work.now;
        let change = found(&mut work, id).await?;
        if let Some(scope) = &scope
            && let Some(body) = saved(work.db(), scope, payload, now).await?
        {
            return Ok(Answer { body, replayed: true });
        }
        let _in_flight = in_flight?;
        let scope = scope.ok_or(Refused::KeyMissing)?;
        if request.action_digest != change.reviewed.action_digest {
            return Err(Refused::DigestMismatch);
        }
        state_allows(Deed::Redeem, change.state).map_err(Refused::Conflict)?;
        still_open(&change, now)?;
        if changes::is_paused(work.db(), change.reviewed.agent.uid.as_str()).await? {
            return Err(Refused::conflict(
                "agent-paused",
                "The agent is paused; nothing of it is redeemed until a manager resumes it.",
            ));
        }
        let policy = outcome(&self.policy(), &change.reviewed.policy_facts());
        if policy.decision == Effect::Deny {
            let words = forbidden_by(&policy);
            record_refusal(work, who, &change, policy, &words).await?;
            return Err(Refused::conflict("policy-forbids", words));
        }
        let record = about(&work, Kind::Redemption, &change.reviewed, change.digest, change.state)?;
        let record = written::redemption(record, who, &change.reviewed);
        let receipt = transition(&mut work, &change, Event::Redeemed, record, &who.uid, None).await?;
        let bytes = change.reviewed.action_canonical()?;
        let action = serde_json::from_slice(&bytes).map_err(|error| unreadable("action", error))?;
        let redeemed = Redeemed { receipt, action };
        save(&mut work, &scope, payload, &redeemed).await?;
        work.commit().await?;
        Ok(Answer { body: redeemed, replayed: false })
    }

    /// How a redeemed change ended, from whoever redeemed it.
    pub async fn outcome(
        &self,
        who: &Principal,
        id: ChangeId,
        request: OutcomeRequest,
    ) -> Result<ChangeReceipt, Refused> {
        role_allows(Deed::ReportOutcome, who.role).map_err(Refused::Forbidden)?;
        let mut work = self.begin().await?;
        let change = found(&mut work, id).await?;
        if request.detail.as_ref().is_some_and(|detail| detail.len() > MAX_REASON) {
            return Err(Refused::invalid("detail", format!("longer than {MAX_REASON} bytes")));
        }
        state_allows(Deed::ReportOutcome, change.state).map_err(Refused::Conflict)?;
        if redeemed_by(&change) != Some(who.uid.as_str()) {
            return Err(Refused::forbidden("not-redeemer", "Another executor redeemed it; only that one reports."));
        }
        let (event, kind, status) = written::ended(request.result);
        let detail = request.detail.filter(|detail| !detail.trim().is_empty());
        let record = about(&work, kind, &change.reviewed, change.digest, change.state)?;
        let record = written::outcome(record, who, &change.reviewed, status, detail.clone());
        let receipt = transition(&mut work, &change, event, record, &who.uid, detail).await?;
        work.commit().await?;
        Ok(receipt)
    }
}

/// Who redeemed a change: whoever settled it last, since only the redeemer brings it further.
pub fn redeemed_by(change: &Change) -> Option<&str> {
    let redeemed = matches!(change.state, State::Redeemed | State::Verified | State::RolledBack | State::Failed);
    change.settled.as_ref().filter(|_| redeemed).map(|settled| settled.by.as_str())
}

/// Records that the policy in force refused an approved change at its redemption; the change stays approved. An
/// executor asks again and again: the same policy's refusal of the same version is recorded once.
async fn record_refusal(
    mut work: Work,
    who: &Principal,
    change: &Change,
    policy: PolicyOutcome,
    words: &str,
) -> Result<(), Refused> {
    let fact = Field::Is(PolicyFact {
        uid: policy.uid,
        version: policy.version,
        decision: policy.decision,
        determining: policy.determining,
    });
    let before = records::newest_of_change(work.db(), change.id, Kind::PolicyDecision.as_str()).await?;
    let recorded = before.is_some_and(|record| {
        record.version == Some(change.version) && record.actor.value().is_some() && record.policy == fact
    });
    if recorded {
        return Ok(());
    }
    let mut record = about(&work, Kind::PolicyDecision, &change.reviewed, change.digest, change.state)?;
    record.actor = actor(who);
    record.policy = fact;
    record.reason = Field::Is(format!("Refused at its redemption. {words}"));
    let sequence = work.append(record).await?;
    changes::touch(work.db(), change.id, sequence).await?;
    work.commit().await
}

fn forbidden_by(policy: &PolicyOutcome) -> String {
    let titles: Vec<&str> = policy.determining.iter().map(|policy| policy.title.as_str()).collect();
    match titles.as_slice() {
        [] => "The policy in force could not be evaluated, which forbids it.".to_owned(),
        titles => format!("The policy in force forbids it: {}.", titles.join("; ")),
    }
}
