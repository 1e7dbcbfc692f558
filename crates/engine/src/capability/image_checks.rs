//! `imageChecks`: do the pictures show an original?

use std::sync::Arc;

use bonafide_document::image_checks;
use bonafide_domain::credential::Category;
use bonafide_domain::decision::{Capability, Decision};
use bonafide_domain::tenant::TenantMode;

use super::{DocumentReader, Inputs, Judge, Outcome};

/// Looks for copies and specimens.
pub(super) struct ImageChecks(pub(super) Arc<DocumentReader>);

impl Judge for ImageChecks {
    fn evaluate(&self, inputs: &Inputs) -> Outcome {
        let Some(document) = inputs.first_of(Category::Id).and_then(|input| self.0.read(input))
        else {
            return Outcome::of(Decision::TECHNICAL_ERROR);
        };
        let is_test_tenant = inputs.mode == TenantMode::Test;
        let (_, judgement) = document.show(|sides| image_checks::judge(sides, is_test_tenant));
        let decision = judgement.decision;
        Outcome::new(
            Capability::ImageChecks,
            decision.decision_type(),
            decision.label(),
            judgement.signals,
        )
    }
}
