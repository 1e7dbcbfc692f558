//! What a use case can answer instead of a result: free of HTTP, in two halves. `detail` is for the
//! caller, `source` for the log.

use bonafide_domain::validation::Violation;

/// Why a use case refused or failed.
#[derive(Debug, thiserror::Error)]
#[error("{detail}")]
pub struct Error {
    /// What kind of refusal it is.
    pub kind: Kind,
    /// What the caller is told: what is wrong and what to do. No personal data.
    pub detail: String,
    /// The fields that are wrong, if the request's fields were.
    pub violations: Vec<Violation>,
    /// What happened inside; for the log.
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// Kinds of refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The request is wrong.
    Invalid,
    /// Nobody, or somebody whose credentials are wrong or have expired.
    Unauthenticated,
    /// Somebody who may not.
    Forbidden,
    /// Not there, deleted, or another tenant's.
    NotFound,
    /// In the way of something else.
    Conflict,
    /// More bytes than are taken.
    TooLarge,
    /// A kind of content that is not taken.
    UnsupportedMedia,
    /// Cannot be done now; trying again helps.
    Unavailable,
    /// Our fault.
    Internal,
}

impl Error {
    /// A refusal that says why.
    pub fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), violations: Vec::new(), source: None }
    }

    /// A request whose fields are wrong.
    pub fn violations(violations: Vec<Violation>) -> Self {
        Self {
            violations,
            ..Self::new(Kind::Invalid, "The request is not valid; see `errors` for each field.")
        }
    }

    /// One field is wrong.
    pub fn field(field: &str, reason: &str) -> Self {
        Self::violations(vec![Violation::new(field, reason)])
    }

    pub(crate) fn not_found(what: &str) -> Self {
        Self::new(Kind::NotFound, format!("There is no such {what}."))
    }

    pub(crate) fn forbidden(detail: &str) -> Self {
        Self::new(Kind::Forbidden, detail)
    }

    pub(crate) fn internal(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self {
            source: Some(source.into()),
            ..Self::new(Kind::Internal, "The server failed; the operator's log says why.")
        }
    }
}

impl From<bonafide_store::Error> for Error {
    fn from(error: bonafide_store::Error) -> Self {
        match error {
            bonafide_store::Error::Unavailable { .. } => Self {
                source: Some(Box::new(error)),
                ..Self::new(Kind::Unavailable, "The database does not answer; try again shortly.")
            },
            other => Self::internal(other),
        }
    }
}

impl From<bonafide_vault::Error> for Error {
    fn from(error: bonafide_vault::Error) -> Self {
        Self::internal(error)
    }
}
