//! The desk: every operation that changes something, each one transaction, and every reading that depends on
//! who reads. Rules come from `oversight`, rows from `store`, what happened goes out as `Posted`. No HTTP types
//! here (that is `http`) and no SQL (that is `store`).

mod agents;
mod appending;
pub(crate) mod enrolment;
mod keyed;
mod past;
mod policies;
mod principal;
mod proposing;
mod reading;
mod redeeming;
mod refused;
mod reviewing;
mod stopping;
mod sweeping;
mod trail;
pub(crate) mod versions;
mod views;
mod work;
mod writing;
pub(crate) mod written;

pub use past::{Past, PastChange, PastRecord};
pub use principal::Principal;
pub use reading::{ChangeFilter, DigestOf};
pub use refused::{Refused, StoreError};
pub use trail::{Export, RecordFilter};

use crate::policy::PolicyEngine;
use crate::store::Store;
use oversight::classify::Estate;
use oversight::contract::ChangeReceipt;
use oversight::digest::Digest;
use oversight::id::{ChangeId, IdempotencyKey};
use oversight::record::AuditRecord;
use oversight::time::Instant;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::HashSet;
use std::sync::atomic::{AtomicI64, AtomicU64};
use std::sync::{Arc, Mutex, RwLock};
use tokio::sync::broadcast;

/// What the desk is told once, when it opens.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The fleet is made up; every view says so.
    pub demonstration: bool,
    /// Which accounts, regions and resources are which environment. Empty: everything is unknown.
    pub estate: Estate,
}

/// Where the desk takes the time from.
pub type Clock = Arc<dyn Fn() -> Instant + Send + Sync>;

/// The reference endpoint without its HTTP. Cheap to clone: every clone is the same desk.
#[derive(Clone)]
pub struct Desk(Arc<Inner>);

struct Inner {
    store: Store,
    policy: RwLock<Arc<PolicyEngine>>,
    settings: Settings,
    clock: Clock,
    posts: broadcast::Sender<Posted>,
    /// Held from the start of a write until its records are announced, so that they are announced in order.
    writing: Arc<tokio::sync::Mutex<()>>,
    /// Position of the last record announced. What lies beyond was written by another process, an import.
    announced: AtomicU64,
    /// Idempotency keys whose first request is still being answered.
    in_flight: Mutex<HashSet<keyed::Scope>>,
    /// When old answers and sessions were last looked for, in seconds since 1970.
    forgot_at: AtomicI64,
}

/// A record that was just appended: one a record, sent after its commit, in the order of the log.
#[derive(Debug, Clone)]
pub struct Posted {
    pub sequence: u64,
    pub record: Arc<AuditRecord>,
    /// The change that the record is about.
    pub change: Option<ChangeId>,
    /// Other changes that are not as they were: the open changes of an agent that was paused or resumed.
    pub touched: Vec<ChangeId>,
}

/// What makes a repeated request the same request.
#[derive(Debug, Clone)]
pub struct Keyed {
    pub key: Option<IdempotencyKey>,
    /// Method and route; a key is scoped to person and route.
    pub route: String,
    /// SHA-256 of the raw body.
    pub payload: Digest,
}

/// An answer, and whether it was given before under the same key.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer<T> {
    pub body: T,
    pub replayed: bool,
}

/// What an executor gets for an approval, once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Redeemed {
    pub receipt: ChangeReceipt,
    /// `{action, nonce, plan, resources, step}`: what the action digest is taken of.
    pub action: Value,
}

/// What became of appended records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Appended {
    /// Records that are new.
    pub accepted: u64,
    /// Records that were here already, with the same content.
    pub known: u64,
    /// Positions of the first and last new record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<u64>,
}

/// What became of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Imported {
    pub accepted: u64,
    pub known: u64,
    /// Items kept with their bytes and reason: those that could not be decoded, and those whose uid stands for another record.
    pub quarantined: u64,
}

/// How many announcements a slow reader may fall behind before it has to load everything again.
const POSTS_KEPT: usize = 4_096;

impl Desk {
    /// Opens the database at `database` (a path or `sqlite:` URL), creating and migrating it as needed. A policy that is
    /// not the last one loaded here is loaded: recorded, and what is pending evaluated again.
    pub async fn open(database: &str, policy: PolicyEngine, settings: Settings) -> Result<Desk, StoreError> {
        Self::open_with_clock(database, policy, settings, Arc::new(system_clock)).await
    }

    /// As `open`, with the time from `clock`.
    pub async fn open_with_clock(
        database: &str,
        policy: PolicyEngine,
        settings: Settings,
        clock: Clock,
    ) -> Result<Desk, StoreError> {
        let desk = Self::attached(database, policy, settings, clock).await?;
        desk.load_policy_if_new().await?;
        Ok(desk)
    }

    /// As `open`, to add records alone: no policy is loaded, so that the one in force there stays.
    pub async fn open_to_add(database: &str, settings: Settings) -> Result<Desk, StoreError> {
        Self::attached(database, PolicyEngine::default_policy(), settings, Arc::new(system_clock)).await
    }

    async fn attached(
        database: &str,
        policy: PolicyEngine,
        settings: Settings,
        clock: Clock,
    ) -> Result<Desk, StoreError> {
        Self::of(Store::open(database).await?, policy, settings, clock).await
    }

    async fn of(store: Store, policy: PolicyEngine, settings: Settings, clock: Clock) -> Result<Desk, StoreError> {
        let last = crate::store::records::last_sequence(&mut *store.read().await?).await?;
        Ok(Desk(Arc::new(Inner {
            store,
            policy: RwLock::new(Arc::new(policy)),
            settings,
            clock,
            posts: broadcast::channel(POSTS_KEPT).0,
            writing: Arc::default(),
            announced: AtomicU64::new(last),
            in_flight: Mutex::default(),
            forgot_at: AtomicI64::new(0),
        })))
    }

    /// The endpoint's clock, to the millisecond.
    pub fn now(&self) -> Instant {
        (self.0.clock)().to_millis()
    }

    /// Whether fleet and records are made up.
    pub fn demonstration(&self) -> bool {
        self.0.settings.demonstration
    }

    /// Every record from now on, in order. A receiver that lags loses some and is told so.
    pub fn subscribe(&self) -> broadcast::Receiver<Posted> {
        self.0.posts.subscribe()
    }

    /// The policy in force.
    pub fn policy(&self) -> Arc<PolicyEngine> {
        self.0.policy.read().unwrap_or_else(|poisoned| poisoned.into_inner()).clone()
    }
}

fn system_clock() -> Instant {
    // The year of a system clock that runs is within 1 to 9999; one that doesn't reads as 1970.
    Instant::new(chrono::Utc::now()).or_else(|_| Instant::from_unix_micros(0)).unwrap_or_else(|_| unreachable!())
}
