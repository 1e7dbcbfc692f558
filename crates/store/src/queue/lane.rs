//! One lane of one worker: claims, carries out, keeps its leases, drains.

use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bonafide_domain::task::{Lane, Task};
use futures::FutureExt as _;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval_at, sleep, timeout};

use super::claim::Claim;
use super::{TaskFailure, TaskHandler, WorkerOptions};
use crate::connect::Store;
use crate::error::Error;

/// How long to let a database alone that does not answer.
const UNAVAILABLE_PAUSE: Duration = Duration::from_secs(1);
/// How often to try to write down how a task ended, before its lease is let go.
const SETTLE_TRIES: u32 = 3;
const UNREADABLE: &str = "this version cannot read the task";
const ABANDONED: &str = "its worker vanished at the last attempt";

pub(super) struct Worker<H> {
    pub(super) store: Store,
    pub(super) handler: Arc<H>,
    pub(super) options: Arc<WorkerOptions>,
    pub(super) lane: Lane,
    pub(super) concurrency: usize,
}

impl<H> Clone for Worker<H> {
    fn clone(&self) -> Self {
        Self {
            store: self.store.clone(),
            handler: Arc::clone(&self.handler),
            options: Arc::clone(&self.options),
            lane: self.lane,
            concurrency: self.concurrency,
        }
    }
}

impl<H: TaskHandler> Worker<H> {
    pub(super) async fn run(self, mut stopped: watch::Receiver<bool>) {
        let mut running = JoinSet::new();
        let mut wake = self.store.wake.subscribe();
        while !*stopped.borrow() {
            wake.mark_unchanged();
            let free = self.concurrency.saturating_sub(running.len());
            let pause = match self.claim(free).await {
                Ok(claims) if free > 0 && claims.len() == free => {
                    self.spawn(claims, &mut running);
                    continue;
                }
                Ok(claims) => {
                    self.spawn(claims, &mut running);
                    self.options.poll
                }
                Err(error) => {
                    tracing::warn!(lane = %self.lane, %error, "cannot look for tasks");
                    UNAVAILABLE_PAUSE
                }
            };
            tokio::select! {
                _ = stopped.changed() => {}
                _ = running.join_next(), if !running.is_empty() => {}
                _ = wake.changed(), if free > 0 => {}
                () = sleep(pause) => {}
            }
        }
        let drained =
            timeout(self.options.drain, async { while running.join_next().await.is_some() {} });
        if drained.await.is_err() {
            tracing::warn!(lane = %self.lane, tasks = running.len(), "left tasks unfinished at shutdown");
        }
    }

    async fn claim(&self, free: usize) -> Result<Vec<Claim>, Error> {
        if free == 0 {
            return Ok(Vec::new());
        }
        self.store.claim(self.lane, free, &self.options.name, self.options.lease).await
    }

    fn spawn(&self, claims: Vec<Claim>, running: &mut JoinSet<()>) {
        for claim in claims {
            let worker = self.clone();
            running.spawn(async move { worker.carry_out(&claim).await });
        }
    }

    /// Carries out one task and writes down how it ended.
    async fn carry_out(&self, claim: &Claim) {
        let Ok(task) = serde_json::from_value::<Task>(claim.body.0.clone()) else {
            return self.settle(claim, &Err(UNREADABLE.to_owned()), true).await;
        };
        // Each claim counts as an attempt, so that a task that kills its worker does not do so for ever.
        if claim.attempts > self.options.max_attempts {
            return self.settle(claim, &Err(ABANDONED.to_owned()), true).await;
        }
        let kind = task.kind();
        let Some(outcome) = self.handle_under_lease(claim, task).await else {
            tracing::warn!(kind, attempt = claim.attempts, "lost the lease of a task");
            return;
        };
        if let Err(failure) = &outcome {
            tracing::warn!(kind, attempt = claim.attempts, failure, "a task failed");
        }
        let is_last = claim.attempts >= self.options.max_attempts;
        self.settle(claim, &outcome, is_last).await;
    }

    /// The handler's outcome, or none when the lease was lost on the way: another worker has the
    /// task now, and the handler is dropped.
    async fn handle_under_lease(&self, claim: &Claim, task: Task) -> Option<Result<(), String>> {
        let handled = AssertUnwindSafe(async { self.handler.handle(task).await }).catch_unwind();
        let mut handled = pin!(handled);
        let period = self.options.lease / 3;
        let mut renewals = interval_at(tokio::time::Instant::now() + period, period);
        renewals.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                biased;
                outcome = &mut handled => return Some(match outcome {
                    Ok(Ok(())) => Ok(()),
                    Ok(Err(TaskFailure::Retry(failure))) => Err(failure),
                    Err(_panic) => Err("the handler panicked".to_owned()),
                }),
                _ = renewals.tick() => match self.store.renew(claim, self.options.lease).await {
                    Ok(true) => {}
                    Ok(false) => return None,
                    // The handler's own writes are fenced by the rows that they change.
                    Err(error) => tracing::warn!(%error, "cannot renew a task's lease"),
                },
            }
        }
    }

    /// Writes down how a task ended. When the database does not answer, the lease runs out and the task
    /// is carried out again.
    async fn settle(&self, claim: &Claim, outcome: &Result<(), String>, is_last: bool) {
        for _ in 0..SETTLE_TRIES {
            let settled = match outcome {
                Ok(()) => self.store.complete(claim).await,
                Err(failure) if is_last => self.store.bury(claim, failure).await,
                Err(failure) => {
                    let wait = self.options.retry_after(claim.attempts);
                    self.store.retry(claim, failure, wait).await
                }
            };
            match settled {
                Ok(true) => return,
                Ok(false) => {
                    tracing::warn!(lane = %self.lane, "a task ended after its lease was lost");
                    return;
                }
                Err(error) => {
                    tracing::warn!(lane = %self.lane, %error, "cannot write down how a task ended");
                    sleep(UNAVAILABLE_PAUSE).await;
                }
            }
        }
    }
}
