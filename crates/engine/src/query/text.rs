//! Searching texts: a text holds the words searched for if its lower-case form holds theirs, as Unicode has it. ASCII
//! needs no copy.

/// What is searched for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needle {
    lower: String,
}

impl Needle {
    /// None where the text is empty: everything holds that.
    pub fn new(text: &str) -> Option<Needle> {
        (!text.is_empty()).then(|| Needle { lower: text.to_lowercase() })
    }

    pub fn is_in(&self, text: &str) -> bool {
        if !text.is_ascii() {
            return text.to_lowercase().contains(&self.lower);
        }
        let (text, needle) = (text.as_bytes(), self.lower.as_bytes());
        let Some(last) = text.len().checked_sub(needle.len()) else { return false };
        let first = needle[0];
        (0..=last).any(|at| {
            text[at].to_ascii_lowercase() == first && text[at..at + needle.len()].eq_ignore_ascii_case(needle)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_does_not_matter_and_the_rest_does() {
        for (needle, text, expected) in [
            ("a", "", false),
            ("a", "A", true),
            ("AB", "xaB", true),
            ("ab", "a b", false),
            ("abc", "ab", false),
            ("arn:aws:s3", "ARN:aws:S3:::bucket", true),
            ("ÄRGER", "kein ärger", true),
            ("ä", "a", false),
            // The Kelvin sign is a K.
            ("k", "\u{212A}", true),
            ("\u{212A}", "k", true),
            ("_", "?", false),
            ("[", "{", false),
        ] {
            assert_eq!(Needle::new(needle).unwrap().is_in(text), expected, "{needle:?} in {text:?}");
        }
        assert_eq!(Needle::new(""), None);
    }
}
