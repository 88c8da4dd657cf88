//! Loading the audit trail: the first page of a query, the next ones, one record with its neighbours, what
//! could not be decoded. An answer to an older question is dropped.

use super::trail::{ask, silence, whole_record};
use super::{mark_slow, trouble};
use crate::data::client;
use crate::paths::RecordQuery;
use crate::state::App;
use crate::state::records_row::RecordRow;
use crate::state::source::Source;
use crate::state::status::{Status, Trouble};
use engine::query::{Column, Filter, Sorting, Span};
use engine::talk::{Question, RowsQuestion, Scoped, Slot};
use leptos::prelude::*;
use leptos::task::spawn_local;
use oversight::id::ChangeId;
use serde_json::Value;
use std::sync::Arc;

/// Rows a page.
const PAGE: &str = "200";
/// Records of a change that are listed beside an open one.
const NEIGHBOURS: u32 = 200;

fn rows(items: Vec<Value>) -> impl Iterator<Item = Arc<RecordRow>> {
    items.into_iter().map(|item| Arc::new(RecordRow::new(item)))
}

/// Loads the first page of `query`. Rows of another query stay until then.
pub fn load_records(app: App, query: RecordQuery) {
    let records = app.records;
    let same = records.query.with_untracked(|before| before.as_ref() == Some(&query));
    records.query.set(Some(query.clone()));
    if !same || records.status.with_untracked(|status| status.ready().is_none()) {
        records.status.set(Status::Loading);
        mark_slow(records.status);
    }
    spawn_local(async move {
        let mut parameters = query.parameters();
        parameters.push(("limit", PAGE.to_owned()));
        let answer = client::records(&parameters).await;
        if records.query.with_untracked(|now| now.as_ref() != Some(&query)) {
            return;
        }
        match answer {
            Ok(page) => {
                records.rows.set(Arc::new(rows(page.items).collect()));
                records.next.set(page.next);
                records.total.set(page.total);
                records.quarantined.set(page.quarantined);
                records.newer.set(0);
                records.more_failed.set(None);
                records.status.set(Status::Ready(()));
            }
            // The same rows again: those of before are still true, only not new.
            Err(error) if records.status.with_untracked(|status| status.ready().is_some()) => {
                records.more_failed.set(Some(trouble(error, "The rows loaded so far are kept.")));
            }
            Err(error) => records.status.set(Status::Failed(trouble(error, "The filters stand in the address."))),
        }
    });
}

/// Loads the next page, unless one is on its way.
pub fn more_records(app: App) {
    let records = app.records;
    let (Some(query), Some(next)) = (records.query.get_untracked(), records.next.get_untracked()) else { return };
    if records.loading_more.get_untracked() {
        return;
    }
    records.loading_more.set(true);
    spawn_local(async move {
        let mut parameters = query.parameters();
        parameters.push(("limit", PAGE.to_owned()));
        parameters.push(("cursor", next));
        let answer = client::records(&parameters).await;
        records.loading_more.set(false);
        if records.query.with_untracked(|now| now.as_ref() != Some(&query)) {
            return;
        }
        match answer {
            Ok(page) => {
                records.rows.update(|loaded| Arc::make_mut(loaded).extend(rows(page.items)));
                records.next.set(page.next);
                records.more_failed.set(None);
            }
            Err(error) => records.more_failed.set(Some(trouble(error, "The rows loaded so far are kept."))),
        }
    });
}

