//! Rows of changes, versions, reviews and pauses. A version is stored as the canonical text that its digest is
//! taken of. Which state follows which is `oversight::state`; nothing here decides.

use super::{StoreError, instant, unreadable};
use oversight::change::Version;
use oversight::contract::{PauseView, Settlement};
use oversight::digest::Digest;
use oversight::id::{AgentUid, ChangeId};
use oversight::review::Review;
use oversight::state::State;
use oversight::time::Instant;
use sqlx::query_builder::QueryBuilder;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, Sqlite, SqliteConnection};
use std::collections::HashMap;

/// A change with its current version.
#[derive(Debug, Clone)]
pub struct Change {
    pub id: ChangeId,
    pub version: u32,
    pub state: State,
    pub digest: Digest,
    pub reviewed: Version,
    /// Position of the last record that changed anything about it.
    pub sequence: u64,
    pub settled: Option<Settlement>,
}

/// A version ready to be stored.
pub struct NewVersion<'a> {
    pub version: &'a Version,
    /// The bytes behind `digest`.
    pub canonical: &'a str,
    pub digest: Digest,
    /// Digest of `{action, plan, resources}` as proposed.
    pub content: Digest,
}

const COLUMNS: &str =
    "c.number, c.version, c.state, c.sequence, c.settled_at, c.settled_by, c.settled_reason, v.digest, v.body
    from change c join version v on v.change = c.number and v.version = c.version";

fn read(row: &SqliteRow) -> Result<Change, StoreError> {
    let state: String = row.try_get(2)?;
    let digest: String = row.try_get(7)?;
    let body: String = row.try_get(8)?;
    let at: Option<i64> = row.try_get(4)?;
    let by: Option<String> = row.try_get(5)?;
    let settled = match (at, by) {
        (Some(at), Some(by)) => Some(Settlement { at: instant(at)?, by, reason: row.try_get(6)? }),
        _ => None,
    };
    Ok(Change {
        id: ChangeId(row.try_get::<i64, _>(0)? as u64),
        version: row.try_get::<i64, _>(1)? as u32,
        state: state.parse().map_err(|error| unreadable("state", error))?,
        digest: digest.parse().map_err(|error| unreadable("digest", error))?,
        reviewed: serde_json::from_str(&body).map_err(|error| unreadable("version", error))?,
        sequence: row.try_get::<i64, _>(3)? as u64,
        settled,
    })
}

/// How many changes there ever were: their numbers have no gaps and none is deleted.
pub async fn count(db: &mut SqliteConnection) -> Result<u64, StoreError> {
    let last: i64 = sqlx::query_scalar("select coalesce(max(number), 0) from change").fetch_one(db).await?;
    Ok(last as u64)
}

/// The number that the next change gets.
pub async fn next_id(db: &mut SqliteConnection) -> Result<ChangeId, StoreError> {
    Ok(ChangeId(count(db).await? + 1))
}

/// One change.
pub async fn by_id(db: &mut SqliteConnection, id: ChangeId) -> Result<Option<Change>, StoreError> {
    use std::sync::LazyLock;
    static SQL: LazyLock<String> = LazyLock::new(|| format!("select {COLUMNS} where c.number = $1"));
    let row = sqlx::query(sqlx::AssertSqlSafe(SQL.as_str())).bind(id.0 as i64).fetch_optional(db).await?;
    row.as_ref().map(read).transpose()
}

/// Which changes a list holds; all that is given must hold.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    pub states: Vec<State>,
    pub agent: Option<AgentUid>,
    /// Leaves out what is in a terminal state since before it.
    pub settled_since: Option<Instant>,
    /// Only those numbered below it.
    pub before: Option<u64>,
}

/// At most `limit` changes, newest first.
pub async fn list(db: &mut SqliteConnection, selection: &Selection, limit: u32) -> Result<Vec<Change>, StoreError> {
    let mut query = QueryBuilder::<Sqlite>::new(format!("select {COLUMNS} where true"));
    if !selection.states.is_empty() {
        query.push(" and c.state in (");
        let mut list = query.separated(", ");
        for state in &selection.states {
            list.push_bind(state.as_str());
        }
        query.push(")");
    }
    if let Some(agent) = &selection.agent {
        query.push(" and c.agent = ").push_bind(agent.to_string());
    }
    if let Some(since) = selection.settled_since {
        query.push(" and (c.state in ('pending', 'approved', 'redeemed') or c.settled_at >= ");
        query.push_bind(since.unix_micros()).push(")");
    }
    if let Some(before) = selection.before {
        query.push(" and c.number < ").push_bind(before as i64);
    }
    query.push(" order by c.number desc limit ").push_bind(i64::from(limit));
    let rows = query.build().fetch_all(db).await?;
    rows.iter().map(read).collect()
}

