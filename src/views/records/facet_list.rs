//! One category's list of values with their counts, and what choosing one makes of the address. Pure; drawing is `facets`,
//! counting the engine's.

use super::asked::{parameter, with_parameter};
use crate::choice;
use crate::paths::RecordQuery;
use engine::query::{Choice, Keep};
use engine::row::{Category, Cell};
use engine::talk::Counts;

/// Values that a list shows until the reader asks for all of them.
pub const FEW: usize = 8;
/// Values that are asked for at most; the rest can be found by its text.
pub const MOST: u32 = 300;

/// A value of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub cell: Cell<'static>,
    /// Records that it would leave; none while that is not known.
    pub count: Option<u32>,
    pub chosen: bool,
}

/// A list, and what it leaves out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct List {
    pub entries: Vec<Entry>,
    /// Further words that are here, and that a press shows.
    pub more: usize,
    /// Words that are not here, and the records that have them.
    pub beyond: (u32, u32),
}

/// What is chosen of a category; nothing of it where the address says nothing.
pub fn chosen(query: &RecordQuery, category: Category) -> Choice {
    choice::read(parameter(query, category)).unwrap_or(Choice { values: Vec::new(), keep: Keep::Only })
}

/// The list: words, most first, then the kinds of missing, which are no words. What is chosen is always in it, those first
/// that the counts don't have: no record has them, or, while words are sought by a text, they are not among the found.
/// Before there are counts, `known` is what is known to occur.
pub fn list(counts: Option<&Counts>, known: &[Cell<'static>], choice: &Choice, all: bool, is_sought: bool) -> List {
    let counted: Vec<(Cell<'static>, Option<u32>)> = match counts {
        Some(counts) => counts.counts.iter().map(|(cell, count)| (cell.clone(), Some(*count))).collect(),
        None => known.iter().map(|cell| (cell.clone(), None)).collect(),
    };
    let beyond = counts.map_or((0, 0), |counts| (counts.other_words, counts.other));
    // Whether a value that is not among the counts is known to be nobody's.
    let none = (counts.is_some() && beyond.0 == 0 && !is_sought).then_some(0);
    let not_counted = choice.values.iter().filter(|cell| counted.iter().all(|(other, _)| other != *cell));
    let extra: Vec<_> = not_counted.map(|cell| (cell.clone(), none)).collect();
    let entries = extra.into_iter().chain(counted).map(|(cell, count)| {
        let chosen = choice.values.contains(&cell);
        Entry { cell, count, chosen }
    });
    let (words, missing): (Vec<Entry>, Vec<Entry>) = entries.partition(|entry| matches!(entry.cell, Cell::Is(_)));
    let (mut entries, mut more) = (Vec::new(), 0);
    for (at, entry) in words.into_iter().enumerate() {
        if all || at < FEW || entry.chosen {
            entries.push(entry);
        } else {
            more += 1;
        }
    }
    entries.extend(missing);
    List { entries, more, beyond }
}

/// The query with a value chosen, or no longer chosen.
pub fn toggled(query: RecordQuery, category: Category, cell: &Cell<'static>) -> RecordQuery {
    let mut choice = chosen(&query, category);
    match choice.values.iter().position(|value| value == cell) {
        Some(at) => drop(choice.values.remove(at)),
        None => choice.values.push(cell.clone()),
    }
    with_parameter(query, category, choice::write(&choice))
}

/// The query with those that are chosen kept, or all others.
pub fn kept(query: RecordQuery, category: Category, keep: Keep) -> RecordQuery {
    let choice = Choice { keep, ..chosen(&query, category) };
    with_parameter(query, category, choice::write(&choice))
}

#[cfg(test)]
mod tests {
    use super::*;
    use oversight::missing::Missing;

    fn is(word: &str) -> Cell<'static> {
        Cell::Is(word.to_owned().into())
    }

    fn counts(words: &[(Cell<'static>, u32)], other_words: u32, other: u32) -> Counts {
        Counts { category: Category::Tier, counts: words.to_vec(), other, other_words }
    }

    fn shown(list: &List) -> Vec<(String, Option<u32>, bool)> {
        let name = |cell: &Cell<'_>| match cell {
            Cell::Is(word) => word.to_string(),
            other => format!("{other:?}"),
        };
        list.entries.iter().map(|entry| (name(&entry.cell), entry.count, entry.chosen)).collect()
    }

    #[test]
    fn words_come_first_and_kinds_of_missing_are_none_of_them() {
        let missing = Cell::Missing(Missing::Redacted);
        let found = counts(&[(missing.clone(), 90), (is("high"), 40), (Cell::Absent, 30), (is("low"), 2)], 0, 0);
        let choice = Choice { values: vec![is("low"), is("gone"), missing], keep: Keep::Only };
        let some = |name: &str, count, chosen| (name.to_owned(), Some(count), chosen);
        assert_eq!(
            shown(&list(Some(&found), &[], &choice, false, false)),
            [
                some("gone", 0, true),
                some("high", 40, false),
                some("low", 2, true),
                some("Missing(Redacted)", 90, true),
                some("Absent", 30, false),
            ]
        );
        // Nothing is known to be nobody's before the counts are here, beyond those that are, or while some are sought.
        let gone = Choice { values: vec![is("gone")], keep: Keep::Only };
        let unknown = |name: &str, chosen| (name.to_owned(), None, chosen);
        let known = [is("low"), is("gone")];
        assert_eq!(shown(&list(None, &known, &gone, false, false)), [unknown("low", false), unknown("gone", true)]);
        assert_eq!(
            shown(&list(None, &known[..1], &gone, false, false)),
            [unknown("gone", true), unknown("low", false)]
        );
        assert_eq!(shown(&list(Some(&counts(&[], 3, 9)), &known, &gone, false, false)), [unknown("gone", true)]);
        assert_eq!(shown(&list(Some(&counts(&[], 0, 0)), &[], &gone, false, true)), [unknown("gone", true)]);
    }

    #[test]
    fn a_long_list_shows_few_and_whatever_is_chosen() {
        let words: Vec<(Cell<'static>, u32)> = (0..20).map(|at| (is(&format!("w{at}")), 100 - at)).collect();
        let mut all = words.clone();
        all.push((Cell::Absent, 1));
        let choice = Choice { values: vec![is("w15")], keep: Keep::Without };
        let few = list(Some(&counts(&all, 7, 70)), &[], &choice, false, false);
        assert_eq!((few.entries.len(), few.more, few.beyond), (FEW + 2, 20 - FEW - 1, (7, 70)));
        assert_eq!(few.entries.last().map(|entry| entry.cell.clone()), Some(Cell::Absent));
        assert!(few.entries.iter().any(|entry| entry.cell == is("w15") && entry.chosen));
        let whole = list(Some(&counts(&all, 7, 70)), &[], &choice, true, false);
        assert_eq!((whole.entries.len(), whole.more), (21, 0));
    }

    #[test]
    fn choosing_writes_the_address() {
        let mut query = RecordQuery::default();
        for (cell, keep, parameter) in [
            (is("high"), Keep::Only, "high"),
            (Cell::Absent, Keep::Only, "high,!absent"),
            (is("high"), Keep::Without, "~!absent"),
            (Cell::Absent, Keep::Without, ""),
        ] {
            query = kept(toggled(query, Category::Tier, &cell), Category::Tier, keep);
            assert_eq!(super::parameter(&query, Category::Tier), parameter);
        }
        assert_eq!(query, RecordQuery::default());
        assert_eq!(toggled(query, Category::Kind, &is("review")).kind, "review");
    }
}
