//! Where executions stand (contract §7.1).

use bonafide_domain::execution::{Execution, ExecutionStatus};
use bonafide_domain::id::{AccountId, ExecutionId};
use bonafide_domain::workflow::WorkflowKey;
use bonafide_engine::PublicUrls;
use serde::Serialize;
use utoipa::ToSchema;

use super::{AccountReference, vocabulary};

/// Where an execution stands.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatusBody {
    /// Its account.
    pub account: AccountLink,
    /// The execution.
    pub workflow_execution: ExecutionLink,
}

/// An account and its executions (ours; the contract links here without a description).
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccountBody {
    /// The account.
    pub account: AccountReference,
    /// Its executions, oldest first.
    pub workflow_executions: Vec<ExecutionLink>,
}

/// An account and where it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AccountLink {
    /// Its id.
    #[schema(value_type = String, format = Uuid)]
    pub id: AccountId,
    /// Where it is.
    #[schema(format = "uri")]
    pub href: String,
}

/// An execution, where it is and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExecutionLink {
    /// Its id.
    #[schema(value_type = String, format = Uuid)]
    pub id: ExecutionId,
    /// Where it is.
    #[schema(format = "uri")]
    pub href: String,
    /// Its workflow.
    #[schema(schema_with = vocabulary::definition_key)]
    pub definition_key: WorkflowKey,
    /// Where it stands.
    #[schema(schema_with = vocabulary::execution_status)]
    pub status: ExecutionStatus,
}

impl StatusBody {
    /// The status of `execution`.
    pub fn new(execution: &Execution, urls: &PublicUrls) -> Self {
        let account = execution.account_id;
        Self {
            account: AccountLink { id: account, href: urls.account(account) },
            workflow_execution: ExecutionLink::new(execution, urls),
        }
    }
}

impl AccountBody {
    /// The account `id` with `executions`.
    pub fn new(id: AccountId, executions: &[Execution], urls: &PublicUrls) -> Self {
        Self {
            account: AccountReference { id },
            workflow_executions: executions
                .iter()
                .map(|execution| ExecutionLink::new(execution, urls))
                .collect(),
        }
    }
}

impl ExecutionLink {
    /// The link to `execution`.
    pub fn new(execution: &Execution, urls: &PublicUrls) -> Self {
        Self {
            id: execution.id,
            href: urls.execution(execution.account_id, execution.id),
            definition_key: execution.key,
            status: execution.status,
        }
    }
}
