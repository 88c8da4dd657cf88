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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::{Principal, Settings};
    use crate::policy::PolicyEngine;
    use oversight::contract::RedemptionRequest;
    use oversight::vocabulary::Role;

    #[tokio::test]
    async fn a_key_in_flight_is_refused_until_its_first_request_is_answered() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("desk.sqlite");
        let policy = PolicyEngine::default_policy();
        let desk = Desk::open(path.to_str().unwrap(), policy, Settings::default()).await.unwrap();
        let who = Principal { uid: "executor-1".into(), role: Role::Executor, groups: vec![], owner: None };
        let key = IdempotencyKey::new("k").unwrap();
        let ask = async |key: &IdempotencyKey| {
            let keyed = Keyed { key: Some(key.clone()), route: "r".into(), payload: Digest::of(b"") };
            let request = RedemptionRequest { action_digest: Digest::of(b"") };
            desk.redeem(&who, ChangeId(1), request, keyed).await.unwrap_err()
        };
        let first = desk.take_key(&Scope::new("executor-1", "r", &key)).unwrap();
        // The writer's turn is taken too: the refusal must not wait for it.
        let turn = desk.begin().await.unwrap();
        assert!(matches!(ask(&key).await, Refused::KeyInFlight));
        drop((first, turn));
        assert!(matches!(ask(&key).await, Refused::NotFound("change")));
    }
}
