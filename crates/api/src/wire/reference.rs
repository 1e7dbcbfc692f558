//! The short forms of accounts and executions.

use bonafide_domain::id::{AccountId, ExecutionId};
use serde::Serialize;
use utoipa::ToSchema;

/// An account, by its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AccountReference {
    /// Its id.
    #[schema(value_type = String, format = Uuid)]
    pub id: AccountId,
}

/// A workflow execution, by its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ExecutionReference {
    /// Its id.
    #[schema(value_type = String, format = Uuid)]
    pub id: ExecutionId,
}
