//! Instants on the wire.

use serde::{Serialize, Serializer};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::{PartialSchema, ToSchema};

/// An instant, always UTC, always with three fraction digits: `2026-01-02T03:04:05.006Z`
/// (contract, "Conventions").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timestamp(pub jiff::Timestamp);

impl From<jiff::Timestamp> for Timestamp {
    fn from(at: jiff::Timestamp) -> Self {
        Self(at)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:.3}", self.0))
    }
}

impl PartialSchema for Timestamp {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
            .pattern(Some(r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$"))
            .description(Some("An instant in UTC with three fraction digits."))
            .examples(["2026-01-02T03:04:05.006Z"])
            .into()
    }
}

impl ToSchema for Timestamp {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn always_three_fraction_digits() {
        for (at, expected) in [
            ("2026-01-02T03:04:05Z", "\"2026-01-02T03:04:05.000Z\""),
            ("2026-01-02T03:04:05.1Z", "\"2026-01-02T03:04:05.100Z\""),
            ("2026-01-02T05:04:05.006999+02:00", "\"2026-01-02T03:04:05.006Z\""),
        ] {
            let at: jiff::Timestamp = at.parse().unwrap();
            assert_eq!(serde_json::to_string(&Timestamp(at)).unwrap(), expected);
        }
    }
}
