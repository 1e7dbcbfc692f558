use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::decision::labels;
use crate::tenant::Settings;
use crate::validation::Violation;
use crate::workflow::{WorkflowDefinition, WorkflowKey, definition, definitions};

fn categories(workflow: &WorkflowDefinition) -> Vec<Category> {
    workflow.credentials.iter().map(|slot| slot.category).collect()
}

fn read(key: &str, text: &str) -> Result<Instruction, Vec<Violation>> {
    let workflow = definition(key.parse().unwrap());
    Instruction::read(text, workflow, &categories(workflow))
}

fn wrong(key: &str, body: &Value) -> Vec<String> {
    let violations = read(key, &body.to_string()).expect_err("it is wrong");
    violations.into_iter().map(|violation| violation.field).collect()
}

#[test]
fn only_a_sandbox_tenant_gives_the_proof() {
    for mode in TenantMode::ALL {
        let tenant = Tenant {
            id: TenantId::nil(),
            name: "a tenant".to_owned(),
            mode: *mode,
            region: crate::region::Region::Emea1,
            settings: Settings::default(),
            created_at: jiff::Timestamp::UNIX_EPOCH,
        };
        assert_eq!(Sandbox::of(&tenant).is_some(), *mode == TenantMode::Sandbox, "{mode}");
    }
}

#[test]
fn a_plain_reference_tells_nothing() {
    for text in ["order-17", "<any> \"kind\" of; text", "[1]", " "] {
        assert_eq!(read("2", text), Ok(Instruction::default()), "{text}");
    }
}

#[test]
fn the_example_of_the_page() {
    let instruction = read(
        "3",
        &json!({
            "decisions": {"usability": {"ID": "BLURRED"}, "liveness": "DIGITAL_COPY"},
            "extraction": {"firstName": "ANNA", "placeOfBirth": null},
            "delayMs": 500,
            "callback": {"failures": 3},
        })
        .to_string(),
    )
    .unwrap();
    let label = |capability, on: &[Category]| instruction.decision(capability, on).label();
    assert_eq!(label(Capability::Usability, &[Category::Id]), Label::Blurred);
    assert_eq!(label(Capability::Usability, &[Category::Selfie]), Label::Ok);
    let pair = [Category::Facemap, Category::Selfie];
    assert_eq!(label(Capability::Liveness, &pair), Label::DigitalCopy);
    assert_eq!(label(Capability::Similarity, &[Category::Id, Category::Selfie]), Label::Match);
    assert_eq!(instruction.delay, Duration::from_millis(500));
    assert_eq!(instruction.callback_failures, 3);
    assert_eq!(instruction.extraction["placeOfBirth"], Value::Null);
}

#[test]
fn every_wrong_field_is_named_at_once() {
    let body = json!({
        "decisions": {
            "usability": {"ID": "MATCH", "PAPER": "OK", "FACEMAP": "OK"},
            "imageChecks": {"ID": "OK"}, "liveness": "OK", "dataChecks": 7
        },
        "extraction": {"firstName": "", "dateOfBirth": "31.1.1990", "shoeSize": "44",
                       "address": {"planet": "Mars"}, "gender": "male"},
        "status": "INITIATED", "delayMs": -1, "seed": "x",
        "callback": {"failures": 21, "after": 1}, "colour": "red"
    });
    assert_eq!(
        wrong("2", &body),
        [
            "colour",
            "status",
            "delayMs",
            "callback.after",
            "callback.failures",
            "seed",
            "extraction.address",
            "extraction.dateOfBirth",
            "extraction.firstName",
            "extraction.gender",
            "extraction.shoeSize",
            "decisions.dataChecks",
            "decisions.imageChecks",
            "decisions.liveness",
            "decisions.usability.FACEMAP",
            "decisions.usability.ID",
            "decisions.usability.PAPER",
        ]
        .map(|field| format!("customerInternalReference.{field}"))
    );
}

