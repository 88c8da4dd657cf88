//! Rows: the SQLite database, its migrations, and the ways between rows and the domain's types. Functions take a
//! connection and know no rules (those are `oversight`'s, applied by `desk`); several make one transaction there.

pub mod answers;
pub mod appending;
pub mod changes;
pub mod past;
pub mod principals;
pub mod quarantine;
pub mod records;

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Sqlite, Transaction};
use std::str::FromStr;
use std::time::Duration;

/// Readers at once. Each sees the last commit before it began (write-ahead log) and waits for no writer.
const READERS: u32 = 4;
/// How long a writer of another process (an import) is waited for.
const BUSY: Duration = Duration::from_secs(10);

/// What went wrong below the desk.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the database: {0}")]
    Sql(#[from] sqlx::Error),
    #[error("the database's migration: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    #[error("{0:?} is not a file path or a sqlite: URL of one")]
    NotAFile(String),
    /// A row that this program wrote and can't read.
    #[error("a stored {what} can't be read: {reason}")]
    Unreadable { what: &'static str, reason: String },
}

/// One database: a single writer, and readers beside it.
#[derive(Debug, Clone)]
pub struct Store {
    writer: SqlitePool,
    readers: SqlitePool,
}

impl Store {
    /// Opens, creates and migrates it.
    pub async fn open(database: &str) -> Result<Store, StoreError> {
        Store::open_in(database, SqliteJournalMode::Wal).await
    }

    /// As `open`, to write much into what holds next to nothing while nobody else has it open: each page is written
    /// once, where a write-ahead log has them all twice. To be closed before it is opened otherwise.
    pub async fn open_to_fill(database: &str) -> Result<Store, StoreError> {
        Store::open_in(database, SqliteJournalMode::Delete).await
    }

    async fn open_in(database: &str, journal: SqliteJournalMode) -> Result<Store, StoreError> {
        let url = if database.starts_with("sqlite:") { database.to_owned() } else { format!("sqlite://{database}") };
        if url.contains(":memory:") || url.contains("mode=memory") {
            return Err(StoreError::NotAFile(database.to_owned()));
        }
        let options = SqliteConnectOptions::from_str(&url)
            .map_err(|_| StoreError::NotAFile(database.to_owned()))?
            .create_if_missing(true)
            .foreign_keys(true)
            .journal_mode(journal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(BUSY)
            .statement_cache_capacity(256);
        for_the_owner_alone(options.get_filename())?;
        let pool = |connections: u32| {
            SqlitePoolOptions::new()
                .max_connections(connections)
                .idle_timeout(None)
                .max_lifetime(None)
                .test_before_acquire(false)
        };
        let writer = pool(1).connect_with(options.clone()).await?;
        migrator().run(&writer).await?;
        let readers = pool(READERS).connect_with(options).await?;
        Ok(Store { writer, readers })
    }

    /// Ends every connection, once what they do is done.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    /// The one writing transaction; a second one waits.
    pub async fn write(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }

    /// A snapshot to read from.
    pub async fn read(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        Ok(self.readers.begin().await?)
    }
}

/// Creates the file where it isn't there, readable by its owner alone; SQLite gives its side files the same mode.
fn for_the_owner_alone(path: &std::path::Path) -> Result<(), StoreError> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(StoreError::Sql(sqlx::Error::Io(error))),
    }
}

fn migrator() -> Migrator {
    use sqlx::SqlSafeStr as _;
    let steps = [
        (1, "init", include_str!("schema.sql")),
        (2, "cloud principals", "alter table principal add column principals text not null default '[]'"),
    ];
    Migrator::with_migrations(
        steps
            .into_iter()
            .map(|(version, name, sql)| {
                Migration::new(version, name.into(), MigrationType::Simple, sql.into_sql_str(), false)
            })
            .collect(),
    )
}

pub(crate) fn unreadable(what: &'static str, reason: impl std::fmt::Display) -> StoreError {
    StoreError::Unreadable { what, reason: reason.to_string() }
}

fn instant(micros: i64) -> Result<oversight::time::Instant, StoreError> {
    oversight::time::Instant::from_unix_micros(micros).map_err(|error| unreadable("time", error))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[tokio::test]
    async fn a_new_database_is_its_owners_alone_and_one_that_is_there_is_taken_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let url = format!("sqlite://{}", path.display());
        for _ in 0..2 {
            let store = Store::open(&url).await.unwrap();
            drop(store.write().await.unwrap());
            for entry in std::fs::read_dir(folder.path()).unwrap() {
                let entry = entry.unwrap();
                assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o077, 0, "{:?}", entry.file_name());
            }
        }
        assert!(Store::open(&folder.path().join("none/a.db").display().to_string()).await.is_err());
    }
}
