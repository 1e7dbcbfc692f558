//! The service's health (contract §12).

use serde::Serialize;
use utoipa::ToSchema;

/// Whether the service works.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Health {
    /// The whole.
    pub status: HealthState,
    /// The services that are affected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub details: Option<HealthDetails>,
}

/// The services that are affected; one that works is absent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct HealthDetails {
    /// Accounts and uploads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api: Option<HealthState>,
    /// Capabilities.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub processing: Option<HealthState>,
    /// Results.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retrieval: Option<HealthState>,
}

/// How a service is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum HealthState {
    /// It works.
    Up,
    /// It does not.
    Down,
}

impl Health {
    /// Everything works.
    pub fn up() -> Self {
        Self { status: HealthState::Up, details: None }
    }

    /// What is stored cannot be reached, so nothing that needs it works.
    pub fn without_storage() -> Self {
        let down = Some(HealthState::Down);
        Self {
            status: HealthState::Down,
            details: Some(HealthDetails { api: down, processing: down, retrieval: down }),
        }
    }
}
