//! When an ID on file counts as verified (contract §6.1, key 5).

use crate::decision::{Capability, DecisionType};
use crate::id::CredentialId;
use crate::run::Run;

/// What must have judged an ID.
const JUDGES: [Capability; 3] =
    [Capability::Usability, Capability::ImageChecks, Capability::DataChecks];

/// Whether, in one of its processed executions, everything that judges an ID has run on this one
/// and nothing rejected it. `runs` are those of all its processed executions.
pub fn is_verified_id(id: CredentialId, runs: &[Run]) -> bool {
    let accepted = |of: &Run, capability: Capability| {
        runs.iter().any(|run| {
            run.execution_id == of.execution_id
                && run.capability == capability
                && run.credentials.contains(&id)
                && run.decision.is_some_and(|decision| {
                    matches!(decision.decision_type(), DecisionType::Passed | DecisionType::Warning)
                })
        })
    };
    runs.iter().any(|run| JUDGES.iter().all(|judge| accepted(run, *judge)))
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::decision::{Decision, Label};
    use crate::id::{ExecutionId, RunId, TenantId};
    use crate::run::RunState;

    const ID: CredentialId = CredentialId::from_u128(1);

    fn run(execution: u128, capability: Capability, kind: DecisionType, label: Label) -> Run {
        Run {
            id: RunId::nil(),
            tenant_id: TenantId::nil(),
            execution_id: ExecutionId::from_u128(execution),
            capability,
            credentials: vec![ID],
            state: RunState::Done,
            attempt: 1,
            decision: Some(Decision::new(capability, kind, label).unwrap()),
            record: None,
            created_at: Timestamp::UNIX_EPOCH,
            completed_at: None,
        }
    }

    fn passed(execution: u128, capability: Capability) -> Run {
        run(execution, capability, DecisionType::Passed, Label::Ok)
    }

    #[test]
    fn all_judges_must_have_run_in_one_execution() {
        use Capability::{DataChecks, Extraction, ImageChecks, Usability};
        let all = [passed(1, Usability), passed(1, ImageChecks), passed(1, DataChecks)];
        assert!(is_verified_id(ID, &all));
        assert!(!is_verified_id(CredentialId::from_u128(2), &all), "of another credential");
        assert!(!is_verified_id(ID, &[]));
        assert!(!is_verified_id(ID, &all[..2]), "data checks are missing");
        let apart = [passed(1, Usability), passed(1, ImageChecks), passed(2, DataChecks)];
        assert!(!is_verified_id(ID, &apart), "in different executions");
        // Workflow 1 reads an ID and does not verify it.
        assert!(!is_verified_id(ID, &[passed(1, Usability), passed(1, Extraction)]));
    }

    #[test]
    fn a_warning_is_no_rejection_and_an_error_no_judgement() {
        use Capability::{DataChecks, ImageChecks, Usability};
        use DecisionType::{NotExecuted, Rejected, Warning};
        let with = |last: Run| [passed(1, Usability), passed(1, ImageChecks), last];
        let soon = Label::DocumentExpiryWithinConfiguredLimit;
        assert!(is_verified_id(ID, &with(run(1, DataChecks, Warning, soon))));
        assert!(!is_verified_id(ID, &with(run(1, DataChecks, Rejected, Label::MrzChecksum))));
        assert!(!is_verified_id(ID, &with(run(1, DataChecks, NotExecuted, Label::TechnicalError))));
        let mut pending = passed(1, DataChecks);
        pending.decision = None;
        assert!(!is_verified_id(ID, &with(pending)));
    }
}
