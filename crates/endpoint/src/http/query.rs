//! Query strings, strictly: what a route does not know, or what is given twice, is a 400 that names it.
//! What a filter means is the desk's.

use super::problem::{Answered, Denial};
use crate::desk::Refused;
use axum::http::Uri;
use std::fmt::Display;
use std::str::FromStr;

/// Longest value, in bytes.
const MAX_VALUE: usize = 1_024;

/// The parameters of one request.
#[derive(Debug)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// Reads the query of `uri`, which may hold each of `known` once.
    pub fn of(uri: &Uri, known: &[&str]) -> Answered<Query> {
        let bad = |field: &str, reason: String| Denial::new("invalid-query").field(field).detail(reason);
        let Ok(axum::extract::Query(pairs)) = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(uri) else {
            return Err(bad("query", "The query can't be read.".to_owned()));
        };
        for (index, (name, value)) in pairs.iter().enumerate() {
            let shown: String = name.chars().take(64).collect();
            if !known.contains(&name.as_str()) {
                let list = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
                return Err(bad(&shown, format!("This address does not know the parameter; it knows {list}.")));
            }
            if pairs[..index].iter().any(|(other, _)| other == name) {
                return Err(bad(&shown, "The parameter is given twice.".to_owned()));
            }
            if value.len() > MAX_VALUE {
                return Err(bad(&shown, format!("The value is longer than {MAX_VALUE} bytes.")));
            }
        }
        Ok(Query(pairs))
    }

    /// For a route that takes no parameters.
    pub fn none(uri: &Uri) -> Answered<()> {
        Query::of(uri, &[]).map(drop)
    }

    /// The value of `name`; an empty one counts as not given.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    pub fn owned(&self, name: &str) -> Option<String> {
        self.text(name).map(str::to_owned)
    }

    pub fn parsed<T: FromStr<Err: Display>>(&self, name: &str) -> Answered<Option<T>> {
        self.text(name).map(|text| read(name, text)).transpose()
    }

    /// Several values of `name`, separated by commas.
    pub fn list<T: FromStr<Err: Display>>(&self, name: &str) -> Answered<Vec<T>> {
        let Some(text) = self.text(name) else { return Ok(Vec::new()) };
        text.split(',').map(|part| read(name, part.trim())).collect()
    }

    /// `true` or `false`; false when it is not given.
    pub fn flag(&self, name: &str) -> Answered<bool> {
        match self.text(name) {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(_) => Err(Denial::new("invalid-query").field(name).detail("Expected true or false.")),
        }
    }

    /// `name` as a number within `range`.
    pub fn number(&self, name: &str, range: std::ops::RangeInclusive<u64>, default: u64) -> Answered<u64> {
        let given = self.parsed::<u64>(name)?.unwrap_or(default);
        if range.contains(&given) {
            return Ok(given);
        }
        let reason = format!("Expected a number from {} to {}.", range.start(), range.end());
        Err(Denial::new("invalid-query").field(name).detail(reason))
    }

    /// The same query with another cursor, for a link to the next page.
    pub fn with_cursor(&self, cursor: &str) -> String {
        let kept = self.0.iter().filter(|(name, _)| name != "cursor");
        let all = kept.map(|(name, value)| (name.as_str(), value.as_str())).chain([("cursor", cursor)]);
        all.map(|(name, value)| format!("{name}={}", percent_encoded(value))).collect::<Vec<_>>().join("&")
    }
}

fn read<T: FromStr<Err: Display>>(name: &str, text: &str) -> Answered<T> {
    text.parse().map_err(|error: T::Err| Denial::new("invalid-query").field(name).detail(error.to_string()))
}

/// What the desk can't accept of a reading came in the query: a cursor that no list gave out.
pub fn refused(refused: Refused) -> Denial {
    match refused {
        Refused::Invalid(fault) => Denial::new("invalid-query").field(fault.path).detail(fault.reason),
        other => other.into(),
    }
}

/// Everything but RFC 3986's unreserved characters, percent-encoded.
fn percent_encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use oversight::generated::{Generator, Sample, cases, try_inputs};
    use oversight::state::State;
    use oversight::time::Instant;

    #[test]
    fn what_is_unknown_double_or_unreadable_is_named() {
        let known = ["state", "since", "limit", "mine"];
        for (text, field) in [
            ("/?page=2", "page"),
            ("/?limit=1&limit=2", "limit"),
            ("/?limit=0", "limit"),
            ("/?limit=1001", "limit"),
            ("/?limit=ten", "limit"),
            ("/?since=yesterday", "since"),
            ("/?state=pending,open", "state"),
            ("/?mine=yes", "mine"),
        ] {
            let uri: Uri = text.parse().unwrap();
            let read = || -> Answered<()> {
                let query = Query::of(&uri, &known)?;
                query.number("limit", 1..=1_000, 100)?;
                query.flag("mine")?;
                query.parsed::<Instant>("since")?;
                query.list::<State>("state")?;
                Ok(())
            };
            let denial = read().unwrap_err();
            assert_eq!(denial.status(), 400, "{text}");
            assert!(format!("{denial:?}").contains(&format!("field: Some(\"{field}\")")), "{text}: {denial:?}");
        }
    }

    #[test]
    fn a_link_to_the_next_page_keeps_the_filter() {
        let uri: Uri = "/v1/records?q=a%20b%26c&cursor=old&limit=5".parse().unwrap();
        let query = Query::of(&uri, &["q", "cursor", "limit"]).unwrap();
        assert_eq!(query.text("q"), Some("a b&c"));
        assert_eq!(query.with_cursor("10:x"), "q=a%20b%26c&limit=5&cursor=10%3Ax");
    }

    #[test]
    fn a_query_is_read_back_from_its_own_link_or_a_parameter_is_named() {
        let known = ["state", "since", "limit", "mine", "q", "cursor"];
        let samples = [
            "state=pending,approved&limit=5&mine=true",
            "since=2026-01-01T00:00:00Z&q=a%20b%26c&cursor=10",
            "q=%C3%A9+x&limit=1000",
        ];
        let samples = samples.map(|text| Sample::text(text, "&"));
        let words = [
            "limit=0",
            "limit=1001",
            "page=2",
            "q",
            "q=",
            "=",
            "%",
            "%zz",
            "%00",
            "%ff",
            "%E2%80%AE",
            "mine=yes",
            "true",
            "10",
            "-1",
            "18446744073709551616",
            "&&",
            "+",
        ];
        let make = |made: &mut Generator| made.altered_text(&samples, &words);
        try_inputs("queries", cases(5_000), make, |text| {
            let Ok(uri) = format!("/v1/changes?{text}").parse::<Uri>() else { return false };
            let read = || -> Answered<Query> {
                let query = Query::of(&uri, &known)?;
                assert!((1..=1_000).contains(&query.number("limit", 1..=1_000, 100)?));
                query.flag("mine")?;
                query.parsed::<Instant>("since")?;
                query.list::<State>("state")?;
                Ok(query)
            };
            match read() {
                Ok(query) => {
                    let next: Uri = format!("/?{}", query.with_cursor("7:x")).parse().unwrap();
                    let next = Query::of(&next, &known).unwrap();
                    assert_eq!(next.text("cursor"), Some("7:x"));
                    for name in known.iter().filter(|name| **name != "cursor") {
                        assert_eq!(next.text(name), query.text(name));
                    }
                    true
                }
                Err(denial) => {
                    let problem = denial.problem();
                    assert!(
                        problem.status == 400
                            && problem.field.is_some()
                            && problem.detail.as_ref().is_some_and(|detail| !detail.is_empty())
                    );
                    false
                }
            }
        });
    }
}
