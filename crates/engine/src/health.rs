//! How the service is (contract §12).

use std::time::Duration;

use bonafide_domain::task::Lane;

use crate::Engine;

/// A task that is due and waits for longer than this has nobody who works on it.
const PATIENCE: Duration = Duration::from_mins(2);

/// How a part of the service is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It works.
    Up,
    /// It is late.
    Degraded,
    /// It does not work.
    Down,
}

/// How each part of the service is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Health {
    /// What is stored: without it nothing works.
    pub storage: State,
    /// Judging; late too while a watchlist is too old, because nobody is passed on it.
    pub processing: State,
    /// Telling customers.
    pub callback: State,
}

impl Engine {
    /// Asks the database whether it answers and whether tasks are worked on.
    pub async fn health(&self) -> Health {
        let overdue = async {
            self.store.ping().await?;
            self.store.overdue_lanes(PATIENCE).await
        };
        // Lists that cannot be read cannot be relied on.
        let has_stale_list = self.watchlists.has_stale(self.context.now()).await.unwrap_or(true);
        match overdue.await {
            Ok(overdue) => {
                let of = |lanes: &[Lane], is_late: bool| {
                    if is_late || lanes.iter().any(|lane| overdue.contains(lane)) {
                        State::Degraded
                    } else {
                        State::Up
                    }
                };
                Health {
                    storage: State::Up,
                    processing: of(&[Lane::Control, Lane::Compute], has_stale_list),
                    callback: of(&[Lane::Delivery], false),
                }
            }
            Err(error) => {
                tracing::error!(%error, "the database does not answer");
                Health { storage: State::Down, processing: State::Down, callback: State::Down }
            }
        }
    }
}
