//! Rows of answers saved under an Idempotency-Key. How long they are given again and to whom is `desk::keyed`.

use super::StoreError;
use oversight::digest::Digest;
use oversight::time::Instant;
use sqlx::SqliteConnection;

/// What was answered before under this key, and the payload it was asked with.
pub async fn find(
    db: &mut SqliteConnection,
    (principal, route, key): (&str, &str, &str),
    saved_after: Instant,
) -> Result<Option<(String, String)>, StoreError> {
    let query = sqlx::query_as(
        "select payload, body from answer where principal = $1 and route = $2 and key = $3 and saved > $4",
    );
    Ok(query.bind(principal).bind(route).bind(key).bind(saved_after.unix_micros()).fetch_optional(db).await?)
}

/// Saves an answer, in the place of one that is too old to be given.
pub async fn save(
    db: &mut SqliteConnection,
    (principal, route, key): (&str, &str, &str),
    payload: Digest,
    body: &str,
    now: Instant,
) -> Result<(), StoreError> {
    sqlx::query(
        "insert into answer (principal, route, key, payload, body, saved) values ($1, $2, $3, $4, $5, $6)
         on conflict (principal, route, key) do update set payload = excluded.payload, body = excluded.body, saved = excluded.saved",
    )
    .bind(principal)
    .bind(route)
    .bind(key)
    .bind(payload.to_string())
    .bind(body)
    .bind(now.unix_micros())
    .execute(db)
    .await?;
    Ok(())
}

/// Forgets what is too old to be given.
pub async fn delete_old(db: &mut SqliteConnection, saved_until: Instant) -> Result<(), StoreError> {
    sqlx::query("delete from answer where saved <= $1").bind(saved_until.unix_micros()).execute(db).await?;
    Ok(())
}