#[test]
fn what_is_no_json_says_where_and_repeats_nothing() {
    let violations = read("2", "{\"status\": secret}").unwrap_err();
    assert_eq!(violations[0].field, "customerInternalReference");
    assert!(violations[0].reason.contains("line 1, column"), "{}", violations[0].reason);
    let violations = read("2", &json!({"a secret <b>": 1}).to_string()).unwrap_err();
    assert_eq!(violations[0].field, "customerInternalReference.*");
    assert!(!violations[0].reason.contains("secret"));
}

#[test]
fn what_would_have_no_effect_is_refused() {
    let cases = [
        ("2", json!({"decisions": {"usability": "BLURRED", "dataChecks": "MRZ_CHECKSUM"}})),
        ("2", json!({"decisions": {"extraction": "TECHNICAL_ERROR", "dataChecks": "OK"}})),
        ("2", json!({"status": "TOKEN_EXPIRED", "decisions": {"usability": "GLARE"}})),
        ("2", json!({"status": "TOKEN_EXPIRED", "extraction": {"firstName": "A"}})),
        ("6", json!({"extraction": {"firstName": "A"}})),
        ("2", json!({"credentialWithDecision": "ID"})),
        ("2", json!({"credentialWithDecision": "SELFIE", "decisionLabel": "OK"})),
        ("2", json!({"extraction": {}, "extractionOverrides": {}})),
    ];
    for (key, body) in cases {
        assert_eq!(wrong(key, &body).len(), 1, "{body}");
    }
    // A selfie's liveness does not build on the ID.
    let body = json!({"decisions": {"usability": {"ID": "GLARE"}, "liveness": "PHOTOCOPY"}});
    assert!(read("3", &body.to_string()).is_ok());
}

#[test]
fn the_keys_of_the_mock_mode_are_aliases() {
    let body = json!({
        "customerInternalReference": "mine", "decisionLabel": "NFC_CERTIFICATE",
        "credentialWithDecision": "ID",
        "extractionOverrides": {"firstName": "JOHN", "idType": "PASSPORT", "issuingCountry": "USA"}
    });
    let own = json!({
        "decisions": {"dataChecks": "NFC_CERTIFICATE"},
        "extraction": {"firstName": "JOHN", "type": "PASSPORT", "issuingCountry": "USA"}
    });
    assert_eq!(read("3", &body.to_string()), read("3", &own.to_string()));

    let mock = |label: &str, credential: Option<&str>| {
        let body = json!({"decisionLabel": label, "credentialWithDecision": credential});
        let instruction = read("3", &body.to_string()).unwrap();
        instruction.decisions.into_keys().collect::<Vec<_>>()
    };
    assert_eq!(
        mock("DIGITAL_COPY", Some("ID")),
        [(Capability::ImageChecks, None)],
        "a label that two capabilities know goes to the one that looks at the credential"
    );
    assert_eq!(mock("DIGITAL_COPY", Some("FACEMAP")), [(Capability::Liveness, None)]);
    assert_eq!(mock("BLURRED", Some("ID")), [(Capability::Usability, Some(Category::Id))]);
    assert_eq!(mock("BLURRED", None), [(Capability::Usability, None)]);
    assert_eq!(mock("PASSED", Some("ID")), []);
}

#[test]
fn in_a_served_capability_a_label_has_one_type() {
    for node in definitions().iter().flat_map(|definition| definition.capabilities) {
        for label in all_labels(node.capability) {
            let types = DecisionType::ALL
                .iter()
                .filter(|kind| labels(node.capability, **kind).contains(&label))
                .count();
            assert_eq!(types, 1, "{}/{label}", node.capability);
        }
    }
}

