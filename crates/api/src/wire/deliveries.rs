//! The log of deliveries (ours).

use bonafide_domain::callback::{Attempt, Callback, CallbackState};
use bonafide_domain::event::EventStatus;
use bonafide_domain::id::CallbackId;
use bonafide_engine::DeliveryLog;
use serde::Serialize;
use utoipa::ToSchema;

use super::{AccountReference, ExecutionReference, Timestamp, vocabulary};

/// A page of callbacks.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeliveryLogBody {
    /// The callbacks, newest first.
    pub callbacks: Vec<Delivery>,
    /// `before` of the next page; absent when there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Uuid)]
    pub next: Option<CallbackId>,
}

/// A callback and what became of it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Delivery {
    /// Its id: `webhook-id`.
    #[schema(value_type = String, format = Uuid)]
    pub id: CallbackId,
    /// The event's place among those of the account: `bonafide-sequence`.
    pub sequence: i64,
    /// Where it goes.
    pub url: String,
    /// What it tells.
    #[schema(schema_with = vocabulary::event_status)]
    pub status: EventStatus,
    /// Where it stands.
    #[schema(schema_with = vocabulary::callback_state)]
    pub state: CallbackState,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was delivered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivered_at: Option<Timestamp>,
    /// The account.
    pub account: AccountReference,
    /// The execution.
    pub workflow_execution: ExecutionReference,
    /// The attempts, first to last.
    pub attempts: Vec<DeliveryAttempt>,
}

/// One attempt.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveryAttempt {
    /// Its number, from 1.
    pub attempt: i32,
    /// When it ended.
    pub at: Timestamp,
    /// The status of the receiver, or why there was none.
    #[schema(examples("503", "no answer in time"))]
    pub outcome: String,
}

impl From<DeliveryLog> for DeliveryLogBody {
    fn from(log: DeliveryLog) -> Self {
        let last = log.callbacks.last().map(|(callback, _)| callback.id);
        Self {
            next: last.filter(|_| log.has_more),
            callbacks: log.callbacks.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<(Callback, Vec<Attempt>)> for Delivery {
    fn from((callback, attempts): (Callback, Vec<Attempt>)) -> Self {
        Self {
            id: callback.id,
            sequence: callback.sequence,
            url: callback.url,
            status: callback.status,
            state: callback.state,
            created_at: callback.created_at.into(),
            delivered_at: callback.delivered_at.map(Into::into),
            account: AccountReference { id: callback.account_id },
            workflow_execution: ExecutionReference { id: callback.execution_id },
            attempts: attempts
                .into_iter()
                .map(|Attempt { attempt, at, outcome }| DeliveryAttempt {
                    attempt,
                    at: at.into(),
                    outcome,
                })
                .collect(),
        }
    }
}
