//! Between columns and the domain's types.

use std::str::FromStr;

use jiff::Timestamp;
use newtype_uuid::{GenericUuid, TypedUuid, TypedUuidKind};
use uuid::Uuid;

use crate::error::Error;

/// An id as a column's value.
pub(crate) fn raw<K: TypedUuidKind>(id: TypedUuid<K>) -> Uuid {
    id.into_untyped_uuid()
}

/// A column's value as an id.
pub(crate) fn id<K: TypedUuidKind>(raw: Uuid) -> TypedUuid<K> {
    TypedUuid::from_untyped_uuid(raw)
}

/// An instant as a column's value: milliseconds since 1970 UTC.
pub(crate) fn milliseconds(at: Timestamp) -> i64 {
    at.as_millisecond()
}

/// Names the row that is being read, for the error that says that it cannot be understood.
#[derive(Clone, Copy)]
pub(crate) struct Reading {
    pub(crate) table: &'static str,
    pub(crate) row: Uuid,
}

impl Reading {
    /// The error that names `column`.
    pub(crate) fn inconsistent(self, column: &'static str) -> Error {
        Error::Inconsistency { table: self.table, column, row: self.row }
    }

    /// A text of a closed vocabulary.
    pub(crate) fn text<T: FromStr>(self, column: &'static str, value: &str) -> Result<T, Error> {
        value.parse().map_err(|_| self.inconsistent(column))
    }

    /// An instant.
    pub(crate) fn instant(self, column: &'static str, value: i64) -> Result<Timestamp, Error> {
        Timestamp::from_millisecond(value).map_err(|_| self.inconsistent(column))
    }

    /// An instant that may be absent.
    pub(crate) fn instant_or_none(
        self,
        column: &'static str,
        value: Option<i64>,
    ) -> Result<Option<Timestamp>, Error> {
        value.map(|value| self.instant(column, value)).transpose()
    }

    /// JSON of a known shape.
    pub(crate) fn json<T: serde::de::DeserializeOwned>(
        self,
        column: &'static str,
        value: serde_json::Value,
    ) -> Result<T, Error> {
        serde_json::from_value(value).map_err(|_| self.inconsistent(column))
    }

    /// A SHA-256.
    pub(crate) fn hash(self, column: &'static str, value: Vec<u8>) -> Result<[u8; 32], Error> {
        value.try_into().map_err(|_| self.inconsistent(column))
    }
}
