use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, ensure};
use bonafide_engine::Context;
use bonafide_face::FaceReader;
use bonafide_face::passive::{Evaluation, Judged};
use serde::Deserialize;

use super::{manifest, pad};
use crate::output;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    path: PathBuf,
    subject: String,
    species: Option<String>,
}

/// Judges every picture of the manifest.
pub(super) fn measure(
    reader: &FaceReader,
    path: &Path,
    (threshold, most_apcer): (f32, f64),
    set: Option<&str>,
) -> Result<Evaluation> {
    let detector = reader.attack_detector().context(
        "no nets against presentation attacks are installed; run `bonafide models install \
         minifasnet --from-dir DIR`",
    )?;
    let rows: Vec<Row> = manifest::read(path)?;
    ensure!(!rows.is_empty(), "{} names no presentation", path.display());
    let mut judged = Vec::new();
    for row in rows {
        let picture = manifest::picture(&manifest::beside(path, &row.path))?;
        let faces = reader.faces(&picture)?;
        let likelihood =
            faces.first().map(|face| detector.likelihood(&picture, face)).transpose()?;
        judged.push(Judged { subject: row.subject, species: row.species, likelihood });
    }
    let set = set.map_or_else(|| path.display().to_string(), str::to_owned);
    let now = Context::system().now().to_string();
    Ok(Evaluation::new(detector, &judged, (set, now), threshold, most_apcer))
}

/// Shows what was measured, and keeps it where it is to be kept and good enough.
pub(super) fn conclude(
    measured: &Evaluation,
    folder: &Path,
    keep: bool,
    json: bool,
) -> Result<ExitCode> {
    if json {
        output::json(measured)?;
    } else {
        pad::show(&measured.rates);
    }
    let shortcoming = measured.shortcoming();
    if keep {
        ensure!(
            shortcoming.is_none(),
            "nothing is kept, and no picture alone passes: {}",
            shortcoming.unwrap_or_default()
        );
        measured.keep(folder)?;
    }
    if !json {
        output::line(&match shortcoming {
            Some(problem) => format!("Not good enough to be kept: {problem}"),
            None if keep => format!(
                "Kept in {}. A server that starts from now on calls selfies live by it.",
                folder.display()
            ),
            None => "Good enough to be kept, with --record.".to_owned(),
        });
    }
    Ok(ExitCode::SUCCESS)
}
