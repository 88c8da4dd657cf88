//! The addresses of the app, typed: every view, filter and selection as a route, to and from the fragment.
//! The fragment, not the path, so that the app runs from any static host under any sub-path without
//! rewrite rules. Following the address is `state::route`.

use oversight::id::ChangeId;

/// What the reader of the records asked for. Empty strings filter nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RecordQuery {
    /// RFC 3339; inclusive.
    pub since: String,
    /// RFC 3339; exclusive.
    pub until: String,
    pub agent: String,
    pub service: String,
    pub kind: String,
    pub change: String,
    /// Text searched for in the whole record.
    pub q: String,
    /// Only those that could not be decoded.
    pub quarantined: bool,
    /// What only records that are held in the browser can be asked for, by a name of [`MORE`]: values of a column as
    /// `choice` writes them, a figure whose records are wanted, an order; or that the endpoint is to search for the text.
    pub more: More,
}

/// What records that are held can be asked for beside the endpoint's parameters, in the order of an address.
pub const MORE: [&str; 15] = [
    "access_level",
    "account",
    "actor",
    "environment",
    "figure",
    "operation",
    "outcome",
    "policy_decision",
    "region",
    "resource",
    "reversibility",
    "review_decision",
    "search",
    "sort",
    "tier",
];

/// Values by their names, in the order of the names. A list, since there are few: a map would cost the first load more.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct More(Vec<(&'static str, String)>);

impl More {
    pub fn get(&self, name: &str) -> Option<&String> {
        self.0.iter().find(|(given, _)| *given == name).map(|(_, value)| value)
    }

    /// Takes the place of what was there.
    pub fn insert(&mut self, name: &'static str, value: String) {
        match self.0.binary_search_by(|(given, _)| given.cmp(&name)) {
            Ok(at) => self.0[at].1 = value,
            Err(at) => self.0.insert(at, (name, value)),
        }
    }

    pub fn remove(&mut self, name: &str) {
        self.0.retain(|(given, _)| *given != name);
    }

    pub fn iter(&self) -> impl Iterator<Item = &(&'static str, String)> {
        self.0.iter()
    }

    pub fn keys(&self) -> impl Iterator<Item = &&'static str> {
        self.0.iter().map(|(name, _)| name)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A span of time as an address has it, the same on every view: RFC 3339, since inclusive, until exclusive, empty for open.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Window {
    pub since: String,
    pub until: String,
}

/// What the overview is about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OverviewQuery {
    pub window: Window,
    pub agent: String,
    pub environment: String,
}

impl RecordQuery {
    /// The span of time.
    pub fn window(&self) -> Window {
        Window { since: self.since.clone(), until: self.until.clone() }
    }

    /// The parameters that the endpoint understands, in a fixed order.
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        [
            ("since", &self.since),
            ("until", &self.until),
            ("agent", &self.agent),
            ("service", &self.service),
            ("kind", &self.kind),
            ("change", &self.change),
            ("q", &self.q),
        ]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| (name, value.clone()))
        .collect()
    }

    pub fn is_empty(&self) -> bool {
        self.parameters().is_empty() && !self.quarantined && self.more.is_empty()
    }
}

/// Where in the app the reader is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    Queue {
        open: Option<ChangeId>,
        /// Text that the list is narrowed by.
        filter: String,
    },
    Records {
        query: RecordQuery,
        /// Uid of the record that is open.
        open: Option<String>,
    },
    Agents {
        open: Option<String>,
    },
    Overview(OverviewQuery),
    /// What was asked for, as it stood in the address.
    NotFound(String),
}

impl Route {
    /// The queue with one change open and no filter.
    pub fn change(id: ChangeId) -> Route {
        Route::Queue { open: Some(id), filter: String::new() }
    }

    /// The records of one change.
    pub fn records_of(id: ChangeId) -> Route {
        Route::Records { query: RecordQuery { change: id.to_string(), ..RecordQuery::default() }, open: None }
    }

    /// One agent's page.
    pub fn agent(uid: &str) -> Route {
        Route::Agents { open: Some(uid.to_owned()) }
    }

    /// The span of time that the view is about, where it has one: the same brush on every view.
    pub fn window(&self) -> Option<Window> {
        match self {
            Route::Records { query, .. } => Some(query.window()),
            Route::Overview(query) => Some(query.window.clone()),
            _ => None,
        }
    }

    /// The same view of another span of time; a view that has none stays as it is.
    pub fn within(self, window: Window) -> Route {
        match self {
            Route::Records { query, open } => {
                let Window { since, until } = window;
                Route::Records { query: RecordQuery { since, until, ..query }, open }
            }
            Route::Overview(query) => Route::Overview(OverviewQuery { window, ..query }),
            other => other,
        }
    }

