//! Where people reach the endpoint, and whether a browser's write comes from there. How the cookie looks
//! follows from it; who is signed in is `caller`.

use axum::http::{HeaderMap, header};
use std::fmt;

/// Scheme, and host with port, as browsers see the endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    pub https: bool,
    /// `localhost:8787`; without port where it is the scheme's own.
    pub authority: String,
}

/// A URL that can't be where people reach the endpoint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an address such as http://localhost:8787 or https://countersign.example")]
pub struct BadOrigin(String);

impl Origin {
    pub fn http(authority: impl Into<String>) -> Origin {
        Origin { https: false, authority: authority.into() }
    }

    /// The cookie that holds the session. Cookies know no ports: the port is in the name, so that two endpoints
    /// on one host don't sign each other's people out.
    pub fn cookie(&self) -> String {
        let port = self.authority.rsplit_once(':').map(|(_, port)| port).filter(|port| port.parse::<u16>().is_ok());
        match port {
            Some(port) => format!("countersign-{port}"),
            None => "countersign".to_owned(),
        }
    }

    /// The `Set-Cookie` that signs in with `token` for `seconds`.
    pub fn set_cookie(&self, token: &str, seconds: u64) -> String {
        let secure = if self.https { "; Secure" } else { "" };
        format!("{}={token}; HttpOnly; SameSite=Strict; Path=/; Max-Age={seconds}{secure}", self.cookie())
    }

    /// The `Set-Cookie` that takes the session away.
    pub fn clear_cookie(&self) -> String {
        self.set_cookie("", 0)
    }

    /// Whether the request's Origin is the one that it is sent to. Behind a proxy that keeps the Host header,
    /// that is the proxy's.
    pub fn is_own(&self, headers: &HeaderMap) -> bool {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let (Some(origin), Some(host)) = (text(header::ORIGIN), text(header::HOST)) else { return false };
        let scheme = if self.https { "https://" } else { "http://" };
        origin.strip_prefix(scheme).is_some_and(|authority| authority.eq_ignore_ascii_case(host))
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", if self.https { "https" } else { "http" }, self.authority)
    }
}

impl std::str::FromStr for Origin {
    type Err = BadOrigin;
    fn from_str(text: &str) -> Result<Self, BadOrigin> {
        let bad = || BadOrigin(text.chars().take(200).collect());
        let uri: axum::http::Uri = text.parse().map_err(|_| bad())?;
        let https = match uri.scheme_str() {
            Some("http") => false,
            Some("https") => true,
            _ => return Err(bad()),
        };
        let authority = uri.authority().ok_or_else(bad)?.as_str();
        let plain = matches!(uri.path(), "" | "/") && uri.query().is_none() && !authority.contains('@');
        let plain = plain && uri.host().is_some_and(|host| !host.is_empty());
        if !plain {
            return Err(bad());
        }
        let standard = if https { ":443" } else { ":80" };
        let authority = authority.strip_suffix(standard).unwrap_or(authority);
        Ok(Origin { https, authority: authority.to_ascii_lowercase() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_read_and_written() {
        for (given, written) in [
            ("http://localhost:8787", "http://localhost:8787"),
            ("http://localhost:8787/", "http://localhost:8787"),
            ("https://Countersign.example:443", "https://countersign.example"),
            ("http://[::1]:80", "http://[::1]"),
        ] {
            assert_eq!(given.parse::<Origin>().unwrap().to_string(), written);
        }
        for bad in ["localhost:8787", "ftp://a", "http://a/b", "http://a?b", "http://me@a", "", "/", "http://:80"] {
            assert!(bad.parse::<Origin>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_cookie_is_secure_where_the_endpoint_is() {
        let plain = "http://localhost:8787".parse::<Origin>().unwrap();
        let cookie = "countersign-8787=t; HttpOnly; SameSite=Strict; Path=/; Max-Age=60";
        assert_eq!(plain.set_cookie("t", 60), cookie);
        let safe = "https://countersign.example".parse::<Origin>().unwrap();
        assert!(safe.set_cookie("t", 60).ends_with("; Secure") && safe.cookie() == "countersign");
    }

    #[test]
    fn an_origin_must_be_there_and_be_the_hosts() {
        let own = |https: bool, origin: Option<&str>, host: Option<&str>| {
            let mut headers = HeaderMap::new();
            for (name, value) in [(header::ORIGIN, origin), (header::HOST, host)] {
                if let Some(value) = value {
                    headers.insert(name, value.parse().unwrap());
                }
            }
            Origin { https, authority: "localhost:1".into() }.is_own(&headers)
        };
        assert!(own(false, Some("http://localhost:1"), Some("localhost:1")));
        assert!(own(true, Some("https://a.example"), Some("A.example")));
        for (https, origin, host) in [
            (false, None, Some("localhost:1")),
            (false, Some("null"), Some("localhost:1")),
            (false, Some("http://evil.example"), Some("localhost:1")),
            (false, Some("http://localhost:2"), Some("localhost:1")),
            (false, Some("https://localhost:1"), Some("localhost:1")),
            (true, Some("http://localhost:1"), Some("localhost:1")),
            (false, Some("http://localhost:1"), None),
            (false, Some("http://localhost:1.evil.example"), Some("localhost:1")),
        ] {
            assert!(!own(https, origin, host), "{origin:?} {host:?}");
        }
    }

    #[test]
    fn an_origin_reads_back_and_is_only_ever_its_own() {
        use oversight::generated::{Generator, Sample, cases, try_inputs};
        let samples =
            ["http://localhost:8787", "https://Countersign.example:443/", "http://[::1]:80", "https://a.example"];
        let samples = samples.map(|text| Sample::text(text, ":"));
        let words = [
            "http",
            "https",
            "ftp",
            "443",
            "80",
            "65536",
            "0",
            "",
            "evil",
            "@",
            "me@localhost",
            "null",
            "/v1",
            "?",
            "[::1]",
            "[",
            ".",
        ];
        let make = |made: &mut Generator| made.altered_text(&samples, &words);
        try_inputs("origins", cases(5_000), make, |text| {
            let header = |text: &str| text.parse::<axum::http::HeaderValue>();
            match text.parse::<Origin>() {
                Ok(origin) => {
                    let shown = origin.to_string();
                    assert_eq!(shown.parse::<Origin>().unwrap(), origin);
                    // What a browser at that address sends counts as its own, and nothing beside it does.
                    let sent = |given: &str| {
                        let pairs = [
                            (header::ORIGIN, header(given).unwrap()),
                            (header::HOST, header(&origin.authority).unwrap()),
                        ];
                        origin.is_own(&HeaderMap::from_iter(pairs))
                    };
                    assert!(sent(&shown) && !sent(&format!("{shown}.evil.example")) && !sent("null"));
                    assert!(header(&origin.set_cookie("t", 1)).is_ok());
                    true
                }
                Err(error) => {
                    assert!(error.to_string().chars().count() < 3_000);
                    false
                }
            }
        });
    }
}
