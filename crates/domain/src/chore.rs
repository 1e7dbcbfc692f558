//! What the server does again and again by itself, each as a durable timer.

use crate::wire_enum::wire_enum;

wire_enum! {
    /// A recurring piece of work.
    pub enum Chore {
        /// Deletes what has been kept as long as its tenant wants it.
        Retention = "RETENTION",
        /// Deletes blobs that no row names.
        OrphanBlobs = "ORPHAN_BLOBS",
        /// Fetches the watchlists that have an address.
        ListRefresh = "LIST_REFRESH",
        /// Makes monitored searches again whose lists have changed.
        Monitoring = "MONITORING",
        /// Deletes tokens, idempotency keys and signing secrets that have expired.
        ExpiredRows = "EXPIRED_ROWS",
    }
}
