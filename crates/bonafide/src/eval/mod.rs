//! `bonafide eval …`: error rates on an operator's own pictures, which never leave the machine.

mod manifest;
mod matching;
mod pad;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use bonafide_face::FaceReader;
use bonafide_face::evaluation::Rate;
use bonafide_models::Library;
use clap::Subcommand;

use crate::settings::Settings;

#[derive(Subcommand)]
pub(crate) enum Command {
    /// How often faces are confused: FMR and FNMR of every pair of pictures.
    Match {
        /// One JSON object per line: `{"path": "a.jpg", "subject": "1", "source": "id"}`. The source
        /// is "selfie" or "id"; paths are relative to the manifest.
        manifest: PathBuf,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// How often attacks pass and people do not: APCER by species, BPCER, and non-responses.
    Pad {
        /// One JSON object per line: `{"path": "1", "subject": "1", "species": "print", "actions":
        /// ["TURN_LEFT", "BLINK"], "interval_milliseconds": 300}`. The path is a folder of frames,
        /// taken in the order of their names; a bona fide presentation has no species.
        manifest: PathBuf,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

pub(crate) fn run(settings: &Settings, command: &Command) -> Result<ExitCode> {
    let reader = FaceReader::open(&Library::open(settings.models_folder())?)?;
    match command {
        Command::Match { manifest, json } => matching::run(&reader, manifest, *json)?,
        Command::Pad { manifest, json } => pad::run(&reader, manifest, *json)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// A rate as people read it: percent, counts and interval.
fn readable(rate: &Rate) -> String {
    let [low, high] = rate.interval.map(|end| end * 100.0);
    let percent = rate.value().map_or("-".to_owned(), |value| format!("{:.2} %", value * 100.0));
    format!("{percent:>9}  {:>6} of {:<6}  95 %: {low:.2} to {high:.2} %", rate.count, rate.of)
}
