//! Rows of principals and of how they sign in: bearer tokens, one-time codes, sessions. All three are stored as
//! SHA-256 digests, never as themselves.

use super::{StoreError, unreadable};
use oversight::digest::Digest;
use oversight::id::{Group, PersonUid};
use oversight::record::Agent;
use oversight::time::Instant;
use oversight::vocabulary::Role;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

/// A principal as stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Enrolled {
    pub uid: String,
    pub role: Role,
    pub groups: Vec<Group>,
    pub owner: Option<PersonUid>,
    /// Of an agent: its registration.
    pub profile: Option<Agent>,
    /// Of a machine: the cloud principals that it acts as, ARNs or names.
    pub principals: Vec<String>,
}

fn read(row: &SqliteRow) -> Result<Enrolled, StoreError> {
    let role: String = row.try_get(1)?;
    let groups: String = row.try_get(2)?;
    let owner: Option<String> = row.try_get(3)?;
    let profile: Option<String> = row.try_get(4)?;
    let principals: String = row.try_get(5)?;
    let bad = |error: &dyn std::fmt::Display| unreadable("principal", error);
    Ok(Enrolled {
        uid: row.try_get(0)?,
        role: role.parse().map_err(|error| bad(&error))?,
        groups: serde_json::from_str(&groups).map_err(|error| bad(&error))?,
        owner: owner.map(PersonUid::new).transpose().map_err(|error| bad(&error))?,
        profile: profile.map(|text| serde_json::from_str(&text)).transpose().map_err(|error| bad(&error))?,
        principals: serde_json::from_str(&principals).map_err(|error| bad(&error))?,
    })
}

/// New, or in place of what was there; the token stays.
pub async fn upsert(db: &mut SqliteConnection, principal: &Enrolled) -> Result<(), StoreError> {
    let bad = |error: serde_json::Error| unreadable("principal", error);
    sqlx::query(
        "insert into principal (uid, role, groups, owner, profile, principals) values ($1, $2, $3, $4, $5, $6)
         on conflict (uid) do update set role = excluded.role, groups = excluded.groups, owner = excluded.owner,
             profile = excluded.profile, principals = excluded.principals",
    )
    .bind(principal.uid.as_str())
    .bind(principal.role.as_str())
    .bind(serde_json::to_string(&principal.groups).map_err(bad)?)
    .bind(principal.owner.as_ref().map(PersonUid::as_str))
    .bind(principal.profile.as_ref().map(serde_json::to_string).transpose().map_err(bad)?)
    .bind(serde_json::to_string(&principal.principals).map_err(bad)?)
    .execute(db)
    .await?;
    Ok(())
}

/// One principal.
pub async fn by_uid(db: &mut SqliteConnection, uid: &str) -> Result<Option<Enrolled>, StoreError> {
    let row = sqlx::query("select uid, role, groups, owner, profile, principals from principal where uid = $1")
        .bind(uid)
        .fetch_optional(db)
        .await?;
    row.as_ref().map(read).transpose()
}

/// Every principal, by uid.
pub async fn all(db: &mut SqliteConnection) -> Result<Vec<Enrolled>, StoreError> {
    let rows = sqlx::query("select uid, role, groups, owner, profile, principals from principal order by uid")
        .fetch_all(db)
        .await?;
    rows.iter().map(read).collect()
}

/// Puts a token in the place of the one before; whether there is such a principal.
pub async fn set_token(db: &mut SqliteConnection, uid: &str, token: Digest) -> Result<bool, StoreError> {
    let done = sqlx::query("update principal set token = $2 where uid = $1")
        .bind(uid)
        .bind(token.to_string())
        .execute(db)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Whose bearer token this is.
pub async fn by_token(db: &mut SqliteConnection, token: Digest) -> Result<Option<Enrolled>, StoreError> {
    let row = sqlx::query("select uid, role, groups, owner, profile, principals from principal where token = $1")
        .bind(token.to_string())
        .fetch_optional(db)
        .await?;
    row.as_ref().map(read).transpose()
}

/// Keeps a one-time code; older ones of that person die.
pub async fn insert_code(db: &mut SqliteConnection, uid: &str, code: Digest, now: Instant) -> Result<(), StoreError> {
    sqlx::query("delete from sign_in where principal = $1").bind(uid).execute(&mut *db).await?;
    sqlx::query("insert into sign_in (code, principal, issued) values ($1, $2, $3)")
        .bind(code.to_string())
        .bind(uid)
        .bind(now.unix_micros())
        .execute(db)
        .await?;
    Ok(())
}

/// Uses up a one-time code that was issued after `issued_after`: whose it was.
pub async fn take_code(
    db: &mut SqliteConnection,
    code: Digest,
    issued_after: Instant,
) -> Result<Option<String>, StoreError> {
    let query = sqlx::query_scalar("delete from sign_in where code = $1 and issued > $2 returning principal");
    Ok(query.bind(code.to_string()).bind(issued_after.unix_micros()).fetch_optional(db).await?)
}

/// Forgets the codes that were issued until then.
pub async fn delete_old_codes(db: &mut SqliteConnection, issued_until: Instant) -> Result<(), StoreError> {
    sqlx::query("delete from sign_in where issued <= $1").bind(issued_until.unix_micros()).execute(db).await?;
    Ok(())
}

/// Opens a session.
pub async fn insert_session(
    db: &mut SqliteConnection,
    uid: &str,
    token: Digest,
    expires: Instant,
) -> Result<(), StoreError> {
    sqlx::query("insert into session (token, principal, expires) values ($1, $2, $3)")
        .bind(token.to_string())
        .bind(uid)
        .bind(expires.unix_micros())
        .execute(db)
        .await?;
    Ok(())
}

/// Whose session this is, while it lasts.
pub async fn by_session(
    db: &mut SqliteConnection,
    token: Digest,
    now: Instant,
) -> Result<Option<Enrolled>, StoreError> {
    let row = sqlx::query(
        "select p.uid, p.role, p.groups, p.owner, p.profile, p.principals from session s join principal p on p.uid = s.principal
         where s.token = $1 and s.expires > $2",
    )
    .bind(token.to_string())
    .bind(now.unix_micros())
    .fetch_optional(db)
    .await?;
    row.as_ref().map(read).transpose()
}

/// Ends a session.
pub async fn delete_session(db: &mut SqliteConnection, token: Digest) -> Result<(), StoreError> {
    sqlx::query("delete from session where token = $1").bind(token.to_string()).execute(db).await?;
    Ok(())
}

/// Forgets the sessions that are over.
pub async fn delete_old_sessions(db: &mut SqliteConnection, now: Instant) -> Result<(), StoreError> {
    sqlx::query("delete from session where expires <= $1").bind(now.unix_micros()).execute(db).await?;
    Ok(())
}
