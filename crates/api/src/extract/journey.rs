//! The holder of a token of one execution.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use bonafide_domain::token::Authorization;
use bonafide_engine::Journey;

use super::authorization::{authorization, require_user_agent};
use crate::Api;
use crate::error::ApiError;
use crate::rates::Rated;

/// Whoever calls with the `api.token` of an execution (contract §4).
pub(crate) struct TokenHolder(pub(crate) Journey);

impl FromRequestParts<Api> for TokenHolder {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, ApiError> {
        let Authorization::Bearer(token) = authorization(&parts.headers)? else {
            return Err(ApiError::unauthenticated(
                "Send the `api.token` of the workflow execution as bearer token.",
            ));
        };
        let journey = api.engine.authenticate_transaction(token).await?;
        api.rates.check(Rated::Acquire, journey.tenant.id)?;
        require_user_agent(&parts.headers)?;
        Ok(Self(journey))
    }
}

/// Whoever calls with the `sdk.token` of an execution, or the token of its `web.href`.
pub(crate) struct EndUser(pub(crate) Journey);

impl FromRequestParts<Api> for EndUser {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, ApiError> {
        let Authorization::Bearer(token) = authorization(&parts.headers)? else {
            return Err(ApiError::unauthenticated(
                "Send the `sdk.token` of the workflow execution, or the token of its `web.href`, as \
                 bearer token.",
            ));
        };
        let journey = api.engine.authenticate_end_user(token).await?;
        api.rates.check(Rated::Acquire, journey.tenant.id)?;
        require_user_agent(&parts.headers)?;
        Ok(Self(journey))
    }
}
