//! The kinds of missing, told apart: absent (the event has no such thing), not recorded (the source does
//! not say), redacted (withheld from this reader), unobserved (nobody looked long enough) and unknown
//! (assessed, and it could not be determined). None of them is ever zero or an empty string.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Why a value that could have been there is not. On the wire `{"missing": "not_recorded"}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    NotRecorded,
    Redacted,
    Unobserved,
    Unknown,
}

impl Missing {
    /// The words a reader sees; never swapped for one another.
    pub fn words(self) -> &'static str {
        match self {
            Missing::NotRecorded => "not recorded",
            Missing::Redacted => "redacted",
            Missing::Unobserved => "not observed long enough",
            Missing::Unknown => "unknown",
        }
    }
}

/// A field that is there, is missing for a stated reason, or is absent (not in the JSON at all).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Field<T> {
    #[default]
    Absent,
    Missing(Missing),
    Is(T),
}

impl<T> Field<T> {
    /// The value, if there is one.
    pub fn value(&self) -> Option<&T> {
        match self {
            Field::Is(value) => Some(value),
            Field::Absent | Field::Missing(_) => None,
        }
    }

    pub fn is_absent(&self) -> bool {
        matches!(self, Field::Absent)
    }

    pub const fn not_recorded() -> Self {
        Field::Missing(Missing::NotRecorded)
    }

    pub const fn unknown() -> Self {
        Field::Missing(Missing::Unknown)
    }

    /// `value`, or not recorded where the source had none.
    pub fn recorded(value: Option<T>) -> Self {
        value.map_or(Self::not_recorded(), Field::Is)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Marker {
    missing: Missing,
}

impl<T: Serialize> Serialize for Field<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Field::Absent => serializer.serialize_none(),
            Field::Missing(missing) => Marker { missing: *missing }.serialize(serializer),
            Field::Is(value) => value.serialize(serializer),
        }
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(deserializer)?;
        if value.is_null() {
            return Ok(Field::Absent);
        }
        if value.as_object().is_some_and(|object| object.len() == 1 && object.contains_key("missing")) {
            let marker: Marker = crate::json::decode(value).map_err(|fault| serde::de::Error::custom(fault.reason))?;
            return Ok(Field::Missing(marker.missing));
        }
        crate::json::decode(value).map(Field::Is).map_err(serde::de::Error::custom)
    }
}

/// The value's schema, or `{"missing": …}`.
#[cfg(feature = "openapi")]
impl<T: utoipa::__dev::ComposeSchema> utoipa::__dev::ComposeSchema for Field<T> {
    fn compose(
        generics: Vec<utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>>,
    ) -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Type};
        let words = ObjectBuilder::new().schema_type(Type::String).enum_values(Some([
            "not_recorded",
            "redacted",
            "unobserved",
            "unknown",
        ]));
        let missing = ObjectBuilder::new().schema_type(Type::Object).property("missing", words).required("missing");
        let value = generics.into_iter().next().unwrap_or_else(|| T::compose(Vec::new()));
        OneOfBuilder::new().item(value).item(missing).into()
    }
}

#[cfg(feature = "openapi")]
impl<T: utoipa::__dev::ComposeSchema + utoipa::ToSchema> utoipa::ToSchema for Field<T> {
    fn name() -> std::borrow::Cow<'static, str> {
        "Field".into()
    }

    fn schemas(schemas: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>)>) {
        T::schemas(schemas);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Holder {
        #[serde(default, skip_serializing_if = "Field::is_absent")]
        count: Field<u32>,
    }

    #[test]
    fn the_kinds_of_missing_stay_apart() {
        for (wire, field) in [
            ("{}", Field::Absent),
            (r#"{"count":0}"#, Field::Is(0)),
            (r#"{"count":{"missing":"not_recorded"}}"#, Field::Missing(Missing::NotRecorded)),
            (r#"{"count":{"missing":"redacted"}}"#, Field::Missing(Missing::Redacted)),
            (r#"{"count":{"missing":"unobserved"}}"#, Field::Missing(Missing::Unobserved)),
            (r#"{"count":{"missing":"unknown"}}"#, Field::Missing(Missing::Unknown)),
        ] {
            let holder: Holder = serde_json::from_str(wire).unwrap();
            assert_eq!(holder.count, field, "{wire}");
            assert_eq!(serde_json::to_string(&holder).unwrap(), wire);
        }
        assert!(serde_json::from_str::<Holder>(r#"{"count":{"missing":"n/a"}}"#).is_err());
        assert!(serde_json::from_str::<Holder>(r#"{"count":"none"}"#).is_err());
    }
}
