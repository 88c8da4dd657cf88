//! Asking the worker for rows by windows: those in sight and those around them, one question at a time, so that while
//! somebody scrolls fast only what is in sight then is asked for. What has come is kept in `state::windows`.

use super::trail::{ask, silence};
use crate::state::App;
use crate::state::trail::Sought;
use crate::state::windows::Windows;
use engine::talk::{Question, Rows, RowsQuestion, Slot};
use leptos::prelude::*;
use std::ops::Range;

/// Rows that are in sight before anybody has measured.
const SCREENFUL: Range<usize> = 0..60;

/// Asks for the rows of a question, whose window counts for nothing. Rows of the question before stay until the first of
/// these are here. `stays` is for the same list by another way: what is in sight is asked for, and stays there.
pub fn ask_rows(app: App, question: RowsQuestion, stays: bool) {
    app.trail.sought.update_value(|sought| {
        let sight = if stays { sought.sight.clone() } else { SCREENFUL };
        *sought = Sought { question: Some(question), sight, is_new: true, stays, is_asked: false };
    });
    app.trail.rows_due.set(true);
    seek(app);
}

/// These rows are in sight.
pub fn look_at_rows(app: App, sight: Range<usize>) {
    app.trail.sought.update_value(|sought| sought.sight = sight);
    seek(app);
}

/// The list is gone.
pub fn forget_rows(app: App) {
    let trail = app.trail;
    trail.sought.update_value(|sought| *sought = Sought { sight: sought.sight.clone(), ..Sought::default() });
    silence(app, Slot::Rows);
    trail.rows_due.set(false);
    if trail.rows_of.with_untracked(Option::is_some) {
        trail.rows_of.set(None);
        trail.windows.set(Windows::default());
    }
}

/// Asks for what is missing in sight, unless an answer is on its way.
fn seek(app: App) {
    let trail = app.trail;
    let question = trail.sought.try_update_value(|sought| {
        let question = sought.question.clone().filter(|_| !sought.is_asked)?;
        let (offset, limit) = if sought.is_new {
            Windows::around(&sought.sight)
        } else {
            trail.windows.with_untracked(|windows| windows.missing(&sought.sight))?
        };
        sought.is_asked = true;
        Some(RowsQuestion { offset, limit, ..question })
    });
    if let Some(question) = question.flatten() {
        ask(app, Slot::Rows, true, Question::Rows(question));
    }
}

/// Takes in a window that has come, and asks for the next.
pub(super) fn take_rows(app: App, rows: Rows) {
    let trail = app.trail;
    let mut begun = None;
    let sight = trail.sought.try_update_value(|sought| {
        sought.is_asked = false;
        let question = sought.question.as_mut()?;
        if std::mem::take(&mut sought.is_new) {
            begun = Some((question.clone(), sought.stays));
        }
        // What comes from now on moves nothing.
        question.as_of = Some(rows.generation);
        question.up_to = None;
        Some(sought.sight.clone())
    });
    let Some(sight) = sight.flatten() else { return };
    trail.windows.update(|windows| {
        if begun.is_some() {
            *windows = Windows::default();
        }
        windows.take(rows, &sight);
    });
    if let Some((question, stays)) = begun {
        trail.rows_of.set(Some(question));
        trail.rows_due.set(false);
        if !stays {
            trail.rows_turn.update(|turn| *turn += 1);
        }
    }
    seek(app);
}
