//! Every pair of pictures, compared. Thresholds are those of the product; nothing is tuned here.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;

use anyhow::{Context, Result};
use bonafide_face::evaluation::{Comparisons, OperatingPoint, Rate};
use bonafide_face::similarity::{Thresholds, obstacle};
use bonafide_face::{Description, FaceReader, Sample, Source};
use bonafide_imaging::{Limits, decode};
use bonafide_models::Digest;
use serde::Serialize;

use super::Labelled;

#[derive(Serialize)]
pub(crate) struct Report {
    pictures: usize,
    /// Pictures that are byte for byte another one, left out.
    repeated: usize,
    subjects: usize,
    /// Pictures without a face that could be described (failure to acquire).
    without_face: Vec<String>,
    /// What the product would not compare, and why; compared here all the same.
    gated: BTreeMap<&'static str, usize>,
    mated_pairs: usize,
    non_mated_pairs: usize,
    area_under_curve: Option<f64>,
    /// The same, with one subject left out at a time: least and greatest.
    area_under_curve_jackknife: [f64; 2],
    at_false_match_rates: Vec<(f64, OperatingPoint)>,
    at_thresholds: Vec<OperatingPoint>,
}

const RATES: [f64; 3] = [1e-1, 1e-2, 1e-3];

pub(crate) fn measure(reader: &FaceReader, pictures: &[Labelled]) -> Result<Report> {
    let mut seen = BTreeSet::new();
    let mut gated = BTreeMap::new();
    let (mut repeated, mut without_face, mut samples) = (0, Vec::new(), Vec::new());
    for picture in pictures {
        let bytes = fs::read(&picture.path)?;
        if !seen.insert(Digest::of(&bytes).to_string()) {
            repeated += 1;
            continue;
        }
        // An upload refuses pictures as small as some of these; the nets do not.
        let limits = Limits { shortest_longest_side: 0, ..Limits::default() };
        let decoded = decode(&bytes, &limits)
            .with_context(|| format!("{} cannot be decoded", picture.path.display()))?;
        let sample = Sample::take(reader, &decoded.rgb, Source::Selfie, "FACE")?;
        if let Some(obstacle) = obstacle(&sample) {
            *gated.entry(obstacle).or_default() += 1;
        }
        match sample.subject {
            Some(subject) => samples.push((picture.subject.clone(), subject.description)),
            None => without_face.push(picture.path.display().to_string()),
        }
    }
    let comparisons = Comparisons::of_pairs(&samples);
    let (mated_pairs, non_mated_pairs) = comparisons.counts();
    let subjects: BTreeSet<&String> = samples.iter().map(|(subject, _)| subject).collect();
    let thresholds =
        [Thresholds::IDS.accept, Thresholds::SELFIES.accept, 0.60, Thresholds::SELFIES.reject];
    Ok(Report {
        pictures: pictures.len(),
        repeated,
        subjects: subjects.len(),
        without_face,
        gated,
        mated_pairs,
        non_mated_pairs,
        area_under_curve: comparisons.area_under_curve(),
        area_under_curve_jackknife: jackknife(&samples, &subjects),
        at_false_match_rates: RATES
            .iter()
            .filter_map(|rate| Some((*rate, comparisons.at_false_match_rate(*rate)?)))
            .collect(),
        at_thresholds: thresholds.map(|threshold| comparisons.at(threshold)).to_vec(),
    })
}

fn jackknife(samples: &[(String, Description)], subjects: &BTreeSet<&String>) -> [f64; 2] {
    let mut range = [f64::INFINITY, f64::NEG_INFINITY];
    for left_out in subjects {
        let rest: Vec<_> =
            samples.iter().filter(|(subject, _)| subject != *left_out).cloned().collect();
        if let Some(area) = Comparisons::of_pairs(&rest).area_under_curve() {
            range = [range[0].min(area), range[1].max(area)];
        }
    }
    range
}

fn percent(rate: &Rate) -> String {
    let [low, high] = rate.interval.map(|end| end * 100.0);
    let value = rate.value().unwrap_or_default() * 100.0;
    format!("{value:.3} % ({}/{}; 95 % {low:.3}-{high:.3})", rate.count, rate.of)
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "Comparison: {} pictures of {} subjects ({} repeated, {} without a face), {} mated and {} \
             non-mated pairs\nPairs share subjects, so that the intervals are narrower than the truth.",
            self.pictures,
            self.subjects,
            self.repeated,
            self.without_face.len(),
            self.mated_pairs,
            self.non_mated_pairs
        )?;
        for path in &self.without_face {
            writeln!(f, "  without a face: {path}")?;
        }
        for (obstacle, count) in &self.gated {
            writeln!(f, "  not compared by the product: {count}, {obstacle}")?;
        }
        let [low, high] = self.area_under_curve_jackknife;
        writeln!(
            f,
            "AUC {:.5} (leaving one subject out: {low:.5}-{high:.5})",
            self.area_under_curve.unwrap_or(f64::NAN)
        )?;
        for (rate, point) in &self.at_false_match_rates {
            writeln!(
                f,
                "FNMR at FMR {rate:<5} {} at distance {:.4}",
                percent(&point.fnmr),
                point.threshold
            )?;
        }
        for point in &self.at_thresholds {
            writeln!(
                f,
                "distance {:.2}      FMR {}, FNMR {}",
                point.threshold,
                percent(&point.fmr),
                percent(&point.fnmr)
            )?;
        }
        Ok(())
    }
}
