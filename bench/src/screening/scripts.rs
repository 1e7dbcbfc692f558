//! How often the default threshold of each script lets through a name that is on no list.

use bonafide_screening::entity::EntityKind;
use bonafide_screening::index::{Index, SearchOptions};
use bonafide_screening::text::Script;
use bonafide_screening::threshold::default_for;
use serde::Serialize;

use super::data::Data;
use super::protocol::Side;
use super::search::threshold;
use crate::statistics::Rate;

#[derive(Serialize)]
pub(crate) struct Row {
    pub(crate) script: Script,
    pub(crate) default_threshold: f64,
    /// Names with a hit at or above it.
    pub(crate) false_positives: Rate,
    /// Where as many of a thousand names have a hit as [`PER_THOUSAND`] says.
    pub(crate) thresholds: [f64; 3],
}

pub(crate) const PER_THOUSAND: [f64; 3] = [4.0, 6.0, 8.0];

/// Fewer names tell nothing about one in a hundred.
const LEAST: usize = 1_000;

pub(crate) fn measure(data: &Data, index: &Index, side: Side, options: &SearchOptions) -> Vec<Row> {
    // Below every default.
    let options = SearchOptions { least: 0.4, ..options.clone() };
    Script::ALL.iter().filter_map(|script| row(data, index, side, &options, *script)).collect()
}

fn row(
    data: &Data,
    index: &Index,
    side: Side,
    options: &SearchOptions,
    script: Script,
) -> Option<Row> {
    let names = data.each_script.iter().filter(|name| name.side == side && name.script == script);
    let scores: Vec<f64> = names
        .map(|name| {
            let found = index.search(&name.name, EntityKind::Person, options);
            found.first().map_or(0.0, |found| f64::from(found.name_score))
        })
        .collect();
    let default_threshold = f64::from(default_for(script));
    let passed = scores.iter().filter(|score| **score >= default_threshold).count();
    (scores.len() >= LEAST).then(|| Row {
        script,
        default_threshold,
        false_positives: Rate::new(passed, scores.len()),
        thresholds: PER_THOUSAND.map(|share| threshold(&scores, share / 1000.0)),
    })
}
