//! The service's health (contract §12).

use bonafide_engine as engine;
use bonafide_engine::State;
use serde::Serialize;
use utoipa::ToSchema;

/// Whether the service works.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(example = json!({"status": "DEGRADED", "details": {"callback": "DEGRADED"}}))]
pub struct Health {
    /// The whole.
    pub status: HealthState,
    /// The parts that are affected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub details: Option<HealthDetails>,
}

/// The parts that are affected; one that works is absent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct HealthDetails {
    /// Accounts and uploads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api: Option<HealthState>,
    /// Telling customers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub callback: Option<HealthState>,
    /// Journeys in SDKs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mobile: Option<HealthState>,
    /// Capabilities.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub processing: Option<HealthState>,
    /// Results.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retrieval: Option<HealthState>,
    /// Journeys in browsers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub web: Option<HealthState>,
}

/// How a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum HealthState {
    /// It works.
    Up,
    /// It is late.
    Degraded,
    /// It does not work.
    Down,
}

impl From<State> for HealthState {
    fn from(state: State) -> Self {
        match state {
            State::Up => Self::Up,
            State::Degraded => Self::Degraded,
            State::Down => Self::Down,
        }
    }
}

impl From<engine::Health> for Health {
    fn from(health: engine::Health) -> Self {
        let affected = |state: State| Some(state.into()).filter(|state| *state != HealthState::Up);
        let storage = affected(health.storage);
        let details = HealthDetails {
            api: storage,
            callback: affected(health.callback),
            mobile: storage,
            processing: affected(health.processing),
            retrieval: storage,
            web: storage,
        };
        let worst = storage.max(details.callback).max(details.processing);
        Self {
            status: worst.unwrap_or(HealthState::Up),
            details: Some(details).filter(|_| worst.is_some()),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_is_affected_is_told() {
        let of = |storage, processing, callback| {
            serde_json::to_value(Health::from(engine::Health { storage, processing, callback }))
                .unwrap()
        };
        assert_eq!(of(State::Up, State::Up, State::Up), json!({"status": "UP"}));
        assert_eq!(
            of(State::Up, State::Up, State::Degraded),
            json!({"status": "DEGRADED", "details": {"callback": "DEGRADED"}})
        );
        assert_eq!(
            of(State::Down, State::Down, State::Down),
            json!({"status": "DOWN", "details": {
                "api": "DOWN", "callback": "DOWN", "mobile": "DOWN", "processing": "DOWN",
                "retrieval": "DOWN", "web": "DOWN"
            }})
        );
    }
}
