//! The catalogue: one row for each workflow key (contract §6.1, with the readings of §15).
//!
//! Adding a workflow is adding a row. The words are the API's.

use super::definition::{Needs, Node, Prerequisite, Slot, Source, WorkflowDefinition};
use super::key::WorkflowKey;
use crate::credential::{Category, Channel, Classifier};
use crate::decision::Capability;

use Capability::{
    Authentication, DataChecks, Extraction, ImageChecks, Liveness, Similarity, Usability,
    WatchlistScreening,
};
use Category::{Data, Facemap, Id, Selfie};
use Channel::{Api, Sdk, Web};
use Prerequisite::{
    ContinuousConsent, DirectConsent, FacemapOnFile, FacemapOnPremise, IdOnFile,
    IdentityVerification, Screening, UserReference,
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
const DATA_API: Slot = captured(Data, &[Api], &[Classifier::PreparedData]);

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
const SCREENING_OF_DATA: Node = node(WatchlistScreening, &[], Needs::Captured(&[Data]));

const ID_CAPTURE_AND_STORAGE: WorkflowDefinition = WorkflowDefinition {
    key: WorkflowKey::IdCaptureAndStorage,
    name: "ID Capture and Storage",
    creates: true,
    prerequisites: &[],
    credentials: &[ID_ANY],
    chosen_pair: false,
    capabilities: &[USABILITY, EXTRACTION_ALONE],
};
const ID_VERIFICATION: WorkflowDefinition = WorkflowDefinition {
    key: WorkflowKey::IdVerification,
    name: "ID Verification",
    creates: true,
    prerequisites: &[],
    credentials: &[ID_ANY],
    chosen_pair: false,
    capabilities: &[USABILITY, IMAGE_CHECKS, EXTRACTION, DATA_CHECKS],
};
const ID_AND_IDENTITY_VERIFICATION: WorkflowDefinition = WorkflowDefinition {
    key: WorkflowKey::IdAndIdentityVerification,
    name: "ID and Identity Verification",
    creates: true,
    prerequisites: &[IdentityVerification, DirectConsent],
    credentials: &[ID_ANY, FACEMAP_JOURNEY, SELFIE_ANY],
    chosen_pair: false,
    capabilities: &[USABILITY, IMAGE_CHECKS, EXTRACTION, DATA_CHECKS, LIVENESS, SIMILARITY],
};
const SIMILARITY_TO_EXISTING_ID: WorkflowDefinition = WorkflowDefinition {
    key: WorkflowKey::SimilarityToExistingId,
    name: "Similarity to Existing ID",
    creates: false,
    prerequisites: &[IdentityVerification, IdOnFile, DirectConsent],
    credentials: &[ID_ON_FILE, SELFIE_API],
    chosen_pair: false,
    capabilities: &[USABILITY, SIMILARITY],
};
const STANDALONE_LIVENESS: WorkflowDefinition = WorkflowDefinition {
    key: WorkflowKey::StandaloneLiveness,
    name: "Standalone Liveness",
    creates: true,
    prerequisites: &[IdentityVerification, DirectConsent],
    credentials: &[FACEMAP_JOURNEY, SELFIE_ANY],
    chosen_pair: false,
    capabilities: &[USABILITY, LIVENESS],
};
const AUTHENTICATION_WITH_FACEMAP: WorkflowDefinition = WorkflowDefinition {
    key: WorkflowKey::Authentication,
    name: "Authentication",
    creates: false,
    prerequisites: &[IdentityVerification, FacemapOnFile, ContinuousConsent],
    credentials: &[FACEMAP_JOURNEY, SELFIE_JOURNEY],
    chosen_pair: false,
    capabilities: &[USABILITY, AUTHENTICATION],
};
const AUTHENTICATION_ON_PREMISE: WorkflowDefinition = WorkflowDefinition {
    key: WorkflowKey::AuthenticationOnPremise,
    name: "Authentication on Premise",
    creates: false,
    prerequisites: &[IdentityVerification, FacemapOnPremise, ContinuousConsent],
    credentials: &[FACEMAP_BROUGHT, FACEMAP_JOURNEY, SELFIE_JOURNEY],
    chosen_pair: false,
    capabilities: &[USABILITY, AUTHENTICATION],
};
const SIMILARITY_OF_TWO_IMAGES: WorkflowDefinition = WorkflowDefinition {
    key: WorkflowKey::SimilarityOfTwoImages,
    name: "Similarity of Two Images",
    creates: true,
    prerequisites: &[DirectConsent],
    credentials: &[ID_API, SELFIE_API],
    chosen_pair: true,
    capabilities: &[USABILITY, SIMILARITY],
};
const ID_IDENTITY_AND_SCREENING: WorkflowDefinition = WorkflowDefinition {
    key: WorkflowKey::IdVerificationIdentityVerificationScreening,
    name: "ID Verification, Identity Verification, Screening",
    creates: true,
    prerequisites: &[IdentityVerification, Screening, DirectConsent, UserReference],
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
};

static CATALOGUE: [WorkflowDefinition; 18] = [
    ID_CAPTURE_AND_STORAGE,
    ID_VERIFICATION,
    ID_AND_IDENTITY_VERIFICATION,
    SIMILARITY_TO_EXISTING_ID,
    STANDALONE_LIVENESS,
    AUTHENTICATION_WITH_FACEMAP,
    AUTHENTICATION_ON_PREMISE,
    SIMILARITY_OF_TWO_IMAGES,
    ID_IDENTITY_AND_SCREENING,
    // The platform's forms of the same workflows.
    alias(WorkflowKey::PlatformIdCaptureAndStorage, &ID_CAPTURE_AND_STORAGE),
    alias(WorkflowKey::PlatformIdVerification, &ID_VERIFICATION),
    alias(WorkflowKey::PlatformIdAndIdentityVerification, &ID_AND_IDENTITY_VERIFICATION),
    alias(WorkflowKey::PlatformSimilarityToExistingId, &SIMILARITY_TO_EXISTING_ID),
    alias(WorkflowKey::PlatformLiveness, &STANDALONE_LIVENESS),
    alias(WorkflowKey::PlatformAuthentication, &AUTHENTICATION_WITH_FACEMAP),
    alias(WorkflowKey::PlatformAuthenticationOnPremise, &AUTHENTICATION_ON_PREMISE),
    // 10013 has three capabilities more, for which this server has no engine: address validation,
    // proof of residency, and the licence's register. It does not ask for a user reference.
    WorkflowDefinition {
        key: WorkflowKey::PlatformIdIdentityAndScreening,
        prerequisites: &[IdentityVerification, Screening, DirectConsent],
        ..ID_IDENTITY_AND_SCREENING
    },
    WorkflowDefinition {
        key: WorkflowKey::PlatformScreening,
        name: "Standalone Screening",
        creates: true,
        prerequisites: &[Screening, UserReference],
        credentials: &[DATA_API],
        chosen_pair: false,
        capabilities: &[SCREENING_OF_DATA],
    },
];

const fn alias(key: WorkflowKey, of: &WorkflowDefinition) -> WorkflowDefinition {
    WorkflowDefinition { key, ..*of }
}

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
