//! The catalogue: one row for each workflow key (contract §6.1, with the readings of §15).
//!
//! Adding a workflow is adding a row. The words are the API's.

use crate::credential::{Category, Channel, Classifier};
use crate::decision::Capability;
use crate::wire_enum::wire_enum;

wire_enum! {
    /// `workflowDefinition.key`; always a string in answers (contract §3.2).
    pub enum WorkflowKey {
        IdCaptureAndStorage = "1",
        IdVerification = "2",
        IdAndIdentityVerification = "3",
        SimilarityToExistingId = "5",
        StandaloneLiveness = "6",
        Authentication = "9",
        AuthenticationOnPremise = "16",
        SimilarityOfTwoImages = "20",
        IdVerificationIdentityVerificationScreening = "32",
    }
}

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
    /// The end user's consent to biometric processing.
    BiometricConsent,
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

use Capability::{
    Authentication, DataChecks, Extraction, ImageChecks, Liveness, Similarity, Usability,
    WatchlistScreening,
};
use Category::{Facemap, Id, Selfie};
use Channel::{Api, Sdk, Web};
use Prerequisite::{
    BiometricConsent, FacemapOnFile, FacemapOnPremise, IdOnFile, IdentityVerification, Screening,
    UserReference,
};

const ID_ANY: Slot = captured(Id, &[Web, Api, Sdk], &[Classifier::Front, Classifier::Back]);
const ID_API: Slot = captured(Id, &[Api], &[Classifier::Front, Classifier::Back]);
const ID_ON_FILE: Slot =
    Slot { category: Id, source: Source::OnFile, channels: &[], classifiers: &[] };
const SELFIE_ANY: Slot = captured(Selfie, &[Web, Sdk, Api], &[Classifier::Face]);
const SELFIE_API: Slot = captured(Selfie, &[Api], &[Classifier::Face]);
const SELFIE_JOURNEY: Slot = captured(Selfie, &[Web, Sdk], &[]);
const FACEMAP_JOURNEY: Slot = captured(Facemap, &[Web, Sdk], &[]);
const FACEMAP_BROUGHT: Slot = Slot {
    category: Facemap,
    source: Source::Brought,
    channels: &[Api],
    classifiers: &[Classifier::Facemap],
};

const USABILITY: Node = node(Usability, &[], Needs::Each);
const IMAGE_CHECKS: Node =
    Node { also_lists: &[Selfie], ..node(ImageChecks, &[Usability], Needs::All(&[Id])) };
const EXTRACTION: Node = node(Extraction, &[ImageChecks], Needs::EachOf(Id));
const EXTRACTION_ALONE: Node = node(Extraction, &[Usability], Needs::EachOf(Id));
const DATA_CHECKS: Node = node(DataChecks, &[Extraction], Needs::All(&[Id]));
const LIVENESS: Node = node(Liveness, &[Usability], Needs::Captured(&[Selfie, Facemap]));
const SIMILARITY: Node = node(Similarity, &[Usability], Needs::All(&[Id, Selfie]));
const AUTHENTICATION: Node = node(Authentication, &[Usability], Needs::All(&[Selfie, Facemap]));
const SCREENING: Node = node(WatchlistScreening, &[Extraction], Needs::All(&[Id]));

