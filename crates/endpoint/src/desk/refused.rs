//! Why an operation of the desk was not carried out. Nothing was changed when one of these comes back; which
//! status and problem each becomes is `http`'s to say.

pub use crate::store::StoreError;
use oversight::canonical::NotCanonical;
use oversight::capability::Refusal;
use oversight::contract::LineFault;
use oversight::json::Fault;

/// Each carries what its problem needs; the comment gives the status.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// 401
    #[error("not signed in")]
    Unauthenticated,
    /// 403; `role`, `group`, `separation-of-duties`, `own-changes`, `not-redeemer` and others.
    #[error("{0}")]
    Forbidden(Refusal),
    /// 404; what there is none of, "change".
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// 400
    #[error("the request needs an Idempotency-Key")]
    KeyMissing,
    /// 428
    #[error("the request needs an If-Match")]
    IfMatchMissing,
    /// 412
    #[error("the version is not the current one, which is {current}")]
    Stale { current: u32 },
    /// 422
    #[error("the digest is not that of the current version")]
    DigestMismatch,
    /// 422
    #[error("the Idempotency-Key was used for another request")]
    KeyReused,
    /// 409
    #[error("the first request under this Idempotency-Key is still being answered")]
    KeyInFlight,
    /// 409; `already-reviewed`, `already-decided`, `expired`, `agent-paused`, `not-approved`, `already-redeemed`, `rollback-required`, `policy-forbids`, `uid-taken` and others.
    #[error("{0}")]
    Conflict(Refusal),
    /// 422
    #[error("{0}")]
    Invalid(Fault),
    /// 422; a batch is taken whole or not at all.
    #[error("{} of the lines can't be taken", .0.len())]
    InvalidLines(Vec<LineFault>),
    /// 500; logged, without detail to the outside.
    #[error("storage failed")]
    Storage(#[from] StoreError),
}

impl Refused {
    pub(super) fn conflict(rule: &str, reason: impl Into<String>) -> Refused {
        Refused::Conflict(Refusal::new(rule, reason))
    }

    pub(super) fn forbidden(rule: &str, reason: impl Into<String>) -> Refused {
        Refused::Forbidden(Refusal::new(rule, reason))
    }

    pub(super) fn invalid(field: &str, reason: impl Into<String>) -> Refused {
        Refused::Invalid(Fault::new(field, reason))
    }
}

impl From<sqlx::Error> for Refused {
    fn from(error: sqlx::Error) -> Self {
        Refused::Storage(StoreError::Sql(error))
    }
}

impl From<NotCanonical> for Refused {
    fn from(error: NotCanonical) -> Self {
        Refused::Invalid(Fault::new("", error.to_string()))
    }
}
