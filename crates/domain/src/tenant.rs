//! Tenants (the customers of this server), their settings and their API clients.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{ApiClientId, TenantId};
use crate::region::Region;
use crate::screening::ScreeningSettings;
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
        /// A create or update succeeds; without a consent that holds, no face is taken and nothing
        /// is finalized.
        AtAcquisition = "at-acquisition",
        /// A stated consent that does not hold refuses the create or update. A request that states
        /// none is taken and recorded as such.
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
    /// The one region that it belongs to.
    pub region: Region,
    /// What it may do and what it wants.
    pub settings: Settings,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A tenant's settings. Unknown keys are errors, absent ones take the default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Settings {
    /// Keys 3, 5, 6, 9, 16 and 32, and their platform forms, may be used (contract §6.1).
    pub identity_verification: bool,
    /// Keys 32, 10010 and 10013 may be used.
    pub screening: bool,
    /// Keys 16 and 10071 may be used, and facemaps downloaded.
    pub facemap_on_premise: bool,
    /// What is done about consent.
    pub consent: ConsentPolicy,
    /// Results say what consent they rest on (contract §7.2).
    pub consent_details: bool,
    /// Executions of v3 keys become those of the platform's, with an overall decision and steps
    /// (contract §6.3, §7.5).
    pub key_mapping: bool,
    /// Where callbacks go when the request names no address.
    pub callback_url: Option<String>,
    /// Callback and redirect addresses may be http, have a port or an IP address (contract §3.4).
    pub development_urls: bool,
    /// The face of a document is looked for among those that the tenant has seen, and kept for later
    /// searches; only with a recorded consent that holds (contract §7.4, `faceSearchFindings`).
    pub face_search: bool,
    /// A document that expires within this many days is warned about; 0 means already expired.
    pub expiry_limit_days: u16,
    /// Callbacks and feed tell of the acquisition too (contract §8, "intermediate callback").
    pub intermediate_callbacks: bool,
    /// After how many days without activity an account's data is deleted; never when absent.
    pub retention_days: Option<u16>,
    /// After how many days without activity its biometrics are deleted; with the rest when absent.
    pub biometrics_retention_days: Option<u16>,
    /// How names are screened, where `screening` is on.
    pub watchlists: ScreeningSettings,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            identity_verification: true,
            screening: false,
            facemap_on_premise: false,
            consent: ConsentPolicy::Record,
            consent_details: false,
            key_mapping: false,
            callback_url: None,
            development_urls: false,
            face_search: false,
            expiry_limit_days: 0,
            intermediate_callbacks: false,
            retention_days: None,
            biometrics_retention_days: None,
            watchlists: ScreeningSettings::default(),
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
