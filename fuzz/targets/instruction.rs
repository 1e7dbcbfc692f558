//! The instruction of a sandbox: any text is taken, or refused with the fields that are wrong; one
//! that was taken leads the planner to an end.
#![no_main]

use bonafide_domain::credential::Category;
use bonafide_domain::sandbox::{Instruction, rehearse};
use bonafide_domain::workflow::definitions;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for workflow in definitions() {
        let categories: Vec<Category> =
            workflow.credentials.iter().map(|slot| slot.category).collect();
        match Instruction::read(text, workflow, &categories) {
            Ok(told) => assert!(!rehearse(workflow, &categories, &told).is_empty()),
            Err(violations) => {
                assert!(!violations.is_empty());
                for violation in violations {
                    assert!(violation.field.starts_with("customerInternalReference"));
                    assert!(violation.field.len() <= 200);
                }
            }
        }
    }
});