/// Open changes whose time has come, soonest first: pending ones expire, approved ones lapse.
pub async fn due(db: &mut SqliteConnection, now: Instant, limit: u32) -> Result<Vec<ChangeId>, StoreError> {
    let numbers: Vec<i64> = sqlx::query_scalar(
        "select number from change where state in ('pending', 'approved') and expires <= $1 order by expires limit $2",
    )
    .bind(now.unix_micros())
    .bind(i64::from(limit))
    .fetch_all(db)
    .await?;
    Ok(numbers.into_iter().map(|number| ChangeId(number as u64)).collect())
}

/// Pending and approved changes of an agent, oldest first.
pub async fn open_of_agent(db: &mut SqliteConnection, agent: &str) -> Result<Vec<ChangeId>, StoreError> {
    let numbers: Vec<i64> = sqlx::query_scalar(
        "select number from change where agent = $1 and state in ('pending', 'approved') order by number",
    )
    .bind(agent)
    .fetch_all(db)
    .await?;
    Ok(numbers.into_iter().map(|number| ChangeId(number as u64)).collect())
}

/// A new change with its first version.
pub async fn insert(db: &mut SqliteConnection, new: NewVersion<'_>, sequence: u64) -> Result<(), StoreError> {
    sqlx::query(
        "insert into change (number, agent, version, state, expires, sequence) values ($1, $2, $3, 'pending', $4, $5)",
    )
    .bind(new.version.change.0 as i64)
    .bind(new.version.agent.uid.as_str())
    .bind(i64::from(new.version.version))
    .bind(new.version.expires_at.unix_micros())
    .bind(sequence as i64)
    .execute(&mut *db)
    .await?;
    insert_version(db, &new).await
}

/// A further version of a change, which is pending again.
pub async fn replace_version(db: &mut SqliteConnection, new: NewVersion<'_>, sequence: u64) -> Result<(), StoreError> {
    insert_version(&mut *db, &new).await?;
    sqlx::query(
        "update change set version = $2, state = 'pending', expires = $3, sequence = $4,
                settled_at = null, settled_by = null, settled_reason = null where number = $1",
    )
    .bind(new.version.change.0 as i64)
    .bind(i64::from(new.version.version))
    .bind(new.version.expires_at.unix_micros())
    .bind(sequence as i64)
    .execute(db)
    .await?;
    Ok(())
}

