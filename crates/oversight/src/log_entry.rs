//! The log entry of a record: salted digests of its top-level fields, so that a field can be redacted or
//! erased and the rest still proven (SD-JWT, RFC 9901). Tiles and checkpoints are built on entries later.

use crate::canonical::{Member, NotCanonical, canonical};
use crate::digest::Hasher;
use crate::id::RecordUid;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// One field of a record with its salt: JSON `[salt, name, value]`, as base64url of its UTF-8 bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Disclosure(pub String);

/// What the log keeps for ever: `JCS({sd, sequence, uid})`, as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEntry {
    pub canonical: String,
    /// One a top-level field, in the order of the record.
    pub disclosures: Vec<(String, Disclosure)>,
}

/// A disclosure that isn't of the entry, or can't be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotProven {
    #[error("the entry is not a log entry: {0}")]
    Entry(String),
    #[error("disclosure {0} can't be read")]
    Unreadable(usize),
    #[error("disclosure {0} is not in the entry")]
    NotInEntry(usize),
    #[error("the field {0:?} is disclosed twice")]
    Twice(String),
}

impl Disclosure {
    /// base64url of SHA-256 of the disclosure's own text, as RFC 9901 takes it.
    fn digest(&self, hasher: &mut Hasher) -> String {
        URL_SAFE_NO_PAD.encode(hasher.of(self.0.as_bytes()).as_bytes())
    }

    fn open(&self) -> Option<(String, Value)> {
        let bytes = URL_SAFE_NO_PAD.decode(&self.0).ok()?;
        let (_salt, name, value): (String, String, Value) = serde_json::from_slice(&bytes).ok()?;
        Some((name, value))
    }
}

impl LogEntry {
    /// Commits to the members of a record, one disclosure each, with as many salts: 128 fresh random bits each.
    pub fn commit(
        uid: &RecordUid,
        sequence: u64,
        members: &[Member],
        salts: &[[u8; 16]],
    ) -> Result<LogEntry, NotCanonical> {
        assert_eq!(members.len(), salts.len(), "a salt a member");
        let disclosure = |(member, salt): (&Member, &[u8; 16])| {
            let text = format!("[\"{}\",{},{}]", URL_SAFE_NO_PAD.encode(salt), member.quoted, member.value);
            (member.name.clone(), Disclosure(URL_SAFE_NO_PAD.encode(text)))
        };
        let disclosures: Vec<(String, Disclosure)> = members.iter().zip(salts).map(disclosure).collect();
        let mut hasher = Hasher::default();
        let mut sd: Vec<String> = disclosures.iter().map(|(_, disclosure)| disclosure.digest(&mut hasher)).collect();
        sd.sort();
        let entry = canonical(&json!({ "uid": uid, "sequence": sequence, "sd": sd }))?;
        Ok(LogEntry { canonical: String::from_utf8_lossy(&entry).into_owned(), disclosures })
    }
}

/// The fields that `disclosures` prove to be in `entry`.
pub fn disclosed(entry: &str, disclosures: &[Disclosure]) -> Result<Map<String, Value>, NotProven> {
    #[derive(Deserialize)]
    struct Wire {
        sd: Vec<String>,
    }
    let wire: Wire = serde_json::from_str(entry).map_err(|error| NotProven::Entry(error.to_string()))?;
    let mut fields = Map::new();
    let mut hasher = Hasher::default();
    for (index, disclosure) in disclosures.iter().enumerate() {
        if !wire.sd.contains(&disclosure.digest(&mut hasher)) {
            return Err(NotProven::NotInEntry(index));
        }
        let (name, value) = disclosure.open().ok_or(NotProven::Unreadable(index))?;
        if fields.insert(name.clone(), value).is_some() {
            return Err(NotProven::Twice(name));
        }
    }
    Ok(fields)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::canonical::members;
    use crate::generated::{Generator, Sample, cases, try_inputs};

    fn entry() -> (LogEntry, Map<String, Value>) {
        let fields = json!({"kind": "comment", "reason": "secret", "n": [1, 2.5]}).as_object().unwrap().clone();
        let members = members(&fields).unwrap();
        let salts: Vec<[u8; 16]> = (1..=members.len() as u8).map(|count| [count; 16]).collect();
        (LogEntry::commit(&RecordUid::new("r-1").unwrap(), 9, &members, &salts).unwrap(), fields)
    }

    #[test]
    fn all_or_some_of_the_fields_are_proven() {
        let (entry, fields) = entry();
        let all: Vec<Disclosure> = entry.disclosures.iter().map(|(_, d)| d.clone()).collect();
        assert_eq!(disclosed(&entry.canonical, &all).unwrap(), fields);
        let without: Vec<Disclosure> =
            entry.disclosures.iter().filter(|(name, _)| name != "reason").map(|(_, d)| d.clone()).collect();
        assert_eq!(disclosed(&entry.canonical, &without).unwrap().keys().collect::<Vec<_>>(), ["kind", "n"]);
        assert!(!entry.canonical.contains("secret") && !entry.canonical.contains("comment"));
        assert!(
            entry.canonical.starts_with(r#"{"sd":[""#) && entry.canonical.ends_with(r#""sequence":9,"uid":"r-1"}"#)
        );
    }

    #[test]
    fn nothing_but_what_was_committed_is_ever_proven() {
        let (entry, fields) = entry();
        let whole = Sample::text(entry.canonical.clone(), ",");
        let texts = entry.disclosures.iter().map(|(_, disclosure)| disclosure.0.clone());
        let all = Sample::text(texts.collect::<Vec<_>>().join("\n"), "\n");
        let opened = r#"["AQEBAQEBAQEBAQEBAQEBAQ","kind","review"]"#;
        let (forged, padded) =
            (URL_SAFE_NO_PAD.encode(opened), base64::engine::general_purpose::URL_SAFE.encode(opened));
        let words = [forged.as_str(), padded.as_str(), "", "=", "W10", "bnVsbA", "_-__"];
        let make = |made: &mut Generator| {
            let entry = if made.one_in(4) {
                made.altered_text(std::slice::from_ref(&whole), &words)
            } else {
                entry.canonical.clone()
            };
            format!("{entry}\u{1f}{}", made.altered_text(std::slice::from_ref(&all), &words))
        };
        try_inputs("disclosures", cases(5_000), make, |text| {
            let (given, texts) = text.split_once('\u{1f}').unwrap();
            let given_all: Vec<Disclosure> = texts.lines().map(|line| Disclosure(line.to_owned())).collect();
            match disclosed(given, &given_all) {
                Ok(proven) => {
                    assert!(proven.iter().all(|(name, value)| fields.get(name) == Some(value)), "{proven:?}");
                    assert_eq!(proven.len(), given_all.len());
                    true
                }
                Err(fault) => {
                    let (NotProven::Unreadable(at) | NotProven::NotInEntry(at)) = fault else { return false };
                    assert!(at < given_all.len());
                    false
                }
            }
        });
    }

    #[test]
    fn what_was_not_committed_is_not_proven() {
        let (entry, _) = entry();
        let forged = Disclosure(URL_SAFE_NO_PAD.encode(r#"["AQEBAQEBAQEBAQEBAQEBAQ","kind","review"]"#));
        assert_eq!(disclosed(&entry.canonical, &[forged]), Err(NotProven::NotInEntry(0)));
        let one = entry.disclosures[0].1.clone();
        assert!(matches!(disclosed(&entry.canonical, &[one.clone(), one]), Err(NotProven::Twice(_))));
        assert!(matches!(disclosed("{}", &[]), Err(NotProven::Entry(_))));
    }
}
