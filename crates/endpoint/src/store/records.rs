//! Rows of the audit trail, read: one, pages by filter, log entries, what agents were seen to do. How they come to be is
//! `appending`.

use super::{StoreError, unreadable};
use oversight::id::ChangeId;
use oversight::record::AuditRecord;
use oversight::time::Instant;
use oversight::vocabulary::AccessLevel;
use sqlx::query_builder::QueryBuilder;
use sqlx::{Row, Sqlite, SqliteConnection};

/// The position of the newest record; 0 when there is none.
pub async fn last_sequence(db: &mut SqliteConnection) -> Result<u64, StoreError> {
    let last: i64 = sqlx::query_scalar("select coalesce(max(sequence), 0) from record").fetch_one(db).await?;
    Ok(last as u64)
}

/// Where the record of this uid stands and what was handed in under it.
pub async fn known(db: &mut SqliteConnection, uid: &str) -> Result<Option<(u64, Option<String>)>, StoreError> {
    let row = sqlx::query("select sequence, handed_in from record where uid = $1").bind(uid).fetch_optional(db).await?;
    row.map(|row| Ok((row.try_get::<i64, _>(0)? as u64, row.try_get(1)?))).transpose()
}

/// A record by its sequence.
pub async fn by_sequence(db: &mut SqliteConnection, sequence: u64) -> Result<Option<String>, StoreError> {
    let query = sqlx::query_scalar("select body from record where sequence = $1").bind(sequence as i64);
    Ok(query.fetch_optional(db).await?)
}

/// A record by its uid.
pub async fn by_uid(db: &mut SqliteConnection, uid: &str) -> Result<Option<String>, StoreError> {
    Ok(sqlx::query_scalar("select body from record where uid = $1").bind(uid).fetch_optional(db).await?)
}

/// Log entry and disclosures of a record.
pub async fn log_entry(db: &mut SqliteConnection, sequence: u64) -> Result<Option<(String, Vec<String>)>, StoreError> {
    let entry: Option<String> = sqlx::query_scalar("select entry from log_entry where sequence = $1")
        .bind(sequence as i64)
        .fetch_optional(&mut *db)
        .await?;
    let Some(entry) = entry else { return Ok(None) };
    let disclosures = sqlx::query_scalar("select disclosure from disclosure where sequence = $1 order by name")
        .bind(sequence as i64)
        .fetch_all(db)
        .await?;
    Ok(Some((entry, disclosures)))
}

/// The bodies after a position, oldest first.
pub async fn after(db: &mut SqliteConnection, sequence: u64, limit: u32) -> Result<Vec<AuditRecord>, StoreError> {
    let bodies: Vec<String> =
        sqlx::query_scalar("select body from record where sequence > $1 order by sequence limit $2")
            .bind(sequence as i64)
            .bind(i64::from(limit))
            .fetch_all(db)
            .await?;
    bodies.iter().map(|body| decoded(body)).collect()
}

/// A stored record as the domain has it.
pub fn decoded(body: &str) -> Result<AuditRecord, StoreError> {
    serde_json::from_str(body).map_err(|error| unreadable("record", error))
}

/// The columns that records are selected by; all that is given must hold.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    pub since: Option<Instant>,
    pub until: Option<Instant>,
    pub agent: Option<String>,
    pub service: Option<String>,
    pub kinds: Vec<&'static str>,
    pub change: Option<ChangeId>,
    /// In lower case.
    pub text: Option<String>,
    pub outcome: Option<&'static str>,
}

impl Selection {
    /// Whether every record is in it.
    pub fn is_everything(&self) -> bool {
        self.since.is_none()
            && self.until.is_none()
            && self.agent.is_none()
            && self.service.is_none()
            && self.kinds.is_empty()
            && self.change.is_none()
            && self.text.is_none()
            && self.outcome.is_none()
    }

    fn query(&self, columns: &str) -> QueryBuilder<Sqlite> {
        let mut query = QueryBuilder::new(format!("select {columns} from record r"));
        if self.text.is_some() {
            query.push(" join record_text t on t.sequence = r.sequence");
        }
        query.push(" where true");
        if let Some(since) = self.since {
            query.push(" and r.time >= ").push_bind(since.unix_micros());
        }
        if let Some(until) = self.until {
            query.push(" and r.time < ").push_bind(until.unix_micros());
        }
        if let Some(agent) = &self.agent {
            query.push(" and r.agent = ").push_bind(agent.clone());
        }
        if let Some(service) = &self.service {
            query.push(" and r.service = ").push_bind(service.clone());
        }
        if !self.kinds.is_empty() {
            query.push(" and r.kind in (");
            let mut list = query.separated(", ");
            for kind in &self.kinds {
                list.push_bind(*kind);
            }
            query.push(")");
        }
        if let Some(change) = self.change {
            query.push(" and r.change = ").push_bind(change.0 as i64);
        }
        if let Some(outcome) = self.outcome {
            query.push(" and r.outcome = ").push_bind(outcome);
        }
        if let Some(text) = &self.text {
            query.push(" and instr(t.folded, ").push_bind(text.clone()).push(") > 0");
        }
        query
    }

    /// How many records up to a position are in it.
    pub async fn count(&self, db: &mut SqliteConnection, up_to: u64) -> Result<u64, StoreError> {
        let mut query = self.query("count(*)");
        query.push(" and r.sequence <= ").push_bind(up_to as i64);
        let count: i64 = query.build_query_scalar().fetch_one(db).await?;
        Ok(count as u64)
    }

