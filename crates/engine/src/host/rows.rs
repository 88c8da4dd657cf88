//! Windows of rows in an order, for a table that is scrolled: the order is made once and kept, so that each further
//! window costs only its rows. And the same rows as a CSV file.

use crate::query::{Scope, Selection, page};
use crate::row::{Category, Cell};
use crate::store::{RowId, View};
use crate::talk::{Rows, RowsQuestion};
use oversight::time::Instant;
use std::fmt::Write as _;

/// The rows of a question, all in order.
#[derive(Debug)]
pub struct Ordered {
    /// Without its window.
    of: RowsQuestion,
    generation: u64,
    /// The store's layouts: the ids are of the last.
    layouts: u64,
    ids: Vec<RowId>,
}

impl Ordered {
    /// The order that a question wants: the one kept, if it is that, or a new one in its place.
    pub fn kept<'a>(kept: &'a mut Option<Ordered>, view: &View<'_>, question: &RowsQuestion) -> &'a Ordered {
        let of = RowsQuestion { offset: 0, limit: 0, ..question.clone() };
        let fits = |ordered: &Ordered| {
            let same_rows = ordered.generation == view.generation() || of.as_of == Some(ordered.generation);
            same_rows && ordered.layouts == view.layouts() && ordered.of == of
        };
        if !kept.as_ref().is_some_and(fits) {
            *kept = Some(Ordered::make(view, of));
        }
        kept.as_ref().expect("it was just put there")
    }

    pub fn make(view: &View<'_>, of: RowsQuestion) -> Ordered {
        let selection = Selection::of(view, of.scoped.filter.clone());
        let mut scope = Scope::new(&selection, of.scoped.span);
        let mut ids = Vec::new();
        // A cell that no record is in has no rows.
        let cell = of.cell.as_ref().map(|words| cell_number(view, words));
        if cell != Some(None) {
            scope.cell = cell.flatten();
            ids = page(view, &scope, of.sorting, 0, u32::MAX).value;
        }
        let generation = of.as_of.unwrap_or(u64::MAX).min(view.generation());
        let held = view.held_at(generation);
        ids.retain(|&id| id < held);
        Ordered { of, generation, layouts: view.layouts(), ids }
    }

    pub fn window(&self, view: &View<'_>, offset: u32, limit: u32) -> Rows {
        let start = (offset as usize).min(self.ids.len());
        let end = start.saturating_add(limit as usize).min(self.ids.len());
        Rows {
            of: self.ids.len() as u32,
            all: view.len(),
            generation: self.generation,
            offset: start as u32,
            rows: self.ids[start..end].iter().map(|&id| view.row(id).into_owned()).collect(),
        }
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.ids.capacity() * size_of::<RowId>()
    }
}

/// The rows of a question in its order, whatever its window.
pub fn row_ids(view: &View<'_>, question: &RowsQuestion) -> Vec<RowId> {
    Ordered::make(view, question.clone()).ids
}

fn cell_number(view: &View<'_>, [agent, service, access_level]: &[Cell<'static>; 3]) -> Option<u32> {
    let code = |category, cell: &Cell<'_>| view.words(category).code(cell);
    view.cells().number(crate::store::CellKey {
        agent: code(Category::Agent, agent)?,
        service: code(Category::Service, service)?,
        access_level: code(Category::AccessLevel, access_level)?,
    })
}

/// The rows of a question, one a line, as RFC 4180 has it, with a head. What a spreadsheet would take for a formula (a
/// value that begins with `=`, `+`, `-`, `@`, a tab or a carriage return) gets an apostrophe before it, as OWASP's "CSV
/// Injection" advises; numbers and times of ours never begin so.
pub fn csv(view: &View<'_>, question: &RowsQuestion) -> String {
    let mut text = String::from("time,latest,uid,sequence,change,version,resource,opened_at,decided_at");
    for category in Category::ALL {
        text.push(',');
        text.push_str(category.name());
    }
    text.push_str("\r\n");
    for id in row_ids(view, question) {
        let row = view.row(id);
        let instant = |at: i64| Instant::from_unix_micros(at).map(|at| at.to_string()).unwrap_or_default();
        let number = |number: Option<u64>| number.map(|number| number.to_string()).unwrap_or_default();
        let _ = write!(text, "{},", instant(row.time));
        let _ = write!(text, "{},", if row.latest == row.time { String::new() } else { instant(row.latest) });
        value(&row.uid, &mut text);
        let change = row.change.map(|change| format!("CH-{change}")).unwrap_or_default();
        let _ = write!(text, ",{},{change},{},", number(row.sequence), number(row.version.map(u64::from)));
        cell(&row.resource, &mut text);
        let _ = write!(
            text,
            ",{},{}",
            row.opened_at.map(instant).unwrap_or_default(),
            row.decided_at.map(instant).unwrap_or_default()
        );
        for word in &row.categories {
            text.push(',');
            cell(word, &mut text);
        }
        text.push_str("\r\n");
    }
    text
}

/// Absent is empty; missing is said in words, in brackets.
fn cell(cell: &Cell<'_>, text: &mut String) {
    match cell {
        Cell::Absent => {}
        Cell::Missing(why) => {
            let _ = write!(text, "({})", why.words());
        }
        Cell::Is(word) => value(word, text),
    }
}

fn value(word: &str, text: &mut String) {
    let formula = word.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let quoted = formula || word.contains([',', '"', '\n', '\r']) || word.starts_with(' ') || word.ends_with(' ');
    if !quoted {
        text.push_str(word);
        return;
    }
    text.push('"');
    if formula {
        text.push('\'');
    }
    for character in word.chars() {
        if character == '"' {
            text.push('"');
        }
        text.push(character);
    }
    text.push('"');
}
