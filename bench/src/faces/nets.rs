//! Each net in rten and in ONNX Runtime: the same file, the same input, one thread, one run after
//! the other. How far their outputs are apart, and what each costs.

use std::fmt;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, Result, ensure};
use bonafide_models::{Input, InstallOptions, Library, Side};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{ATTACKS, Options};
use crate::processor;
use crate::statistics::median;

#[derive(Serialize)]
pub(crate) struct Report {
    rows: Vec<Row>,
    /// Milliseconds of all the runs that one square selfie takes: own, and the peer's.
    selfie: [Option<f64>; 2],
}

#[derive(Serialize)]
struct Row {
    role: &'static str,
    samples: usize,
    milliseconds: Option<f64>,
    peer_milliseconds: Option<f64>,
    /// Greatest difference of a number of the output over all inputs.
    difference: Option<f64>,
    /// Greatest number of the output.
    magnitude: f64,
}

/// What is run on how many samples at once, and how often for a selfie: the mesh twice, and the
/// description on the face and its mirror image.
const NETS: [(&str, usize, u32); 4] =
    [("face-detection", 1, 1), ("face-mesh", 1, 2), ("face-description", 2, 1), ("iris", 1, 0)];
/// Side of the canvas that a square selfie is detected on, in pixels.
const SQUARE: usize = 192;
const ATTACK_NETS: [&str; 2] = ["presentation-attack-near", "presentation-attack-wide"];
const INPUTS: u32 = 3;
/// Runs that one measurement spans: the peer's clock has ticks of its own.
const RUNS: usize = 20;

pub(crate) fn measure(options: &Options, library: &Library) -> Result<Report> {
    let mut peer = options.python.as_deref().map(Peer::start).transpose()?;
    let folder = std::env::temp_dir().join(format!("bonafide-bench-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let rows = rows(options, library, peer.as_mut(), &folder);
    fs::remove_dir_all(&folder)?;
    let rows = rows?;
    let selfie = [|row: &Row| row.milliseconds, |row: &Row| row.peer_milliseconds].map(|of| {
        let runs =
            NETS.iter().zip(&rows).map(|((_, _, runs), row)| Some(of(row)? * f64::from(*runs)));
        runs.sum()
    });
    Ok(Report { rows, selfie })
}

fn rows(
    options: &Options,
    library: &Library,
    mut peer: Option<&mut Peer>,
    folder: &Path,
) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for (role, samples, _) in NETS {
        rows.push(row(options, library, peer.as_deref_mut(), folder, role, samples)?);
    }
    if let Some(files) = &options.attack_nets {
        // Not into the user's models: servers that use those would begin to use these.
        let directory = folder.join("models");
        let install = InstallOptions {
            directory: directory.clone(),
            from_dir: Some(files.clone()),
            ..InstallOptions::default()
        };
        bonafide_models::install(ATTACKS, &install, &mut ())?;
        let library = Library::open(directory)?;
        for role in ATTACK_NETS {
            rows.push(row(options, &library, peer.as_deref_mut(), folder, role, 1)?);
        }
    }
    Ok(rows)
}

fn row(
    options: &Options,
    library: &Library,
    mut peer: Option<&mut Peer>,
    folder: &Path,
    role: &'static str,
    samples: usize,
) -> Result<Row> {
    let net = library.net(role)?;
    let entry = library.entry(role)?;
    let side = match entry.input.height {
        Side::Exactly(side) => side as usize,
        // The detector, on the canvas of a square picture.
        Side::MultipleOf(_) => SQUARE,
    };
    let shape = [samples, 3, side, side];
    let (mut own, mut theirs, mut difference, mut magnitude) = (Vec::new(), Vec::new(), None, 0.0);
    for seed in 1..=INPUTS {
        let input = noise(seed, samples * 3 * side * side, &entry.input);
        let output = net.run(&input, shape)?.data;
        for _ in 0..options.rounds.max(1) {
            let before =
                processor::milliseconds().context("this system counts no processor time")?;
            for _ in 0..RUNS {
                net.run(&input, shape)?;
            }
            let after =
                processor::milliseconds().context("this system counts no processor time")?;
            own.push((after - before) / RUNS as f64);
            if let Some(peer) = peer.as_deref_mut() {
                let file = library.folder(role)?.join(&entry.file.name);
                let (milliseconds, other) = peer.run(&file, folder, &input, shape)?;
                theirs.push(milliseconds);
                ensure!(other.len() == output.len(), "{role}: outputs of different lengths");
                let apart = output.iter().zip(&other).map(|(a, b)| f64::from((a - b).abs()));
                difference = Some(apart.fold(difference.unwrap_or(0.0), f64::max));
            }
        }
        magnitude = output.iter().map(|number| f64::from(number.abs())).fold(magnitude, f64::max);
    }
    Ok(Row {
        role,
        samples,
        milliseconds: median(own),
        peer_milliseconds: median(theirs),
        difference,
        magnitude,
    })
}

/// Pixels between black and white by a linear congruential generator, as the net takes them.
fn noise(seed: u32, count: usize, input: &Input) -> Vec<f32> {
    let (mean, deviation) = (input.mean[0], input.deviation[0]);
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        ((state >> 8) as f32 / (1 << 24) as f32 - mean) / deviation
    };
    (0..count).map(|_| next()).collect()
}

