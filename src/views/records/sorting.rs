//! Orders of the rows: what they can be ordered by, in an address and in words. Putting them in order is the engine's.

use engine::query::{Column, Sorting};
use engine::row::Category;

/// What rows can be ordered by: its name in an address, and the reader's word for it.
pub const COLUMNS: [(&str, &str); 23] = [
    ("sequence", "position in the log"),
    ("time", "time"),
    ("latest", "latest time"),
    ("kind", "kind"),
    ("agent", "agent"),
    ("actor", "actor"),
    ("service", "service"),
    ("operation", "operation"),
    ("access_level", "access level"),
    ("resource", "target"),
    ("account", "account"),
    ("region", "region"),
    ("environment", "environment"),
    ("tier", "risk tier"),
    ("reversibility", "reversibility"),
    ("policy_decision", "policy decision"),
    ("review_decision", "review decision"),
    ("outcome", "outcome"),
    ("change", "change"),
    ("version", "version"),
    ("opened_at", "time opened"),
    ("decided_at", "time decided"),
    ("uid", "uid"),
];

/// The reader's word for a column, by its name in an address.
pub fn label(name: &str) -> Option<&'static str> {
    COLUMNS.iter().find(|(column, _)| *column == name).map(|(_, label)| *label)
}

fn column(name: &str) -> Option<Column> {
    Some(match name {
        "sequence" => Column::Sequence,
        "time" => Column::Time,
        "latest" => Column::Latest,
        "resource" => Column::Resource,
        "change" => Column::Change,
        "version" => Column::Version,
        "opened_at" => Column::OpenedAt,
        "decided_at" => Column::DecidedAt,
        "uid" => Column::Uid,
        category => Column::Category(Category::named(category)?),
    })
}

/// The name of a column in an address.
pub fn name(column: Column) -> &'static str {
    match column {
        Column::Sequence => "sequence",
        Column::Time => "time",
        Column::Latest => "latest",
        Column::Resource => "resource",
        Column::Change => "change",
        Column::Version => "version",
        Column::OpenedAt => "opened_at",
        Column::DecidedAt => "decided_at",
        Column::Uid => "uid",
        Column::Category(category) => category.name(),
    }
}

/// The order of an address: `-time` for the latest first.
pub fn read(parameter: &str) -> Option<Sorting> {
    let (descending, name) = parameter.strip_prefix('-').map_or((false, parameter), |name| (true, name));
    Some(Sorting { by: column(name)?, descending })
}

pub fn write(sorting: Sorting) -> String {
    format!("{}{}", if sorting.descending { "-" } else { "" }, name(sorting.by))
}

/// The order that is meant where the address has none: the newest first, by the position in a log that has positions.
pub fn newest(is_log: bool) -> Sorting {
    Sorting { by: if is_log { Column::Sequence } else { Column::Time }, descending: true }
}

/// The order after a column's head was pressed: the other way where it is that column's already, else the way that is
/// asked for more often, the last first of times and numbers and the first first of words.
pub fn pressed(name: &str, now: Sorting) -> Option<Sorting> {
    let by = column(name)?;
    let numbers = !matches!(by, Column::Category(_) | Column::Resource | Column::Uid);
    Some(Sorting { by, descending: if now.by == by { !now.descending } else { numbers } })
}

/// The order in words: `newest in the log first`, `by operation, Z first`.
pub fn words(sorting: Sorting) -> String {
    let Sorting { by, descending } = sorting;
    match (by, descending) {
        (Column::Sequence, true) => "newest in the log first".to_owned(),
        (Column::Sequence, false) => "oldest in the log first".to_owned(),
        (Column::Time, true) => "newest first".to_owned(),
        (Column::Time, false) => "oldest first".to_owned(),
        _ => format!("by {}, {}", label(name(by)).unwrap_or_default(), direction(sorting)),
    }
}

/// Which end stands first: `A first`, `latest first`, `largest first`.
pub fn direction(sorting: Sorting) -> &'static str {
    match (sorting.by, sorting.descending) {
        (Column::Category(_) | Column::Resource | Column::Uid, false) => "A first",
        (Column::Category(_) | Column::Resource | Column::Uid, true) => "Z first",
        (Column::Change | Column::Version, false) => "smallest first",
        (Column::Change | Column::Version, true) => "largest first",
        (_, false) => "oldest first",
        (_, true) => "newest first",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_of_the_engine_has_its_name_and_its_word() {
        let all: Vec<Column> = Column::all().collect();
        assert_eq!(all.len(), COLUMNS.len());
        for by in all {
            assert!(label(name(by)).is_some(), "{by:?}");
            for descending in [false, true] {
                let sorting = Sorting { by, descending };
                assert_eq!(read(&write(sorting)), Some(sorting));
            }
        }
        for bad in ["", "-", "weather", "--time", "time-"] {
            assert_eq!(read(bad), None, "{bad}");
        }
        assert_eq!(write(newest(true)), "-sequence");
    }

    #[test]
    fn a_head_turns_its_own_order_round() {
        for (head, now, then, said) in [
            ("operation", "-sequence", "operation", "by operation, A first"),
            ("operation", "operation", "-operation", "by operation, Z first"),
            ("time", "-sequence", "-time", "newest first"),
            ("sequence", "-sequence", "sequence", "oldest in the log first"),
            ("change", "operation", "-change", "by change, largest first"),
            ("decided_at", "time", "-decided_at", "by time decided, newest first"),
        ] {
            let after = pressed(head, read(now).unwrap()).unwrap();
            assert_eq!((write(after).as_str(), words(after).as_str()), (then, said));
        }
        assert_eq!(pressed("weather", newest(false)), None);
    }
}