    /// The same view of the span of time that `here` is about; as it is where `here` has none.
    pub fn carried_from(self, here: &Route) -> Route {
        match here.window() {
            Some(window) => self.within(window),
            None => self,
        }
    }

    /// For an `href`: `#/queue/CH-12?q=dns`.
    pub fn href(&self) -> String {
        let (path, parameters) = match self {
            Route::Queue { open, filter } => {
                let path = open.map_or("queue".to_owned(), |id| format!("queue/{id}"));
                (path, vec![("q", filter.clone())])
            }
            Route::Records { query, open } => {
                let path = open.as_ref().map_or("records".to_owned(), |uid| format!("records/{}", encode(uid)));
                let mut parameters = query.parameters();
                if query.quarantined {
                    parameters.push(("quarantined", "yes".to_owned()));
                }
                parameters.extend(query.more.iter().map(|(name, value)| (*name, value.clone())));
                (path, parameters)
            }
            Route::Agents { open } => {
                (open.as_ref().map_or("agents".to_owned(), |uid| format!("agents/{}", encode(uid))), vec![])
            }
            Route::Overview(query) => {
                let OverviewQuery { window, agent, environment } = query.clone();
                let parameters = vec![
                    ("since", window.since),
                    ("until", window.until),
                    ("agent", agent),
                    ("environment", environment),
                ];
                ("overview".to_owned(), parameters)
            }
            Route::NotFound(path) => (path.clone(), vec![]),
        };
        let query = query_string(&parameters);
        if query.is_empty() { format!("#/{path}") } else { format!("#/{path}?{query}") }
    }

    /// Reads a fragment, with or without its `#`. An empty one is the queue.
    pub fn parse(fragment: &str) -> Route {
        let whole = fragment.trim_start_matches('#').trim_start_matches('/');
        let (path, query) = whole.split_once('?').unwrap_or((whole, ""));
        let parameter = |name: &str| {
            let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs.find(|(key, _)| *key == name).map(|(_, value)| decode(value)).unwrap_or_default()
        };
        let (view, rest) = path.split_once('/').unwrap_or((path, ""));
        let rest = (!rest.is_empty()).then(|| decode(rest));
        match (view, rest) {
            ("" | "queue", None) => Route::Queue { open: None, filter: parameter("q") },
            ("queue", Some(id)) => match id.parse() {
                Ok(id) => Route::Queue { open: Some(id), filter: parameter("q") },
                Err(_) => Route::NotFound(path.to_owned()),
            },
            ("records", open) => Route::Records {
                query: RecordQuery {
                    since: parameter("since"),
                    until: parameter("until"),
                    agent: parameter("agent"),
                    service: parameter("service"),
                    kind: parameter("kind"),
                    change: parameter("change"),
                    q: parameter("q"),
                    quarantined: parameter("quarantined") == "yes",
                    more: {
                        let mut more = More::default();
                        for name in MORE {
                            let value = parameter(name);
                            if !value.is_empty() {
                                more.insert(name, value);
                            }
                        }
                        more
                    },
                },
                open,
            },
            ("agents", open) => Route::Agents { open },
            ("overview", None) => Route::Overview(OverviewQuery {
                window: Window { since: parameter("since"), until: parameter("until") },
                agent: parameter("agent"),
                environment: parameter("environment"),
            }),
            _ => Route::NotFound(path.to_owned()),
        }
    }
}

