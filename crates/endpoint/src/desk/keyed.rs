//! Idempotency keys: what a key is scoped to, and which keys are being answered right now. Saved answers are
//! rows (`store::keys`); the order in which a review asks for them is `reviewing`'s.

use super::{Desk, Keyed, Refused};
use oversight::digest::Digest;
use oversight::id::{ChangeId, IdempotencyKey};

/// Seconds for which a saved answer is given again.
pub const KEPT_SECONDS: i64 = 24 * 3_600;

/// Whose key, on which route.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Scope {
    pub principal: String,
    pub route: String,
    pub key: String,
}

/// A key while its first request is being answered; dropping it lets the key go.
pub struct InFlight {
    desk: Desk,
    scope: Scope,
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.desk.in_flight().remove(&self.scope);
    }
}

impl Scope {
    pub fn new(principal: &str, route: &str, key: &IdempotencyKey) -> Scope {
        Scope { principal: principal.to_owned(), route: route.to_owned(), key: key.as_str().to_owned() }
    }

    /// As the store takes it.
    pub fn parts(&self) -> (&str, &str, &str) {
        (&self.principal, &self.route, &self.key)
    }
}

impl Keyed {
    /// The payload with the change it is about, so that one body under one key never answers for another change.
    pub(super) fn fingerprint(&self, change: ChangeId) -> Digest {
        Digest::of(format!("{change} {}", self.payload).as_bytes())
    }
}

impl Desk {
    /// Takes the key, or says that its first request is still being answered.
    pub(super) fn take_key(&self, scope: &Scope) -> Result<InFlight, Refused> {
        if self.in_flight().insert(scope.clone()) {
            Ok(InFlight { desk: self.clone(), scope: scope.clone() })
        } else {
            Err(Refused::KeyInFlight)
        }
    }

    fn in_flight(&self) -> std::sync::MutexGuard<'_, std::collections::HashSet<Scope>> {
        self.0.in_flight.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}
