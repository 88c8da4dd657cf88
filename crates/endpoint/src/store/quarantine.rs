//! Rows of what an import could not decode, each with its bytes and the reason.

use super::{StoreError, instant};
use oversight::contract::QuarantineView;
use oversight::record::Quarantined;
use oversight::time::Instant;
use sqlx::{Row, SqliteConnection};

/// How much of the bytes a list shows, in characters.
const EXCERPT: usize = 4_096;

/// Keeps one item; whether it is new. The same item of the same source is kept once.
pub async fn insert(db: &mut SqliteConnection, item: &Quarantined, now: Instant) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "insert into quarantine (source, position, field, reason, bytes, imported) values ($1, $2, $3, $4, $5, $6)
         on conflict (source, position, field, reason) do nothing",
    )
    .bind(item.source.as_str())
    .bind(item.position as i64)
    .bind(item.field.as_str())
    .bind(item.reason.as_str())
    .bind(item.bytes.as_slice())
    .bind(now.unix_micros())
    .execute(db)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// How many there are.
pub async fn count(db: &mut SqliteConnection) -> Result<u64, StoreError> {
    let count: i64 = sqlx::query_scalar("select count(*) from quarantine").fetch_one(db).await?;
    Ok(count as u64)
}

/// At most `limit` items before one, newest first.
pub async fn before(
    db: &mut SqliteConnection,
    before: Option<u64>,
    limit: u32,
) -> Result<Vec<QuarantineView>, StoreError> {
    // A character is at most four bytes.
    let rows = sqlx::query(
        "select id, source, position, field, reason, substr(bytes, 1, $3), length(bytes), imported from quarantine
         where id < $1 order by id desc limit $2",
    )
    .bind(before.map_or(i64::MAX, |id| id as i64))
    .bind(i64::from(limit))
    .bind(4 * EXCERPT as i64)
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|row| {
            let bytes: Vec<u8> = row.try_get(5)?;
            Ok(QuarantineView {
                id: row.try_get::<i64, _>(0)? as u64,
                source: row.try_get(1)?,
                position: row.try_get::<i64, _>(2)? as u64,
                field: row.try_get(3)?,
                reason: row.try_get(4)?,
                excerpt: String::from_utf8_lossy(&bytes).chars().take(EXCERPT).collect(),
                bytes: row.try_get::<i64, _>(6)? as u64,
                imported_at: instant(row.try_get(7)?)?,
            })
        })
        .collect()
}
