//! What Bonafide keeps: the only SQL, the blob store and the task queue.
//!
//! One body of SQL serves SQLite and PostgreSQL (ADR 0002): the migrations differ, and next to
//! nothing else. A [`Transaction`] is the repository: each use case begins one, calls what it needs
//! and commits; what is dropped uncommitted never happened, tasks included. Every query demands the
//! tenant, but for those few that find out who the tenant is, the rotation of keys, and the sweeps.
//!
//! `find_*` gives an `Option`, `list_*` everything, `insert_*` makes a row; what changes a row says
//! whether it did. Instants are kept in milliseconds.

mod accounts;
mod audit;
mod blobs;
mod callback_secrets;
mod callbacks;
mod challenges;
mod chores;
mod clients;
mod columns;
mod connect;
mod credentials;
mod data_keys;
mod error;
mod events;
mod executions;
mod idempotency;
mod known_faces;
mod listing;
mod migrations;
mod on_file;
mod parts;
mod queue;
mod receipts;
mod runs;
mod searches;
mod sql;
mod tenants;
#[cfg(feature = "testing")]
pub mod testing;
mod tokens;
mod transaction;
mod writer;

pub use blobs::{BlobStore, S3Options, StoredBlob};
pub use callbacks::CallbackFilter;
pub use connect::Store;
pub use data_keys::DataKeyRow;
pub use error::Error;
pub use events::FeedEvent;
pub use idempotency::{KeptOutcome, Scope};
pub use known_faces::FaceChange;
pub use queue::{DeadTask, LaneDepth, TaskFailure, TaskHandler, WorkerOptions};
pub use transaction::Transaction;