/// `a=b&c=d`, empty values left out.
pub fn query_string(parameters: &[(&'static str, String)]) -> String {
    let pairs: Vec<String> = parameters
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", encode(value)))
        .collect();
    pairs.join("&")
}

/// Percent-encodes all but RFC 3986's unreserved characters and `:`.
pub fn encode(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut out, byte| {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b':' => out.push(byte as char),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
        out
    })
}

/// The inverse of `encode`; what is no escape stays as it is.
pub fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escape = (bytes[at] == b'%').then(|| text.get(at + 1..at + 3)).flatten();
        // A sign would be read as part of the number.
        let escape = escape.filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        match escape.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use oversight::generated::{Generator, Sample, cases, try_inputs};

    #[test]
    fn every_route_reads_back_from_its_address() {
        let mut more = More::default();
        more.insert("tier", "!not_recorded".into());
        more.insert("sort", "-uid".into());
        let query = RecordQuery {
            since: "2026-10-01T00:00:00Z".into(),
            agent: "cost optimizer".into(),
            kind: "review".into(),
            q: "a&b=c#%é\u{202e}".into(),
            quarantined: true,
            more,
            ..RecordQuery::default()
        };
        let overview = OverviewQuery {
            window: Window { since: "2026-10-01T00:00:00Z".into(), until: String::new() },
            agent: "a/b".into(),
            environment: "production".into(),
        };
        for (route, address) in [
            (Route::Queue { open: None, filter: String::new() }, "#/queue"),
            (Route::Queue { open: None, filter: "dns s3".into() }, "#/queue?q=dns%20s3"),
            (Route::change(ChangeId(12)), "#/queue/CH-12"),
            (Route::records_of(ChangeId(12)), "#/records?change=CH-12"),
            (Route::agent("a/b"), "#/agents/a%2Fb"),
            (Route::Agents { open: None }, "#/agents"),
            (
                Route::Records { query, open: Some("r-1".into()) },
                "#/records/r-1?since=2026-10-01T00:00:00Z&agent=cost%20optimizer&kind=review&q=a%26b%3Dc%23%25%C3%A9%E2%80%AE&quarantined=yes&sort=-uid&tier=%21not_recorded",
            ),
            (Route::Overview(OverviewQuery::default()), "#/overview"),
            (Route::Overview(overview), "#/overview?since=2026-10-01T00:00:00Z&agent=a%2Fb&environment=production"),
        ] {
            assert_eq!(route.href(), address);
            assert_eq!(Route::parse(address), route);
        }
    }

    #[test]
    fn a_window_is_carried_to_views_that_have_one_and_nothing_else_is() {
        let window = "since=2026-10-01T00:00:00Z&until=2026-11-01T00:00:00Z";
        for (here, to, carried) in [
            ("#/overview?{}&agent=a&environment=production", "#/records", "#/records?{}"),
            ("#/records/r-1?{}&agent=a&kind=review&tier=high", "#/overview", "#/overview?{}"),
            ("#/overview?{}", "#/overview", "#/overview?{}"),
            ("#/overview?{}", "#/queue", "#/queue"),
            ("#/records?{}", "#/agents", "#/agents"),
            ("#/overview", "#/records", "#/records"),
            ("#/queue?q=dns", "#/records?{}", "#/records?{}"),
        ] {
            let [here, to, carried] = [here, to, carried].map(|address| address.replace("{}", window));
            assert_eq!(Route::parse(&to).carried_from(&Route::parse(&here)).href(), carried, "from {here}");
        }
    }

    #[test]
    fn what_is_no_route_is_kept_to_be_shown() {
        assert_eq!(Route::parse("#/billing"), Route::NotFound("billing".into()));
        assert_eq!(Route::parse("#/queue/2041"), Route::NotFound("queue/2041".into()));
        assert_eq!(Route::parse(""), Route::Queue { open: None, filter: String::new() });
        assert_eq!(
            Route::parse("#/records?q=100%"),
            Route::Records { query: RecordQuery { q: "100%".into(), ..Default::default() }, open: None }
        );
        assert_eq!(Route::parse("#/agents/%+f"), Route::agent("%+f"));
    }

    #[test]
    fn any_fragment_is_a_route_with_an_address_of_its_own() {
        let samples = [
            "#/queue/CH-12?q=dns%20s3",
            "#/records/r-1?since=2026-10-01T00:00:00Z&agent=cost%20optimizer&kind=review&q=a%26b%3Dc%25%C3%A9&quarantined=yes&tier=high&figure=ran-alone",
            "#/agents/a%2Fb",
            "#/overview?since=2026-10-01T00:00:00Z&until=2026-11-01T00:00:00Z&environment=production",
        ];
        let samples = samples.map(|text| Sample::text(text, "&"));
        let words = [
            "#",
            "/",
            "//",
            "?",
            "&",
            "=",
            "%",
            "%+f",
            "%FF",
            "%00",
            "%E2%80%AE",
            "+",
            "CH-0",
            "CH-9999999999999999",
            "queue",
            "records",
            "agents",
            "overview",
            "billing",
            "..",
            "\u{e9}",
            "",
        ];
        let make = |made: &mut Generator| made.altered_text(&samples, &words);
        try_inputs("fragments", cases(5_000), make, |text| {
            let route = Route::parse(text);
            let address = route.href();
            assert_eq!(Route::parse(&address), route, "{address}");
            if let Route::NotFound(path) = &route {
                assert!(text.contains(path.as_str()));
                return false;
            }
            assert!(address.bytes().all(|byte| byte.is_ascii_graphic()), "{address}");
            let (_, parameters) = address.split_once('?').unwrap_or((&address, ""));
            assert_eq!(decode(&encode(text)), *text);
            parameters.split('&').all(|pair| pair.is_empty() || pair.contains('='))
        });
    }
}
