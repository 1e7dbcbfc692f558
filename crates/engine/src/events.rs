//! What happened, for a consumer that asks: the feed of events, and the log of deliveries (ours, not
//! the contract's).

use bonafide_domain::callback::{Attempt, Callback};
use bonafide_store::{CallbackFilter, FeedEvent};

use crate::Engine;
use crate::caller::Caller;
use crate::error::Error;

/// A page of the feed.
#[derive(Debug)]
pub struct Feed {
    /// Its events, oldest first.
    pub events: Vec<FeedEvent>,
    /// Where the next page begins: after this position.
    pub next: i64,
    /// Whether there are more events now.
    pub has_more: bool,
}

/// A page of the log of deliveries.
#[derive(Debug)]
pub struct DeliveryLog {
    /// Callbacks with their attempts, newest first.
    pub callbacks: Vec<(Callback, Vec<Attempt>)>,
    /// Whether there are older ones.
    pub has_more: bool,
}

impl Engine {
    /// At most `limit` events after a position. Whoever begins at 0 and goes on at `next` misses none
    /// and sees none twice.
    pub async fn events(&self, caller: &Caller, after: i64, limit: u32) -> Result<Feed, Error> {
        caller.may_retrieve()?;
        let mut tx = self.store.read().await?;
        let mut events = tx.list_events(caller.tenant.id, after, limit.saturating_add(1)).await?;
        let has_more = events.len() > limit as usize;
        events.truncate(limit as usize);
        let next = events.last().map_or(after, |last| last.event.position);
        Ok(Feed { events, next, has_more })
    }

    /// At most `limit` callbacks and what came of each attempt.
    pub async fn deliveries(
        &self,
        caller: &Caller,
        filter: CallbackFilter,
        limit: u32,
    ) -> Result<DeliveryLog, Error> {
        caller.may_retrieve()?;
        let tenant_id = caller.tenant.id;
        let mut tx = self.store.read().await?;
        let mut found = tx.find_callbacks(tenant_id, filter, limit.saturating_add(1)).await?;
        let has_more = found.len() > limit as usize;
        found.truncate(limit as usize);
        let mut callbacks = Vec::with_capacity(found.len());
        for callback in found {
            let attempts = tx.list_attempts(tenant_id, callback.id).await?;
            callbacks.push((callback, attempts));
        }
        Ok(DeliveryLog { callbacks, has_more })
    }
}
