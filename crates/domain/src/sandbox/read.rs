//! Reading an instruction. Every field that is wrong is named at once; values are never repeated.

use std::time::Duration;

use serde_json::{Map, Value};

use super::fields::shape_of;
use super::{Instruction, MAX_DELAY, MAX_FAILURES, all_labels, decision_of, rehearse};
use crate::credential::Category;
use crate::decision::{Capability, Label};
use crate::execution::ExecutionStatus;
use crate::validation::Violation;
use crate::workflow::{Needs, WorkflowDefinition};

const FIELD: &str = "customerInternalReference";
/// The keys of an instruction; the last four are those of the API's own mock mode.
pub(super) const KEYS: [&str; 10] = [
    "decisions",
    "extraction",
    "status",
    "delayMs",
    "callback",
    "seed",
    "decisionLabel",
    "credentialWithDecision",
    "extractionOverrides",
    "customerInternalReference",
];

impl Instruction {
    /// Reads the `customerInternalReference` of an execution of `workflow` on credentials of these
    /// categories. A text that does not begin with `{` is a plain reference: nothing is told.
    pub fn read(
        text: &str,
        workflow: &WorkflowDefinition,
        categories: &[Category],
    ) -> Result<Self, Vec<Violation>> {
        if !text.trim_start().starts_with('{') {
            return Ok(Self::default());
        }
        let body: Map<String, Value> = serde_json::from_str(text).map_err(|error| {
            // The position only: the parser's words could repeat what was sent.
            let (line, column) = (error.line(), error.column());
            vec![Violation::new(
                FIELD,
                format!(
                    "begins like a sandbox's instruction and is not a JSON object: see line {line}, \
                     column {column}"
                ),
            )]
        })?;
        let mut reader = Reader { workflow, categories, violations: Vec::new() };
        let instruction = reader.instruction(&body);
        if reader.violations.is_empty() { Ok(instruction) } else { Err(reader.violations) }
    }
}

struct Reader<'a> {
    workflow: &'a WorkflowDefinition,
    categories: &'a [Category],
    violations: Vec<Violation>,
}

