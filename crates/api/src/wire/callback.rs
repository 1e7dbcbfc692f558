//! What the server posts when an execution ends (contract §8). The engine builds and sends it; this
//! is its description.

use bonafide_domain::event::EventStatus;
use bonafide_domain::id::ExecutionId;
use bonafide_domain::workflow::WorkflowKey;
use serde::Serialize;
use utoipa::ToSchema;

use super::status::AccountLink;
use super::{Timestamp, vocabulary};

/// Says that an execution has ended, and where its result is. Holds no personal data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CallbackBody {
    /// When it was sent.
    pub callback_sent_at: Timestamp,
    /// The customer's own name for the end user, when it was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_reference: Option<String>,
    /// The execution.
    pub workflow_execution: CallbackExecution,
    /// Its account.
    pub account: AccountLink,
}

/// The execution and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CallbackExecution {
    /// Its id.
    #[schema(value_type = String, format = Uuid)]
    pub id: ExecutionId,
    /// Where its result is.
    #[schema(format = "uri")]
    pub href: String,
    /// Its workflow.
    #[schema(schema_with = vocabulary::definition_key)]
    pub definition_key: WorkflowKey,
    /// `PROCESSED`, `SESSION_EXPIRED` or `TOKEN_EXPIRED`; for tenants that ask for it, how far the
    /// acquisition is.
    #[schema(schema_with = vocabulary::event_status)]
    pub status: EventStatus,
}
