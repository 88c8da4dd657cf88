//! Identifiers, each a type of its own so that one can't stand for another. All are parsed at the edge:
//! 1 to 256 bytes, no control, whitespace-only or line-breaking content. Digests are in `digest`.

use std::fmt;

/// Longest identifier, in bytes.
pub const MAX_ID: usize = 256;

/// A string that can't be an identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadId {
    #[error("{0} is empty")]
    Empty(&'static str),
    #[error("{0} is longer than {MAX_ID} bytes")]
    TooLong(&'static str),
    #[error("{0} holds a control character at byte {1}")]
    Control(&'static str, usize),
    #[error("{0} is not of the form CH-<number>")]
    NotAChange(&'static str),
}

fn check(what: &'static str, text: &str) -> Result<(), BadId> {
    if text.trim().is_empty() {
        return Err(BadId::Empty(what));
    }
    if text.len() > MAX_ID {
        return Err(BadId::TooLong(what));
    }
    match text.char_indices().find(|(_, c)| c.is_control()) {
        Some((at, _)) => Err(BadId::Control(what, at)),
        None => Ok(()),
    }
}

macro_rules! id {
    ($(#[$meta:meta])* $name:ident, $what:literal) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[cfg_attr(feature = "openapi", schema(value_type = String))]
        pub struct $name(String);

        impl $name {
            /// Takes `text` if it can be this identifier.
            pub fn new(text: impl Into<String>) -> Result<Self, BadId> {
                let text = text.into();
                check($what, &text)?;
                Ok(Self(text))
            }

            pub fn as_str(&self) -> &str { &self.0 }
        }

        impl TryFrom<String> for $name {
            type Error = BadId;
            fn try_from(text: String) -> Result<Self, BadId> { Self::new(text) }
        }
        impl From<$name> for String { fn from(id: $name) -> String { id.0 } }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&self.0) }
        }
        impl std::str::FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> { Self::new(text) }
        }
    };
}

id!(/// A record's identity, unique in one endpoint's log.
    RecordUid, "uid");
id!(/// An agent, as its token's registration names it.
    AgentUid, "agent uid");
id!(/// A person or a service.
    PersonUid, "person");
id!(/// A reviewers' group: `sre`, `billing-owners`.
    Group, "group");
id!(/// What an idempotent request is known by (draft-ietf-httpapi-idempotency-key-header).
    IdempotencyKey, "Idempotency-Key");

/// A change's identity, `CH-<number>`, numbered from 1 in the order proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String))]
pub struct ChangeId(pub u64);

impl fmt::Display for ChangeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CH-{}", self.0)
    }
}

impl std::str::FromStr for ChangeId {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        let digits = text.strip_prefix("CH-").ok_or(BadId::NotAChange("change id"))?;
        let plain = !digits.is_empty()
            && digits.len() <= 15
            && digits.bytes().all(|b| b.is_ascii_digit())
            && !digits.starts_with('0');
        if !plain {
            return Err(BadId::NotAChange("change id"));
        }
        digits.parse().map(ChangeId).map_err(|_| BadId::NotAChange("change id"))
    }
}

impl TryFrom<String> for ChangeId {
    type Error = BadId;
    fn try_from(text: String) -> Result<Self, BadId> {
        text.parse()
    }
}
impl From<ChangeId> for String {
    fn from(id: ChangeId) -> String {
        id.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ids, digests and words of closed lists: what is taken is written back as it was given.
    #[test]
    fn what_is_taken_for_an_identifier_is_written_as_it_was_given() {
        use crate::digest::Digest;
        use crate::generated::{Generator, Sample, cases, try_inputs};
        use crate::state::State;
        use crate::vocabulary::{AccessLevel, Kind, Role};

        fn alike<T: std::str::FromStr<Err: std::fmt::Display> + fmt::Display>(text: &str) -> bool {
            let read = text.parse::<T>();
            match &read {
                Ok(read) => assert_eq!(read.to_string(), text),
                Err(error) => assert!((1..1_000).contains(&error.to_string().len())),
            }
            read.is_ok()
        }
        let samples = [
            "CH-2041",
            "engineer-1",
            "9f3c81e29f3c81e29f3c81e29f3c81e29f3c81e29f3c81e29f3c81e29f3c81e2",
            "pending",
            "write",
            "review",
            "agent",
        ];
        let samples = samples.map(|text| Sample::text(text, "-"));
        let words = [
            "CH",
            "0",
            "00",
            "1",
            "999999999999999",
            "9999999999999999",
            "",
            " ",
            "\u{200b}",
            "policy_decision",
            "execution",
            "customer",
            "expired",
            "unknown",
        ];
        let make = |made: &mut Generator| made.altered_text(&samples, &words);
        try_inputs("identifiers", cases(5_000), make, |text| {
            let any = alike::<RecordUid>(text);
            for other in
                [alike::<AgentUid>(text), alike::<PersonUid>(text), alike::<Group>(text), alike::<IdempotencyKey>(text)]
            {
                assert_eq!(other, any);
            }
            assert!(!any || !text.chars().any(char::is_control) && text.len() <= MAX_ID);
            let closed = [
                alike::<ChangeId>(text),
                alike::<Digest>(text),
                alike::<State>(text),
                alike::<Kind>(text),
                alike::<AccessLevel>(text),
                alike::<Role>(text),
            ];
            closed.contains(&true)
        });
    }

    #[test]
    fn ids_are_parsed_at_the_edge() {
        assert_eq!("CH-2041".parse::<ChangeId>().unwrap().to_string(), "CH-2041");
        for bad in ["", "CH-", "CH-01", "CH-1x", "2041", "CH-9999999999999999", "CH-+1"] {
            assert!(bad.parse::<ChangeId>().is_err(), "{bad}");
        }
        assert_eq!(AgentUid::new("  "), Err(BadId::Empty("agent uid")));
        assert_eq!(AgentUid::new("a\u{7}"), Err(BadId::Control("agent uid", 1)));
        assert_eq!(AgentUid::new("x".repeat(257)), Err(BadId::TooLong("agent uid")));
    }
}
