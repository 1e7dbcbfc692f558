//! The contract of the task queue, within one process.

use std::collections::{HashMap, HashSet};
use std::future::Future;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bonafide_domain::id::{CallbackId, ExecutionId, RunId, TenantId};
use bonafide_domain::task::{Lane, Task};
use bonafide_store::{Store, TaskFailure, TaskHandler, WorkerOptions};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

use crate::databases::TestDatabase;
use crate::fixture::{next, now};
use crate::on_both_databases;

on_both_databases!(
    a_task_is_carried_out_once,
    a_rollback_takes_its_tasks_with_it,
    a_delayed_task_waits,
    a_failure_is_tried_again_later_each_time,
    the_last_failure_is_death_and_a_requeue_a_new_life,
    a_panic_is_a_failure,
    two_workers_share_the_work,
    a_long_task_keeps_its_lease,
    lanes_do_not_hold_each_other_up,
    a_shutdown_lets_running_tasks_end,
    a_commit_wakes_the_workers_of_its_process,
    an_unreadable_task_is_dead_and_holds_nothing_up,
);

pub fn task() -> Task {
    Task::Advance {
        tenant_id: TenantId::from_u128(1),
        execution_id: ExecutionId::from_u128(next()),
    }
}

pub async fn enqueue(store: &Store, task: &Task, run_at: Timestamp) {
    let mut tx = store.begin().await.unwrap();
    tx.enqueue(task, run_at).await.unwrap();
    tx.commit().await.unwrap();
}

/// Quick waits, one lane; tests change what they are about.
pub fn options() -> WorkerOptions {
    WorkerOptions {
        lanes: vec![(Lane::Control, 4)],
        lease: Duration::from_secs(2),
        poll: Duration::from_millis(50),
        first_retry: Duration::from_millis(200),
        max_attempts: 3,
        ..WorkerOptions::default()
    }
}

/// Waits until something is so, and fails the test when it is not in half a minute.
pub async fn eventually<F: Future<Output = bool>>(what: &str, mut holds: impl FnMut() -> F) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !holds().await {
        assert!(Instant::now() < deadline, "not within 30 s: {what}");
        sleep(Duration::from_millis(10)).await;
    }
}

pub async fn waiting(store: &Store) -> i64 {
    store.lane_depths().await.unwrap().iter().map(|depth| depth.waiting).sum()
}

/// A worker in the background.
pub struct Running {
    stop: oneshot::Sender<()>,
    worker: JoinHandle<Result<(), bonafide_store::Error>>,
}

impl Running {
    pub fn start<H: TaskHandler>(store: &Store, handler: &Arc<H>, options: WorkerOptions) -> Self {
        let (stop, stopped) = oneshot::channel::<()>();
        let (store, handler) = (store.clone(), Arc::clone(handler));
        let worker = tokio::spawn(async move {
            store.work(handler, options, async { drop(stopped.await) }).await
        });
        Self { stop, worker }
    }

    pub async fn stop(self) {
        self.stop.send(()).expect("the worker still runs");
        self.worker.await.unwrap().unwrap();
    }
}

/// Writes down when each task came, and does as it is told.
#[derive(Default)]
pub struct Recorder {
    pub calls: Mutex<Vec<(Task, Instant)>>,
    /// Fails this many times for each task before it succeeds.
    pub failures: usize,
    pub panics: bool,
    pub takes: Duration,
}

impl Recorder {
    pub fn count(&self) -> usize {
        self.calls.lock().unwrap().len()
    }

    pub fn times(&self) -> Vec<Instant> {
        self.calls.lock().unwrap().iter().map(|(_, time)| *time).collect()
    }

    fn count_of(&self, task: &Task) -> usize {
        self.calls.lock().unwrap().iter().filter(|(known, _)| known == task).count()
    }
}

impl TaskHandler for Recorder {
    async fn handle(&self, task: Task) -> Result<(), TaskFailure> {
        self.calls.lock().unwrap().push((task.clone(), Instant::now()));
        sleep(self.takes).await;
        if self.count_of(&task) <= self.failures {
            assert!(!self.panics, "told to panic");
            return Err(TaskFailure::Retry("told to fail".to_owned()));
        }
        Ok(())
    }
}

async fn a_task_is_carried_out_once(database: TestDatabase) {
    let (store, recorder) = (&database.store, Arc::new(Recorder::default()));
    let task = task();
    enqueue(store, &task, now()).await;
    let worker = Running::start(store, &recorder, options());
    eventually("done", || async { waiting(store).await == 0 }).await;
    worker.stop().await;
    let calls = recorder.calls.lock().unwrap();
    assert_eq!(calls.iter().map(|(task, _)| task).collect::<Vec<_>>(), [&task]);
}