/// Each pair of contract §7.3 of each workflow's capabilities can be told and is reached.
#[test]
fn every_label_of_every_workflow_is_reachable() {
    for workflow in definitions() {
        let categories = categories(workflow);
        for node in workflow.capabilities {
            for kind in DecisionType::ALL {
                for label in labels(node.capability, *kind) {
                    let body = json!({"decisions": {node.capability.as_str(): label}});
                    let told = Instruction::read(&body.to_string(), workflow, &categories)
                        .unwrap_or_else(|wrong| panic!("{} {body}: {wrong:?}", workflow.key));
                    let outcome = rehearse(workflow, &categories, &told);
                    assert!(
                        outcome.iter().any(|(capability, _, decision)| {
                            *capability == node.capability
                                && decision.decision_type() == *kind
                                && decision.label() == *label
                        }),
                        "{} {body}",
                        workflow.key
                    );
                }
            }
        }
    }
}

#[test]
fn without_an_instruction_everything_passes() {
    for workflow in definitions() {
        for (capability, on, decision) in
            rehearse(workflow, &categories(workflow), &Instruction::default())
        {
            let ended = decision.decision_type();
            assert_eq!(ended, DecisionType::Passed, "{} {capability} {on:?}", workflow.key);
        }
    }
}

/// JSON that is an instruction by and large: some of it right, some of it wrong.
fn instructions() -> impl Strategy<Value = Value> {
    let word = || {
        prop_oneof![
            Just(json!("BLURRED")),
            Just(json!("OK")),
            Just(json!("MATCH")),
            Just(json!("DIGITAL_COPY")),
            Just(json!("SESSION_EXPIRED")),
            Just(json!("ID")),
            Just(json!("1990-02-28")),
            Just(json!("UTO")),
            Just(json!("")),
            Just(Value::Null),
            Just(json!(7)),
            Just(json!(-1)),
            Just(json!(true)),
            Just(json!(["B"])),
            Just(json!({})),
        ]
    };
    let names = || {
        proptest::sample::select(vec![
            "decisions",
            "extraction",
            "status",
            "delayMs",
            "callback",
            "seed",
            "decisionLabel",
            "credentialWithDecision",
            "extractionOverrides",
            "usability",
            "liveness",
            "dataChecks",
            "similarity",
            "firstName",
            "dateOfBirth",
            "issuingCountry",
            "type",
            "address",
            "dlCategories",
            "failures",
            "ID",
            "SELFIE",
            "year",
            "city",
            "other",
        ])
    };
    word().prop_recursive(3, 24, 4, move |inner| {
        proptest::collection::vec((names(), inner), 0..4)
            .prop_map(|members| members.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())
    })
}

proptest! {
    /// The schema is the reader's: it refuses nothing that some workflow takes, and what it refuses
    /// no workflow takes.
    #[test]
    fn the_schema_and_the_reader_agree(body in instructions()) {
        prop_assume!(body.is_object());
        let taken = WorkflowKey::ALL.iter().any(|key| read(key.as_str(), &body.to_string()).is_ok());
        let valid = jsonschema::is_valid(&schema(), &body);
        prop_assert!(!taken || valid, "taken, but against the schema: {body}");
    }

    #[test]
    fn no_text_panics(text in "\\{.{0,80}", key in proptest::sample::select(WorkflowKey::ALL)) {
        let _ = read(key.as_str(), &text);
    }
}

#[test]
fn the_schema_refuses_what_no_workflow_takes() {
    let validator = jsonschema::validator_for(&schema()).expect("the schema is one");
    for body in [
        json!({"colour": "red"}),
        json!({"decisions": {"usability": "MATCH"}}),
        json!({"decisions": {"usability": {"PAPER": "OK"}}}),
        json!({"decisions": {"liveness": {"SELFIE": "OK"}}}),
        json!({"decisions": {"proofOfResidency": "OK"}}),
        json!({"status": "INITIATED"}),
        json!({"delayMs": 86_400_001}),
        json!({"callback": {"failures": 21}}),
        json!({"extraction": {"gender": "male"}}),
        json!({"extraction": {"dateOfBirth": "31.1.1990"}}),
        json!({"credentialWithDecision": "ID"}),
    ] {
        assert!(!validator.is_valid(&body), "{body}");
        for key in WorkflowKey::ALL {
            assert!(read(key.as_str(), &body.to_string()).is_err(), "{key} {body}");
        }
    }
}
