//! What the demo prints: as it happens for people, as one document for scripts.

use std::time::Duration;

use anyhow::Result;
use serde_json::{Value, json};

use super::client::Verified;
use crate::output::{self, BAD, CAREFUL, FAINT, GOOD, STRONG, styled};

pub(super) struct Show {
    json: bool,
    documents: Vec<Value>,
    timings: Vec<Value>,
}

impl Show {
    pub(super) fn new(json: bool) -> Self {
        Self { json, documents: Vec::new(), timings: Vec::new() }
    }

    fn line(&self, text: &str) {
        if !self.json {
            output::line(text);
        }
    }

    pub(super) fn title(&mut self, title: &str) {
        self.timings.clear();
        self.documents.push(json!({ "document": title }));
        self.line(&format!("\n{}", styled(STRONG, title)));
    }

    /// Something was done, and took this long.
    pub(super) fn step(&mut self, name: &str, detail: &str, took: Duration) {
        let milliseconds = took.as_secs_f64() * 1000.0;
        self.timings.push(json!({ "step": name, "milliseconds": milliseconds }));
        let took = styled(FAINT, format!("{milliseconds:>8.1} ms"));
        self.line(&format!("  {} {name:9} {detail:38} {took}", styled(GOOD, "✓")));
    }

    pub(super) fn callback(&mut self, came: bool) {
        let (mark, text) = if came {
            (styled(GOOD, "✓"), "received by the customer's server")
        } else {
            (styled(BAD, "✗"), "did not come")
        };
        self.line(&format!("  {mark} {:9} {text}", "callback"));
        if let Some(document) = self.documents.last_mut() {
            document["callback"] = json!(came);
        }
    }

    pub(super) fn result(&mut self, verified: &Verified) {
        for decided in &verified.decisions {
            let style = match decided.decision_type.as_str() {
                "PASSED" => GOOD,
                "WARNING" => CAREFUL,
                _ => BAD,
            };
            let decision = format!("{} {}", decided.decision_type, decided.label);
            self.line(&format!("    {:12} {}", decided.capability, styled(style, decision)));
        }
        for (field, value) in verified.data.as_object().into_iter().flatten() {
            if let Some(text) = value.as_str() {
                self.line(&format!("      {field:20} {text}"));
            }
        }
        self.line(&format!(
            "    {}",
            styled(FAINT, format!("{} signals of evidence stand behind this", verified.signals))
        ));
        let decisions: Vec<Value> = verified
            .decisions
            .iter()
            .map(|d| json!({"capability": d.capability, "type": d.decision_type, "label": d.label}))
            .collect();
        if let Some(document) = self.documents.last_mut() {
            document["decisions"] = json!(decisions);
            document["data"] = verified.data.clone();
            document["steps"] = json!(self.timings);
        }
    }

    pub(super) fn farewell(&self, well: bool) -> Result<()> {
        if self.json {
            return output::json(&json!({ "verified": well, "documents": self.documents }));
        }
        if well {
            self.line(&format!("\n{} Both IDs are verified. Next:", styled(GOOD, "✓")));
            self.line(
                "  bonafide verify FRONT.jpg [BACK.jpg] --overlay out.png   your own pictures",
            );
            self.line("  bonafide serve --dev                                     the API, to call with curl (README)");
        } else {
            self.line(&format!("\n{} Not everything passed.", styled(BAD, "✗")));
        }
        Ok(())
    }
}
