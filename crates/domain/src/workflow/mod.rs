//! Workflows: the catalogue of what each key asks for and runs, and the planner that carries it out.

mod catalogue;
mod planner;

pub use catalogue::{
    Needs, Node, Prerequisite, Slot, Source, WorkflowDefinition, WorkflowKey, definition,
    definitions,
};
pub use planner::{KnownRun, Plan, PlannedRun, Subject, plan};
