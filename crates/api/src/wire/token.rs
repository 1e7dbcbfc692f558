//! The token endpoint's bodies (contract §2, RFC 6749 §4.4 and §5).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The form that asks for an access token.
#[derive(Deserialize, ToSchema)]
pub struct TokenRequest {
    /// Must be `client_credentials`.
    #[schema(required, examples("client_credentials"))]
    pub grant_type: Option<String>,
    /// The client, when it does not send HTTP Basic.
    pub client_id: Option<String>,
    /// The client's secret, when it does not send HTTP Basic.
    #[schema(format = Password)]
    pub client_secret: Option<String>,
}

/// An access token.
#[derive(Serialize, ToSchema)]
pub struct TokenBody {
    /// The token; opaque.
    pub access_token: String,
    /// Seconds that it lives.
    #[schema(examples(3600))]
    pub expires_in: i64,
    /// Always `Bearer`.
    #[schema(examples("Bearer"))]
    pub token_type: &'static str,
}

/// A refusal of the token endpoint (RFC 6749 §5.2).
#[derive(Debug, Serialize, ToSchema)]
pub struct TokenProblem {
    /// The code of RFC 6749.
    #[schema(examples("invalid_client"))]
    pub error: &'static str,
    /// What is wrong and what to do.
    pub error_description: String,
}
