//! The answers to an upload and to a finalize (contract §4.4, §5).

use bonafide_domain::id::{AccountId, ExecutionId};
use bonafide_engine as engine;
use bonafide_engine::{Journey, PublicUrls};
use serde::Serialize;
use utoipa::ToSchema;

use super::{AccountReference, ApiBlock, ExecutionReference, Timestamp};

/// A part was taken.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Uploaded {
    /// When it was taken.
    pub timestamp: Timestamp,
    /// The account.
    pub account: AccountReference,
    /// The execution.
    pub workflow_execution: ExecutionReference,
    /// The credential's uploads again; parts that are there already may be replaced.
    pub api: ApiBlock,
}

/// Acquisition has ended.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Finalized {
    /// When it ended.
    pub timestamp: Timestamp,
    /// The account.
    pub account: AccountReference,
    /// The execution.
    pub workflow_execution: ExecutionReference,
}

impl Uploaded {
    /// The answer to the holder of `journey`.
    pub fn new(uploaded: &engine::Uploaded, journey: &Journey, urls: &PublicUrls) -> Self {
        let execution = journey.execution_id;
        Self {
            timestamp: uploaded.at.into(),
            account: AccountReference { id: uploaded.member.credential.account_id },
            workflow_execution: ExecutionReference { id: execution },
            api: ApiBlock::new(journey.token.expose(), execution, &uploaded.member, urls),
        }
    }
}

impl Finalized {
    /// The answer.
    pub fn new(at: jiff::Timestamp, account: AccountId, execution: ExecutionId) -> Self {
        Self {
            timestamp: at.into(),
            account: AccountReference { id: account },
            workflow_execution: ExecutionReference { id: execution },
        }
    }
}
