//! What an address asks for, as a question to the records that the worker holds, and whether the endpoint's pages could
//! answer it as well. Pure; who answers is `way`.

use super::sorting;
use crate::choice;
use crate::paths::RecordQuery;
use engine::query::{Figure, Filter, Keep, Sorting, Span, Term};
use engine::row::{Category, Cell};
use engine::talk::Scoped;
use oversight::id::ChangeId;
use oversight::time::Instant;
use oversight::vocabulary::Kind;

/// The rows that an address asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    pub scoped: Scoped,
    pub sorting: Sorting,
}

/// A parameter that can't be understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Odd {
    pub name: &'static str,
    pub value: String,
    pub why: &'static str,
}

/// The value of the parameter `search` for a text that the endpoint searches for, in every field.
pub const EVERY_FIELD: &str = "every-field";

/// The choice of a category that an address has.
pub fn parameter(query: &RecordQuery, category: Category) -> &str {
    match category {
        Category::Agent => &query.agent,
        Category::Service => &query.service,
        Category::Kind => &query.kind,
        other => query.more.get(other.name()).map_or("", String::as_str),
    }
}

/// The same query with another choice of a category.
pub fn with_parameter(mut query: RecordQuery, category: Category, value: String) -> RecordQuery {
    match category {
        Category::Agent => query.agent = value,
        Category::Service => query.service = value,
        Category::Kind => query.kind = value,
        other => return with_more(query, other.name(), value),
    }
    query
}

/// The same query with another value of what only held records can be asked for.
pub fn with_more(mut query: RecordQuery, name: &'static str, value: String) -> RecordQuery {
    if value.is_empty() {
        query.more.remove(name);
    } else {
        query.more.insert(name, value);
    }
    query
}

/// The question, and the order, by `newest` where the address has none.
///
/// # Errors
/// The first parameter that can't be understood.
pub fn asked(query: &RecordQuery, newest: Sorting) -> Result<Asked, Odd> {
    let odd = |name, value: &str, why| Odd { name, value: value.to_owned(), why };
    let instant = |name, text: &str| match text {
        "" => Ok(None),
        text => {
            let at: Instant = text.parse().map_err(|_| odd(name, text, "is not an RFC 3339 time"))?;
            Ok(Some(at.unix_micros()))
        }
    };
    let change = match query.change.as_str() {
        "" => None,
        text => Some(text.parse::<ChangeId>().map_err(|_| odd("change", text, "is not of the form CH-<number>"))?.0),
    };
    let more = |name: &str| query.more.get(name).map_or("", String::as_str);
    let sorting = match more("sort") {
        "" => newest,
        text => sorting::read(text).ok_or_else(|| odd("sort", text, "is no column"))?,
    };
    let figure = match more("figure") {
        "" => None,
        text => Some(text.parse::<Figure>().map_err(|_| odd("figure", text, "is no figure"))?),
    };
    let terms = Category::ALL.into_iter().filter_map(|category| {
        let choice = choice::read(parameter(query, category))?;
        Some(Term { category, values: choice.values, keep: choice.keep })
    });
    let filter = Filter {
        terms: terms.collect(),
        text: query.q.clone(),
        change,
        resource: choice::read(more("resource")),
        figure,
    };
    let span = Span { from: instant("since", &query.since)?, to: instant("until", &query.until)? };
    Ok(Asked { scoped: Scoped { filter, span }, sorting })
}

/// What a query needs of whoever answers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// What the endpoint's pages answer in the same way.
    Pages,
    /// A search: of some columns where the records are held, of every field where the endpoint answers.
    Search,
    /// A search of every field.
    EveryField,
    /// What only held records can be asked.
    Held,
}

pub fn needs(query: &RecordQuery) -> Needs {
    let every_field = query.more.get("search").is_some_and(|value| value == EVERY_FIELD);
    if pages_query(query).is_none() {
        Needs::Held
    } else if query.q.is_empty() {
        Needs::Pages
    } else if every_field {
        Needs::EveryField
    } else {
        Needs::Search
    }
}

/// The query in the endpoint's own words; none where it has no words for it.
pub fn pages_query(query: &RecordQuery) -> Option<RecordQuery> {
    let word = |parameter: &str| match choice::read(parameter) {
        None => Some(String::new()),
        Some(choice) => match choice.values.as_slice() {
            [Cell::Is(word)] if choice.keep == Keep::Only && !word.is_empty() => Some(word.to_string()),
            _ => None,
        },
    };
    let kinds_are_known = match choice::read(&query.kind) {
        None => true,
        Some(choice) => {
            let is_kind = |cell: &Cell<'_>| matches!(cell, Cell::Is(word) if word.parse::<Kind>().is_ok());
            choice.keep == Keep::Only && choice.values.iter().all(is_kind)
        }
    };
    if !kinds_are_known || query.more.keys().any(|name| *name != "search") {
        return None;
    }
    Some(RecordQuery {
        agent: word(&query.agent)?,
        service: word(&query.service)?,
        more: Default::default(),
        ..query.clone()
    })
}

