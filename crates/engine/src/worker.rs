//! The worker: tasks come off the queue and become use cases.

use std::future::Future;
use std::sync::Arc;

use bonafide_domain::screening::SearchId;
use bonafide_domain::task::{Lane, Task};
use bonafide_store::{TaskFailure, TaskHandler, WorkerOptions};

use crate::Engine;
use crate::error::Error;

/// How much a worker does at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkerSize {
    /// Capabilities that judge at the same time: a core each.
    pub compute: usize,
    /// Callbacks under way at the same time.
    pub delivery: usize,
}

impl Default for WorkerSize {
    /// A core is left for the API, if there is more than one.
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self { compute: cores.saturating_sub(1).max(1), delivery: 16 }
    }
}

impl Engine {
    /// Works until `shutdown`; finishes what it has begun.
    pub async fn work(
        &self,
        name: &str,
        size: WorkerSize,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), Error> {
        let options = WorkerOptions {
            name: name.to_owned(),
            lanes: vec![
                (Lane::Control, 4),
                (Lane::Compute, size.compute),
                (Lane::Delivery, size.delivery),
            ],
            ..WorkerOptions::default()
        };
        self.store.require_migrated().await?;
        self.start_chores().await?;
        Ok(self.store.work(Arc::new(self.clone()), options, shutdown).await?)
    }
}

impl TaskHandler for Engine {
    async fn handle(&self, task: Task) -> Result<(), TaskFailure> {
        let kind = task.kind();
        let result = match task {
            Task::Advance { tenant_id, execution_id } => {
                self.advance(tenant_id, execution_id).await
            }
            Task::Run { tenant_id, run_id } => self.judge(tenant_id, run_id).await,
            Task::DeliverCallback { tenant_id, callback_id } => {
                self.deliver(tenant_id, callback_id).await
            }
            Task::ReadSearchAgain { tenant_id, search } => {
                self.read_search_again(tenant_id, SearchId::new(search)).await
            }
            Task::TellSearchChange { tenant_id, search, position } => {
                self.tell_search_change(tenant_id, SearchId::new(search), position).await
            }
            Task::Chore { chore, turn } => self.do_chore(chore, turn).await,
            Task::Play { tenant_id, execution_id } => self.play(tenant_id, execution_id).await,
            Task::Expire { tenant_id, execution_id } => self.expire(tenant_id, execution_id).await,
        };
        result.map_err(|error| {
            let source = error.source.as_ref().map(ToString::to_string);
            tracing::warn!(task = kind, error = %error, source, "a task failed and is tried again");
            TaskFailure::Retry(error.detail)
        })
    }
}