    /// At most `limit` of its records before a position, newest first, each with its position.
    pub async fn before(
        &self,
        db: &mut SqliteConnection,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<(u64, String)>, StoreError> {
        let mut query = self.query("r.sequence, r.body");
        if let Some(before) = before {
            query.push(" and r.sequence < ").push_bind(before as i64);
        }
        query.push(" order by r.sequence desc limit ").push_bind(i64::from(limit));
        let rows: Vec<(i64, String)> = query.build_query_as().fetch_all(db).await?;
        Ok(rows.into_iter().map(|(sequence, body)| (sequence as u64, body)).collect())
    }

    /// At most `limit` of its records after one position and up to another, oldest first, each with its position.
    pub async fn between(
        &self,
        db: &mut SqliteConnection,
        after: u64,
        up_to: u64,
        limit: u32,
    ) -> Result<Vec<(u64, String)>, StoreError> {
        let mut query = self.query("r.sequence, r.body");
        query.push(" and r.sequence > ").push_bind(after as i64);
        query.push(" and r.sequence <= ").push_bind(up_to as i64);
        query.push(" order by r.sequence limit ").push_bind(i64::from(limit));
        let rows: Vec<(i64, String)> = query.build_query_as().fetch_all(db).await?;
        Ok(rows.into_iter().map(|(sequence, body)| (sequence as u64, body)).collect())
    }
}

/// The endpoint's own comment records on these changes, in the order of the log.
pub async fn comments(db: &mut SqliteConnection, changes: &str) -> Result<Vec<AuditRecord>, StoreError> {
    let bodies: Vec<String> = sqlx::query_scalar(
        "select body from record where kind = 'comment' and origin = 'endpoint'
         and change in (select value from json_each($1)) order by sequence",
    )
    .bind(changes)
    .fetch_all(db)
    .await?;
    bodies.iter().map(|body| decoded(body)).collect()
}

/// The newest record of a kind.
pub async fn newest_of_kind(db: &mut SqliteConnection, kind: &str) -> Result<Option<AuditRecord>, StoreError> {
    let body: Option<String> = sqlx::query_scalar(
        "select body from record where kind = $1 and origin = 'endpoint' order by sequence desc limit 1",
    )
    .bind(kind)
    .fetch_optional(db)
    .await?;
    body.map(|body| decoded(&body)).transpose()
}

/// The endpoint's newest record of a kind on a change.
pub async fn newest_of_change(
    db: &mut SqliteConnection,
    change: ChangeId,
    kind: &str,
) -> Result<Option<AuditRecord>, StoreError> {
    let body: Option<String> = sqlx::query_scalar(
        "select body from record where change = $1 and kind = $2 and origin = 'endpoint' order by sequence desc limit 1",
    )
    .bind(change.0 as i64)
    .bind(kind)
    .fetch_optional(db)
    .await?;
    body.map(|body| decoded(&body)).transpose()
}

/// What an agent was seen to do.
#[derive(Debug, Clone)]
pub struct Used {
    pub agent: String,
    pub service: String,
    pub operation: String,
    pub access_level: Option<AccessLevel>,
    pub count: u64,
    pub failed: u64,
    pub last: Instant,
}

/// Every operation that an agent (or each) was seen to use, a change counted once however many records tell of it.
pub async fn used(db: &mut SqliteConnection, agent: Option<&str>) -> Result<Vec<Used>, StoreError> {
    let rows = sqlx::query(
        "select agent, service, operation, access_level, count(distinct coalesce(change, -sequence)),
                count(distinct case when outcome = 'failure' then coalesce(change, -sequence) end), max(time)
         from record
         where kind in ('execution', 'verification', 'rollback') and agent is not null and service is not null
           and ($1 is null or agent = $1)
         group by agent, service, operation, access_level",
    )
    .bind(agent)
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|row| {
            let level: Option<String> = row.try_get(3)?;
            Ok(Used {
                agent: row.try_get(0)?,
                service: row.try_get(1)?,
                operation: row.try_get(2)?,
                access_level: level.map(|word| word.parse().map_err(|e| unreadable("access level", e))).transpose()?,
                count: row.try_get::<i64, _>(4)? as u64,
                failed: row.try_get::<i64, _>(5)? as u64,
                last: super::instant(row.try_get(6)?)?,
            })
        })
        .collect()
}

/// What the trail says of an agent as a whole.
#[derive(Debug, Clone)]
pub struct Seen {
    pub agent: String,
    /// Position of the newest record that names it.
    pub sequence: u64,
    /// When it last did anything itself.
    pub last: Option<Instant>,
}

/// Every agent (or one) that a record names.
pub async fn seen(db: &mut SqliteConnection, agent: Option<&str>) -> Result<Vec<Seen>, StoreError> {
    let rows = sqlx::query(
        "select agent, max(sequence), max(case when kind in ('recommendation', 'proposal', 'amendment', 'cancellation',
                'execution', 'verification', 'rollback') then time end)
         from record where agent is not null and ($1 is null or agent = $1) group by agent",
    )
    .bind(agent)
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|row| {
            let last: Option<i64> = row.try_get(2)?;
            Ok(Seen {
                agent: row.try_get(0)?,
                sequence: row.try_get::<i64, _>(1)? as u64,
                last: last.map(super::instant).transpose()?,
            })
        })
        .collect()
}
