//! A tenant's API client.

use axum::extract::FromRequestParts;
use axum::http::Method;
use axum::http::request::Parts;
use bonafide_domain::token::Authorization;
use bonafide_engine::Caller;

use super::authorization::{authorization, basic_credentials, require_user_agent};
use crate::Api;
use crate::error::ApiError;
use crate::rates::Rated;

/// Whoever calls with an access token or with HTTP Basic (contract §2).
pub(crate) struct Client(pub(crate) Caller);

impl FromRequestParts<Api> for Client {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, ApiError> {
        let caller = match authorization(&parts.headers)? {
            Authorization::Bearer(token) => api.engine.authenticate_bearer(token).await?,
            Authorization::Basic(encoded) => {
                let (client_id, secret) = basic_credentials(encoded).ok_or_else(|| {
                    ApiError::unauthenticated("The Basic credentials cannot be decoded.")
                })?;
                api.engine.authenticate_basic(&client_id, &secret).await?
            }
        };
        let rate = match parts.method {
            Method::GET | Method::HEAD | Method::DELETE => Rated::Retrieve,
            _ => Rated::Initiate,
        };
        api.rates.check(rate, caller.tenant.id)?;
        require_user_agent(&parts.headers)?;
        Ok(Self(caller))
    }
}
