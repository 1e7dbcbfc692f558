//! `imageChecks`: do the pictures show an original? And whose face is on it: it is looked for among
//! those seen before.

use std::sync::Arc;

use bonafide_document::image_checks;
use bonafide_domain::credential::Category;
use bonafide_domain::decision::{Capability, Decision};
use bonafide_domain::tenant::TenantMode;

use super::document::ReadDocument;
use super::extraction::read_data;
use super::faces::{Faces, Unseen};
use super::{CredentialInput, DocumentReader, Inputs, Judge, Outcome};
use crate::face_search::{Portrait, findings};

/// Looks for copies and specimens.
pub(super) struct ImageChecks {
    pub(super) documents: Arc<DocumentReader>,
    pub(super) faces: Arc<Faces>,
}

impl Judge for ImageChecks {
    fn evaluate(&self, inputs: &Inputs) -> Outcome {
        let Some(input) = inputs.first_of(Category::Id) else {
            return Outcome::of(Decision::TECHNICAL_ERROR);
        };
        let Some(document) = self.documents.read(input) else {
            return Outcome::of(Decision::TECHNICAL_ERROR);
        };
        let is_test_tenant = inputs.mode == TenantMode::Test;
        let (_, judgement) = document.show(|sides| image_checks::judge(sides, is_test_tenant));
        let mut outcome =
            Outcome::decided(Capability::ImageChecks, judgement.decision, judgement.signals);
        if inputs.seeks_face {
            match self.portrait(input, &document, inputs) {
                Ok(Some(portrait)) => outcome.portrait = Some(portrait),
                Ok(None) => outcome = outcome.with_data(findings("ERROR", &[])),
                // The tenant wants to know, and nobody can say.
                Err(_) => {
                    return Outcome::of(Decision::TECHNICAL_ERROR)
                        .with_data(findings("ERROR", &[]));
                }
            }
        }
        outcome
    }
}

impl ImageChecks {
    /// The face of the document; none where it has none that can be described.
    fn portrait(
        &self,
        input: &CredentialInput,
        document: &ReadDocument,
        inputs: &Inputs,
    ) -> Result<Option<Portrait>, Unseen> {
        let pack = self.faces.pack().ok_or(Unseen::Impossible)?;
        let sample = self.faces.sample_of(input)?;
        let data = read_data(document, inputs.today());
        Ok(sample.subject.as_ref().map(|subject| Portrait::new(pack, &subject.description, &data)))
    }
}
