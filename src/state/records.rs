//! The part of the audit trail that is loaded: the pages of one query, newest first, and the record that is
//! open with its neighbours. Paging is `tasks::load_records`.

use super::records_row::RecordRow;
use super::status::{Status, Trouble};
use crate::paths::RecordQuery;
use leptos::prelude::*;
use oversight::contract::QuarantineView;
use std::sync::Arc;

#[derive(Clone, Copy)]
pub struct Records {
    /// What is loaded is of this query.
    pub(super) query: RwSignal<Option<RecordQuery>>,
    pub(super) status: RwSignal<Status<()>>,
    pub(super) rows: RwSignal<Arc<Vec<Arc<RecordRow>>>>,
    pub(super) next: RwSignal<Option<String>>,
    pub(super) loading_more: RwSignal<bool>,
    pub(super) more_failed: RwSignal<Option<Trouble>>,
    pub(super) total: RwSignal<u64>,
    pub(super) quarantined: RwSignal<u64>,
    pub(super) newer: RwSignal<u64>,
    pub(super) open: RwSignal<Option<(String, Status<Arc<RecordRow>>)>>,
    pub(super) neighbours: RwSignal<Arc<Vec<Arc<RecordRow>>>>,
    pub(super) rejects: RwSignal<Status<Arc<Vec<QuarantineView>>>>,
    pub(super) rejects_next: RwSignal<Option<String>>,
}

impl Records {
    pub(super) fn new() -> Records {
        Records {
            query: RwSignal::default(),
            status: RwSignal::default(),
            rows: RwSignal::default(),
            next: RwSignal::default(),
            loading_more: RwSignal::new(false),
            more_failed: RwSignal::default(),
            total: RwSignal::default(),
            quarantined: RwSignal::default(),
            newer: RwSignal::default(),
            open: RwSignal::default(),
            neighbours: RwSignal::default(),
            rejects: RwSignal::default(),
            rejects_next: RwSignal::default(),
        }
    }

    /// The query whose rows these are.
    pub fn query(self) -> Option<RecordQuery> {
        self.query.get()
    }
    pub fn status(self) -> Status<()> {
        self.status.get()
    }
    /// Loaded rows, newest first.
    pub fn rows(self) -> Arc<Vec<Arc<RecordRow>>> {
        self.rows.get()
    }
    /// The same, without following them.
    pub fn peek_rows(self) -> Arc<Vec<Arc<RecordRow>>> {
        self.rows.get_untracked()
    }
    /// Whether there are further pages.
    pub fn has_more(self) -> bool {
        self.next.with(Option::is_some)
    }
    pub fn loading_more(self) -> bool {
        self.loading_more.get()
    }
    /// Whether rows are on their way while older ones are still shown.
    pub fn busy(self) -> bool {
        let first = self.status.with(|status| matches!(status, Status::Loading | Status::Slow));
        self.loading_more.get()
            || (first && self.query.with(Option::is_some) && !self.rows.with(|rows| rows.is_empty()))
    }
    /// Why the next page, or the same page again, could not be loaded.
    pub fn more_failed(self) -> Option<Trouble> {
        self.more_failed.get()
    }
    /// How many records match, all pages together.
    pub fn total(self) -> u64 {
        self.total.get()
    }
    /// How many imported items could not be decoded, whatever the query.
    pub fn quarantined(self) -> u64 {
        self.quarantined.get()
    }
    /// How many records were appended since the rows were loaded.
    pub fn newer(self) -> u64 {
        self.newer.get()
    }
    /// The record that is open: its uid and how its load stands.
    pub fn open(self) -> Option<(String, Status<Arc<RecordRow>>)> {
        self.open.get()
    }
    /// The records of the open record's change, oldest first.
    pub fn neighbours(self) -> Arc<Vec<Arc<RecordRow>>> {
        self.neighbours.get()
    }
    /// Imported items that could not be decoded.
    pub fn rejects(self) -> Status<Arc<Vec<QuarantineView>>> {
        self.rejects.get()
    }
    /// Whether there are further pages of those.
    pub fn more_rejects(self) -> bool {
        self.rejects_next.with(Option::is_some)
    }
}