/// Whether anything narrows the rows; an order doesn't.
pub fn is_narrowed(query: &RecordQuery) -> bool {
    !query.parameters().is_empty() || query.more.keys().any(|name| !["sort", "search"].contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paths::More;
    use engine::query::{Choice, Column};
    use oversight::missing::Missing;

    fn query(parameters: &[(&'static str, &str)]) -> RecordQuery {
        let mut query = RecordQuery::default();
        for (name, value) in parameters {
            let value = (*value).to_owned();
            match *name {
                "since" => query.since = value,
                "until" => query.until = value,
                "change" => query.change = value,
                "q" => query.q = value,
                other => match Category::named(other) {
                    Some(category) => query = with_parameter(query, category, value),
                    None => query = with_more(query, other, value),
                },
            }
        }
        query
    }

    #[test]
    fn an_address_asks_for_rows_in_an_order() {
        let all = query(&[
            ("since", "1970-01-01T00:00:01Z"),
            ("until", "1970-01-01T01:00:02+01:00"),
            ("agent", "terraform"),
            ("kind", "review,break_glass"),
            ("tier", "~low,!unknown"),
            ("resource", "!redacted"),
            ("change", "CH-12"),
            ("q", "dns"),
            ("figure", "ran-alone"),
            ("sort", "-operation"),
        ]);
        let is = |word: &'static str| Cell::Is(word.into());
        let term = |category, values, keep| Term { category, values, keep };
        let asked = asked(&all, sorting::newest(true)).unwrap();
        assert_eq!(asked.scoped.span, Span::of(1_000_000, 2_000_000));
        assert_eq!(asked.sorting, Sorting { by: Column::Category(Category::Operation), descending: true });
        let expected = Filter {
            terms: vec![
                term(Category::Kind, vec![is("review"), is("break_glass")], Keep::Only),
                term(Category::Agent, vec![is("terraform")], Keep::Only),
                term(Category::Tier, vec![is("low"), Cell::Missing(Missing::Unknown)], Keep::Without),
            ],
            text: "dns".into(),
            change: Some(12),
            resource: Some(Choice { values: vec![Cell::Missing(Missing::Redacted)], keep: Keep::Only }),
            figure: Some(Figure::RanAlone),
        };
        assert_eq!(asked.scoped.filter, expected);
        for is_log in [false, true] {
            let nothing = super::asked(&RecordQuery::default(), sorting::newest(is_log)).unwrap();
            assert_eq!((nothing.scoped, nothing.sorting), (Scoped::default(), sorting::newest(is_log)));
        }
    }

    #[test]
    fn what_can_not_be_understood_is_named() {
        for (name, value) in [
            ("since", "soon"),
            ("until", "2026-13-01T00:00:00Z"),
            ("change", "12"),
            ("sort", "weather"),
            ("figure", "7"),
        ] {
            let odd = asked(&query(&[(name, value)]), sorting::newest(true)).unwrap_err();
            assert_eq!((odd.name, odd.value.as_str()), (name, value));
        }
    }

    #[test]
    fn the_endpoint_answers_what_it_has_words_for() {
        for (parameters, expected) in [
            (&[][..], Needs::Pages),
            (&[("agent", "a"), ("service", "s3"), ("kind", "review,expiry"), ("change", "CH-1")], Needs::Pages),
            (&[("since", "2026-01-01T00:00:00Z")], Needs::Pages),
            (&[("search", EVERY_FIELD)], Needs::Pages),
            (&[("q", "dns")], Needs::Search),
            (&[("q", "dns"), ("search", EVERY_FIELD)], Needs::EveryField),
            (&[("q", "dns"), ("search", EVERY_FIELD), ("sort", "uid")], Needs::Held),
            (&[("agent", "a,b")], Needs::Held),
            (&[("agent", "a\\,b")], Needs::Pages),
            (&[("agent", "~a")], Needs::Held),
            (&[("service", "!absent")], Needs::Held),
            (&[("kind", "~review")], Needs::Held),
            (&[("kind", "!absent")], Needs::Held),
            (&[("tier", "high")], Needs::Held),
            (&[("figure", "ran")], Needs::Held),
        ] {
            assert_eq!(needs(&query(parameters)), expected, "{parameters:?}");
        }
        let pages = pages_query(&query(&[("agent", "a\\,b"), ("search", EVERY_FIELD), ("q", "x")])).unwrap();
        assert_eq!((pages.agent.as_str(), pages.q.as_str(), pages.more), ("a,b", "x", More::default()));
    }

    #[test]
    fn an_order_narrows_nothing() {
        for (parameters, expected) in [
            (&[][..], false),
            (&[("sort", "uid"), ("search", EVERY_FIELD)], false),
            (&[("tier", "high")], true),
            (&[("kind", "review")], true),
            (&[("figure", "ran")], true),
        ] {
            assert_eq!(is_narrowed(&query(parameters)), expected, "{parameters:?}");
        }
    }
}