static CATALOGUE: [WorkflowDefinition; 9] = [
    WorkflowDefinition {
        key: WorkflowKey::IdCaptureAndStorage,
        name: "ID Capture and Storage",
        creates: true,
        prerequisites: &[],
        credentials: &[ID_ANY],
        chosen_pair: false,
        capabilities: &[USABILITY, EXTRACTION_ALONE],
    },
    WorkflowDefinition {
        key: WorkflowKey::IdVerification,
        name: "ID Verification",
        creates: true,
        prerequisites: &[],
        credentials: &[ID_ANY],
        chosen_pair: false,
        capabilities: &[USABILITY, IMAGE_CHECKS, EXTRACTION, DATA_CHECKS],
    },
    WorkflowDefinition {
        key: WorkflowKey::IdAndIdentityVerification,
        name: "ID and Identity Verification",
        creates: true,
        prerequisites: &[IdentityVerification, BiometricConsent],
        credentials: &[ID_ANY, FACEMAP_JOURNEY, SELFIE_ANY],
        chosen_pair: false,
        capabilities: &[USABILITY, IMAGE_CHECKS, EXTRACTION, DATA_CHECKS, LIVENESS, SIMILARITY],
    },
    WorkflowDefinition {
        key: WorkflowKey::SimilarityToExistingId,
        name: "Similarity to Existing ID",
        creates: false,
        prerequisites: &[IdentityVerification, IdOnFile, BiometricConsent],
        credentials: &[ID_ON_FILE, SELFIE_API],
        chosen_pair: false,
        capabilities: &[USABILITY, SIMILARITY],
    },
    WorkflowDefinition {
        key: WorkflowKey::StandaloneLiveness,
        name: "Standalone Liveness",
        creates: true,
        prerequisites: &[IdentityVerification, BiometricConsent],
        credentials: &[FACEMAP_JOURNEY, SELFIE_ANY],
        chosen_pair: false,
        capabilities: &[USABILITY, LIVENESS],
    },
    WorkflowDefinition {
        key: WorkflowKey::Authentication,
        name: "Authentication",
        creates: false,
        prerequisites: &[IdentityVerification, FacemapOnFile, BiometricConsent],
        credentials: &[FACEMAP_JOURNEY, SELFIE_JOURNEY],
        chosen_pair: false,
        capabilities: &[USABILITY, AUTHENTICATION],
    },
    WorkflowDefinition {
        key: WorkflowKey::AuthenticationOnPremise,
        name: "Authentication on Premise",
        creates: false,
        prerequisites: &[IdentityVerification, FacemapOnPremise, BiometricConsent],
        credentials: &[FACEMAP_BROUGHT, FACEMAP_JOURNEY, SELFIE_JOURNEY],
        chosen_pair: false,
        capabilities: &[USABILITY, AUTHENTICATION],
    },
    WorkflowDefinition {
        key: WorkflowKey::SimilarityOfTwoImages,
        name: "Similarity of Two Images",
        creates: true,
        prerequisites: &[BiometricConsent],
        credentials: &[ID_API, SELFIE_API],
        chosen_pair: true,
        capabilities: &[USABILITY, SIMILARITY],
    },
    WorkflowDefinition {
        key: WorkflowKey::IdVerificationIdentityVerificationScreening,
        name: "ID Verification, Identity Verification, Screening",
        creates: true,
        prerequisites: &[IdentityVerification, Screening, BiometricConsent, UserReference],
        credentials: &[ID_ANY, FACEMAP_JOURNEY, SELFIE_ANY],
        chosen_pair: false,
        capabilities: &[
            USABILITY,
            IMAGE_CHECKS,
            EXTRACTION,
            DATA_CHECKS,
            LIVENESS,
            SIMILARITY,
            SCREENING,
        ],
    },
];

const fn captured(
    category: Category,
    channels: &'static [Channel],
    classifiers: &'static [Classifier],
) -> Slot {
    Slot { category, source: Source::Captured, channels, classifiers }
}

const fn node(capability: Capability, after: &'static [Capability], needs: Needs) -> Node {
    Node { capability, after, needs, also_lists: &[] }
}

/// All workflows, by key.
pub fn definitions() -> &'static [WorkflowDefinition] {
    &CATALOGUE
}

/// The workflow behind a key.
pub fn definition(key: WorkflowKey) -> &'static WorkflowDefinition {
    CATALOGUE
        .iter()
        .find(|definition| definition.key == key)
        .expect("the catalogue has a row for every key")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_has_its_row() {
        for key in WorkflowKey::ALL {
            assert_eq!(definition(*key).key, *key);
        }
    }

    /// The planner walks the graph once, so a predecessor must stand before its successors.
    #[test]
    fn predecessors_stand_first() {
        for definition in definitions() {
            for (index, node) in definition.capabilities.iter().enumerate() {
                for predecessor in node.after {
                    assert!(
                        definition.capabilities[..index]
                            .iter()
                            .any(|n| n.capability == *predecessor),
                        "{} runs after {predecessor} in workflow {}",
                        node.capability,
                        definition.key
                    );
                }
            }
        }
    }

    #[test]
    fn key_20_takes_its_pair_from_the_request() {
        let definition = definition(WorkflowKey::SimilarityOfTwoImages);
        let categories = |requested: &[Category]| {
            definition
                .slots(requested)
                .map(|slots| slots.iter().map(|slot| slot.category).collect::<Vec<_>>())
        };
        assert_eq!(categories(&[]), Some(vec![Id, Selfie]));
        assert_eq!(categories(&[Id, Id]), Some(vec![Id, Id]));
        assert_eq!(categories(&[Selfie, Selfie]), Some(vec![Selfie, Selfie]));
        assert_eq!(categories(&[Id]), None);
        assert_eq!(categories(&[Id, Facemap]), None);
    }
}
