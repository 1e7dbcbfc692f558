//! `Idempotency-Key`, on every call that changes something.

use axum::extract::FromRequestParts;
use axum::http::HeaderName;
use axum::http::request::Parts;
use bonafide_domain::idempotency::IdempotencyKey;
use bonafide_engine::Once;
use utoipa::IntoParams;

use crate::error::ApiError;

const HEADER: HeaderName = HeaderName::from_static("idempotency-key");

/// The request's key, if it has one, and where the request goes.
pub(crate) struct Repeatable {
    key: Option<IdempotencyKey>,
    path: String,
}

impl Repeatable {
    /// The key.
    pub(crate) fn key(&self) -> Option<&IdempotencyKey> {
        self.key.as_ref()
    }

    /// The request to do `operation` with `content`, under the key.
    pub(crate) fn once(&self, operation: &str, content: &[u8]) -> Option<Once> {
        self.key.as_ref().map(|key| Once::new(key, operation, &self.path, content))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Repeatable {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let mut values = parts.headers.get_all(HEADER).iter();
        let first = values.next();
        if values.next().is_some() {
            return Err(ApiError::invalid("Send one Idempotency-Key header, not several."));
        }
        let key = first
            .map(|value| value.to_str().unwrap_or_default())
            .map(IdempotencyKey::parse)
            .transpose()
            .map_err(|_| {
                ApiError::invalid(
                    "The Idempotency-Key must have 1 to 255 visible ASCII characters.",
                )
            })?;
        // The same place in every spelling that is served.
        let path = parts.uri.path().trim_end_matches('/').to_ascii_lowercase();
        Ok(Self { key, path })
    }
}

/// The header, for the description.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "describes the header; `Repeatable` reads it")]
pub(crate) struct IdempotencyHeader {
    /// The client's name for this request, 1 to 255 visible ASCII characters. Sent again with the same
    /// content it has the same answer and no second effect; with other content it is refused with 409.
    /// Kept for 24 hours unless the operator says otherwise.
    #[param(rename = "Idempotency-Key", min_length = 1, max_length = 255)]
    idempotency_key: Option<String>,
}
