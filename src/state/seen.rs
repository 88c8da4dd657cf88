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
    map: StoredValue<Map>,
}

impl Seen {
    pub(super) fn new() -> Seen {
        Seen { name: StoredValue::new(String::new()), map: StoredValue::new(Map::new()) }
    }

    /// Takes up what `person` saw before in this browser.
    pub(super) fn of_person(self, person: &str) {
        let name = format!("seen.{person}");
        self.map.set_value(kept(&name).unwrap_or_default());
        self.name.set_value(name);
    }

    /// The last version seen, and when.
    pub fn last_version(self, id: ChangeId) -> Option<(u32, Instant)> {
        self.map.with_value(|map| {
            let (version, at) = map.get(&id.to_string())?;
            Some((*version, at.parse().ok()?))
        })
    }

    /// The reader has this version on the screen.
    pub fn mark(self, id: ChangeId, version: u32, now: Instant) {
        self.map.update_value(|map| {
            map.insert(id.to_string(), (version, now.to_string()));
            while map.len() > MOST {
                let oldest = map.iter().min_by(|a, b| a.1.1.cmp(&b.1.1)).map(|(id, _)| id.clone());
                oldest.map(|id| map.remove(&id));
            }
        });
        self.name.with_value(|name| self.map.with_value(|map| keep(name, map)));
    }
}
