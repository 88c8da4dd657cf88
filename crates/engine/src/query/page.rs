//! A page of rows in the order of any column, without sorting more than the page needs: rows have their order in time
//! already, words are put in order instead of the rows that have them, and of numbers only the page is sorted.

use super::{Answer, Scope};
use crate::column::{Codes, Dictionary, FIRST_WORD};
use crate::row::Category;
use crate::store::{RowId, View};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// What rows can be ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Column {
    Time,
    Latest,
    Uid,
    Sequence,
    Change,
    Version,
    Resource,
    OpenedAt,
    DecidedAt,
    Category(Category),
}

impl Column {
    /// Every column.
    pub fn all() -> impl Iterator<Item = Column> {
        use Column::{Change, DecidedAt, Latest, OpenedAt, Resource, Sequence, Time, Uid, Version};
        [Time, Latest, Uid, Sequence, Change, Version, Resource, OpenedAt, DecidedAt]
            .into_iter()
            .chain(Category::ALL.map(Column::Category))
    }
}

/// An order of rows. Words go by their bytes. What is missing comes last in either direction, by its kind. Rows that are
/// equal keep their order in time, in either direction; but by time, descending is the exact reverse of ascending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Sorting {
    pub by: Column,
    pub descending: bool,
}

/// At most `limit` rows of the scope, in order, without the first `offset`.
pub fn page(view: &View<'_>, scope: &Scope<'_>, sorting: Sorting, offset: u32, limit: u32) -> Answer<Vec<RowId>> {
    let page = Page { view, scope, descending: sorting.descending, offset, limit };
    match sorting.by {
        Column::Time => page.by_time(),
        Column::Uid => page.by_uid(),
        Column::Latest => page.by_number(|id| Some(key(view.latest(id)))),
        Column::Sequence => page.by_number(|id| view.sequence(id)),
        Column::Change => page.by_number(|id| view.change(id)),
        Column::Version => page.by_number(|id| view.version(id).map(u64::from)),
        Column::OpenedAt => page.by_number(|id| view.opened_at(id).map(key)),
        Column::DecidedAt => page.by_number(|id| view.decided_at(id).map(key)),
        Column::Resource => page.by_word(view.resources(), view.resource_words()),
        Column::Category(category) => page.by_word(view.codes(category), view.words(category)),
    }
}

/// A number in the order of the instant.
fn key(instant: i64) -> u64 {
    instant as u64 ^ (1 << 63)
}

struct Page<'a> {
    view: &'a View<'a>,
    scope: &'a Scope<'a>,
    descending: bool,
    offset: u32,
    limit: u32,
}

