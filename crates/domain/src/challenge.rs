//! A challenge to an end user before the camera, as it is kept. What it asks for is sealed.

use serde_json::Value;

use crate::id::{ChallengeId, CredentialId, ExecutionId, TenantId};
use crate::run::SealedRecord;
use crate::validation::Violation;
use crate::wire_enum::wire_enum;

wire_enum! {
    /// Whether a challenge can still be answered.
    pub enum ChallengeState {
        /// Its frames are coming in.
        Open = "OPEN",
        /// It was answered.
        Spent = "SPENT",
    }
}

/// The one challenge of a credential; a new one takes the place of the former.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuedChallenge {
    /// Names it; nobody can guess what it asks for.
    pub id: ChallengeId,
    /// Its owner.
    pub tenant_id: TenantId,
    /// The execution that it was issued in.
    pub execution_id: ExecutionId,
    /// The facemap that is to be made.
    pub credential_id: CredentialId,
    /// How many challenges the credential has had, this one included.
    pub attempt: i32,
    /// Whether it can still be answered.
    pub state: ChallengeState,
    /// What it asks for, and how it was answered.
    pub record: SealedRecord,
}

/// What a client says about the frames of a challenge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChallengeAnswer {
    /// When each frame was taken, in milliseconds since the client began; each later than the one
    /// before it.
    pub times: Vec<u32>,
    /// The camera, as the client's system names it.
    pub camera: Option<String>,
}

/// Most frames of a burst.
const MOST_FRAMES: usize = 20;
/// Most characters of a camera's name.
const MOST_CAMERA: usize = 200;

impl ChallengeAnswer {
    /// Reads `{"times": [0, 400, …], "camera": "…"}`; names every wrong field at once.
    pub fn parse(body: &Value) -> Result<Self, Vec<Violation>> {
        let mut violations = Vec::new();
        let times: Option<Vec<u32>> = body["times"].as_array().and_then(|times| {
            let time = |time: &Value| time.as_u64().and_then(|time| u32::try_from(time).ok());
            times.iter().take(MOST_FRAMES + 1).map(time).collect()
        });
        let times = times.filter(|times| {
            times.len() <= MOST_FRAMES && times.is_sorted_by(|earlier, later| earlier < later)
        });
        if times.is_none() {
            let reason =
                "must be at most 20 whole numbers of milliseconds, each greater than the last";
            violations.push(Violation::new("times", reason));
        }
        let camera = match &body["camera"] {
            Value::Null => None,
            Value::String(name) if name.chars().count() <= MOST_CAMERA => Some(name.clone()),
            _ => {
                let reason = "must be a text of at most 200 characters";
                violations.push(Violation::new("camera", reason));
                None
            }
        };
        match times {
            Some(times) if violations.is_empty() => Ok(Self { times, camera }),
            _ => Err(violations),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_wrong_field_of_an_answer_is_named() {
        let fields = |body: &Value| -> Vec<String> {
            let refused = ChallengeAnswer::parse(body).err().unwrap_or_default();
            refused.into_iter().map(|violation| violation.field).collect()
        };
        assert!(fields(&json!({"times": [0, 400, 900], "camera": "Webcam"})).is_empty());
        assert!(fields(&json!({"times": []})).is_empty());
        assert_eq!(fields(&json!({"times": [0, 0]})), ["times"]);
        assert_eq!(fields(&json!({"times": [0, -1]})), ["times"]);
        assert_eq!(fields(&json!({"times": [1.5]})), ["times"]);
        assert_eq!(fields(&json!([])), ["times"]);
        assert_eq!(fields(&json!({"times": (0..21).collect::<Vec<u32>>()})), ["times"]);
        let long = "x".repeat(201);
        assert_eq!(fields(&json!({"times": "now", "camera": long})), ["times", "camera"]);
    }
}
