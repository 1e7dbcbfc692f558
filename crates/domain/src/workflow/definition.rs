//! What a row of the catalogue says.

use super::key::WorkflowKey;
use crate::credential::{Category, Channel, Classifier};
use crate::decision::Capability;

/// What one workflow asks for and runs.
#[derive(Debug)]
pub struct WorkflowDefinition {
    /// Its key.
    pub key: WorkflowKey,
    /// Its name.
    pub name: &'static str,
    /// Whether `POST /accounts` takes it; `PUT /accounts/{id}` takes them all.
    pub creates: bool,
    /// What must hold before it starts.
    pub prerequisites: &'static [Prerequisite],
    /// The credentials that it needs, all of which are stored.
    pub credentials: &'static [Slot],
    /// The request's credentials choose the pair out of `credentials`' categories (key 20).
    pub chosen_pair: bool,
    /// Its capability graph, predecessors first.
    pub capabilities: &'static [Node],
}

/// What must hold before a workflow starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prerequisite {
    /// The tenant has identity verification.
    IdentityVerification,
    /// The tenant has screening.
    Screening,
    /// The tenant may keep facemaps on its premises.
    FacemapOnPremise,
    /// The end user's consent to biometric processing, given for this journey.
    DirectConsent,
    /// The same, but an earlier one of the account does for three years (contract §13).
    ContinuousConsent,
    /// A verified ID on the account, named by its credential id.
    IdOnFile,
    /// A facemap on the account.
    FacemapOnFile,
    /// `userReference` in the request.
    UserReference,
}

/// A credential that a workflow needs.
#[derive(Debug, Clone, Copy)]
pub struct Slot {
    /// What it is.
    pub category: Category,
    /// Where it comes from.
    pub source: Source,
    /// The channels that it is captured through.
    pub channels: &'static [Channel],
    /// The parts that may be uploaded over the API; the first is the one that must be there.
    pub classifiers: &'static [Classifier],
}

/// Where a credential comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// It is captured now.
    Captured,
    /// It is on the account already and is named by its id.
    OnFile,
    /// The customer brings a stored copy of it (key 16).
    Brought,
}

/// One capability of a workflow.
#[derive(Debug, Clone, Copy)]
pub struct Node {
    /// The capability.
    pub capability: Capability,
    /// Its direct predecessors in this workflow.
    pub after: &'static [Capability],
    /// The credentials that it consumes: their predecessors' decisions are its preconditions.
    pub needs: Needs,
    /// The categories that its result lists, beyond what it needs.
    pub also_lists: &'static [Category],
}

/// Which credentials a capability consumes.
#[derive(Debug, Clone, Copy)]
pub enum Needs {
    /// Each credential of the execution by itself; one run for each.
    Each,
    /// Each credential of this category by itself; one run for each.
    EachOf(Category),
    /// All credentials of these categories together.
    All(&'static [Category]),
    /// Those of these categories that were captured, at least one: the facemap of an API-only
    /// journey cannot be captured, and liveness then looks at the selfie (contract §4.1).
    Captured(&'static [Category]),
}

impl Node {
    /// Whether it consumes credentials of this category.
    pub fn looks_at(&self, category: Category) -> bool {
        match self.needs {
            Needs::Each => true,
            Needs::EachOf(own) => own == category,
            Needs::All(own) | Needs::Captured(own) => own.contains(&category),
        }
    }
}

impl WorkflowDefinition {
    /// Whether `prerequisite` is asked for.
    pub fn requires(&self, prerequisite: Prerequisite) -> bool {
        self.prerequisites.contains(&prerequisite)
    }

    /// Whether it processes biometrics and so needs the end user's consent, of either kind.
    pub fn needs_consent(&self) -> bool {
        self.requires(Prerequisite::DirectConsent) || self.requires(Prerequisite::ContinuousConsent)
    }

    /// Whether `capability` is part of it.
    pub fn has(&self, capability: Capability) -> bool {
        self.capabilities.iter().any(|node| node.capability == capability)
    }

    /// Whether a request may link a credential on file into a slot, by its id, instead of having it
    /// captured (contract §3.3). Not a face whose liveness is asked about: a stored picture proves
    /// nobody's presence.
    pub fn may_link(&self, slot: &Slot) -> bool {
        let asks_presence = [Capability::Liveness, Capability::Authentication]
            .into_iter()
            .any(|capability| self.has(capability));
        match slot.source {
            Source::OnFile => true,
            Source::Brought => false,
            Source::Captured => match slot.category {
                Category::Id | Category::Document => true,
                Category::Selfie => !asks_presence,
                Category::Facemap | Category::Data => false,
            },
        }
    }

    /// The slots of an execution, given the categories that the request listed. Listing narrows
    /// nothing away (contract §3.3); only key 20 takes its pair from the list.
    pub fn slots(&self, requested: &[Category]) -> Option<Vec<Slot>> {
        if !self.chosen_pair || requested.is_empty() {
            return Some(self.credentials.to_vec());
        }
        if requested.len() != 2 {
            return None;
        }
        requested
            .iter()
            .map(|category| {
                self.credentials.iter().find(|slot| slot.category == *category).copied()
            })
            .collect()
    }
}
