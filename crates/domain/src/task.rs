//! Tasks: durable work that a worker picks up. They carry ids, never personal data (design §3).

use serde::{Deserialize, Serialize};

use crate::chore::Chore;
use crate::id::{CallbackId, ExecutionId, RunId, TenantId};
use crate::wire_enum::wire_enum;

/// One piece of durable work. May be carried out twice and must be harmless when it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Task {
    /// Plan the next runs of an execution, or end it.
    Advance {
        /// Its owner.
        tenant_id: TenantId,
        /// The execution.
        execution_id: ExecutionId,
    },
    /// Let a capability judge.
    Run {
        /// Its owner.
        tenant_id: TenantId,
        /// The run.
        run_id: RunId,
    },
    /// Make the next attempt to deliver a callback.
    DeliverCallback {
        /// Its owner.
        tenant_id: TenantId,
        /// The callback.
        callback_id: CallbackId,
    },
    /// Look again at a search that the other provider monitors.
    ReadSearchAgain {
        /// Its owner.
        tenant_id: TenantId,
        /// The search's number.
        search: i64,
    },
    /// Tell a customer that the hits of a monitored search have changed.
    TellSearchChange {
        /// Its owner.
        tenant_id: TenantId,
        /// The search's number.
        search: i64,
        /// The step that says what changed.
        position: i32,
    },
    /// Play the end user of a sandbox's execution.
    Play {
        /// Its owner.
        tenant_id: TenantId,
        /// The execution.
        execution_id: ExecutionId,
    },
    /// End an unfinished execution if its time has run out.
    Expire {
        /// Its owner.
        tenant_id: TenantId,
        /// The execution.
        execution_id: ExecutionId,
    },
    /// Do a chore, and set the timer of its next turn.
    Chore {
        /// Which one.
        chore: Chore,
        /// The turn that this is.
        turn: i64,
    },
}

wire_enum! {
    /// Which workers a task waits for, so that slow work of one kind does not hold up another.
    pub enum Lane {
        /// Short database work.
        Control = "control",
        /// Judging: a core each.
        Compute = "compute",
        /// Waiting for customers' servers.
        Delivery = "delivery",
    }
}

impl Task {
    /// The lane that it runs in.
    pub fn lane(&self) -> Lane {
        match self {
            Self::Advance { .. } | Self::Play { .. } | Self::Expire { .. } | Self::Chore { .. } => {
                Lane::Control
            }
            Self::Run { .. } => Lane::Compute,
            Self::DeliverCallback { .. }
            | Self::ReadSearchAgain { .. }
            | Self::TellSearchChange { .. } => Lane::Delivery,
        }
    }

    /// The name for logs and metrics.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Advance { .. } => "advance",
            Self::Run { .. } => "run",
            Self::DeliverCallback { .. } => "deliver_callback",
            Self::ReadSearchAgain { .. } => "read_search_again",
            Self::TellSearchChange { .. } => "tell_search_change",
            Self::Play { .. } => "play",
            Self::Expire { .. } => "expire",
            Self::Chore { .. } => "chore",
        }
    }
}