impl Page<'_> {
    fn answer(&self, of: u32, ids: Vec<RowId>) -> Answer<Vec<RowId>> {
        Answer::new(self.view, of, ids)
    }

    fn by_time(&self) -> Answer<Vec<RowId>> {
        let (mut of, mut ids) = (0, Vec::new());
        self.scope.each(self.view, self.descending, |id| {
            if of >= self.offset && of - self.offset < self.limit {
                ids.push(id);
            }
            of += 1;
            true
        });
        self.answer(of, ids)
    }

    /// The words are ordered and their rows counted, which tells the words on the page and how many rows of each to skip.
    fn by_word(&self, codes: &Codes, words: &Dictionary) -> Answer<Vec<RowId>> {
        let mut counts = vec![0; words.codes() as usize];
        self.scope.every(self.view, |id| counts[codes.get(id) as usize] += 1);
        let of: u32 = counts.iter().sum();

        let mut order: Vec<u32> = (FIRST_WORD..words.codes()).filter(|&code| counts[code as usize] > 0).collect();
        order.sort_unstable_by(|&a, &b| directed(words.word(a).cmp(&words.word(b)), self.descending));
        order.extend(0..FIRST_WORD);

        // By code: rows to skip, rows to take, and where on the page they go.
        let mut wanted = vec![(0_u32, 0_u32, 0_u32); counts.len()];
        let (mut before, mut taken) = (0_u32, 0_u32);
        for code in order {
            let count = counts[code as usize];
            let skip = self.offset.saturating_sub(before).min(count);
            let take = (count - skip).min(self.limit - taken);
            wanted[code as usize] = (skip, take, taken);
            taken += take;
            before += count;
        }
        let (mut ids, mut left) = (vec![0; taken as usize], taken);
        if left > 0 {
            self.scope.each(self.view, false, |id| {
                let (skip, take, at) = &mut wanted[codes.get(id) as usize];
                if *skip > 0 {
                    *skip -= 1;
                } else if *take > 0 {
                    ids[*at as usize] = id;
                    (*take, *at, left) = (*take - 1, *at + 1, left - 1);
                }
                left > 0
            });
        }
        self.answer(of, ids)
    }

    fn by_number(&self, number: impl Fn(RowId) -> Option<u64>) -> Answer<Vec<RowId>> {
        let mut keys: Vec<(bool, u64, u32)> = Vec::new();
        let mut ids = Vec::new();
        self.scope.each(self.view, false, |id| {
            let key = match number(id) {
                Some(number) => (false, if self.descending { !number } else { number }, ids.len() as u32),
                None => (true, 0, ids.len() as u32),
            };
            keys.push(key);
            ids.push(id);
            true
        });
        let of = keys.len() as u32;
        let keys = part(&mut keys, self.offset, self.limit, Ord::cmp);
        self.answer(of, keys.iter().map(|key| ids[key.2 as usize]).collect())
    }

    /// Uids are compared by the eight bytes after what all of them begin with, and only where those are equal wholly.
    fn by_uid(&self) -> Answer<Vec<RowId>> {
        let mut ids = Vec::new();
        let mut common: Option<&str> = None;
        self.scope.each(self.view, false, |id| {
            let uid = self.view.uid(id);
            let length =
                common.map_or(uid.len(), |common| common.bytes().zip(uid.bytes()).take_while(|(a, b)| a == b).count());
            let kept = common.unwrap_or(uid);
            // Cut at a character, which may leave out what is common; that costs time alone.
            common = Some(&kept[..(0..=length).rev().find(|&at| kept.is_char_boundary(at)).unwrap_or(0)]);
            ids.push(id);
            true
        });
        let skip = common.map_or(0, str::len);
        let eight = |id: RowId| {
            let mut bytes = [0; 8];
            self.view.uid(id).bytes().skip(skip).zip(&mut bytes).for_each(|(byte, into)| *into = byte);
            u64::from_be_bytes(bytes)
        };
        let mut keys: Vec<(u64, RowId)> = ids.iter().map(|&id| (eight(id), id)).collect();
        let of = keys.len() as u32;
        let compare = |a: &(u64, RowId), b: &(u64, RowId)| {
            let order = a.0.cmp(&b.0).then_with(|| self.view.uid(a.1).cmp(self.view.uid(b.1)));
            directed(order, self.descending)
        };
        let keys = part(&mut keys, self.offset, self.limit, compare);
        self.answer(of, keys.iter().map(|key| key.1).collect())
    }
}

fn directed(order: Ordering, descending: bool) -> Ordering {
    if descending { order.reverse() } else { order }
}

/// The page of what would be sorted; no two are equal.
fn part<T>(all: &mut [T], offset: u32, limit: u32, compare: impl Fn(&T, &T) -> Ordering) -> &[T] {
    let start = (offset as usize).min(all.len());
    let end = start.saturating_add(limit as usize).min(all.len());
    if start == end {
        return &[];
    }
    if end < all.len() {
        all.select_nth_unstable_by(end, &compare);
    }
    let upto = &mut all[..end];
    if start > 0 {
        upto.select_nth_unstable_by(start, &compare);
    }
    upto[start..].sort_unstable_by(&compare);
    &upto[start..]
}