impl Reader<'_> {
    fn refuse(&mut self, field: &str, reason: impl Into<String>) {
        self.violations.push(Violation::new(format!("{FIELD}.{field}"), reason));
    }

    /// Names a key that is not known, if it reads like a key.
    fn refuse_key(&mut self, parent: &str, key: &str, known: &str) {
        let shown = key.len() <= 40 && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        let key = if shown { key } else { "*" };
        let field = if parent.is_empty() { key.to_owned() } else { format!("{parent}.{key}") };
        self.refuse(&field, format!("is not known here; there is {known}"));
    }

    fn instruction(&mut self, body: &Map<String, Value>) -> Instruction {
        for key in body.keys().filter(|key| !KEYS.contains(&key.as_str())) {
            self.refuse_key("", key, &KEYS.join(", "));
        }
        let get = |key: &str| body.get(key).filter(|value| !value.is_null());
        let mut instruction = Instruction {
            status: get("status").and_then(|value| self.status(value)),
            delay: get("delayMs")
                .and_then(|value| self.number("delayMs", value, MAX_DELAY.as_millis() as u64))
                .map(Duration::from_millis)
                .unwrap_or_default(),
            callback_failures: get("callback").map_or(0, |value| self.callback(value)),
            seed: get("seed").and_then(|value| self.number("seed", value, u64::MAX)),
            ..Instruction::default()
        };
        self.extraction(get("extraction"), get("extractionOverrides"), &mut instruction);
        if let Some(value) = get("decisions") {
            self.decisions(value, &mut instruction);
        }
        self.mock_decision(get("decisionLabel"), get("credentialWithDecision"), &mut instruction);
        if self.violations.is_empty() {
            self.refuse_what_is_not_reached(&instruction);
        }
        instruction
    }

    fn number(&mut self, field: &str, value: &Value, most: u64) -> Option<u64> {
        let number = value.as_u64().filter(|number| *number <= most);
        if number.is_none() {
            self.refuse(field, format!("must be a whole number from 0 to {most}"));
        }
        number
    }

    fn status(&mut self, value: &Value) -> Option<ExecutionStatus> {
        let status = value.as_str().and_then(|text| text.parse::<ExecutionStatus>().ok());
        let status = status.filter(|status| status.is_terminal());
        if status.is_none() {
            self.refuse("status", "must be PROCESSED, SESSION_EXPIRED or TOKEN_EXPIRED");
        }
        status
    }

    fn callback(&mut self, value: &Value) -> u32 {
        let Some(body) = value.as_object() else {
            self.refuse("callback", "must be an object such as {\"failures\": 3}");
            return 0;
        };
        for key in body.keys().filter(|key| *key != "failures") {
            self.refuse_key("callback", key, "failures");
        }
        let failures = body
            .get("failures")
            .and_then(|value| self.number("callback.failures", value, u64::from(MAX_FAILURES)));
        failures.map_or(0, |failures| failures as u32)
    }

    fn extraction(
        &mut self,
        own: Option<&Value>,
        mock: Option<&Value>,
        instruction: &mut Instruction,
    ) {
        let (field, value) = match (own, mock) {
            (None, None) => return,
            (Some(_), Some(_)) => {
                return self.refuse("extractionOverrides", "says the same as extraction; give one");
            }
            (Some(value), None) => ("extraction", value),
            (None, Some(value)) => ("extractionOverrides", value),
        };
        if !self.workflow.capabilities.iter().any(|n| n.capability == Capability::Extraction) {
            let key = self.workflow.key;
            return self.refuse(field, format!("has no use: workflow {key} has no extraction"));
        }
        let Some(fields) = value.as_object() else {
            return self.refuse(field, "must be an object such as {\"firstName\": \"ANNA\"}");
        };
        for (name, value) in fields {
            // The API's own mock mode calls the type of a document so.
            let known = if name == "idType" { "type" } else { name };
            match shape_of(known) {
                None => {
                    self.refuse_key(field, name, "a list at /sandbox/instruction.schema.json");
                }
                Some(shape) => match shape.refuse(value).filter(|_| !value.is_null()) {
                    Some(reason) => self.refuse(&format!("{field}.{name}"), reason),
                    None => {
                        instruction.extraction.insert(known.to_owned(), value.clone());
                    }
                },
            }
        }
    }

    fn decisions(&mut self, value: &Value, instruction: &mut Instruction) {
        let Some(entries) = value.as_object() else {
            return self.refuse("decisions", "must be an object such as {\"liveness\": \"OK\"}");
        };
        for (name, value) in entries {
            let node = name.parse::<Capability>().ok().and_then(|known| {
                self.workflow.capabilities.iter().find(|n| n.capability == known)
            });
            let Some(node) = node else {
                let known: Vec<_> =
                    self.workflow.capabilities.iter().map(|n| n.capability.as_str()).collect();
                self.refuse_key("decisions", name, &known.join(", "));
                continue;
            };
            let field = format!("decisions.{name}");
            match (value, node.needs) {
                (Value::Object(members), Needs::Each | Needs::EachOf(_)) => {
                    for (category, label) in members {
                        self.decision_for(&field, node.capability, category, label, instruction);
                    }
                }
                (label, _) => self.decision(&field, (node.capability, None), label, instruction),
            }
        }
    }

    fn decision_for(
        &mut self,
        field: &str,
        capability: Capability,
        category: &str,
        label: &Value,
        instruction: &mut Instruction,
    ) {
        let known = category.parse::<Category>().ok();
        if let Some(known) = known.filter(|known| self.categories.contains(known)) {
            let field = format!("{field}.{category}");
            self.decision(&field, (capability, Some(known)), label, instruction);
        } else {
            let known = self.category_names();
            self.refuse_key(field, category, &known);
        }
    }

    fn decision(
        &mut self,
        field: &str,
        place: (Capability, Option<Category>),
        label: &Value,
        instruction: &mut Instruction,
    ) {
        let capability = place.0;
        let decision = label
            .as_str()
            .and_then(|text| text.parse::<Label>().ok())
            .and_then(|label| decision_of(capability, label));
        if let Some(decision) = decision {
            instruction.decisions.insert(place, decision);
        } else {
            let known: Vec<_> = all_labels(capability).into_iter().map(Label::as_str).collect();
            self.refuse(field, format!("must be a label of {capability}: {}", known.join(", ")));
        }
    }

    /// The API's own mock mode: one label, and the credential that it is about. It is given to the
    /// first capability of the workflow that knows the label and looks at the credential.
    fn mock_decision(
        &mut self,
        label: Option<&Value>,
        credential: Option<&Value>,
        instruction: &mut Instruction,
    ) {
        let Some(label) = label else {
            if credential.is_some() {
                self.refuse("credentialWithDecision", "has no use without decisionLabel");
            }
            return;
        };
        if !instruction.decisions.is_empty() {
            return self.refuse("decisionLabel", "says the same as decisions; give one");
        }
        let category = credential.map(|value| {
            let known = value.as_str().and_then(|text| text.parse::<Category>().ok());
            known.filter(|known| self.categories.contains(known))
        });
        if category == Some(None) {
            let known = self.category_names();
            return self.refuse("credentialWithDecision", format!("must be one of {known}"));
        }
        // All passes anyhow.
        if label.as_str() == Some("PASSED") {
            return;
        }
        let category = category.flatten();
        let label = label.as_str().and_then(|text| text.parse::<Label>().ok());
        let found = label.and_then(|label| {
            self.workflow
                .capabilities
                .iter()
                .filter(|node| category.is_none_or(|category| node.looks_at(category)))
                .find_map(|node| Some((node, decision_of(node.capability, label)?)))
        });
        if let Some((node, decision)) = found {
            let single = matches!(node.needs, Needs::Each | Needs::EachOf(_));
            let place = (node.capability, category.filter(|_| single));
            instruction.decisions.insert(place, decision);
        } else {
            self.refuse(
                "decisionLabel",
                "must be a label of a capability that looks at the credential; docs/SANDBOX.md \
                 says which one it goes to",
            );
        }
    }

    fn category_names(&self) -> String {
        let mut names: Vec<_> = self.categories.iter().map(|category| category.as_str()).collect();
        names.dedup();
        names.join(", ")
    }

    /// An instruction that would change nothing is a mistake of whoever wrote it.
    fn refuse_what_is_not_reached(&mut self, instruction: &Instruction) {
        if instruction.expires() {
            if !instruction.decisions.is_empty() {
                self.refuse(
                    "decisions",
                    "are not reached: an execution that expires is not judged",
                );
            }
            if !instruction.extraction.is_empty() {
                self.refuse(
                    "extraction",
                    "is not reached: an execution that expires is not judged",
                );
            }
            return;
        }
        let outcome = rehearse(self.workflow, self.categories, instruction);
        for ((capability, category), told) in &instruction.decisions {
            let reached = outcome.iter().any(|(ran, on, decision)| {
                ran == capability
                    && decision == told
                    && category.is_none_or(|category| on.contains(&category))
            });
            if !reached {
                let field = match category {
                    Some(category) => format!("decisions.{capability}.{category}"),
                    None => format!("decisions.{capability}"),
                };
                self.refuse(
                    &field,
                    "is not reached: a capability that comes before it does not succeed",
                );
            }
        }
    }
}
