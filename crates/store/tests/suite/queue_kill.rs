//! The contract of the task queue when a worker's process is killed or stopped.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bonafide_domain::task::Task;
use bonafide_store::{TaskFailure, TaskHandler};
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

use crate::children::ChildWorker;
use crate::databases::TestDatabase;
use crate::fixture::now;
use crate::on_both_databases;
use crate::queue::{Recorder, Running, enqueue, eventually, options, task, waiting};

on_both_databases!(
    a_task_of_a_killed_worker_is_taken_up_again,
    a_task_that_kills_its_workers_is_dead_in_the_end,
    a_worker_that_was_stopped_comes_back_harmlessly,
    a_worker_that_has_lost_its_lease_leaves_the_task,
    tasks_survive_workers_killed_at_any_moment,
);

const FOR_EVER: Duration = Duration::from_hours(1);

async fn a_task_of_a_killed_worker_is_taken_up_again(database: TestDatabase) {
    let (store, recorder) = (&database.store, Arc::new(Recorder::default()));
    let mut child = ChildWorker::start(&database.url, FOR_EVER);
    enqueue(store, &task(), now()).await;
    child.has_logged(1).await;
    let worker = Running::start(store, &recorder, options());
    child.kill();
    let killed = Instant::now();
    eventually("done by another", || async { waiting(store).await == 0 }).await;
    worker.stop().await;
    assert_eq!(recorder.count(), 1);
    let taken_up_after = recorder.times()[0] - killed;
    println!("{}: taken up after {taken_up_after:?}, lease 2 s", store.backend_name());
    assert!(taken_up_after <= Duration::from_secs(4), "{taken_up_after:?}");
}

async fn a_task_that_kills_its_workers_is_dead_in_the_end(database: TestDatabase) {
    let (store, recorder) = (&database.store, Arc::new(Recorder::default()));
    enqueue(store, &task(), now()).await;
    for _ in 0..options().max_attempts {
        let mut child = ChildWorker::start(&database.url, FOR_EVER);
        child.has_logged(1).await;
        child.kill();
    }
    let worker = Running::start(store, &recorder, options());
    eventually("dead", || async { !store.dead_tasks().await.unwrap().is_empty() }).await;
    worker.stop().await;
    assert_eq!(recorder.count(), 0, "it has no attempt left");
}

/// Fails once, when it is told to.
struct FailsOnce {
    calls: AtomicUsize,
    go: Notify,
}

impl TaskHandler for FailsOnce {
    async fn handle(&self, _: Task) -> Result<(), TaskFailure> {
        if self.calls.fetch_add(1, Ordering::SeqCst) > 0 {
            return Ok(());
        }
        self.go.notified().await;
        Err(TaskFailure::Retry("told to fail".to_owned()))
    }
}

/// The child is stopped past its lease; another worker takes its task. The child comes back, ends the
/// task and writes that down: it must not count, since the other one still has it, and fails.
async fn a_worker_that_was_stopped_comes_back_harmlessly(database: TestDatabase) {
    let store = &database.store;
    let handler = Arc::new(FailsOnce { calls: AtomicUsize::new(0), go: Notify::new() });
    let takes = Duration::from_millis(1500);
    let mut child = ChildWorker::start_for_one(&database.url, takes);
    enqueue(store, &task(), now()).await;
    child.has_logged(1).await;
    child.signal("-STOP");
    let stopped = Instant::now();
    let worker = Running::start(store, &handler, options());
    let calls = || handler.calls.load(Ordering::SeqCst);
    eventually("taken up by another", || async { calls() == 1 }).await;

    // When it comes back, its time is over: it ends the task before it can notice anything.
    sleep_until(stopped + takes).await;
    child.signal("-CONT");
    child.has_shut_down().await;
    assert_eq!(child.log(), ["begin", "end"]);
    assert_eq!(waiting(store).await, 1, "its end does not count: another worker has the task");
    handler.go.notify_one();
    eventually("tried again and done", || async { waiting(store).await == 0 }).await;
    worker.stop().await;
    assert_eq!(calls(), 2);
    assert_eq!(store.dead_tasks().await.unwrap(), []);
}

async fn a_worker_that_has_lost_its_lease_leaves_the_task(database: TestDatabase) {
    let (store, recorder) = (&database.store, Arc::new(Recorder::default()));
    let child = ChildWorker::start(&database.url, FOR_EVER);
    enqueue(store, &task(), now()).await;
    child.has_logged(1).await;
    child.signal("-STOP");
    let worker = Running::start(store, &recorder, options());
    eventually("done by another", || async { waiting(store).await == 0 }).await;
    worker.stop().await;
    child.signal("-CONT");
    child.has_logged(2).await;
    assert_eq!(child.log(), ["begin", "left"]);
    assert_eq!(waiting(store).await, 0, "what is done stays done");
}

async fn tasks_survive_workers_killed_at_any_moment(database: TestDatabase) {
    const TASKS: usize = 100;
    let store = &database.store;
    let mut tx = store.begin().await.unwrap();
    for _ in 0..TASKS {
        tx.enqueue(&task(), now()).await.unwrap();
    }
    tx.commit().await.unwrap();
    let mut ended = 0;
    for round in 0..4 {
        let mut child = ChildWorker::start(&database.url, Duration::from_millis(20));
        child.has_logged(10 + 7 * round).await;
        child.kill();
        ended += child.log().iter().filter(|line| *line == "end").count();
    }
    let recorder = Arc::new(Recorder::default());
    let worker = Running::start(store, &recorder, options());
    eventually("all done", || async { waiting(store).await == 0 }).await;
    worker.stop().await;
    assert_eq!(store.dead_tasks().await.unwrap(), []);
    let total = ended + recorder.count();
    assert!(total >= TASKS, "{total} of {TASKS} were carried out: the others were lost");
    println!("{}: {TASKS} tasks, {} carried out twice", store.backend_name(), total - TASKS);
    assert!(total <= TASKS + 4 * 4, "more than was under way at the four kills");
}
