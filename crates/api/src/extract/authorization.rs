//! The headers that say who asks.

use axum::http::{HeaderMap, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bonafide_domain::token::Authorization;

use crate::error::ApiError;

/// The one `Authorization` header, understood.
pub(super) fn authorization(headers: &HeaderMap) -> Result<Authorization<'_>, ApiError> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let value = values.next().ok_or_else(|| {
        ApiError::unauthenticated("Send an Authorization header with a bearer token.")
    })?;
    value
        .to_str()
        .ok()
        .filter(|_| values.next().is_none())
        .and_then(Authorization::parse)
        .ok_or_else(|| {
            ApiError::unauthenticated(
                "The Authorization header is not understood; send `Bearer` and the token.",
            )
        })
}

/// Client id and secret out of the encoded half of a Basic header (RFC 7617).
pub(crate) fn basic_credentials(encoded: &str) -> Option<(String, String)> {
    let decoded = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
    let (client_id, secret) = decoded.split_once(':')?;
    Some((client_id.to_owned(), secret.to_owned()))
}

/// The contract wants to know who calls (§3.1): no `User-Agent`, no service. Looked at after the
/// authentication (§3.7).
pub(super) fn require_user_agent(headers: &HeaderMap) -> Result<(), ApiError> {
    let named = headers
        .get(header::USER_AGENT)
        .is_some_and(|value| !value.as_bytes().trim_ascii().is_empty());
    if named {
        Ok(())
    } else {
        Err(ApiError::new(
            StatusCode::FORBIDDEN,
            "Send a User-Agent header that names your company and application.",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_credentials_are_split_at_the_first_colon() {
        let encode = |text: &[u8]| STANDARD.encode(text);
        let both = |id: &str, secret: &str| Some((id.to_owned(), secret.to_owned()));
        assert_eq!(basic_credentials(&encode(b"id:secret")), both("id", "secret"));
        assert_eq!(basic_credentials(&encode(b"id:a:b")), both("id", "a:b"));
        assert_eq!(basic_credentials(&encode(b"no colon")), None);
        assert_eq!(basic_credentials(&encode(b"id:\xff")), None, "no UTF-8");
        assert_eq!(basic_credentials("!"), None, "no base64");
    }
}
