//! `bonafide eval …`: error rates on an operator's own pictures, which never leave the machine.

mod manifest;
mod matching;
mod pad;
mod passive;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use bonafide_face::FaceReader;
use bonafide_face::evaluation::Rate;
use bonafide_face::passive::{BONA_FIDE, folder};
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
    /// How often the nets against presentation attacks err on single pictures.
    ///
    /// With `--record`, and where they are good enough, the rates are kept beside the nets: from then
    /// on a selfie that nobody was asked anything for may be called live by them.
    Passive {
        /// One JSON object per line: `{"path": "a.jpg", "subject": "1", "species": "print"}`. A bona
        /// fide presentation has no species; paths are relative to the manifest.
        manifest: PathBuf,
        /// Likelihoods from here on count as bona fide.
        #[arg(long, default_value_t = BONA_FIDE)]
        threshold: f32,
        /// What the APCER of every species may be at most, at the upper end of its 95 % interval.
        #[arg(long, default_value_t = 0.05)]
        most_apcer: f64,
        /// Keep the rates, under this name of the set.
        #[arg(long, value_name = "SET")]
        record: Option<String>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

pub(crate) fn run(settings: &Settings, command: &Command) -> Result<ExitCode> {
    let library = Library::open(settings.models_folder())?;
    let reader = FaceReader::open(&library)?;
    match command {
        Command::Match { manifest, json } => matching::run(&reader, manifest, *json)?,
        Command::Pad { manifest, json } => pad::run(&reader, manifest, *json)?,
        Command::Passive { manifest, threshold, most_apcer, record, json } => {
            let measured =
                passive::measure(&reader, manifest, (*threshold, *most_apcer), record.as_deref())?;
            return passive::conclude(&measured, &folder(&library)?, record.is_some(), *json);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A rate as people read it: percent, counts and interval.
fn readable(rate: &Rate) -> String {
    let [low, high] = rate.interval.map(|end| end * 100.0);
    let percent = rate.value().map_or("-".to_owned(), |value| format!("{:.2} %", value * 100.0));
    format!("{percent:>9}  {:>6} of {:<6}  95 %: {low:.2} to {high:.2} %", rate.count, rate.of)
}
