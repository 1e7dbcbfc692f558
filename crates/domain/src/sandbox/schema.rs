//! The JSON Schema of an instruction, made from the tables that the reader uses.
//!
//! It describes what holds for every workflow. Which capabilities and credentials a workflow has, and
//! what its preconditions let it reach, the server says with 400.

use serde_json::{Map, Value, json};

use super::fields::{MAX_TEXT, MAX_TEXTS};
use super::{EXTRACTION_FIELDS, MAX_DELAY, MAX_FAILURES, Shape, all_labels};
use crate::credential::Category;
use crate::decision::{Capability, Label};
use crate::execution::ExecutionStatus;
use crate::workflow::{Needs, definitions};

/// The schema, in JSON Schema 2020-12.
pub fn schema() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Instruction to a Bonafide sandbox",
        "description": "What an execution of a sandbox tenant is to do: the text of \
            customerInternalReference, where that begins with {.",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "decisions": decisions(),
            "extraction": extraction("Fields of extraction.data; null leaves a field out."),
            "status": {
                "description": "How the execution ends by itself. PROCESSED plays the end user: \
                    nothing needs to be uploaded or finalized.",
                "enum": ExecutionStatus::ALL.iter().filter(|status| status.is_terminal())
                    .map(|status| json!(status)).chain([Value::Null]).collect::<Vec<_>>(),
            },
            "delayMs": number(
                "How long judging takes; with status, how long until the execution ends.",
                MAX_DELAY.as_millis() as u64,
            ),
            "callback": {
                "description": "How the delivery of the callback goes.",
                "type": ["object", "null"],
                "additionalProperties": false,
                "properties": {"failures": {
                    "description": "How many deliveries count as failed, whatever is answered.",
                    "type": "integer", "minimum": 0, "maximum": MAX_FAILURES,
                }},
            },
            "seed": number("Chooses the drawn data; else the text of the instruction does.", u64::MAX),
            "decisionLabel": {
                "description": "Alias: the label of the first capability that knows it.",
                "enum": mock_labels(),
            },
            "credentialWithDecision": {
                "description": "Alias: the credential that decisionLabel is about.",
                "enum": Category::ALL.iter().map(|category| json!(category))
                    .chain([Value::Null]).collect::<Vec<_>>(),
            },
            "extractionOverrides": extraction("Alias of extraction."),
            "customerInternalReference": {
                "description": "Your own reference. It comes back as a part of the whole text.",
            },
        },
        "if": {
            "required": ["credentialWithDecision"],
            "properties": {"credentialWithDecision": {"type": "string"}},
        },
        "then": {
            "required": ["decisionLabel"],
            "properties": {"decisionLabel": {"type": "string"}},
        },
    })
}

fn number(description: &str, most: u64) -> Value {
    json!({"description": description, "type": ["integer", "null"], "minimum": 0, "maximum": most})
}

/// The capabilities that some workflow has; those on a single credential may differ by credential.
fn decisions() -> Value {
    let mut properties = Map::new();
    for node in definitions().iter().flat_map(|definition| definition.capabilities) {
        let labels = json!({"enum": all_labels(node.capability)});
        let each = matches!(node.needs, Needs::Each | Needs::EachOf(_));
        let categories: Map<String, Value> =
            Category::ALL.iter().map(|category| (category.to_string(), labels.clone())).collect();
        let value = if each {
            json!({"anyOf": [labels, {
                "type": "object", "additionalProperties": false, "properties": categories,
            }]})
        } else {
            labels
        };
        properties.insert(node.capability.to_string(), value);
    }
    json!({
        "description": "The label of a capability, or one for each credential. What is not named \
            passes.",
        "type": ["object", "null"],
        "additionalProperties": false,
        "properties": properties,
    })
}

fn mock_labels() -> Vec<Value> {
    let served: Vec<Capability> = definitions()
        .iter()
        .flat_map(|definition| definition.capabilities)
        .map(|node| node.capability)
        .collect();
    let known = Label::ALL
        .iter()
        .filter(|label| served.iter().any(|capability| all_labels(*capability).contains(label)));
    known.map(|label| json!(label)).chain([json!("PASSED"), Value::Null]).collect()
}

fn extraction(description: &str) -> Value {
    let mut properties: Map<String, Value> =
        EXTRACTION_FIELDS.iter().map(|(name, shape)| ((*name).to_owned(), field(*shape))).collect();
    let document_type = properties["type"].clone();
    properties.insert("idType".to_owned(), document_type);
    json!({
        "description": description,
        "type": ["object", "null"],
        "additionalProperties": false,
        "properties": properties,
    })
}

fn field(shape: Shape) -> Value {
    let text = json!({"type": "string", "minLength": 1, "maxLength": MAX_TEXT});
    match shape {
        Shape::Text => {
            json!({"type": ["string", "null"], "minLength": 1, "maxLength": MAX_TEXT})
        }
        Shape::Word(words) => {
            json!({"enum": words.iter().map(|word| json!(word)).chain([Value::Null]).collect::<Vec<_>>()})
        }
        Shape::Country => json!({"type": ["string", "null"], "pattern": "^[A-Z]{1,3}$"}),
        Shape::Date => json!({
            "type": ["string", "null"], "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$",
        }),
        Shape::Object(keys) => {
            let properties: Map<String, Value> =
                keys.iter().map(|key| ((*key).to_owned(), text.clone())).collect();
            json!({
                "type": ["object", "null"], "additionalProperties": false, "properties": properties,
            })
        }
        Shape::Texts => json!({"type": ["array", "null"], "maxItems": MAX_TEXTS, "items": text}),
    }
}
