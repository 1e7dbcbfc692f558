//! nomenklatura's logic-v2, as a process that answers a pair at a time.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, Result, ensure};

pub(crate) struct LogicV2 {
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl LogicV2 {
    pub(crate) fn start(python: &Path) -> Result<Self> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/screening_logicv2.py");
        let mut child = Command::new(python)
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("logic-v2 could not be started")?;
        let questions = child.stdin.take().expect("standard input was piped");
        let answers = BufReader::new(child.stdout.take().expect("standard output was piped"));
        Ok(Self { child, questions, answers })
    }

    /// The score, and the processor time in milliseconds.
    pub(crate) fn compare(&mut self, schema: &str, left: &str, right: &str) -> Result<(f64, f64)> {
        writeln!(self.questions, "{}", serde_json::to_string(&[schema, left, right])?)?;
        self.questions.flush()?;
        let mut line = String::new();
        ensure!(self.answers.read_line(&mut line)? > 0, "logic-v2 has ended");
        serde_json::from_str(&line).context("logic-v2 answered something else")
    }
}

impl Drop for LogicV2 {
    fn drop(&mut self) {
        // Failing here means that it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
