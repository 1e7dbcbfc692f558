//! Engines of others, as processes that are started once and then answer one picture at a time.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::engine::{Answer, Engine};

pub(crate) struct Peer {
    name: &'static str,
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

#[derive(Deserialize)]
struct Line {
    lines: Vec<String>,
    processor_milliseconds: f64,
}

pub(crate) fn fastmrz(python: &Path, tesseract_model: &Path) -> Result<Peer> {
    let mut command = Command::new(python);
    command.arg(script("fastmrz_lines.py")).arg(tesseract_model);
    Peer::start("fastmrz", command)
}

pub(crate) fn passporteye(python: &Path) -> Result<Peer> {
    let mut command = Command::new(python);
    command.arg(script("passporteye_lines.py"));
    Peer::start("PassportEye", command)
}

fn script(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("peers").join(name)
}

impl Peer {
    /// Starts the process and waits until it has loaded itself, so that a cold start counts for
    /// nobody. One thread each, as Bonafide's nets have.
    fn start(name: &'static str, mut command: Command) -> Result<Self> {
        let mut child = command
            .env("OMP_NUM_THREADS", "1")
            .env("OMP_THREAD_LIMIT", "1")
            .env("PYTHONWARNINGS", "ignore")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("{name} could not be started"))?;
        let questions = child.stdin.take().expect("standard input was piped");
        let answers = BufReader::new(child.stdout.take().expect("standard output was piped"));
        let mut peer = Self { name, child, questions, answers };
        peer.line().with_context(|| format!("{name} did not load"))?;
        Ok(peer)
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        let bytes = self.answers.read_line(&mut line)?;
        anyhow::ensure!(bytes > 0, "{} has ended", self.name);
        Ok(line)
    }
}

impl Engine for Peer {
    fn name(&self) -> &'static str {
        self.name
    }

    fn read(&mut self, picture: &Path) -> Result<Answer> {
        writeln!(self.questions, "{}", picture.display())?;
        self.questions.flush()?;
        let answer: Line = serde_json::from_str(&self.line()?)
            .with_context(|| format!("{} answered something else", self.name))?;
        Ok(Answer {
            lines: answer.lines,
            processor_milliseconds: Some(answer.processor_milliseconds),
        })
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // Failing here means that it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
