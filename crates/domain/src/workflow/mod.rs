//! Workflows: the catalogue of what each key asks for and runs, and the planner that carries it out.

mod catalogue;
mod definition;
mod key;
mod planner;
mod steps;
mod verified;

pub use catalogue::{definition, definitions};
pub use definition::{Needs, Node, Prerequisite, Slot, Source, WorkflowDefinition};
pub use key::WorkflowKey;
pub use planner::{KnownRun, Plan, PlannedRun, Subject, plan};
pub use steps::Step;
pub use verified::is_verified_id;