async fn a_rollback_takes_its_tasks_with_it(database: TestDatabase) {
    let (store, recorder) = (&database.store, Arc::new(Recorder::default()));
    let mut tx = store.begin().await.unwrap();
    tx.enqueue(&task(), now()).await.unwrap();
    drop(tx);
    let kept = task();
    enqueue(store, &kept, now()).await;
    let worker = Running::start(store, &recorder, options());
    eventually("the kept one done", || async { waiting(store).await == 0 }).await;
    worker.stop().await;
    assert_eq!(recorder.count(), 1);
    assert_eq!(recorder.count_of(&kept), 1);
}

async fn a_delayed_task_waits(database: TestDatabase) {
    let (store, recorder) = (&database.store, Arc::new(Recorder::default()));
    let worker = Running::start(store, &recorder, options());
    let enqueued = Instant::now();
    enqueue(store, &task(), now() + SignedDuration::from_millis(800)).await;
    eventually("done", || async { waiting(store).await == 0 }).await;
    worker.stop().await;
    let waited = recorder.times()[0] - enqueued;
    println!("{}: due after 800 ms, begun after {waited:?}, poll 50 ms", store.backend_name());
    assert!(waited >= Duration::from_millis(799), "{waited:?}");
}

async fn a_failure_is_tried_again_later_each_time(database: TestDatabase) {
    let store = &database.store;
    let recorder = Arc::new(Recorder { failures: 2, ..Recorder::default() });
    enqueue(store, &task(), now()).await;
    let worker = Running::start(store, &recorder, options());
    eventually("done", || async { waiting(store).await == 0 }).await;
    worker.stop().await;
    let times = recorder.times();
    assert_eq!(times.len(), 3);
    let waits = [times[1] - times[0], times[2] - times[1]];
    assert!(waits[0] >= Duration::from_millis(199), "{waits:?}");
    assert!(waits[1] >= Duration::from_millis(399), "{waits:?}");
    assert_eq!(store.dead_tasks().await.unwrap(), []);
}

async fn the_last_failure_is_death_and_a_requeue_a_new_life(database: TestDatabase) {
    let store = &database.store;
    let recorder = Arc::new(Recorder { failures: 3, ..Recorder::default() });
    let task = task();
    enqueue(store, &task, now()).await;
    let worker = Running::start(store, &recorder, options());
    eventually("dead", || async { !store.dead_tasks().await.unwrap().is_empty() }).await;
    let dead = store.dead_tasks().await.unwrap().remove(0);
    assert_eq!((dead.lane, dead.task, dead.attempts), (Lane::Control, Some(task.clone()), 3));
    assert_eq!(dead.failure.as_deref(), Some("told to fail"));
    assert_eq!(dead.worker.as_deref(), Some("worker"));
    assert_eq!(recorder.count(), 3);

    assert_eq!(store.requeue_dead().await.unwrap(), 1);
    eventually("done", || async { waiting(store).await == 0 }).await;
    worker.stop().await;
    assert_eq!(recorder.count_of(&task), 4);
    assert_eq!(store.dead_tasks().await.unwrap(), []);
    assert_eq!(store.requeue_dead().await.unwrap(), 0);
}

async fn a_panic_is_a_failure(database: TestDatabase) {
    let store = &database.store;
    let recorder = Arc::new(Recorder { failures: 1, panics: true, ..Recorder::default() });
    enqueue(store, &task(), now()).await;
    let worker = Running::start(store, &recorder, options());
    eventually("done", || async { waiting(store).await == 0 }).await;
    worker.stop().await;
    assert_eq!(recorder.count(), 2);
}

/// Notices when a task is in two hands at once.
#[derive(Default)]
struct Exclusive {
    held: Mutex<HashSet<ExecutionId>>,
    done: Mutex<HashMap<ExecutionId, u32>>,
    collisions: Mutex<u32>,
}

impl TaskHandler for Exclusive {
    async fn handle(&self, task: Task) -> Result<(), TaskFailure> {
        let Task::Advance { execution_id, .. } = task else {
            unreachable!("none other is enqueued")
        };
        if !self.held.lock().unwrap().insert(execution_id) {
            *self.collisions.lock().unwrap() += 1;
        }
        sleep(Duration::from_millis(2)).await;
        self.held.lock().unwrap().remove(&execution_id);
        *self.done.lock().unwrap().entry(execution_id).or_default() += 1;
        Ok(())
    }
}

