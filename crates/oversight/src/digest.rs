//! A SHA-256 digest (FIPS 180-4) and its wire form, 64 lowercase hexadecimal digits. What is hashed, and
//! in which canonical form, is decided where it is hashed: `change`, `log_entry`.

use sha2::{Digest as _, Sha256};
use std::fmt;

/// 256 bits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String))]
pub struct Digest([u8; 32]);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a digest is 64 lowercase hexadecimal digits")]
pub struct BadDigest;

/// Takes digests of many texts, one after the other, with one state.
#[derive(Default)]
pub struct Hasher(Sha256);

impl Hasher {
    /// The SHA-256 of `bytes`.
    pub fn of(&mut self, bytes: &[u8]) -> Digest {
        let mut digest = [0; 32];
        self.0.update(bytes);
        self.0.finalize_into_reset((&mut digest).into());
        Digest(digest)
    }
}

impl Digest {
    /// The SHA-256 of `bytes`.
    pub fn of(bytes: &[u8]) -> Digest {
        Hasher::default().of(bytes)
    }

    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The first and last eight digits, `9f3c81e2 … 77b4a1d0`, for a place too narrow for all. Never for comparison.
    pub fn short(&self) -> String {
        let full = self.to_string();
        format!("{} … {}", &full[..8], &full[56..])
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::str::FromStr for Digest {
    type Err = BadDigest;
    fn from_str(text: &str) -> Result<Self, BadDigest> {
        let bytes = text.as_bytes();
        if bytes.len() != 64 {
            return Err(BadDigest);
        }
        let mut out = [0u8; 32];
        for (slot, pair) in out.iter_mut().zip(bytes.chunks_exact(2)) {
            let nibble = |b: u8| match b {
                b'0'..=b'9' => Ok(b - b'0'),
                b'a'..=b'f' => Ok(b - b'a' + 10),
                _ => Err(BadDigest),
            };
            *slot = nibble(pair[0])? << 4 | nibble(pair[1])?;
        }
        Ok(Digest(out))
    }
}
impl TryFrom<String> for Digest {
    type Error = BadDigest;
    fn try_from(text: String) -> Result<Self, BadDigest> {
        text.parse()
    }
}
impl From<Digest> for String {
    fn from(digest: Digest) -> String {
        digest.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wire_form_is_exact() {
        let empty = Digest::of(b"");
        assert_eq!(empty.to_string(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_eq!(empty.to_string().parse::<Digest>().unwrap(), empty);
        assert_eq!(empty.short(), "e3b0c442 … 7852b855");
        for bad in ["", "E3B0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "zz"] {
            assert_eq!(bad.parse::<Digest>(), Err(BadDigest), "{bad}");
        }
    }
}