struct Peer {
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

#[derive(Deserialize)]
struct Answer {
    processor_milliseconds: f64,
}

impl Peer {
    fn start(python: &Path) -> Result<Self> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/onnxruntime_nets.py");
        let mut child = Command::new(python)
            .arg(script)
            .env("OMP_NUM_THREADS", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("Python with onnxruntime could not be started")?;
        let questions = child.stdin.take().expect("standard input was piped");
        let answers = BufReader::new(child.stdout.take().expect("standard output was piped"));
        let mut peer = Self { child, questions, answers };
        peer.line().context("onnxruntime did not load")?;
        Ok(peer)
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        ensure!(self.answers.read_line(&mut line)? > 0, "onnxruntime has ended");
        Ok(line)
    }

    /// Processor time of one run, and its output.
    fn run(
        &mut self,
        net: &Path,
        folder: &Path,
        input: &[f32],
        shape: [usize; 4],
    ) -> Result<(f64, Vec<f32>)> {
        let (from, to) = (folder.join("input"), folder.join("output"));
        fs::write(
            &from,
            input.iter().flat_map(|number| number.to_le_bytes()).collect::<Vec<u8>>(),
        )?;
        let question =
            json!({"net": net, "input": from, "shape": shape, "output": to, "rounds": RUNS});
        writeln!(self.questions, "{question}")?;
        self.questions.flush()?;
        let answer: Answer = serde_json::from_str(&self.line()?)?;
        let bytes = fs::read(&to)?;
        let number = |bytes: &[u8]| f32::from_le_bytes(bytes.try_into().expect("chunks of four"));
        Ok((answer.processor_milliseconds, bytes.chunks_exact(4).map(number).collect()))
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // Failing here means that it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<18} {:>7} {:>12} {:>16} {:>7} {:>12} {:>10}",
            "net", "samples", "rten ms", "ONNX Runtime ms", "ratio", "difference", "magnitude"
        )?;
        let number = |value: Option<f64>, digits: usize| {
            value.map_or("-".to_owned(), |value| format!("{value:.digits$}"))
        };
        for row in &self.rows {
            let ratio = row.milliseconds.zip(row.peer_milliseconds).map(|(own, peer)| own / peer);
            writeln!(
                f,
                "{:<18} {:>7} {:>12} {:>16} {:>7} {:>12} {:>10.3}",
                row.role,
                row.samples,
                number(row.milliseconds, 2),
                number(row.peer_milliseconds, 2),
                number(ratio, 2),
                row.difference.map_or("-".to_owned(), |value| format!("{value:.1e}")),
                row.magnitude
            )?;
        }
        let [own, peer] = self.selfie;
        let ratio = own.zip(peer).map(|(own, peer)| own / peer);
        let [own, peer] = [own, peer].map(|milliseconds| number(milliseconds, 1));
        writeln!(f, "{:<26} {own:>12} {peer:>16} {:>7}", "a square selfie", number(ratio, 2))
    }
}
