//! How bad input is described: which field, and why.

/// A text that is none of a closed vocabulary. Does not repeat the text, which may be anything.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a known {kind}")]
pub struct UnknownText {
    /// The name of the vocabulary.
    pub kind: &'static str,
}

/// One thing that is wrong with a request.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Violation {
    /// Path of the field in the body, such as `workflowDefinition.key`.
    pub field: String,
    /// What is wrong and what would be right. Never repeats the value.
    pub reason: String,
}

impl Violation {
    /// A violation of `field`.
    pub fn new(field: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { field: field.into(), reason: reason.into() }
    }
}
