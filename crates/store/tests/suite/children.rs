//! Workers in processes of their own: this test binary, run again.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use bonafide_domain::task::Task;
use bonafide_store::{Store, TaskFailure, TaskHandler};
use tokio::sync::Notify;
use tokio::time::{Instant, sleep};

use crate::queue::{eventually, options};

const URL: &str = "BONAFIDE_STORE_CHILD_URL";
const LOG: &str = "BONAFIDE_STORE_CHILD_LOG";
const TAKES: &str = "BONAFIDE_STORE_CHILD_MILLISECONDS";
const ENDS: &str = "BONAFIDE_STORE_CHILD_ENDS_AFTER_ONE";

/// Writes a line when a task begins, when it ends, and when it is left before its end.
struct Logger {
    log: PathBuf,
    takes: Duration,
    ended: Notify,
}

impl Logger {
    /// In one write: tasks run side by side, and `writeln!` would write a line's end on its own.
    fn line(&self, text: &str) {
        let mut log = std::fs::File::options().append(true).open(&self.log).unwrap();
        log.write_all(format!("{text}\n").as_bytes()).unwrap();
    }
}

impl TaskHandler for Logger {
    async fn handle(&self, _: Task) -> Result<(), TaskFailure> {
        let mut left = Left { logger: self, still_there: true };
        self.line("begin");
        sleep(self.takes).await;
        self.line("end");
        left.still_there = false;
        self.ended.notify_one();
        Ok(())
    }
}

struct Left<'a> {
    logger: &'a Logger,
    still_there: bool,
}

impl Drop for Left<'_> {
    fn drop(&mut self) {
        if self.still_there {
            self.logger.line("left");
        }
    }
}

/// Not a test of its own: the body of the child process, which works until it is killed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "the body of a child process"]
async fn child_worker() {
    let url = std::env::var(URL).expect("only as a child of another test");
    let takes = std::env::var(TAKES).unwrap().parse().unwrap();
    let handler = Arc::new(Logger {
        log: std::env::var(LOG).unwrap().into(),
        takes: Duration::from_millis(takes),
        ended: Notify::new(),
    });
    let store = Store::connect(&url).await.unwrap();
    let shutdown = async {
        if std::env::var(ENDS).is_ok() {
            handler.ended.notified().await;
        } else {
            std::future::pending::<()>().await;
        }
    };
    store.work(Arc::clone(&handler), options(), shutdown).await.unwrap();
}

/// A worker in a process of its own, killed at the latest when the test ends.
pub struct ChildWorker {
    process: Child,
    log: tempfile::NamedTempFile,
}

impl ChildWorker {
    /// Starts one whose tasks take so long.
    pub fn start(url: &str, takes: Duration) -> Self {
        Self::spawn(url, takes, &mut Command::new(std::env::current_exe().unwrap()))
    }

    /// Starts one that shuts down, as it should, when its first task has ended.
    pub fn start_for_one(url: &str, takes: Duration) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        Self::spawn(url, takes, command.env(ENDS, "yes"))
    }

    fn spawn(url: &str, takes: Duration, command: &mut Command) -> Self {
        let log = tempfile::NamedTempFile::new().unwrap();
        let process = command
            .args(["--exact", "children::child_worker", "--ignored", "--nocapture"])
            .env(URL, url)
            .env(LOG, log.path())
            .env(TAKES, takes.as_millis().to_string())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        Self { process, log }
    }

    pub fn log(&self) -> Vec<String> {
        let text = std::fs::read_to_string(Path::new(self.log.path())).unwrap();
        text.lines().map(str::to_owned).collect()
    }

    pub async fn has_logged(&self, lines: usize) {
        eventually("the child has got on", || async { self.log().len() >= lines }).await;
    }

    /// SIGKILL: no farewell.
    pub fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Waits until it has shut down by itself: whatever it had to write down is written down.
    pub async fn has_shut_down(&mut self) {
        let deadline = Instant::now() + Duration::from_secs(30);
        let status = loop {
            if let Some(status) = self.process.try_wait().unwrap() {
                break status;
            }
            assert!(Instant::now() < deadline, "the child does not shut down");
            sleep(Duration::from_millis(10)).await;
        };
        assert!(status.success(), "{status}");
    }

    /// SIGSTOP or SIGCONT.
    pub fn signal(&self, signal: &str) {
        let sent = Command::new("kill").args([signal, &self.process.id().to_string()]).status();
        assert!(sent.unwrap().success(), "{signal} was not sent");
    }
}

impl Drop for ChildWorker {
    fn drop(&mut self) {
        // Gone already when the test killed it.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