async fn two_workers_share_the_work(database: TestDatabase) {
    const TASKS: usize = 300;
    let (one, two) = (&database.store, &database.another_store().await);
    let handler = Arc::new(Exclusive::default());
    let mut tx = one.begin().await.unwrap();
    for _ in 0..TASKS {
        tx.enqueue(&task(), now()).await.unwrap();
    }
    tx.commit().await.unwrap();
    let workers = [one, two, one, two].map(|store| Running::start(store, &handler, options()));
    eventually("all done", || async { waiting(one).await == 0 }).await;
    for worker in workers {
        worker.stop().await;
    }
    let done = handler.done.lock().unwrap();
    assert_eq!(done.len(), TASKS);
    assert!(done.values().all(|&times| times == 1), "some were carried out twice");
    assert_eq!(*handler.collisions.lock().unwrap(), 0);
}

async fn a_long_task_keeps_its_lease(database: TestDatabase) {
    let store = &database.store;
    let recorder = Arc::new(Recorder { takes: Duration::from_millis(2500), ..Recorder::default() });
    enqueue(store, &task(), now()).await;
    let short = || WorkerOptions { lease: Duration::from_millis(600), ..options() };
    let workers =
        [Running::start(store, &recorder, short()), Running::start(store, &recorder, short())];
    eventually("done", || async { waiting(store).await == 0 }).await;
    for worker in workers {
        worker.stop().await;
    }
    assert_eq!(recorder.count(), 1, "four leases long, and nobody else took it");
}

async fn lanes_do_not_hold_each_other_up(database: TestDatabase) {
    let store = &database.store;
    let recorder = Arc::new(Recorder { takes: Duration::from_millis(300), ..Recorder::default() });
    let tenant_id = TenantId::from_u128(1);
    for _ in 0..3 {
        enqueue(store, &Task::Run { tenant_id, run_id: RunId::from_u128(next()) }, now()).await;
    }
    let delivery = Task::DeliverCallback { tenant_id, callback_id: CallbackId::from_u128(next()) };
    enqueue(store, &delivery, now()).await;
    let served =
        WorkerOptions { lanes: vec![(Lane::Compute, 1), (Lane::Delivery, 1)], ..options() };
    let worker = Running::start(store, &recorder, served);
    eventually("all done", || async { waiting(store).await == 0 }).await;
    worker.stop().await;
    let calls = recorder.calls.lock().unwrap();
    let came = calls.iter().position(|(task, _)| *task == delivery).unwrap();
    assert!(came <= 1, "the delivery waited behind {came} runs");
    let runs: Vec<_> =
        calls.iter().filter(|(task, _)| task.lane() == Lane::Compute).map(|call| call.1).collect();
    assert!(runs[1] - runs[0] >= Duration::from_millis(299), "one run at a time");
}

async fn a_shutdown_lets_running_tasks_end(database: TestDatabase) {
    let store = &database.store;
    let recorder = Arc::new(Recorder { takes: Duration::from_millis(500), ..Recorder::default() });
    enqueue(store, &task(), now()).await;
    let worker = Running::start(store, &recorder, options());
    eventually("begun", || async { recorder.count() == 1 }).await;
    worker.stop().await;
    assert_eq!(waiting(store).await, 0, "it ended and was written down");

    enqueue(store, &task(), now()).await;
    let hasty = WorkerOptions { drain: Duration::from_millis(50), ..options() };
    let worker = Running::start(store, &recorder, hasty);
    eventually("begun", || async { recorder.count() == 2 }).await;
    worker.stop().await;
    assert_eq!(waiting(store).await, 1, "left for another worker, once its lease has run out");
}

async fn a_commit_wakes_the_workers_of_its_process(database: TestDatabase) {
    let (store, recorder) = (&database.store, Arc::new(Recorder::default()));
    let sleepy = WorkerOptions { poll: Duration::from_hours(1), ..options() };
    let worker = Running::start(store, &recorder, sleepy);
    for done in 1..=5 {
        enqueue(store, &task(), now()).await;
        eventually("done", || async { recorder.count() == done }).await;
    }
    worker.stop().await;
}

async fn an_unreadable_task_is_dead_and_holds_nothing_up(database: TestDatabase) {
    let (store, recorder) = (&database.store, Arc::new(Recorder::default()));
    enqueue(store, &task(), now()).await;
    database.tamper("UPDATE tasks SET body = '{\"kind\": \"of_the_future\"}'").await;
    enqueue(store, &task(), now()).await;
    let worker = Running::start(store, &recorder, options());
    eventually("nothing waits", || async { waiting(store).await == 0 }).await;
    worker.stop().await;
    assert_eq!(recorder.count(), 1);
    let dead = store.dead_tasks().await.unwrap();
    assert_eq!(dead.iter().map(|dead| &dead.task).collect::<Vec<_>>(), [&None]);
}
