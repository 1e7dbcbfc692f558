//! Tenants (the customers of this server), their settings and their API clients.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{ApiClientId, TenantId};
use crate::wire_enum::wire_enum;

wire_enum! {
    /// What a tenant's executions are worth.
    pub enum TenantMode {
        /// Real persons; a specimen is rejected as `SAMPLE`.
        Live = "LIVE",
        /// Development; a specimen is judged as if it were real, and the evidence says so.
        Test = "TEST",
        /// Nothing is judged: an execution ends as it is told (docs/SANDBOX.md).
        Sandbox = "SANDBOX",
    }
}

wire_enum! {
    /// What is done about biometric consent (contract §13).
    pub enum ConsentPolicy {
        /// Nothing is asked, nothing is kept.
        Off = "off",
        /// What the request states is kept.
        Record = "record",
        /// A stated consent that does not hold refuses the create or update.
        AtInitiation = "at-initiation",
    }
}

/// A customer of this server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    /// Its id.
    pub id: TenantId,
    /// Its name, unique on this server.
    pub name: String,
    /// Live, test or sandbox. Never changes, or results of one kind would pass for another's.
    pub mode: TenantMode,
    /// What it may do and what it wants.
    pub settings: Settings,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A tenant's settings. Unknown keys are errors, absent ones take the default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Settings {
    /// Keys 3, 5, 6, 9, 16 and 32 may be used (contract §6.1).
    pub identity_verification: bool,
    /// Key 32 may be used.
    pub screening: bool,
    /// Key 16 may be used.
    pub facemap_on_premise: bool,
    /// What is done about consent.
    pub consent: ConsentPolicy,
    /// Where callbacks go when the request names no address.
    pub callback_url: Option<String>,
    /// Callback and redirect addresses may be http, have a port or an IP address (contract §3.4).
    pub development_urls: bool,
    /// A document that expires within this many days is warned about; 0 means already expired.
    pub expiry_limit_days: u16,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            identity_verification: true,
            screening: false,
            facemap_on_premise: false,
            consent: ConsentPolicy::Record,
            callback_url: None,
            development_urls: false,
            expiry_limit_days: 0,
        }
    }
}

/// What an API client may do (contract §2, client permissions).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Permissions {
    /// Create and update accounts.
    pub initiate: bool,
    /// Retrieve and delete.
    pub retrieve: bool,
}

/// A program of a tenant that calls the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiClient {
    /// Our id.
    pub id: ApiClientId,
    /// Its owner.
    pub tenant_id: TenantId,
    /// The OAuth 2 `client_id`.
    pub client_id: String,
    /// SHA-256 of the secret; the secret has 256 random bits, so a plain hash is enough.
    pub secret_hash: [u8; 32],
    /// What it may do.
    pub permissions: Permissions,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was revoked, if it was.
    pub revoked_at: Option<Timestamp>,
}
