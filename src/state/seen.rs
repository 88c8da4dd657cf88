//! Which version of a change this reader saw last, kept in this browser for the "changed since you last
//! looked" of the queue. Holds numbers and times, no content.

use crate::data::keep::{keep, kept};
use leptos::prelude::*;
use oversight::id::ChangeId;
use oversight::time::Instant;
use std::collections::BTreeMap;

/// How many changes are remembered.
const MOST: usize = 500;

type Map = BTreeMap<String, (u32, String)>;

#[derive(Clone, Copy)]
pub struct Seen {
    name: StoredValue<String>,
    /// Read when it is first asked for.
    map: StoredValue<Option<Map>>,
}

impl Seen {
    pub(super) fn new() -> Seen {
        Seen { name: StoredValue::new(String::new()), map: StoredValue::new(None) }
    }

    /// Takes up what `person` saw before in this browser.
    pub(super) fn of_person(self, person: &str) {
        self.map.set_value(None);
        self.name.set_value(format!("seen.{person}"));
    }

    fn with<T>(self, read: impl FnOnce(&mut Map) -> T) -> Option<T> {
        let name = self.name.get_value();
        self.map.try_update_value(|map| read(map.get_or_insert_with(|| kept(&name).unwrap_or_default())))
    }

    /// The last version seen, and when.
    pub fn last_version(self, id: ChangeId) -> Option<(u32, Instant)> {
        self.with(|map| {
            let (version, at) = map.get(&id.to_string())?;
            Some((*version, at.parse().ok()?))
        })?
    }

    /// The reader has this version on the screen.
    pub fn mark(self, id: ChangeId, version: u32, now: Instant) {
        let name = self.name.get_value();
        self.with(|map| {
            map.insert(id.to_string(), (version, now.to_string()));
            while map.len() > MOST {
                let oldest = map.iter().min_by(|a, b| a.1.1.cmp(&b.1.1)).map(|(id, _)| id.clone());
                oldest.map(|id| map.remove(&id));
            }
            keep(&name, map);
        });
    }
}
