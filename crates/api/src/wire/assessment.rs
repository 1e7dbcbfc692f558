//! Overall decisions, steps and rules of platform keys (contract §7.5). The shape of rules is ours:
//! the contract knows the call and not its answer.

use bonafide_domain::assessment::Verdict;
use bonafide_domain::decision::{DecisionType, Label};
use bonafide_domain::id::RunId;
use bonafide_domain::workflow::Step;
use bonafide_engine::{AssessedRule, AssessedStep};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::vocabulary;

/// The overall decision of an execution or of one of its steps.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct OverallDecision {
    /// Its type.
    #[serde(rename = "type")]
    #[schema(schema_with = vocabulary::decision_type)]
    pub decision_type: DecisionType,
    /// Why.
    pub details: OverallDetails,
    /// How risky it is.
    pub risk: Risk,
}

/// Why an execution ended so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct OverallDetails {
    /// The type again, or the reason why it was not executed.
    #[schema(examples("PASSED"))]
    pub label: &'static str,
}

/// How risky an execution is.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Risk {
    /// 0 to 30 passes, up to 70 warns, up to 100 rejects; −1 was not executed.
    #[schema(minimum = -1, maximum = 100, examples(0.0))]
    pub score: f64,
}

/// Where the steps are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct StepsLink {
    /// Their address.
    #[schema(format = "uri")]
    pub href: String,
}

/// The steps of an execution; none while it runs.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"steps": [{
    "id": "2f6f4a4e-52cf-8f3a-9a51-3f8a5c0c9b10",
    "name": "ID_IV",
    "capabilityIds": ["01970000-0000-7000-8000-000000000001"],
    "decision": {"type": "PASSED", "details": {"label": "PASSED"}, "risk": {"score": 0.0}}
}]}))]
pub struct Steps {
    /// The steps.
    pub steps: Vec<StepBody>,
}

/// A group of capabilities with a decision of its own.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StepBody {
    /// Its id: the same each time.
    pub id: Uuid,
    /// Its name.
    #[schema(schema_with = vocabulary::step)]
    pub name: Step,
    /// The capability entries that it is made of.
    #[schema(value_type = Vec<Uuid>)]
    pub capability_ids: Vec<RunId>,
    /// How it ended.
    pub decision: OverallDecision,
}

/// The rules that fired on an execution; none while it runs, or when nothing was found.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"rules": [{
    "id": "similarity.NOT_POSSIBLE",
    "label": "NOT_POSSIBLE",
    "outcome": "WARNING",
    "score": 40,
    "capabilityIds": ["01970000-0000-7000-8000-000000000001"]
}]}))]
pub struct Rules {
    /// The rules. Their scores add up to the overall one, which ends at 100.
    pub rules: Vec<RuleBody>,
}

/// One ground for a higher risk.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RuleBody {
    /// Its name: capability and label.
    #[schema(examples("similarity.NOT_POSSIBLE"))]
    pub id: String,
    /// The ground.
    #[schema(schema_with = vocabulary::label)]
    pub label: Label,
    /// What it would decide by itself.
    #[schema(schema_with = vocabulary::decision_type)]
    pub outcome: DecisionType,
    /// What it adds.
    #[schema(minimum = 1, maximum = 100)]
    pub score: i16,
    /// The capability entries that gave the ground.
    #[schema(value_type = Vec<Uuid>)]
    pub capability_ids: Vec<RunId>,
}

impl From<Verdict> for OverallDecision {
    fn from(verdict: Verdict) -> Self {
        let Verdict { decision_type, label, risk_score } = verdict;
        Self {
            decision_type,
            details: OverallDetails { label },
            risk: Risk { score: risk_score.into() },
        }
    }
}

impl From<Vec<AssessedStep>> for Steps {
    fn from(steps: Vec<AssessedStep>) -> Self {
        let steps = steps.into_iter().map(|step| StepBody {
            id: step.id,
            name: step.step,
            capability_ids: step.runs.into_iter().map(|(run, _)| run).collect(),
            decision: step.verdict.into(),
        });
        Self { steps: steps.collect() }
    }
}

impl From<Vec<AssessedRule>> for Rules {
    fn from(rules: Vec<AssessedRule>) -> Self {
        let rules = rules.into_iter().map(|AssessedRule { rule, runs }| RuleBody {
            id: format!("{}.{}", rule.capability, rule.label),
            label: rule.label,
            outcome: rule.outcome(),
            score: rule.score,
            capability_ids: runs,
        });
        Self { rules: rules.collect() }
    }
}
