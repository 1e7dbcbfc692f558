//! A development server of one's own: `bonafide serve --dev` in a folder that vanishes.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use crate::{command, workspace};

/// The server prints these first, one `NAME=value` per line, in any order.
const ANNOUNCED: [&str; 5] =
    ["BASE_URL", "CLIENT_ID", "CLIENT_SECRET", "OTHER_CLIENT_ID", "OTHER_CLIENT_SECRET"];

/// How long a server may take until it has announced itself; models may be installed first.
const PATIENCE: Duration = Duration::from_mins(5);

pub(crate) struct Server {
    program: PathBuf,
    child: Child,
    folder: TempDir,
    announced: BTreeMap<String, String>,
}

impl Server {
    /// Builds the program and starts it on a free port of loopback, with settings in its environment.
    pub(crate) fn start(release: bool, settings: &[(&str, String)]) -> Result<Self> {
        let program = if release {
            workspace::optimised("bonafide")?
        } else {
            workspace::executable("bonafide")?
        };
        let folder = tempfile::Builder::new().prefix("bonafide-server-").tempdir()?;
        let log = File::create(folder.path().join("server.log"))?;
        let mut child = command::program(&program.to_string_lossy())
            .args(["serve", "--dev", "--listen", "127.0.0.1:0", "--data"])
            .arg(folder.path().join("data"))
            .envs(settings.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .context("the server could not be started")?;
        let lines = lines(child.stdout.take().expect("standard output was piped"));
        let mut server = Self { program, child, folder, announced: BTreeMap::new() };
        server.listen(&lines)?;
        Ok(server)
    }

    /// An announced value, such as `BASE_URL`.
    pub(crate) fn announced(&self, name: &str) -> &str {
        &self.announced[name]
    }

    /// Brings a watchlist of the operator's own, with these names on it.
    pub(crate) fn import_names(&self, names: &[&str]) -> Result<()> {
        let list = self.folder.path().join("own.csv");
        std::fs::write(&list, format!("name\n{}\n", names.join("\n")))?;
        command::run(
            command::program(&self.program.to_string_lossy())
                .arg("--data")
                .arg(self.folder.path().join("data"))
                .args(["lists", "import", "--source", "own"])
                .arg(list),
        )
    }

    /// The last lines of the server's log.
    pub(crate) fn log_tail(&self) -> String {
        let mut log = String::new();
        let read = File::open(self.folder.path().join("server.log"))
            .and_then(|mut file| file.read_to_string(&mut log));
        if let Err(error) = read {
            return format!("(no log: {error})");
        }
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(40)..].join("\n")
    }

    fn listen(&mut self, lines: &Receiver<String>) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        while !ANNOUNCED.iter().all(|name| self.announced.contains_key(*name)) {
            let left = deadline.saturating_duration_since(Instant::now());
            let Ok(line) = lines.recv_timeout(left) else {
                let log = self.log_tail();
                bail!("the server ended or stayed silent before it announced itself:\n{log}");
            };
            if let Some((name, value)) = line.split_once('=') {
                self.announced.insert(name.trim().to_owned(), value.trim().to_owned());
            }
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Failing here means that it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads lines until the pipe ends, so that the server never blocks on a full one.
fn lines(stdout: ChildStdout) -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            // Nobody listens once the announcements are in; the pipe is drained nevertheless.
            let _ = sender.send(line);
        }
    });
    receiver
}
