//! What stands in which row, whoever has it: a page of the endpoint's or the records that the worker holds, of which only
//! those near what is in sight are here.

use super::desk::{Desk, Shown};
use super::summary::Summary;
use crate::state::Status;
use leptos::prelude::*;

impl Desk {
    /// Rows that can be scrolled to.
    pub fn rows(self) -> usize {
        match self.shown.get() {
            Shown::Pages => self.app.records.rows().len(),
            Shown::Held => self.app.trail.windows().with(|windows| windows.of),
            Shown::None => 0,
        }
    }

    /// Rows there are, once that is known.
    pub fn total(self) -> Option<u64> {
        match self.shown.get() {
            Shown::Pages => self.app.records.status().ready().map(|()| self.app.records.total()),
            Shown::Held => Some(self.app.trail.windows().with(|windows| windows.of as u64)),
            Shown::None => None,
        }
    }

    /// Records that would be among the rows and came since.
    pub fn newer(self) -> u64 {
        match self.shown.get() {
            Shown::Pages => self.app.records.newer(),
            Shown::Held => self.app.trail.windows().with(|windows| windows.newer),
            Shown::None => 0,
        }
    }

    /// What a row is known by: its uid, or nothing while it is not here.
    pub fn key(self, row: usize) -> String {
        match self.shown.get() {
            Shown::Pages => self.app.records.rows().get(row).map(|row| row.uid.clone()),
            Shown::Held => self.app.trail.windows().with(|windows| windows.row(row).map(|row| row.uid.to_string())),
            Shown::None => None,
        }
        .unwrap_or_default()
    }

    /// A row's record, without following it.
    pub fn uid(self, row: usize) -> Option<String> {
        untrack(|| Some(self.key(row)).filter(|uid| !uid.is_empty()))
    }

    /// A row in words, without following it; none while it is not here.
    pub fn summary(self, row: usize) -> Option<Summary> {
        match self.shown.get_untracked() {
            Shown::Pages => self.app.records.peek_rows().get(row).map(|row| Summary::of(row)),
            Shown::Held => {
                let windows = self.app.trail.windows();
                windows.with_untracked(|windows| windows.row(row).map(|row| Summary::of_row(row)))
            }
            Shown::None => None,
        }
    }

    /// Where a record stands, if it is among the rows that are here.
    pub fn position(self, uid: &str) -> Option<usize> {
        match self.shown.get() {
            Shown::Pages => self.app.records.rows().iter().position(|row| row.uid == uid),
            Shown::Held => self.app.trail.windows().with(|windows| windows.position(uid)),
            Shown::None => None,
        }
    }

    /// Whether pages are shown, and there is a next one that did not fail to load.
    pub fn has_more_pages(self) -> bool {
        let records = self.app.records;
        self.shown.get_untracked() == Shown::Pages
            && untrack(|| matches!(records.status(), Status::Ready(())) && records.more_failed().is_none())
    }
}
