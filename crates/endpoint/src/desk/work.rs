//! One piece of work on the desk: a writing transaction, the records it appends, and their announcement after its
//! commit, in the order of the log. Dropped before its commit, it leaves nothing behind.

use super::trail::posts_after;
use super::{Desk, Posted, Refused, written};
use crate::store::{StoreError, appending, records};
use oversight::canonical::{joined, members};
use oversight::id::{ChangeId, RecordUid};
use oversight::log_entry::LogEntry;
use oversight::record::AuditRecord;
use oversight::time::Instant;
use oversight::vocabulary::Asserter;
use rand::TryRngCore as _;
use rand::rngs::OsRng;
use sqlx::{Sqlite, SqliteConnection, Transaction};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use tokio::sync::OwnedMutexGuard;

/// Records of another process announced at once. More than a receiver keeps: it lags, and loads everything again.
const AT_ONCE: u32 = 20_000;

/// A writing transaction with what it will announce.
pub struct Work {
    desk: Desk,
    turn: OwnedMutexGuard<()>,
    transaction: Transaction<'static, Sqlite>,
    /// Position of the newest record, those of this work included.
    last: u64,
    posted: Vec<Posted>,
    /// The endpoint's clock when the work began: one time for all it does.
    pub now: Instant,
}

impl Desk {
    /// Begins to write; a second one waits for its turn.
    pub(super) async fn begin(&self) -> Result<Work, Refused> {
        let turn = self.0.writing.clone().lock_owned().await;
        let mut transaction = self.0.store.write().await?;
        let last = records::last_sequence(&mut transaction).await?;
        let announced = self.0.announced.load(Ordering::SeqCst);
        let posted =
            if last > announced { posts_after(&mut transaction, announced, AT_ONCE).await? } else { Vec::new() };
        Ok(Work { desk: self.clone(), turn, transaction, last, posted, now: self.now() })
    }
}

impl Work {
    /// The connection to write on.
    pub fn db(&mut self) -> &mut SqliteConnection {
        &mut self.transaction
    }

    /// The position that the next record gets.
    pub fn next_sequence(&self) -> u64 {
        self.last + 1
    }

    /// A record of the endpoint's own with a uid of 128 random bits, vouched for by the endpoint.
    pub fn record(&self, kind: oversight::vocabulary::Kind) -> Result<AuditRecord, Refused> {
        let uid = RecordUid::new(format!("rec-{}", hex(&random()?)))
            .map_err(|error| Refused::invalid("uid", error.to_string()))?;
        Ok(written::own(uid, self.now, kind))
    }

    /// Appends a record of the endpoint's own. Returns its position.
    pub async fn append(&mut self, record: AuditRecord) -> Result<u64, Refused> {
        self.append_from(record, Asserter::Endpoint, None).await
    }

    /// Appends a record with who brought it and the digest of what was handed in. Returns its position.
    pub async fn append_from(
        &mut self,
        mut record: AuditRecord,
        origin: Asserter,
        handed_in: Option<String>,
    ) -> Result<u64, Refused> {
        let sequence = self.next_sequence();
        record.sequence = Some(sequence);
        let ready = Ready::new(record, sequence, origin)?;
        appending::insert(&mut self.transaction, &[ready.entry(handed_in.as_deref())]).await?;
        let record = ready.record;
        self.last = sequence;
        let change = record.change_id;
        self.posted.push(Posted { sequence, record: Arc::new(record), change, touched: Vec::new() });
        Ok(sequence)
    }

    /// That the last record left these changes other than they were.
    pub fn touch(&mut self, changes: Vec<ChangeId>) {
        if let Some(last) = self.posted.last_mut() {
            last.touched = changes;
        }
    }

    /// Commits and announces. Once begun it is carried through, even when nobody waits for the answer any more.
    pub async fn commit(self) -> Result<(), Refused> {
        let Work { desk, turn, transaction, posted, .. } = self;
        let carried = tokio::spawn(async move {
            let done = transaction.commit().await;
            if done.is_ok() {
                for post in posted {
                    desk.0.announced.store(post.sequence, Ordering::SeqCst);
                    // An error means that nobody listens.
                    let _ = desk.0.posts.send(post);
                }
            }
            drop(turn);
            done
        });
        match carried.await {
            Ok(done) => Ok(done?),
            Err(error) => Err(broken(error)),
        }
    }
}

/// A record with the texts that it is stored under.
pub struct Ready {
    pub record: AuditRecord,
    sequence: u64,
    origin: Asserter,
    body: String,
    words: String,
    log: LogEntry,
}

impl Ready {
    /// Takes canonical text, search text and log entry of a record that stands at `sequence`, as it says itself.
    pub fn new(record: AuditRecord, sequence: u64, origin: Asserter) -> Result<Ready, Refused> {
        let fields = record.fields()?;
        let members = members(&fields)?;
        let salts = random_bytes(16 * members.len())?;
        let (salts, _) = salts.as_chunks();
        let log = LogEntry::commit(&record.uid, sequence, &members, salts)?;
        let body = joined(&members);
        let words = appending::words(&fields);
        Ok(Ready { record, sequence, origin, body, words, log })
    }

    /// As the store takes it.
    pub fn entry<'a>(&'a self, handed_in: Option<&'a str>) -> appending::Entry<'a> {
        appending::Entry {
            record: &self.record,
            sequence: self.sequence,
            body: &self.body,
            words: &self.words,
            log: &self.log,
            origin: self.origin,
            handed_in,
        }
    }
}

/// 128 bits of the operating system's randomness.
pub fn random() -> Result<[u8; 16], Refused> {
    let mut bytes = [0; 16];
    OsRng.try_fill_bytes(&mut bytes).map_err(broken)?;
    Ok(bytes)
}

/// `count` bytes of the operating system's randomness.
pub fn random_bytes(count: usize) -> Result<Vec<u8>, Refused> {
    let mut bytes = vec![0; count];
    OsRng.try_fill_bytes(&mut bytes).map_err(broken)?;
    Ok(bytes)
}

/// What the machine failed at below the desk: no randomness, a thread that was lost.
pub fn broken(error: impl std::fmt::Display) -> Refused {
    Refused::Storage(StoreError::Sql(sqlx::Error::Io(std::io::Error::other(error.to_string()))))
}

/// Lowercase hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}
