//! The body of every refusal (contract §12).

use bonafide_domain::validation::Violation;
use serde::Serialize;
use utoipa::ToSchema;

/// What went wrong, without personal data. The members of RFC 9457 that the contract names, as
/// `application/json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    /// The status in words.
    #[schema(examples("Bad Request"))]
    pub title: String,
    /// The HTTP status.
    #[schema(examples(400))]
    pub status: u16,
    /// What is wrong and what to do.
    #[schema(examples("the request has invalid fields"))]
    pub detail: String,
    /// Each field that is wrong; only with status 400.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub errors: Vec<FieldError>,
}

/// One field that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// Its path in the body.
    #[schema(examples("workflowDefinition.key"))]
    pub field: String,
    /// What is wrong with it. Never repeats the value.
    #[schema(examples("is required"))]
    pub reason: String,
}

impl From<Violation> for FieldError {
    fn from(violation: Violation) -> Self {
        Self { field: violation.field, reason: violation.reason }
    }
}