async fn insert_version(db: &mut SqliteConnection, new: &NewVersion<'_>) -> Result<(), StoreError> {
    sqlx::query(
        "insert into version (change, version, digest, action_digest, content, body) values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(new.version.change.0 as i64)
    .bind(i64::from(new.version.version))
    .bind(new.digest.to_string())
    .bind(new.version.action_digest.to_string())
    .bind(new.content.to_string())
    .bind(new.canonical)
    .execute(db)
    .await?;
    Ok(())
}

/// Where a change stands now, and how it came there.
pub async fn settle(
    db: &mut SqliteConnection,
    id: ChangeId,
    state: State,
    settled: &Settlement,
    sequence: u64,
) -> Result<(), StoreError> {
    sqlx::query(
        "update change set state = $2, settled_at = $3, settled_by = $4, settled_reason = $5, sequence = $6 where number = $1",
    )
    .bind(id.0 as i64)
    .bind(state.as_str())
    .bind(settled.at.unix_micros())
    .bind(settled.by.as_str())
    .bind(settled.reason.as_deref())
    .bind(sequence as i64)
    .execute(db)
    .await?;
    Ok(())
}

/// That something about a change is not as it was.
pub async fn touch(db: &mut SqliteConnection, id: ChangeId, sequence: u64) -> Result<(), StoreError> {
    sqlx::query("update change set sequence = $2 where number = $1")
        .bind(id.0 as i64)
        .bind(sequence as i64)
        .execute(db)
        .await?;
    Ok(())
}

/// The canonical text of one version.
pub async fn version_body(db: &mut SqliteConnection, id: ChangeId, version: u32) -> Result<Option<String>, StoreError> {
    let query = sqlx::query_scalar("select body from version where change = $1 and version = $2");
    Ok(query.bind(id.0 as i64).bind(i64::from(version)).fetch_optional(db).await?)
}

/// The content digest of one version.
pub async fn version_content(db: &mut SqliteConnection, id: ChangeId, version: u32) -> Result<Digest, StoreError> {
    let query = sqlx::query_scalar("select content from version where change = $1 and version = $2");
    let text: String = query.bind(id.0 as i64).bind(i64::from(version)).fetch_one(db).await?;
    text.parse().map_err(|error| unreadable("digest", error))
}

/// The agent's newest change that asked for the same and was rejected: which, when and by whom.
pub async fn rejected_before(
    db: &mut SqliteConnection,
    agent: &str,
    content: Digest,
) -> Result<Option<(ChangeId, Settlement)>, StoreError> {
    let row = sqlx::query(
        "select c.number, c.settled_at, c.settled_by from version v join change c on c.number = v.change and c.version = v.version
         where v.content = $1 and c.agent = $2 and c.state = 'rejected' order by c.number desc limit 1",
    )
    .bind(content.to_string())
    .bind(agent)
    .fetch_optional(db)
    .await?;
    row.map(|row| {
        let settled = Settlement { at: instant(row.try_get(1)?)?, by: row.try_get(2)?, reason: None };
        Ok((ChangeId(row.try_get::<i64, _>(0)? as u64), settled))
    })
    .transpose()
}

/// Keeps a review.
pub async fn insert_review(db: &mut SqliteConnection, id: ChangeId, review: &Review) -> Result<(), StoreError> {
    let body = serde_json::to_string(review).map_err(|error| unreadable("review", error))?;
    sqlx::query("insert into review (change, version, reviewer, sequence, body) values ($1, $2, $3, $4, $5)")
        .bind(id.0 as i64)
        .bind(i64::from(review.version))
        .bind(review.reviewer.as_str())
        .bind(review.sequence as i64)
        .bind(body)
        .execute(db)
        .await?;
    Ok(())
}

/// Every review of these changes (a JSON array of numbers), oldest first.
pub async fn reviews(db: &mut SqliteConnection, changes: &str) -> Result<HashMap<ChangeId, Vec<Review>>, StoreError> {
    let rows: Vec<(i64, String)> = sqlx::query_as(
        "select change, body from review where change in (select value from json_each($1)) order by sequence",
    )
    .bind(changes)
    .fetch_all(db)
    .await?;
    let mut reviews: HashMap<ChangeId, Vec<Review>> = HashMap::new();
    for (change, body) in rows {
        let review = serde_json::from_str(&body).map_err(|error| unreadable("review", error))?;
        reviews.entry(ChangeId(change as u64)).or_default().push(review);
    }
    Ok(reviews)
}

/// Every pause in force, by agent.
pub async fn pauses(db: &mut SqliteConnection) -> Result<HashMap<String, PauseView>, StoreError> {
    let rows = sqlx::query("select agent, paused_by, at, reason from pause").fetch_all(db).await?;
    rows.into_iter()
        .map(|row| {
            let pause = PauseView { by: row.try_get(1)?, at: instant(row.try_get(2)?)?, reason: row.try_get(3)? };
            Ok((row.try_get(0)?, pause))
        })
        .collect()
}

/// Whether an agent is paused.
pub async fn is_paused(db: &mut SqliteConnection, agent: &str) -> Result<bool, StoreError> {
    let count: i64 =
        sqlx::query_scalar("select count(*) from pause where agent = $1").bind(agent).fetch_one(db).await?;
    Ok(count > 0)
}

/// Stops an agent.
pub async fn insert_pause(db: &mut SqliteConnection, agent: &str, pause: &PauseView) -> Result<(), StoreError> {
    sqlx::query("insert into pause (agent, paused_by, at, reason) values ($1, $2, $3, $4)")
        .bind(agent)
        .bind(pause.by.as_str())
        .bind(pause.at.unix_micros())
        .bind(pause.reason.as_str())
        .execute(db)
        .await?;
    Ok(())
}

/// Lets an agent go on; whether it was paused.
pub async fn delete_pause(db: &mut SqliteConnection, agent: &str) -> Result<bool, StoreError> {
    let done = sqlx::query("delete from pause where agent = $1").bind(agent).execute(db).await?;
    Ok(done.rows_affected() > 0)
}

/// How many changes of an agent stand in a state, by what its policy decided of them.
#[derive(Debug, Clone)]
pub struct Tally {
    pub agent: String,
    pub state: State,
    /// Nobody was asked.
    pub autonomous: bool,
    pub count: u64,
}

/// The tallies of every agent, or of one.
pub async fn tallies(db: &mut SqliteConnection, agent: Option<&str>) -> Result<Vec<Tally>, StoreError> {
    let rows = sqlx::query(
        "select c.agent, c.state, json_extract(v.body, '$.policy.decision') = 'allow', count(*)
         from change c join version v on v.change = c.number and v.version = c.version
         where ($1 is null or c.agent = $1) group by 1, 2, 3",
    )
    .bind(agent)
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|row| {
            let state: String = row.try_get(1)?;
            Ok(Tally {
                agent: row.try_get(0)?,
                state: state.parse().map_err(|error| unreadable("state", error))?,
                autonomous: row.try_get(2)?,
                count: row.try_get::<i64, _>(3)? as u64,
            })
        })
        .collect()
}
