//! The verdict for people: each capability's decision, what was read, and what spoke against it.

use std::path::Path;
use std::time::Duration;

use bonafide_domain::decision::DecisionType;
use bonafide_engine::RunResult;

use crate::output::{self, BAD, CAREFUL, FAINT, GOOD, STRONG, styled};

/// Whether every capability passed.
pub(super) fn all_passed(results: &[RunResult]) -> bool {
    results.iter().all(|result| {
        result.run.decision.is_some_and(|d| d.decision_type() == DecisionType::Passed)
    })
}

pub(super) fn print(results: &[RunResult], took: Duration, overlay: Option<&Path>) {
    for result in results {
        let Some(decision) = result.run.decision else { continue };
        let style = match decision.decision_type() {
            DecisionType::Passed => GOOD,
            DecisionType::Warning => CAREFUL,
            DecisionType::Rejected | DecisionType::NotExecuted => BAD,
        };
        let text = format!("{} {}", decision.decision_type(), decision.label());
        output::line(&format!("{:12} {}", result.run.capability.as_str(), styled(style, text)));
    }
    for record in results.iter().filter_map(|result| result.record.as_ref()) {
        if let Some(mrz) = &record.mrz {
            output::line(&format!("\n{}", styled(STRONG, format!("MRZ ({})", mrz.format))));
            for line in &mrz.lines {
                output::line(&format!("  {line}"));
            }
            for repair in &mrz.repairs {
                let text = format!(
                    "line {}, column {}: read {}, taken for {} ({})",
                    repair.line, repair.column, repair.read, repair.repaired, repair.reason
                );
                output::line(&format!("  {} {text}", styled(CAREFUL, "repaired")));
            }
            break;
        }
    }
    for data in results.iter().filter_map(|result| result.record.as_ref()?.data.as_ref()) {
        output::line(&format!("\n{}", styled(STRONG, "Read")));
        for (field, value) in data.as_object().into_iter().flatten() {
            if let Some(text) = value.as_str() {
                output::line(&format!("  {field:20} {text}"));
            }
        }
    }
    output::line(&format!("\n{}", styled(FAINT, format!("judged in {:.2} s", took.as_secs_f64()))));
    let next = overlay.map_or_else(
        || styled(FAINT, "--json gives every signal; --overlay OUT.png shows where"),
        |path| format!("overlay: {}", path.display()),
    );
    output::line(&next);
}
