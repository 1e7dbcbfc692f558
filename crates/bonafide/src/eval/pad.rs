use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use bonafide_face::FaceReader;
use bonafide_face::evaluation::{Presentation, PresentationRates, Presentations};
use bonafide_face::liveness::{Action, Challenge, Finding, Frame, Verdict, judge};
use serde::Deserialize;

use super::{manifest, readable};
use crate::output;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    path: PathBuf,
    #[serde(rename = "subject")]
    _subject: String,
    species: Option<String>,
    actions: Vec<Action>,
    interval_milliseconds: u32,
}

pub(super) fn run(reader: &FaceReader, path: &Path, json: bool) -> Result<()> {
    let rows: Vec<Row> = manifest::read(path)?;
    ensure!(!rows.is_empty(), "{} names no presentation", path.display());
    let mut presentations = Vec::new();
    for row in rows {
        let folder = manifest::beside(path, &row.path);
        let verdict = verdict(reader, &folder, &row)?;
        presentations.push(Presentation { species: row.species, is_bona_fide: answer(verdict) });
    }
    let rates = Presentations(presentations).rates();
    if json {
        return output::json(&rates);
    }
    show(&rates);
    Ok(())
}

fn verdict(reader: &FaceReader, folder: &Path, row: &Row) -> Result<Verdict> {
    let entries =
        std::fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?;
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<PathBuf>>>()?;
    paths.sort();
    let mut frames = Vec::new();
    for (index, path) in paths.iter().enumerate() {
        let at = row.interval_milliseconds.saturating_mul(index as u32);
        frames.push(Frame::observe(reader, &manifest::picture(path)?, at)?);
    }
    // A recording has no challenge of its own; it is judged as if it had answered one in time.
    let challenge = Challenge {
        nonce: [0; 16],
        actions: row.actions.clone(),
        issued_at: 0,
        expires_at: i64::MAX,
    };
    Ok(judge(&challenge, &frames, i64::from(u32::MAX), reader.description_model()).0)
}

/// What the verdict says about the presentation; nothing where there was nothing to judge.
fn answer(verdict: Verdict) -> Option<bool> {
    match verdict {
        Verdict::Live => Some(true),
        Verdict::NoFacePresent | Verdict::Undetermined(Finding::Frames | Finding::Late) => None,
        _ => Some(false),
    }
}

pub(super) fn show(rates: &PresentationRates) {
    for (species, rate) in &rates.apcer {
        output::line(&format!("APCER {species:<16} {}", readable(rate)));
        output::line(&format!("APNRR {species:<16} {}", readable(&rates.apnrr[species])));
    }
    output::line(&format!("BPCER {:<16} {}", "", readable(&rates.bpcer)));
    output::line(&format!("BPNRR {:<16} {}", "", readable(&rates.bpnrr)));
}
