//! Query parameters, each understood or refused by its name.

use std::str::FromStr;

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use bonafide_domain::validation::Violation;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::IntoParams;

use crate::error::ApiError;

/// The parameters, as `T` names them.
pub(crate) struct Parameters<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Parameters<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        match Query::from_request_parts(parts, state).await {
            Ok(Query(parameters)) => Ok(Self(parameters)),
            Err(_) => Err(ApiError::invalid("Send each query parameter once, URL-encoded.")),
        }
    }
}

/// A page of the feed.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct FeedPage {
    /// `next` of the page before; absent: from the beginning.
    #[param(pattern = "^[0-9]{1,18}$")]
    pub(crate) after: Option<String>,
    /// At most so many events; 100 when absent.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 1000)]
    pub(crate) limit: Option<String>,
}

/// A page of the log of deliveries.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DeliveryPage {
    /// Only those that stand so: `PENDING`, `DELIVERED` or `DEAD`.
    #[param(example = "DEAD")]
    pub(crate) state: Option<String>,
    /// Only those of this execution.
    #[param(format = Uuid)]
    pub(crate) workflow_execution_id: Option<String>,
    /// `next` of the page before; absent: the newest.
    #[param(format = Uuid)]
    pub(crate) before: Option<String>,
    /// At most so many callbacks; 50 when absent.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100)]
    pub(crate) limit: Option<String>,
}

/// A page of searches.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct SearchesPage {
    /// Only those of this person.
    #[param(max_length = 255)]
    pub(crate) client_ref: Option<String>,
    /// Only those whose review stands so.
    #[param(example = "unknown")]
    pub(crate) match_status: Option<String>,
    /// Which page, from 1.
    #[param(value_type = Option<u32>, minimum = 1)]
    pub(crate) page: Option<String>,
    /// At most so many searches; 100 when absent.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100)]
    pub(crate) per_page: Option<String>,
}

/// A parameter's value; `rule` says what it must be.
pub(crate) fn value<T: FromStr>(
    name: &str,
    text: Option<&String>,
    rule: &str,
) -> Result<Option<T>, ApiError> {
    text.map(|text| text.parse())
        .transpose()
        .map_err(|_| ApiError::violations(vec![Violation::new(name, rule)]))
}

/// How many at most.
pub(crate) fn limit(text: Option<&String>, default: u32, most: u32) -> Result<u32, ApiError> {
    number("limit", text, default, most)
}

/// A number from 1 on.
pub(crate) fn number(
    name: &str,
    text: Option<&String>,
    default: u32,
    most: u32,
) -> Result<u32, ApiError> {
    let rule = format!("must be a number from 1 to {most}");
    let number = value(name, text, &rule)?.unwrap_or(default);
    if (1..=most).contains(&number) {
        Ok(number)
    } else {
        Err(ApiError::violations(vec![Violation::new(name, rule)]))
    }
}
