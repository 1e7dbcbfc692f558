use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use bonafide_face::evaluation::{Comparisons, OperatingPoint};
use bonafide_face::similarity::Thresholds;
use bonafide_face::{FaceReader, Sample, Source};
use serde::{Deserialize, Serialize};

use super::{manifest, readable};
use crate::output;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    path: PathBuf,
    subject: String,
    #[serde(default)]
    source: Kind,
}

#[derive(Clone, Copy, Default, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    #[default]
    Selfie,
    Id,
}

#[derive(Serialize)]
struct Report {
    pictures: usize,
    /// Failure to acquire: pictures without a face that can be described.
    without_face: Vec<PathBuf>,
    mated_pairs: usize,
    non_mated_pairs: usize,
    area_under_curve: Option<f64>,
    at_false_match_rates: Vec<OperatingPoint>,
    at_thresholds: Vec<OperatingPoint>,
}

const RATES: [f64; 3] = [1e-2, 1e-3, 1e-4];

pub(super) fn run(reader: &FaceReader, path: &Path, json: bool) -> Result<()> {
    let rows: Vec<Row> = manifest::read(path)?;
    ensure!(rows.len() > 1, "{} names fewer than two pictures", path.display());
    let (mut samples, mut without_face) = (Vec::new(), Vec::new());
    for row in &rows {
        let source = if row.source == Kind::Id { Source::IdPortrait } else { Source::Selfie };
        let picture = manifest::picture(&manifest::beside(path, &row.path))?;
        match Sample::take(reader, &picture, source, "FACE")?.subject {
            Some(subject) => samples.push((row.subject.clone(), subject.description)),
            None => without_face.push(row.path.clone()),
        }
    }
    let comparisons = Comparisons::of_pairs(&samples);
    let (mated_pairs, non_mated_pairs) = comparisons.counts();
    let report = Report {
        pictures: rows.len(),
        without_face,
        mated_pairs,
        non_mated_pairs,
        area_under_curve: comparisons.area_under_curve(),
        at_false_match_rates: RATES
            .iter()
            .filter_map(|rate| comparisons.at_false_match_rate(*rate))
            .collect(),
        at_thresholds: [Thresholds::IDS, Thresholds::SELFIES, Thresholds::SELFIE_AND_ID]
            .iter()
            .flat_map(|thresholds| [thresholds.accept, thresholds.reject])
            .map(|threshold| comparisons.at(threshold))
            .collect(),
    };
    if json {
        return output::json(&report);
    }
    show(&report);
    Ok(())
}

fn show(report: &Report) {
    output::line(&format!(
        "{} pictures, {} without a face; {} mated and {} non-mated pairs; AUC {}",
        report.pictures,
        report.without_face.len(),
        report.mated_pairs,
        report.non_mated_pairs,
        report.area_under_curve.map_or("-".to_owned(), |area| format!("{area:.5}")),
    ));
    for path in &report.without_face {
        output::line(&format!("  without a face: {}", path.display()));
    }
    for point in report.at_false_match_rates.iter().chain(&report.at_thresholds) {
        output::line(&format!("distance {:.3}", point.threshold));
        output::line(&format!("  FMR  {}", readable(&point.fmr)));
        output::line(&format!("  FNMR {}", readable(&point.fnmr)));
    }
    output::line("Pairs share subjects, so that the intervals are narrower than the truth.");
}
