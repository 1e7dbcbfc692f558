//! The use cases and the durable run.
//!
//! Commands come in as domain types and go out as domain types; HTTP is the api's business, SQL is
//! the store's. Each use case is one transaction: its rows, its tasks and its audit entry are
//! committed together or not at all.

mod accounts;
pub mod admin;
mod advance;
mod assessment;
mod auth;
mod callbacks;
mod caller;
pub mod capability;
mod challenges;
mod chores;
mod consent;
mod context;
mod deletion;
mod enrolment;
mod error;
mod events;
mod expiry;
mod face_search;
mod health;
mod idempotency;
mod judge;
mod kept;
mod listing;
mod prerequisites;
mod record;
mod retrieval;
mod sandbox;
pub mod screening;
mod sealing;
#[cfg(feature = "testing")]
pub mod testing;
mod uploads;
mod urls;
mod worker;

use std::sync::Arc;
use std::time::Duration;

use bonafide_domain::region::Region;
use bonafide_imaging::Limits;
use bonafide_store::{BlobStore, Store};
pub use bonafide_store::{CallbackFilter, FeedEvent};
use bonafide_vault::KeyRing;
pub use bonafide_vault::Redacted;

pub use crate::accounts::Initiated;
pub use crate::assessment::{AssessedRule, AssessedStep};
pub use crate::auth::AccessToken;
pub use crate::callbacks::{CallbackOptions, Sender, Signature};
pub use crate::caller::{Caller, Journey};
use crate::capability::Capabilities;
pub use crate::challenges::{
    Acquisition, FrameFeedback, Hint, IssuedMovements, LEAST_FRAMES, MOST_FRAME_BYTES, Movement,
};
pub use crate::consent::{ConsentEntry, Statement};
pub use crate::context::{Clock, Context, SystemClock};
pub use crate::error::{Error, Kind};
pub use crate::events::{DeliveryLog, Feed};
use crate::face_search::Galleries;
pub use crate::health::{Health, State};
pub use crate::idempotency::Once;
pub use crate::listing::Page;
pub use crate::record::{MrzEvidence, Record, RepairEvidence};
pub use crate::retrieval::{Details, PartFile, RunResult};
use crate::screening::{ComplyAdvantage, Watchlists};
pub use crate::uploads::{Place, Uploaded};
pub use crate::urls::PublicUrls;
pub use crate::worker::WorkerSize;

/// Everything that the use cases need. Cheap to clone.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Parts>,
    galleries: Arc<Galleries>,
}

/// What an engine is made of.
pub struct Parts {
    /// The database.
    pub store: Store,
    /// The sealed blobs.
    pub blobs: BlobStore,
    /// The keys that wrap data keys.
    pub key_ring: KeyRing,
    /// Clock, randomness and ids.
    pub context: Context,
    /// What judges.
    pub capabilities: Capabilities,
    /// The lists that names are searched in.
    pub watchlists: Arc<Watchlists>,
    /// The client of another screening provider.
    pub comply_advantage: ComplyAdvantage,
    /// Where this server is seen from outside.
    pub public_urls: PublicUrls,
    /// What an upload may be.
    pub limits: Limits,
    /// How callbacks are sent.
    pub sender: Sender,
    /// The region that this server serves; other regions' tenants are refused.
    pub region: Region,
    /// How long what came of a request is kept under its idempotency key.
    pub idempotency_lifetime: Duration,
}

impl Engine {
    /// An engine of these parts.
    pub fn new(parts: Parts) -> Self {
        Self { inner: Arc::new(parts), galleries: Arc::default() }
    }

    /// Where this server is seen from outside.
    pub fn public_urls(&self) -> &PublicUrls {
        &self.inner.public_urls
    }

    /// What an upload may be.
    pub fn limits(&self) -> &Limits {
        &self.inner.limits
    }
}

/// The use cases, spread over this crate's files, read the parts directly.
impl std::ops::Deref for Engine {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.inner
    }
}
