//! Rows of changes as they stand after all that happened to them, many at a time: what a log begins with. Changes that
//! move one by one are `changes`.

use super::changes::NewVersion;
use super::{StoreError, unreadable};
use oversight::contract::Settlement;
use oversight::review::Review;
use oversight::state::State;
use sqlx::query_builder::QueryBuilder;
use sqlx::{Sqlite, SqliteConnection};

/// Most values in one statement; SQLite takes 32,766.
const VALUES: usize = 900;

/// A change that is over: every version, oldest first, and how the last one ended.
pub struct Over<'a> {
    pub versions: Vec<NewVersion<'a>>,
    pub state: State,
    pub settled: &'a Settlement,
    /// Position of the last record that changed anything about it.
    pub sequence: u64,
    pub reviews: &'a [Review],
}

/// Changes that are over on their way into the database, with their versions and reviews: statements with their values,
/// so that they can be made beside the writing of the records, which come first.
pub struct Insertion(Vec<QueryBuilder<Sqlite>>);

impl Insertion {
    pub fn of(changes: &[Over<'_>]) -> Result<Insertion, StoreError> {
        let mut statements = Vec::new();
        let last: Vec<(&Over<'_>, &NewVersion<'_>)> =
            changes.iter().filter_map(|change| change.versions.last().map(|version| (change, version))).collect();
        for rows in last.chunks(VALUES / 9) {
            let mut insert = QueryBuilder::<Sqlite>::new(
                "insert into change (number, agent, version, state, expires, sequence, settled_at, settled_by, settled_reason) ",
            );
            insert.push_values(rows, |mut row, (change, new)| {
                row.push_bind(new.version.change.0 as i64)
                    .push_bind(new.version.agent.uid.as_str())
                    .push_bind(i64::from(new.version.version))
                    .push_bind(change.state.as_str())
                    .push_bind(new.version.expires_at.unix_micros())
                    .push_bind(change.sequence as i64)
                    .push_bind(change.settled.at.unix_micros())
                    .push_bind(change.settled.by.as_str())
                    .push_bind(change.settled.reason.as_deref());
            });
            statements.push(insert);
        }
        let versions: Vec<&NewVersion<'_>> = changes.iter().flat_map(|change| &change.versions).collect();
        for rows in versions.chunks(VALUES / 6) {
            let mut insert = QueryBuilder::<Sqlite>::new(
                "insert into version (change, version, digest, action_digest, content, body) ",
            );
            insert.push_values(rows, |mut row, new| {
                row.push_bind(new.version.change.0 as i64)
                    .push_bind(i64::from(new.version.version))
                    .push_bind(new.digest.to_string())
                    .push_bind(new.version.action_digest.to_string())
                    .push_bind(new.content.to_string())
                    .push_bind(new.canonical);
            });
            statements.push(insert);
        }
        let mut reviews = Vec::new();
        for (change, new) in &last {
            for review in change.reviews {
                let body = serde_json::to_string(review).map_err(|error| unreadable("review", error))?;
                reviews.push((new.version.change.0 as i64, review, body));
            }
        }
        for rows in reviews.chunks(VALUES / 5) {
            let mut insert =
                QueryBuilder::<Sqlite>::new("insert into review (change, version, reviewer, sequence, body) ");
            insert.push_values(rows, |mut row, (change, review, body)| {
                row.push_bind(*change)
                    .push_bind(i64::from(review.version))
                    .push_bind(review.reviewer.as_str())
                    .push_bind(review.sequence as i64)
                    .push_bind(body.as_str());
            });
            statements.push(insert);
        }
        Ok(Insertion(statements))
    }

    pub async fn run(self, db: &mut SqliteConnection) -> Result<(), StoreError> {
        for mut statement in self.0 {
            statement.build().execute(&mut *db).await?;
        }
        Ok(())
    }
}
