//! Rows as a CSV file: RFC 4180, in UTF-8, a head and one row a line. It is made for spreadsheets as much as for programs,
//! so that nothing in it is taken for a formula. Which rows, and in which order, is `rows`'.

use crate::row::{Category, Cell};
use crate::store::{RowId, View};
use oversight::missing::Missing;
use oversight::time::Instant;
use std::fmt::Write as _;

/// The names of the columns, as a question and an address spell them.
pub fn csv_head() -> String {
    let mut text = String::from("time,latest,uid,sequence,change,version,resource,opened_at,decided_at");
    for category in Category::ALL {
        text.push(',');
        text.push_str(category.name());
    }
    text.push_str("\r\n");
    text
}

/// A line for each row. `latest` is empty where the time is precise. Absent is empty, an empty word `""`; missing is said
/// in words, in brackets, and a word that would read the same is marked as text.
pub fn csv_rows(view: &View<'_>, ids: &[RowId]) -> String {
    let mut text = String::new();
    ids.iter().for_each(|&id| line(view, id, &mut text));
    text
}

fn line(view: &View<'_>, id: RowId, text: &mut String) {
    let row = view.row(id);
    instant(Some(row.time), text);
    text.push(',');
    instant((row.latest != row.time).then_some(row.latest), text);
    text.push(',');
    word(&row.uid, text);
    text.push(',');
    number(row.sequence, text);
    text.push(',');
    if let Some(change) = row.change {
        let _ = write!(text, "CH-{change}");
    }
    text.push(',');
    number(row.version.map(u64::from), text);
    text.push(',');
    cell(&row.resource, text);
    text.push(',');
    instant(row.opened_at, text);
    text.push(',');
    instant(row.decided_at, text);
    for one in &row.categories {
        text.push(',');
        cell(one, text);
    }
    text.push_str("\r\n");
}

/// RFC 3339; one beyond the years that it can say, in microseconds since 1970, which is never mistaken for it.
fn instant(micros: Option<i64>, text: &mut String) {
    let Some(micros) = micros else { return };
    let _ = match Instant::from_unix_micros(micros) {
        Ok(at) => write!(text, "{at}"),
        Err(_) => write!(text, "({micros} microseconds)"),
    };
}

fn number(number: Option<u64>, text: &mut String) {
    if let Some(number) = number {
        let _ = write!(text, "{number}");
    }
}

const MISSING: [Missing; 4] = [Missing::NotRecorded, Missing::Redacted, Missing::Unobserved, Missing::Unknown];

fn cell(cell: &Cell<'_>, text: &mut String) {
    match cell {
        Cell::Absent => {}
        Cell::Missing(why) => {
            let _ = write!(text, "({})", why.words());
        }
        Cell::Is(value) => word(value, text),
    }
}

/// What a spreadsheet would take for a formula gets an apostrophe before it, as OWASP's ASVS 5.0 (1.2.10) asks: a value
/// that begins so, and one that goes on so after what another language's spreadsheet takes for the end of a cell.
fn word(word: &str, text: &mut String) {
    let inner = word.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    let reads_as_missing = inner.is_some_and(|inner| MISSING.iter().any(|why| why.words() == inner));
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '/' | '(' | ')' | ':' | '*');
    let begins_plainly = word.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '/');
    if begins_plainly && word.chars().all(|c| plain(c) || c == '-') {
        text.push_str(word);
        return;
    }
    text.push('"');
    if reads_as_missing || word.starts_with(['\t', '\r', '\n', '\0']) {
        text.push('\'');
    }
    // Blanks passed over.
    let mut at_start = true;
    for c in word.chars() {
        if at_start && begins_a_formula(c) {
            text.push('\'');
        }
        at_start = ends_a_cell(c) || (at_start && c == ' ');
        if c == '"' {
            text.push('"');
        }
        text.push(c);
    }
    text.push('"');
}

/// The signs, and those of full width, which spreadsheets take for the same.
fn begins_a_formula(c: char) -> bool {
    matches!(c, '=' | '+' | '-' | '@' | '\u{ff1d}' | '\u{ff0b}' | '\u{ff0d}' | '\u{ff20}')
}

fn ends_a_cell(c: char) -> bool {
    matches!(c, ';' | '|' | '\t' | '\r' | '\n' | '\0')
}
