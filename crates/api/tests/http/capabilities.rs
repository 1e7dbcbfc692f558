//! Capabilities that find what the tests want to see on the wire.

use bonafide_domain::decision::{Capability, DecisionType, Label};
use bonafide_domain::evidence::{ModelIdentity, Signal};
use bonafide_engine::capability::{Capabilities, Inputs, Judge, Outcome};
use bonafide_engine::testing::scripted;
use bonafide_engine::{MrzEvidence, RepairEvidence};
use serde_json::json;

/// All pass; extraction has data, a machine-readable zone and evidence.
pub(crate) fn reading() -> Capabilities {
    scripted().with(Capability::Extraction, Reads)
}

/// Usability refuses, so that what follows is not executed.
pub(crate) fn refusing() -> Capabilities {
    scripted().with(Capability::Usability, Refuses)
}

struct Reads;

impl Judge for Reads {
    fn evaluate(&self, _: &Inputs) -> Outcome {
        let model = ModelIdentity { id: "reader-1".to_owned(), sha256: "0".repeat(64) };
        let corners = [[10.0, 20.5], [390.0, 20.5], [390.0, 80.0], [10.0, 80.0]];
        let evidence = vec![
            Signal::new("mrz.confidence", 0.75_f64).against(0.5).within("FRONT", corners).by(model),
            Signal::new("mrz.check_digits", true),
            Signal::new("mrz.format", "TD3"),
        ];
        let mrz = MrzEvidence {
            format: "TD3".to_owned(),
            lines: vec!["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<".to_owned()],
            repairs: vec![RepairEvidence {
                line: 1,
                column: 3,
                read: '0',
                repaired: 'U',
                reason: "the position takes letters".to_owned(),
            }],
        };
        Outcome::new(Capability::Extraction, DecisionType::Passed, Label::Ok, evidence)
            .with_data(
                json!({"type": "PASSPORT", "issuingCountry": "UTO", "firstName": "ANNA MARIA"}),
            )
            .with_mrz(Some(mrz))
    }
}

struct Refuses;

impl Judge for Refuses {
    fn evaluate(&self, _: &Inputs) -> Outcome {
        let evidence = vec![Signal::new("usability.sharpness", 0.1_f64).against(0.5)];
        Outcome::new(Capability::Usability, DecisionType::Rejected, Label::Blurred, evidence)
    }
}
