//! Windows of rows in an order, for a table that is scrolled: the order is made once and kept, so that each further
//! window costs only its rows. The same rows as a file are `csv`'s.

use crate::query::{Scope, Selection, page};
use crate::row::{Category, Cell};
use crate::store::{RowId, View};
use crate::talk::{Rows, RowsQuestion};

/// The rows of a question, all in order.
#[derive(Debug)]
pub struct Ordered {
    /// Without its window and what it is as of.
    of: RowsQuestion,
    /// Only rows whose ids are less.
    generation: u32,
    ids: Vec<RowId>,
    selection: Selection,
    /// Rows that came since and would be among them, and how many there were when they were counted.
    newer: u32,
    counted: u32,
}

impl Ordered {
    pub fn make(view: &View<'_>, question: &RowsQuestion) -> Ordered {
        let of = stripped(question);
        let generation = generation(view, question);
        let selection = Selection::of(view, of.scoped.filter.clone());
        let mut ids = Vec::new();
        if let Some(scope) = scope(view, &selection, &of) {
            ids = page(view, &scope, of.sorting, 0, u32::MAX).value;
            ids.retain(|&id| id < generation);
        }
        Ordered { of, generation, ids, selection, newer: 0, counted: generation }
    }

    /// Whether these are the rows of a question.
    pub fn answers(&self, view: &View<'_>, question: &RowsQuestion) -> bool {
        self.generation == generation(view, question) && self.of == stripped(question)
    }

    pub fn window(&mut self, view: &View<'_>, offset: u32, limit: u32) -> Rows {
        self.count_newer(view);
        let start = (offset as usize).min(self.ids.len());
        let end = start.saturating_add(limit as usize).min(self.ids.len());
        Rows {
            of: self.ids.len() as u32,
            all: view.len(),
            generation: self.generation.into(),
            newer: self.newer,
            offset: start as u32,
            rows: self.ids[start..end].iter().map(|&id| view.row(id).into_owned()).collect(),
        }
    }

    fn count_newer(&mut self, view: &View<'_>) {
        if self.counted == view.len() {
            return;
        }
        // A figure's rows change with what comes.
        if self.selection.extend(view) {
            (self.newer, self.counted) = (0, self.generation);
        }
        let Some(scope) = scope(view, &self.selection, &self.of) else { return };
        self.newer += (self.counted..view.len()).filter(|&id| scope.holds(view, id)).count() as u32;
        self.counted = view.len();
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.ids.capacity() * size_of::<RowId>() + self.selection.bytes()
    }
}

fn stripped(question: &RowsQuestion) -> RowsQuestion {
    RowsQuestion { as_of: None, up_to: None, offset: 0, limit: 0, ..question.clone() }
}

fn generation(view: &View<'_>, question: &RowsQuestion) -> u32 {
    let up_to = || question.up_to.as_deref().and_then(|uid| view.find(uid)).map(|id| u64::from(id) + 1);
    question.as_of.or_else(up_to).map_or(view.len(), |generation| generation.min(view.len().into()) as u32)
}

/// None where the cell that is asked for has no record.
fn scope<'a>(view: &View<'_>, selection: &'a Selection, of: &RowsQuestion) -> Option<Scope<'a>> {
    let mut scope = Scope::new(selection, of.scoped.span);
    if let Some(words) = &of.cell {
        scope.cell = Some(cell_number(view, words)?);
    }
    Some(scope)
}

/// The rows of a question in its order, whatever its window.
pub fn row_ids(view: &View<'_>, question: &RowsQuestion) -> Vec<RowId> {
    Ordered::make(view, question).ids
}

fn cell_number(view: &View<'_>, [agent, service, access_level]: &[Cell<'static>; 3]) -> Option<u32> {
    let code = |category, cell: &Cell<'_>| view.words(category).code(cell);
    view.cells().number(crate::store::CellKey {
        agent: code(Category::Agent, agent)?,
        service: code(Category::Service, service)?,
        access_level: code(Category::AccessLevel, access_level)?,
    })
}
