//! Documents of native records: one record, an array of them, a page `{"items": […]}` as the endpoint serves it,
//! or one a line. A record itself is decoded in `crate::record`; lines too many to hold are the engine's and the
//! importer's to read as they come.

use crate::formats::imported::reject;
use crate::formats::lax;
use crate::formats::layout::{self, Events, Layout};
use crate::record::{AuditRecord, Quarantined, read_ndjson};

/// Reads a whole document. Each item is read or quarantined by itself; what is no JSON at all is quarantined
/// whole, at position 1.
pub fn read_document(source: &str, bytes: &[u8]) -> (Vec<AuditRecord>, Vec<Quarantined>) {
    // A record may have a field of its own that is called items.
    let wrappers: &[&str] = match layout::layout(bytes) {
        Ok(Layout::Lines(bytes)) => return read_ndjson(source, bytes),
        Ok(Layout::One(one)) if is_page(one) => &["items"],
        _ => &[],
    };
    let items = match layout::events(bytes, wrappers) {
        Ok(Events::Many(items)) => items,
        Ok(Events::One(one)) => vec![(1, one.as_bytes())],
        Err(fault) => return (Vec::new(), vec![reject(source, 1, fault, bytes)]),
    };
    let mut records = Vec::new();
    let mut rejects = Vec::new();
    for (position, item) in items {
        match AuditRecord::read(item) {
            Ok(record) => records.push(record),
            Err(fault) => rejects.push(reject(source, position, fault, item)),
        }
    }
    (records, rejects)
}

/// Whether an object is a page of records. A record may have a field of its own that is called items.
pub fn is_page(text: &str) -> bool {
    let Ok(Some(members)) = lax::members(text) else { return false };
    let has = |wanted: &str| members.iter().any(|(name, _)| name == wanted);
    has("items") && !has("uid")
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"{"uid":"r-1","time":"2026-01-01T00:00:00Z","kind":"execution"}"#;

    #[test]
    fn each_item_of_a_document_is_read_or_quarantined() {
        for (document, records, rejects) in [
            (GOOD.to_owned(), 1, vec![]),
            (format!("\u{feff}{GOOD}\n"), 1, vec![]),
            (
                format!("[{GOOD}, 7, {{\"uid\":\"a\",\"uid\":\"b\"}}, {GOOD}]"),
                2,
                vec![(2, "7"), (3, r#"{"uid":"a","uid":"b"}"#)],
            ),
            (format!("{{\"items\":[{GOOD},{{}}],\"next\":null}}"), 1, vec![(2, "{}")]),
            (GOOD.replace("\"kind\"", "\"items\":[1],\"kind\""), 1, vec![]),
            (format!("{GOOD}\n{{}}\n{GOOD}\n"), 2, vec![(2, "{}")]),
            ("[]".to_owned(), 0, vec![]),
            ("[{}".to_owned(), 0, vec![(1, "[{}")]),
            (String::new(), 0, vec![(1, "")]),
        ] {
            let (read, rejected) = read_document("a", document.as_bytes());
            assert_eq!(read.len(), records, "{document}");
            let found: Vec<(u64, &str)> =
                rejected.iter().map(|one| (one.position, std::str::from_utf8(&one.bytes).unwrap())).collect();
            assert_eq!(found, rejects, "{document}");
            assert!(rejected.iter().all(|one| one.source == "a" && !one.reason.is_empty()));
        }
        let (_, rejected) = read_document("a", b"[\xff]");
        assert!(rejected[0].reason.contains("utf-8"), "{rejected:?}");
    }
}
