//! The query of a list.

use axum::extract::rejection::QueryRejection;
use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use bonafide_domain::execution::{Filter, PageStart};
use bonafide_domain::validation::Violation;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::error::ApiError;
use crate::wire::read_cursor;

/// As many as a page has when nothing else is asked for, and at most.
const DEFAULT_LIMIT: u16 = 20;
const MAX_LIMIT: u16 = 100;

/// Which executions are wanted, and which page of them.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ListQuery {
    /// Only those in this status.
    #[param(required = false, example = "PROCESSED")]
    status: Option<String>,
    /// Only those of this workflow.
    #[param(required = false, example = "2")]
    definition_key: Option<String>,
    /// Only those with this reference.
    #[param(required = false, max_length = 4096, example = "order-17")]
    customer_internal_reference: Option<String>,
    /// Only those with this end user.
    #[param(required = false, max_length = 100, example = "u-17")]
    user_reference: Option<String>,
    /// Only those made at this time or later.
    #[param(required = false, format = DateTime, example = "2026-06-01T00:00:00Z")]
    created_from: Option<String>,
    /// Only those made before this time.
    #[param(required = false, format = DateTime, example = "2026-07-01T00:00:00Z")]
    created_before: Option<String>,
    /// At most so many: 1 to 100, 20 by default.
    #[param(required = false, minimum = 1, maximum = 100, value_type = u16, example = 20)]
    limit: Option<String>,
    /// The `nextCursor` of the page before.
    #[param(required = false)]
    cursor: Option<String>,
}

/// A list's query, understood.
pub(crate) struct Listing {
    pub(crate) filter: Filter,
    pub(crate) after: Option<PageStart>,
    pub(crate) limit: u16,
}

impl<S: Send + Sync> FromRequestParts<S> for Listing {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let query: Result<Query<ListQuery>, QueryRejection> =
            Query::from_request_parts(parts, state).await;
        let Query(query) =
            query.map_err(|_| ApiError::invalid("Send each query parameter once, in UTF-8."))?;
        Self::parse(query).map_err(ApiError::violations)
    }
}

impl Listing {
    fn parse(query: ListQuery) -> Result<Self, Vec<Violation>> {
        let mut violations = Vec::new();
        let refused = &mut violations;
        let listing = Self {
            filter: Filter {
                status: word("status", query.status, "is not a status", refused),
                key: word("definitionKey", query.definition_key, "is not a workflow", refused),
                customer_internal_reference: query.customer_internal_reference,
                user_reference: query.user_reference,
                created_from: word("createdFrom", query.created_from, TIME, refused),
                created_before: word("createdBefore", query.created_before, TIME, refused),
            },
            after: query.cursor.and_then(|cursor| {
                let start = read_cursor(&cursor);
                if start.is_none() {
                    refused.push(Violation::new("cursor", "is not a nextCursor of this list"));
                }
                start
            }),
            limit: word("limit", query.limit, LIMIT, refused).unwrap_or(DEFAULT_LIMIT),
        };
        if !(1..=MAX_LIMIT).contains(&listing.limit) {
            violations.push(Violation::new("limit", LIMIT));
        }
        if violations.is_empty() { Ok(listing) } else { Err(violations) }
    }
}

const TIME: &str = "must be an RFC 3339 time such as 2026-01-31T12:00:00Z";
const LIMIT: &str = "must be a number from 1 to 100";

fn word<T: std::str::FromStr>(
    name: &str,
    value: Option<String>,
    reason: &str,
    violations: &mut Vec<Violation>,
) -> Option<T> {
    let parsed = value?.parse().ok();
    if parsed.is_none() {
        violations.push(Violation::new(name, reason));
    }
    parsed
}
