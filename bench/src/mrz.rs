//! The machine readable zone, read by several engines in turn.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::check_digits;
use crate::engine::Engine;
use crate::statistics::{Rate, median};

#[derive(Deserialize)]
struct Label {
    lines: Vec<String>,
}

/// What one engine made of one picture.
#[derive(Serialize)]
struct Read {
    lines: Vec<String>,
    /// The lines are those of the label, to the character.
    exact: bool,
    /// The check digits hold.
    valid: bool,
    /// Median over the rounds.
    wall_milliseconds: f64,
    processor_milliseconds: Option<f64>,
}

impl Read {
    fn outcome(&self) -> &'static str {
        match (self.exact, self.valid, self.lines.is_empty()) {
            (true, ..) => "exact",
            (_, true, _) => "WRONG BUT VALID",
            (_, _, true) => "none",
            _ => "wrong",
        }
    }
}

#[derive(Serialize)]
struct Summary {
    engine: &'static str,
    exact: Rate,
    valid: Rate,
    wrong_but_valid: Rate,
    none: Rate,
    wall_milliseconds: f64,
    processor_milliseconds: Option<f64>,
}

/// How much longer a peer takes than the first engine.
#[derive(Serialize)]
struct Comparison {
    peer: &'static str,
    wall_ratio: f64,
    processor_ratio: Option<f64>,
    /// Pictures on which the first engine took less wall time.
    faster_on: usize,
    of: usize,
}

#[derive(Serialize)]
pub(crate) struct Report {
    summaries: Vec<Summary>,
    comparisons: Vec<Comparison>,
    /// For each picture what the engines made of it, in the order of the summaries.
    pictures: BTreeMap<String, Vec<Read>>,
    rounds: usize,
}

/// Reads every labelled picture with every engine in turn, `rounds` times over.
pub(crate) fn measure(
    folder: &Path,
    rounds: usize,
    engines: &mut [Box<dyn Engine>],
) -> Result<Report> {
    let labels = fs::read(folder.join("labels.json")).context("labels.json could not be read")?;
    let labels: BTreeMap<String, Label> = serde_json::from_slice(&labels)?;
    let mut pictures = BTreeMap::new();
    for (file, label) in labels {
        let reads = read(&folder.join(&file), &label, rounds.max(1), engines)
            .with_context(|| format!("{file} could not be read"))?;
        pictures.insert(file, reads);
    }
    let summaries: Vec<Summary> = engines
        .iter()
        .enumerate()
        .map(|(index, engine)| summary(engine.name(), pictures.values().map(|reads| &reads[index])))
        .collect();
    let comparisons =
        (1..summaries.len()).map(|peer| compare(&summaries, peer, &pictures)).collect();
    Ok(Report { summaries, comparisons, pictures, rounds })
}

/// One picture: the engines take turns, so that a busy moment of the machine hits them alike.
fn read(
    picture: &Path,
    label: &Label,
    rounds: usize,
    engines: &mut [Box<dyn Engine>],
) -> Result<Vec<Read>> {
    let mut answers: Vec<Vec<_>> = engines.iter().map(|_| Vec::new()).collect();
    for _ in 0..rounds {
        for (engine, answers) in engines.iter_mut().zip(&mut answers) {
            let before = Instant::now();
            let answer = engine.read(picture)?;
            answers.push((before.elapsed().as_secs_f64() * 1e3, answer));
        }
    }
    let reads = answers.into_iter().map(|answers| {
        let wall_milliseconds = median(answers.iter().map(|(wall, _)| *wall)).unwrap_or_default();
        let processor: Option<Vec<f64>> =
            answers.iter().map(|(_, answer)| answer.processor_milliseconds).collect();
        // Engines without chance answer alike in every round.
        let lines = answers.into_iter().next().map(|(_, answer)| answer.lines).unwrap_or_default();
        Read {
            exact: lines == label.lines,
            valid: check_digits::hold(&lines),
            lines,
            wall_milliseconds,
            processor_milliseconds: processor.and_then(median),
        }
    });
    Ok(reads.collect())
}

fn summary<'a>(engine: &'static str, reads: impl Iterator<Item = &'a Read>) -> Summary {
    let reads: Vec<&Read> = reads.collect();
    let rate = |holds: fn(&Read) -> bool| {
        Rate::new(reads.iter().filter(|read| holds(read)).count(), reads.len())
    };
    let processor: Option<Vec<f64>> =
        reads.iter().map(|read| read.processor_milliseconds).collect();
    Summary {
        engine,
        exact: rate(|read| read.exact),
        valid: rate(|read| read.valid),
        wrong_but_valid: rate(|read| read.valid && !read.exact),
        none: rate(|read| read.lines.is_empty()),
        wall_milliseconds: median(reads.iter().map(|read| read.wall_milliseconds))
            .unwrap_or_default(),
        processor_milliseconds: processor.and_then(median),
    }
}

fn compare(
    summaries: &[Summary],
    peer: usize,
    pictures: &BTreeMap<String, Vec<Read>>,
) -> Comparison {
    let (own, other) = (&summaries[0], &summaries[peer]);
    let faster = |reads: &&Vec<Read>| reads[0].wall_milliseconds < reads[peer].wall_milliseconds;
    Comparison {
        peer: other.engine,
        wall_ratio: other.wall_milliseconds / own.wall_milliseconds,
        processor_ratio: other
            .processor_milliseconds
            .zip(own.processor_milliseconds)
            .map(|(other, own)| other / own),
        faster_on: pictures.values().filter(faster).count(),
        of: pictures.len(),
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "MRZ: {} pictures, median of {} rounds", self.pictures.len(), self.rounds)?;
        self.write_pictures(f)?;
        self.write_summaries(f)?;
        for comparison in &self.comparisons {
            writeln!(
                f,
                "{} takes {:.2} times as long (wall), {} (processor); slower on {} of {}",
                comparison.peer,
                comparison.wall_ratio,
                comparison
                    .processor_ratio
                    .map_or("unknown".to_owned(), |r| format!("{r:.2} times")),
                comparison.faster_on,
                comparison.of,
            )?;
        }
        Ok(())
    }
}

impl Report {
    fn write_pictures(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n{:<22}", "picture")?;
        for summary in &self.summaries {
            write!(f, "{:<26}", summary.engine)?;
        }
        writeln!(f)?;
        for (file, reads) in &self.pictures {
            write!(f, "{file:<22}")?;
            for read in reads {
                write!(f, "{:<16}{:>6.0} ms ", read.outcome(), read.wall_milliseconds)?;
            }
            writeln!(f)?;
        }
        Ok(())
    }

    fn write_summaries(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "\n{:<13}{:<19}{:<19}{:<19}{:<19}{:>8}{:>11}",
            "engine", "exact", "valid", "wrong but valid", "none", "wall ms", "processor"
        )?;
        for summary in &self.summaries {
            writeln!(
                f,
                "{:<13}{:<19}{:<19}{:<19}{:<19}{:>8.0}{:>11}",
                summary.engine,
                summary.exact,
                summary.valid,
                summary.wrong_but_valid,
                summary.none,
                summary.wall_milliseconds,
                summary.processor_milliseconds.map_or("?".to_owned(), |ms| format!("{ms:.0}")),
            )?;
        }
        Ok(())
    }
}
