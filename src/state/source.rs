//! What the page shows the records of: the endpoint that serves it, an address, or files of the reader's own. Only an
//! endpoint has a queue; everything else is records alone, and read-only. Reading them is `tasks::trail`.

use crate::paths::Route;

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Source {
    /// The endpoint beside the page, if there is one.
    #[default]
    Endpoint,
    /// An address, absolute or relative to the page, and those of the files that foreign formats are read with.
    Address { address: String, beside: Vec<String> },
    /// Files that were dropped or chosen, by their names.
    Files(Vec<String>),
    /// There is no endpoint, and nothing else was named yet.
    Nothing,
}

impl Source {
    pub fn is_endpoint(&self) -> bool {
        *self == Source::Endpoint
    }

    /// What is shown of an address or of files; none for an endpoint.
    pub fn name(&self) -> Option<String> {
        match self {
            Source::Endpoint | Source::Nothing => None,
            Source::Address { address, .. } => {
                // Without what may be a secret, and without the scheme, which says little.
                let shown = address.split(['?', '#']).next().unwrap_or(address);
                let plain = shown.strip_prefix("https://").or_else(|| shown.strip_prefix("http://"));
                let shown = plain.unwrap_or(shown);
                Some(oversight::text::escape::visible(shown))
            }
            Source::Files(names) => Some(match names.as_slice() {
                [one] => oversight::text::escape::visible(one),
                many => format!("{} files", many.len()),
            }),
        }
    }

    /// Whether the source has what a view shows.
    pub fn has(&self, route: &Route) -> bool {
        match self {
            Source::Endpoint => true,
            Source::Nothing => false,
            Source::Address { .. } | Source::Files(_) => matches!(route, Route::Overview(_) | Route::Records { .. }),
        }
    }
}

/// The source that the page's own address asks for: `?source=…&agents=…&estate=…`.
pub fn asked_for(search: &str) -> Option<Source> {
    let value = |wanted: &str| {
        let pairs = search.trim_start_matches('?').split('&').filter_map(|pair| pair.split_once('='));
        let value = crate::paths::decode(&pairs.into_iter().find(|(name, _)| *name == wanted)?.1.replace('+', " "));
        (!value.is_empty()).then_some(value)
    };
    let beside = ["agents", "estate"].into_iter().filter_map(value).collect();
    Some(Source::Address { address: value("source")?, beside })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_source_in_the_address_is_decoded() {
        for (search, source) in [
            ("", None),
            ("?", None),
            ("?source=", None),
            ("?source=records.ndjson", Some("records.ndjson")),
            ("?measure=yes&source=..%2Fa%20b.json", Some("../a b.json")),
            ("?source=https://a.example/x%3Fy%3D1", Some("https://a.example/x?y=1")),
            ("?resource=x", None),
        ] {
            let address = |address: &str| Source::Address { address: address.to_owned(), beside: Vec::new() };
            assert_eq!(asked_for(search), source.map(address), "{search}");
        }
        let both = asked_for("?source=trail.json&agents=agents.toml&estate=a%2Festate.toml").unwrap();
        let beside = vec!["agents.toml".to_owned(), "a/estate.toml".to_owned()];
        assert_eq!(both, Source::Address { address: "trail.json".to_owned(), beside });
    }

    #[test]
    fn a_name_shows_where_records_are_from_and_no_secret() {
        let address = |text: &str| Source::Address { address: text.to_owned(), beside: Vec::new() }.name().unwrap();
        assert_eq!(address("https://logs.example/a.ndjson?token=s3cret"), "logs.example/a.ndjson");
        assert_eq!(address("a\u{202e}b.json"), oversight::text::escape::visible("a\u{202e}b.json"));
        assert_eq!(Source::Files(vec!["a.json".into()]).name().unwrap(), "a.json");
        assert_eq!(Source::Files(vec!["a.json".into(), "b.json".into()]).name().unwrap(), "2 files");
        assert_eq!(Source::Endpoint.name(), None);
    }
}
