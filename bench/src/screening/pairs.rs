//! Labelled pairs of names: F1 at a fixed threshold and the area under the ROC curve.

use std::path::Path;

use anyhow::{Context, Result};
use bonafide_screening::entity::EntityKind;
use bonafide_screening::index::Index;
use bonafide_screening::matching::Costs;
use serde::Serialize;

use super::peer::LogicV2;
use super::protocol::{SEED, Side, side_of_pair};
use super::random::Random;

const THRESHOLD: f64 = 0.70;
const RESAMPLES: usize = 2000;

#[derive(Serialize)]
pub(crate) struct Report {
    pub(crate) pairs: usize,
    pub(crate) matches: usize,
    pub(crate) scorers: Vec<Scorer>,
}

#[derive(Serialize)]
pub(crate) struct Scorer {
    pub(crate) name: &'static str,
    pub(crate) f1: Interval,
    pub(crate) auc: Interval,
    pub(crate) processor_microseconds: f64,
}

/// A value with the 95 % interval of its bootstrap.
#[derive(Clone, Copy, Serialize)]
pub(crate) struct Interval {
    pub(crate) value: f64,
    pub(crate) low: f64,
    pub(crate) high: f64,
}

impl std::fmt::Display for Interval {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&format!("{:.3} ({:.3}-{:.3})", self.value, self.low, self.high))
    }
}

pub(crate) struct Labelled {
    pub(crate) schema: String,
    pub(crate) left: String,
    pub(crate) right: String,
    pub(crate) is_match: bool,
}

/// The pairs of one side.
pub(crate) fn load(testdata: &Path, side: Side) -> Result<Vec<Labelled>> {
    let path = testdata.join("names/pairs.csv");
    let mut reader = csv::Reader::from_path(&path).context("names/pairs.csv is not there")?;
    let header = reader.headers()?.clone();
    let column = |name: &str| {
        header.iter().position(|other| other == name).context("pairs.csv lacks a column")
    };
    let columns = [column("schema")?, column("name1")?, column("name2")?, column("is_match")?];
    let mut pairs = Vec::new();
    for row in reader.records() {
        let row = row?;
        let [schema, left, right, label] = columns.map(|at| row[at].to_owned());
        if side_of_pair(&left, &right) == side {
            pairs.push(Labelled { schema, left, right, is_match: label == "true" });
        }
    }
    Ok(pairs)
}

pub(crate) fn measure(
    pairs: &[Labelled],
    index: &Index,
    costs: &Costs,
    peer: Option<&mut LogicV2>,
) -> Result<Report> {
    let begun = std::time::Instant::now();
    let ours: Vec<f64> = pairs.iter().map(|pair| f64::from(score(index, pair, costs))).collect();
    let each = begun.elapsed().as_secs_f64() * 1e6 / pairs.len() as f64;
    let mut scorers = vec![scorer("Bonafide", pairs, &ours, each)];
    if let Some(peer) = peer {
        let mut scores = Vec::new();
        let mut milliseconds = 0.0;
        for pair in pairs {
            let (score, took) = peer.compare(&pair.schema, &pair.left, &pair.right)?;
            scores.push(score);
            milliseconds += took;
        }
        scorers.push(scorer(
            "logic-v2",
            pairs,
            &scores,
            milliseconds * 1000.0 / pairs.len() as f64,
        ));
    }
    let matches = pairs.iter().filter(|pair| pair.is_match).count();
    Ok(Report { pairs: pairs.len(), matches, scorers })
}

pub(crate) fn score(index: &Index, pair: &Labelled, costs: &Costs) -> f32 {
    let kind = match pair.schema.as_str() {
        "Person" => EntityKind::Person,
        "Vessel" => EntityKind::Vessel,
        _ => EntityKind::Organisation,
    };
    index.compare_names(&pair.left, &pair.right, kind, costs)
}

fn scorer(name: &'static str, pairs: &[Labelled], scores: &[f64], microseconds: f64) -> Scorer {
    let all: Vec<(f64, bool)> =
        scores.iter().copied().zip(pairs.iter().map(|pair| pair.is_match)).collect();
    Scorer {
        name,
        f1: bootstrap(&all, f1),
        auc: bootstrap(&all, auc),
        processor_microseconds: microseconds,
    }
}

fn bootstrap(all: &[(f64, bool)], measure: fn(&[(f64, bool)]) -> f64) -> Interval {
    let mut random = Random::new(SEED);
    let mut values: Vec<f64> = (0..RESAMPLES)
        .map(|_| {
            let sample: Vec<(f64, bool)> =
                (0..all.len()).map(|_| all[random.below(all.len())]).collect();
            measure(&sample)
        })
        .collect();
    values.sort_by(f64::total_cmp);
    Interval {
        value: measure(all),
        low: values[RESAMPLES / 40],
        high: values[RESAMPLES - 1 - RESAMPLES / 40],
    }
}

fn f1(all: &[(f64, bool)]) -> f64 {
    let count = |hit: bool, label: bool| {
        all.iter().filter(|(score, is)| (*score >= THRESHOLD) == hit && *is == label).count() as f64
    };
    2.0 * count(true, true) / (2.0 * count(true, true) + count(true, false) + count(false, true))
}

fn auc(all: &[(f64, bool)]) -> f64 {
    let (yes, no): (Vec<_>, Vec<_>) = all.iter().partition(|(_, label)| *label);
    let won: f64 = yes
        .iter()
        .flat_map(|(yes, _)| {
            no.iter().map(move |(no, _)| if yes > no { 1.0 } else { f64::from(yes == no) / 2.0 })
        })
        .sum();
    won / (yes.len() * no.len()).max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_and_f1_of_known_cases() {
        let all = [(0.9, true), (0.8, false), (0.75, true), (0.1, false)];
        assert!((auc(&all) - 0.75).abs() < 1e-9);
        assert!((f1(&all) - 0.8).abs() < 1e-9);
    }
}
