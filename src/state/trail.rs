//! The records as the worker holds them: how reading goes, and the newest answers. Asking is `tasks::trail`; what
//! questions and answers are, `engine::talk`.

use super::source::Source;
use super::status::Trouble;
use super::windows::Windows;
use crate::data::worker::RecordsWorker;
use engine::talk::{Backdrop, Facets, Overview, Progress, Rejects, Rows, RowsQuestion, Slot};
use leptos::prelude::*;
use std::collections::BTreeMap;
use std::ops::Deref;
use std::ops::Range;
use std::sync::Arc;

/// What whoever asked for a whole record or a file is handed.
pub(super) type Handed<T> = Box<dyn FnOnce(Result<T, Trouble>)>;

/// The overview's counts before their backdrop.
#[derive(Debug)]
pub struct Overviewed {
    pub counts: Overview,
    pub backdrop: Arc<Backdrop>,
}

impl Deref for Overviewed {
    type Target = Overview;

    fn deref(&self) -> &Overview {
        &self.counts
    }
}

/// The rows that are wanted.
#[derive(Debug, Clone, Default)]
pub(super) struct Sought {
    /// Without its window; as of when it was first answered.
    pub question: Option<RowsQuestion>,
    /// Rows that are in sight.
    pub sight: Range<usize>,
    /// None of its rows is here yet.
    pub is_new: bool,
    /// What was in sight before stays there.
    pub stays: bool,
    /// A window of it is on its way.
    pub is_asked: bool,
}

/// The records held, made when they are first asked for: the first paint has no room for what they are.
#[derive(Clone, Copy)]
pub struct Trail {
    held: StoredValue<Option<&'static Held>>,
    /// The page's, which outlives every view.
    owner: StoredValue<Owner>,
    /// Whether the newest question's first rows are still to come. Here, since the bar asks for it.
    pub(super) rows_due: RwSignal<bool>,
}

impl Trail {
    /// Call once, at the root.
    pub(super) fn new() -> Trail {
        Trail {
            held: StoredValue::new(None),
            owner: StoredValue::new(Owner::current().unwrap_or_default()),
            rows_due: RwSignal::new(false),
        }
    }

    /// Whether rows of a new question are on their way while older ones are still shown.
    pub fn rows_due(self) -> bool {
        self.rows_due.get()
    }
}

impl Deref for Trail {
    type Target = Held;

    fn deref(&self) -> &Held {
        self.held.get_value().unwrap_or_else(|| {
            // There is one as long as there is a page.
            let held: &'static Held = Box::leak(Box::new(self.owner.with_value(|owner| owner.with(Held::new))));
            self.held.set_value(Some(held));
            held
        })
    }
}

#[derive(Clone, Copy)]
pub struct Held {
    pub(super) worker: StoredValue<Option<RecordsWorker>, LocalStorage>,
    pub(super) load: RwSignal<u32>,
    /// What is held or being read.
    pub(super) of: StoredValue<Option<Source>>,
    /// The files that the reader chose.
    pub(super) chosen: StoredValue<Vec<web_sys::File>, LocalStorage>,
    pub(super) progress: RwSignal<Option<Progress>>,
    pub(super) trouble: RwSignal<Option<Trouble>>,
    /// The newest question of each slot.
    pub(super) asked: StoredValue<BTreeMap<Slot, u32>>,
    pub(super) last_question: StoredValue<u32>,
    /// Whether the overview's newest question has waited for long enough to say so.
    pub(super) overview_due: RwSignal<bool>,
    /// Says it, unless the answer comes first.
    pub(super) overview_slow: StoredValue<Option<TimeoutHandle>>,
    pub(super) overview: RwSignal<Option<Arc<Overviewed>>>,
    /// The worker's newest, which it does not tell again.
    pub(super) backdrop: StoredValue<Arc<Backdrop>>,
    pub(super) sought: StoredValue<Sought>,
    pub(super) windows: RwSignal<Windows>,
    /// The question whose rows the windows are, as it was asked.
    pub(super) rows_of: RwSignal<Option<RowsQuestion>>,
    /// Grows with each list that begins anew.
    pub(super) rows_turn: RwSignal<u64>,
    pub(super) near: RwSignal<Option<Arc<Rows>>>,
    pub(super) facets: RwSignal<Option<Arc<Facets>>>,
    pub(super) rejects: RwSignal<Option<Arc<Rejects>>>,
    pub(super) records: StoredValue<BTreeMap<u32, Handed<String>>, LocalStorage>,
    pub(super) files: StoredValue<BTreeMap<u32, Handed<(String, web_sys::Blob)>>, LocalStorage>,
}

impl Held {
    fn new() -> Held {
        Held {
            worker: StoredValue::new_local(None),
            load: RwSignal::new(0),
            of: StoredValue::new(None),
            chosen: StoredValue::new_local(Vec::new()),
            progress: RwSignal::default(),
            trouble: RwSignal::default(),
            asked: StoredValue::default(),
            last_question: StoredValue::new(0),
            overview_due: RwSignal::new(false),
            overview_slow: StoredValue::new(None),
            overview: RwSignal::default(),
            backdrop: StoredValue::default(),
            sought: StoredValue::default(),
            windows: RwSignal::default(),
            rows_of: RwSignal::default(),
            rows_turn: RwSignal::new(0),
            near: RwSignal::default(),
            facets: RwSignal::default(),
            rejects: RwSignal::default(),
            records: StoredValue::new_local(BTreeMap::new()),
            files: StoredValue::new_local(BTreeMap::new()),
        }
    }

    /// Whether anything is held or being read.
    pub fn is_open(self) -> bool {
        self.load.get() > 0
    }
    /// How reading goes; none before its first word.
    pub fn progress(self) -> Option<Progress> {
        self.progress.get()
    }
    /// Whether all that could be read was read, however it ended.
    pub fn is_read(self) -> bool {
        self.progress.with(|progress| progress.as_ref().is_some_and(|progress| progress.finished.is_some()))
    }
    /// Why nothing more comes.
    pub fn trouble(self) -> Option<Trouble> {
        self.trouble.get()
    }
    /// The newest answer for the overview; of an older question while it is due.
    pub fn overview(self) -> Option<Arc<Overviewed>> {
        self.overview.get()
    }
    pub fn overview_due(self) -> bool {
        self.overview_due.get()
    }
    /// What has come of the rows, as a signal for whoever draws them.
    pub fn windows(self) -> Signal<Windows> {
        self.windows.into()
    }
    /// The question whose rows those are.
    pub fn rows_of(self) -> Option<RowsQuestion> {
        self.rows_of.get()
    }
    /// Grows with each list that begins anew at its first row.
    pub fn rows_turn(self) -> u64 {
        self.rows_turn.get()
    }
    /// The rows of the open record's change; none where nobody asked.
    pub fn near(self) -> Option<Arc<Rows>> {
        self.near.get()
    }
    pub fn facets(self) -> Option<Arc<Facets>> {
        self.facets.get()
    }
    pub fn rejects(self) -> Option<Arc<Rejects>> {
        self.rejects.get()
    }
}
