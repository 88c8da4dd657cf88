//! What time does: pending changes expire, approvals lapse, old answers, codes and sessions are forgotten, and what another
//! process wrote is announced. Called four times a second; writes only when something is due.

use super::enrolment::CODE_SECONDS;
use super::writing::{ENDPOINT, about, transition};
use super::{Desk, Refused, keyed::KEPT_SECONDS};
use crate::store::{answers, changes, principals};
use oversight::state::{Event, State};
use oversight::vocabulary::Kind;
use std::sync::atomic::Ordering;

/// Changes settled in one transaction, so that a decision never waits long behind a sweep.
const AT_ONCE: u32 = 100;
/// Seconds between two looks for what can be forgotten.
const FORGET_EACH: i64 = 600;

impl Desk {
    /// Settles what is due; how many changes.
    pub async fn sweep(&self) -> Result<u32, Refused> {
        self.forget().await?;
        if self.sequence().await? > self.0.announced.load(Ordering::SeqCst) {
            // Another process has written: what it wrote is announced with this work, which has nothing to add.
            self.begin().await?.commit().await?;
        }
        let mut settled = 0;
        loop {
            let due = {
                let mut db = self.0.store.read().await?;
                changes::due(&mut db, self.now(), AT_ONCE).await?
            };
            if due.is_empty() {
                return Ok(settled);
            }
            settled += self.settle_due().await?;
        }
    }

    /// Whether a write can begin; nothing is written.
    pub async fn can_write(&self) -> Result<(), Refused> {
        self.begin().await.map(drop)
    }

    async fn settle_due(&self) -> Result<u32, Refused> {
        let mut work = self.begin().await?;
        let now = work.now;
        let mut settled = 0;
        for id in changes::due(work.db(), now, AT_ONCE).await? {
            let Some(change) = changes::by_id(work.db(), id).await? else { continue };
            let (event, kind) = match change.state {
                State::Approved => (Event::Lapsed, Kind::Lapse),
                _ => (Event::Expired, Kind::Expiry),
            };
            let record = about(&work, kind, &change.reviewed, change.digest, change.state)?;
            transition(&mut work, &change, event, record, ENDPOINT, None).await?;
            settled += 1;
        }
        work.commit().await?;
        Ok(settled)
    }

    async fn forget(&self) -> Result<(), Refused> {
        let now = self.now();
        let seconds = now.unix_micros() / 1_000_000;
        let before = self.0.forgot_at.load(Ordering::Relaxed);
        if seconds - before < FORGET_EACH {
            return Ok(());
        }
        self.0.forgot_at.store(seconds, Ordering::Relaxed);
        let mut work = self.begin().await?;
        answers::delete_old(work.db(), now.plus_seconds(-KEPT_SECONDS)).await?;
        principals::delete_old_sessions(work.db(), now).await?;
        principals::delete_old_codes(work.db(), now.plus_seconds(-CODE_SECONDS)).await?;
        work.commit().await
    }
}
