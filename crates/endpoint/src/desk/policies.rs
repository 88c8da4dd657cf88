//! Loading a policy: recorded, and what is pending is evaluated again; where another outcome comes out, the change
//! gets a new version without votes. What is approved is evaluated again when it is redeemed.

use super::proposing::{decide_by_policy, supersede};
use super::versions::{outcome, rebuild, same_outcome};
use super::work::Work;
use super::writing::ENDPOINT;
use super::{Desk, Refused, StoreError, written};
use crate::policy::PolicyEngine;
use crate::store::changes::{self, Selection};
use crate::store::records;
use oversight::state::State;
use oversight::vocabulary::Kind;
use std::sync::Arc;

impl Desk {
    /// Puts a policy in force. Returns how many pending changes got a new version by it.
    pub async fn load_policy(&self, engine: PolicyEngine) -> Result<u64, Refused> {
        let mut work = self.begin().await?;
        let engine = Arc::new(engine);
        let renewed = evaluate_again(&mut work, &engine).await?;
        let before = self.set_policy(engine);
        match work.commit().await {
            Ok(()) => Ok(renewed),
            Err(refused) => {
                self.set_policy(before);
                Err(refused)
            }
        }
    }

    /// Loads the policy given at the start, unless it is the one loaded last.
    pub(super) async fn load_policy_if_new(&self) -> Result<(), StoreError> {
        let carried = async {
            let engine = self.policy();
            let mut work = self.begin().await?;
            let last = records::newest_of_kind(work.db(), Kind::PolicyLoad.as_str()).await?;
            let known = last.is_some_and(|record| {
                record.extra.get("policy_version").and_then(|version| version.as_str()) == Some(engine.version())
                    && record.extra.get("policy_uid").and_then(|uid| uid.as_str()) == Some(engine.uid())
            });
            if known {
                return Ok(());
            }
            evaluate_again(&mut work, &engine).await?;
            work.commit().await
        };
        carried.await.map_err(|refused: Refused| match refused {
            Refused::Storage(error) => error,
            other => crate::store::unreadable("policy load", other),
        })
    }

    fn set_policy(&self, engine: Arc<PolicyEngine>) -> Arc<PolicyEngine> {
        std::mem::replace(&mut *self.0.policy.write().unwrap_or_else(|poisoned| poisoned.into_inner()), engine)
    }
}

/// Most pending changes looked at in one go.
const AT_ONCE: u32 = 500;

async fn evaluate_again(work: &mut Work, engine: &PolicyEngine) -> Result<u64, Refused> {
    let record = written::policy_load(work.record(Kind::PolicyLoad)?, engine);
    work.append(record).await?;
    let mut renewed = 0;
    let mut selection = Selection { states: vec![State::Pending], ..Selection::default() };
    loop {
        let page = changes::list(work.db(), &selection, AT_ONCE).await?;
        let Some(last) = page.last() else { return Ok(renewed) };
        selection.before = Some(last.id.0);
        for change in page {
            let policy = outcome(engine, &change.reviewed.policy_facts());
            if change.reviewed.expires_at <= work.now || same_outcome(&policy, &change.reviewed.policy) {
                continue;
            }
            let content = changes::version_content(work.db(), change.id, change.version).await?;
            let built = rebuild(&change.reviewed, policy, content, work.now)?;
            let reason = format!("The policy {} {} asks for something else.", engine.uid(), engine.version());
            supersede(work, &change, ENDPOINT, None, Some(reason)).await?;
            let sequence = work.next_sequence();
            changes::replace_version(work.db(), built.row(), sequence).await?;
            decide_by_policy(work, built).await?;
            renewed += 1;
        }
    }
}
