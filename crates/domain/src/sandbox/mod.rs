//! The sandbox: a tenant in which nothing is judged and everything happens as it was told, so that
//! an integrator can test every branch (docs/SANDBOX.md).
//!
//! What is to happen stands as JSON in `customerInternalReference`, as in the API's own mock mode
//! (contract §16). The text is read anew from the execution's row whenever it matters, so there is
//! nothing beside the row that could disagree with it.

mod fields;
mod read;
mod rehearsal;
mod schema;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Map, Value};

pub use self::fields::{EXTRACTION_FIELDS, Shape};
pub use self::rehearsal::rehearse;
pub use self::schema::schema;
use crate::credential::Category;
use crate::decision::{Capability, Decision, DecisionType, Label, labels};
use crate::execution::ExecutionStatus;
use crate::id::TenantId;
use crate::tenant::{Tenant, TenantMode};

/// The longest `customerInternalReference` of a sandbox tenant, in characters.
pub const MAX_REFERENCE: usize = 4096;
/// The longest delay that may be told: a day.
pub const MAX_DELAY: Duration = Duration::from_hours(24);
/// The most deliveries of a callback that may be told to fail.
pub const MAX_FAILURES: u32 = 20;

/// The proof that a tenant is a sandbox. Whatever makes a result without judging asks for it, so
/// that no such result can be made for a tenant whose executions are worth something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sandbox {
    tenant_id: TenantId,
}

impl Sandbox {
    /// The proof, if the tenant is a sandbox. There is no other way to one.
    pub fn of(tenant: &Tenant) -> Option<Self> {
        (tenant.mode == TenantMode::Sandbox).then_some(Self { tenant_id: tenant.id })
    }

    /// The tenant that it holds for.
    pub fn tenant_id(self) -> TenantId {
        self.tenant_id
    }
}

/// What an execution of a sandbox is to do. The default: everything passes, with drawn data, at once.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Instruction {
    decisions: BTreeMap<(Capability, Option<Category>), Decision>,
    /// Fields of `extraction.data` to set; one that is null is left out.
    pub extraction: Map<String, Value>,
    /// How the execution ends by itself: `PROCESSED` plays the end user. None waits for uploads and
    /// finalize, as in a live tenant.
    pub status: Option<ExecutionStatus>,
    /// How long judging takes; with `status`, how long until the execution ends.
    pub delay: Duration,
    /// How many deliveries of its callback count as failed, whatever was answered.
    pub callback_failures: u32,
    /// Chooses the drawn data; none given, the text of the instruction does.
    pub seed: Option<u64>,
}

impl Instruction {
    /// The decision of a capability on credentials of these categories: the one that was told, else
    /// the one that passes.
    pub fn decision(&self, capability: Capability, categories: &[Category]) -> Decision {
        let own = match categories {
            [category] => self.decisions.get(&(capability, Some(*category))),
            _ => None,
        };
        let told = own.or_else(|| self.decisions.get(&(capability, None)));
        told.copied().unwrap_or_else(|| passed(capability))
    }

    /// Whether nothing is judged because time runs out before.
    pub fn expires(&self) -> bool {
        self.status.is_some_and(ExecutionStatus::has_expired)
    }
}

/// The decision that passes.
fn passed(capability: Capability) -> Decision {
    labels(capability, DecisionType::Passed)
        .first()
        .and_then(|label| Decision::new(capability, DecisionType::Passed, *label).ok())
        .expect("contract §7.3 lets every capability pass")
}

/// The decision that a label stands for: within one capability a label has one type.
fn decision_of(capability: Capability, label: Label) -> Option<Decision> {
    DecisionType::ALL.iter().find_map(|kind| Decision::new(capability, *kind, label).ok())
}

/// Every label of a capability, in the order of the decision types.
fn all_labels(capability: Capability) -> Vec<Label> {
    let mut all: Vec<Label> = Vec::new();
    for label in DecisionType::ALL.iter().flat_map(|kind| labels(capability, *kind)) {
        if !all.contains(label) {
            all.push(*label);
        }
    }
    all
}
