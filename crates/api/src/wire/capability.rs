//! The results of the capabilities: one frame for all of them (contract §7.2).

use std::collections::BTreeMap;

use bonafide_domain::credential::Category;
use bonafide_domain::decision::{Capability, Decision, DecisionType, Label};
use bonafide_domain::id::{CredentialId, RunId};
use bonafide_engine::{Record, RunResult};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::vocabulary;

/// One capability on one set of credentials.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CapabilityEntry {
    /// Its id.
    #[schema(value_type = String, format = Uuid)]
    pub id: RunId,
    /// The credentials that it looked at; absent for screening that never began.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub credentials: Vec<CredentialReference>,
    /// The facemap that later authentications can be compared with; only for liveness and
    /// authentication, when the account has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = "uri")]
    pub valid_face_map_for_authentication: Option<String>,
    /// How it ended.
    pub decision: DecisionBody,
    /// What it found. `{}` for extraction, similarity and watchlistScreening when they were not
    /// executed; absent for capabilities without data.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub data: Option<Value>,
}

/// A credential, and what it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CredentialReference {
    /// Its id.
    #[schema(value_type = String, format = Uuid)]
    pub id: CredentialId,
    /// What it is.
    #[schema(schema_with = vocabulary::category)]
    pub category: Category,
}

/// How a capability ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DecisionBody {
    /// The kind of end.
    #[serde(rename = "type")]
    #[schema(schema_with = vocabulary::decision_type)]
    pub decision_type: DecisionType,
    /// Why.
    pub details: DecisionDetails,
}

/// Why a capability ended so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DecisionDetails {
    /// The reason.
    #[schema(schema_with = vocabulary::label)]
    pub label: Label,
}

impl From<Decision> for DecisionBody {
    fn from(decision: Decision) -> Self {
        Self {
            decision_type: decision.decision_type(),
            details: DecisionDetails { label: decision.label() },
        }
    }
}

impl CapabilityEntry {
    /// The entry of a run; none while it is undecided.
    pub fn new(result: &RunResult) -> Option<Self> {
        let decision = result.run.decision?;
        let data = result.record.as_ref().and_then(|record: &Record| record.data.clone());
        Some(Self {
            id: result.run.id,
            credentials: listed(result, decision)
                .iter()
                .map(|&(id, category)| CredentialReference { id, category })
                .collect(),
            valid_face_map_for_authentication: None,
            decision: decision.into(),
            data: wire_data(result.run.capability, decision.decision_type(), data),
        })
    }
}

/// The credentials of an entry. Screening in an expired session lists none (contract §6.1).
fn listed(result: &RunResult, decision: Decision) -> &[(CredentialId, Category)] {
    let never_began = result.run.capability == Capability::WatchlistScreening
        && decision == Decision::PRECONDITION_NOT_FULFILLED;
    if never_began { &[] } else { &result.credentials }
}

/// `data` as each capability has it (contract §7.2, "Cardinality", and §17, 6).
fn wire_data(capability: Capability, ended: DecisionType, data: Option<Value>) -> Option<Value> {
    // Where a face was seen before may be told with any decision (contract §6.1).
    let is_kept = ended != DecisionType::NotExecuted || capability == Capability::ImageChecks;
    let data = data.filter(|_| is_kept);
    match capability {
        Capability::Extraction | Capability::Similarity | Capability::WatchlistScreening => {
            Some(data.unwrap_or_else(|| Value::Object(serde_json::Map::new())))
        }
        Capability::ImageChecks | Capability::Liveness | Capability::Authentication => data,
        _ => None,
    }
}

/// The decided runs as `capabilities` on the wire, each made an entry by `entry`.
pub(super) fn by_capability<T>(
    results: &[RunResult],
    entry: impl Fn(&RunResult) -> Option<T>,
) -> BTreeMap<Capability, Vec<T>> {
    let mut capabilities = BTreeMap::<_, Vec<T>>::new();
    for result in results {
        if let Some(entry) = entry(result) {
            capabilities.entry(result.run.capability).or_default().push(entry);
        }
    }
    capabilities
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn data_is_empty_or_absent_as_the_contract_has_it() {
        use Capability::{DataChecks, Extraction, ImageChecks, Liveness, Similarity, Usability};
        use DecisionType::{NotExecuted, Passed};
        let found = || Some(json!({"x": 1}));
        for (capability, ended, expected) in [
            (Extraction, Passed, found()),
            (Extraction, NotExecuted, Some(json!({}))),
            (Similarity, NotExecuted, Some(json!({}))),
            (Liveness, Passed, found()),
            (Liveness, NotExecuted, None),
            (ImageChecks, NotExecuted, found()),
            (Usability, Passed, None),
            (DataChecks, Passed, None),
        ] {
            assert_eq!(wire_data(capability, ended, found()), expected, "{capability} {ended}");
        }
        // After deletion the decision stays and the data is gone.
        assert_eq!(wire_data(Extraction, Passed, None), Some(json!({})));
    }
}