/// Opens one record: from the pages if it is there, from where it came from otherwise; then its neighbours in the change.
pub fn open_record(app: App, uid: Option<String>) {
    let records = app.records;
    records.neighbours.set(Arc::default());
    app.trail.near.set(None);
    silence(app, Slot::Near);
    let Some(uid) = uid else {
        records.open.set(None);
        return;
    };
    if !app.source.with_untracked(Source::is_endpoint) {
        records.open.set(Some((uid.clone(), Status::Loading)));
        let asked = uid.clone();
        whole_record(app, &uid, move |json| {
            let raw = json.and_then(|json| {
                client::read::<Value>(&json).map_err(|why| Trouble::unreadable(&why, "The list is as it was."))
            });
            opened(app, &asked, raw.map(|raw| Arc::new(RecordRow::new(raw))));
        });
        return;
    }
    let there = records.rows.with_untracked(|rows| rows.iter().find(|row| row.uid == uid).cloned());
    records.open.set(Some((uid.clone(), there.clone().map_or(Status::Loading, Status::Ready))));
    spawn_local(async move {
        let row = match there {
            Some(row) => Ok(row),
            None => client::record(&uid).await.map(|raw| Arc::new(RecordRow::new(raw))),
        };
        opened(app, &uid, row.map_err(|error| trouble(error, "The list is as it was.")));
    });
}

/// Whether a record is still the one that is open.
fn is_open(app: App, uid: &str) -> bool {
    app.records.open.with_untracked(|open| open.as_ref().is_some_and(|(open, _)| open == uid))
}

/// Takes in the open record, and asks for its neighbours: of the records that are held, if they are, or of the endpoint.
fn opened(app: App, uid: &str, row: Result<Arc<RecordRow>, Trouble>) {
    let records = app.records;
    if !is_open(app, uid) {
        return;
    }
    let row = match row {
        Ok(row) => row,
        Err(trouble) => return records.open.set(Some((uid.to_owned(), Status::Failed(trouble)))),
    };
    let change = row.raw["change_id"].as_str().map(str::to_owned);
    records.open.set(Some((uid.to_owned(), Status::Ready(row))));
    let Some(change) = change else { return };
    if untrack(|| app.trail.is_read()) {
        let Ok(id) = change.parse::<ChangeId>() else { return };
        let filter = Filter { change: Some(id.0), ..Filter::default() };
        let question = RowsQuestion {
            scoped: Scoped { filter, span: Span::ALL },
            cell: None,
            sorting: Sorting { by: Column::Sequence, descending: false },
            as_of: None,
            up_to: None,
            offset: 0,
            limit: NEIGHBOURS,
        };
        return ask(app, Slot::Near, true, Question::Rows(question));
    }
    let uid = uid.to_owned();
    spawn_local(async move {
        let asked = [("change", change), ("limit", PAGE.to_owned())];
        if let (Ok(page), true) = (client::records(&asked).await, is_open(app, &uid)) {
            let mut neighbours: Vec<Arc<RecordRow>> = Vec::new();
            for row in rows(page.items) {
                let place = neighbours.partition_point(|other| other.sequence <= row.sequence);
                neighbours.insert(place, row);
            }
            records.neighbours.set(Arc::new(neighbours));
        }
    });
}

/// Loads what could not be decoded.
pub fn load_rejects(app: App) {
    let records = app.records;
    mark_slow(records.rejects);
    spawn_local(async move {
        match client::quarantine(&[("limit", PAGE.to_owned())]).await {
            Ok(page) => {
                records.rejects.set(Status::Ready(Arc::new(page.items)));
                records.rejects_next.set(page.next);
            }
            Err(error) => records.rejects.set(Status::Failed(trouble(error, "Nothing was changed."))),
        }
    });
}

/// Loads the next page of what could not be decoded, unless one is on its way.
pub fn more_rejects(app: App) {
    let records = app.records;
    let Some(next) = records.rejects_next.get_untracked() else { return };
    records.rejects_next.set(None);
    spawn_local(async move {
        let asked = [("limit", PAGE.to_owned()), ("cursor", next.clone())];
        match client::quarantine(&asked).await {
            Ok(page) => {
                records.rejects.update(|rejects| {
                    if let Status::Ready(loaded) = rejects {
                        Arc::make_mut(loaded).extend(page.items);
                    }
                });
                records.rejects_next.set(page.next);
            }
            Err(error) => {
                records.rejects_next.set(Some(next));
                records.more_failed.set(Some(trouble(error, "What was loaded so far is kept.")));
            }
        }
    });
}
