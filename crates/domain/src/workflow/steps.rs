//! Steps: the capabilities of a platform workflow in the groups that `steps` shows (contract §7.5).

use super::definition::WorkflowDefinition;
use crate::decision::Capability;
use crate::wire_enum::wire_enum;

wire_enum! {
    /// `name` of a step.
    pub enum Step {
        /// The ID and the person before the camera.
        IdAndIdentity = "ID_IV",
        /// Lists of names.
        Screening = "SCREENING",
        /// The person again.
        Authentication = "AUTHENTICATION",
    }
}

impl Step {
    /// The step that a capability belongs to: usability goes with what it prepares.
    pub fn of(definition: &WorkflowDefinition, capability: Capability) -> Self {
        if capability == Capability::WatchlistScreening {
            Self::Screening
        } else if definition.has(Capability::Authentication) {
            Self::Authentication
        } else {
            Self::IdAndIdentity
        }
    }
}
