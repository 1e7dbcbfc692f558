//! Recall at equal rates of false positives, by kind and by script.

use std::collections::{BTreeMap, HashMap};
use std::time::Instant;

use bonafide_screening::entity::EntityKind;
use bonafide_screening::index::{Index, IndexBuilder, SearchOptions};
use bonafide_screening::text::Script;
use serde::Serialize;

use super::data::{Data, Negative};
use super::pairs::Interval;
use super::protocol::{Kind, SEED, Side};
use super::random::Random;

const RESAMPLES: usize = 400;

#[derive(Serialize)]
pub(crate) struct Report {
    pub(crate) groups: Vec<Group>,
    pub(crate) names: usize,
    pub(crate) index_bytes: usize,
    pub(crate) processor_milliseconds_per_query: f64,
}

/// Kinds whose queries share their negatives.
#[derive(Serialize)]
pub(crate) struct Group {
    pub(crate) name: &'static str,
    pub(crate) negatives: usize,
    /// Where 1 % and 0.1 % of the negatives have a hit.
    pub(crate) thresholds: [f64; 2],
    pub(crate) kinds: Vec<KindRow>,
    /// The mean over kinds, each counting the same.
    pub(crate) macro_recall: [Interval; 2],
}

#[derive(Serialize)]
pub(crate) struct KindRow {
    pub(crate) kind: Kind,
    pub(crate) queries: usize,
    pub(crate) recall: [Interval; 2],
    /// The share whose score reaches the threshold of 1 %, but which the index did not look at.
    pub(crate) not_looked_at: f64,
    /// The share of queries that are like no listed name of the entity at all (a score below 0.3).
    pub(crate) unlike: f64,
}

pub(crate) struct Scores {
    pub(crate) positives: BTreeMap<Kind, Vec<f64>>,
    /// The same queries compared with every name of their entity, without the index's choice.
    compared: BTreeMap<Kind, Vec<f64>>,
    negatives: Vec<(Negative, f64)>,
    milliseconds: f64,
}

pub(crate) fn index(data: &Data) -> (Index, HashMap<&str, usize>) {
    let mut builder = IndexBuilder::default();
    let mut places = HashMap::new();
    for (place, entity) in data.entities.iter().enumerate() {
        builder.add(0, entity);
        places.insert(entity.id.as_str(), place);
    }
    (builder.build(), places)
}

pub(crate) fn scores(
    data: &Data,
    index: &Index,
    places: &HashMap<&str, usize>,
    side: Side,
    options: &SearchOptions,
    misses: bool,
) -> Scores {
    let begun = Instant::now();
    let mut count = 0;
    let mut positives: BTreeMap<Kind, Vec<f64>> = BTreeMap::new();
    for query in data.positives.iter().filter(|query| query.side == side) {
        let found = index.search(&query.name, query.sort, options);
        let place = places[query.entity.as_str()];
        let score = found.iter().find(|found| found.place() == place);
        let score = score.map_or(0.0, |found| f64::from(found.name_score));
        if misses && score < 0.78 {
            let names: Vec<&str> =
                data.entities[place].names.iter().map(|name| name.text.as_str()).collect();
            eprintln!("{:?}\t{score:.3}\t{}\t{}", query.kind, query.name, names.join(" | "));
        }
        positives.entry(query.kind).or_default().push(score);
        count += 1;
    }
    let mut negatives = Vec::new();
    for query in data.negatives.iter().filter(|query| query.side == side) {
        let found = index.search(&query.name, query.sort, options);
        let score = found.first().map_or(0.0, |found| f64::from(found.name_score));
        if misses && score > 0.78 {
            let entity = index.entity(&found[0]);
            eprintln!(
                "negative\t{score:.3}\t{}\t{:?}",
                query.name,
                entity.names[found[0].ordinal()].text
            );
        }
        negatives.push((query.clone(), score));
        count += 1;
    }
    let milliseconds = begun.elapsed().as_secs_f64() * 1000.0 / f64::from(count);
    let mut compared: BTreeMap<Kind, Vec<f64>> = BTreeMap::new();
    for query in data.positives.iter().filter(|query| query.side == side) {
        let names = &data.entities[places[query.entity.as_str()]].names;
        let score =
            |listed: &str| index.compare_names(&query.name, listed, query.sort, &options.costs);
        let best = names.iter().map(|name| score(&name.text)).fold(0.0, f32::max);
        compared.entry(query.kind).or_default().push(f64::from(best));
    }
    Scores { positives, compared, negatives, milliseconds }
}

pub(crate) fn report(scores: &Scores, index: &Index) -> Report {
    let latin_person: Vec<f64> =
        of(scores, |n| n.sort == EntityKind::Person && n.script == Script::Latin);
    let other_person: Vec<f64> =
        of(scores, |n| n.sort == EntityKind::Person && n.script != Script::Latin);
    let companies: Vec<f64> = of(scores, |n| n.sort == EntityKind::Organisation);
    let groups = vec![
        group("persons, Latin", &Kind::LATIN_PERSON, &latin_person, scores),
        group("organisations, Latin", &Kind::LATIN_BUSINESS, &companies, scores),
        group("persons, other scripts", &Kind::OTHER_SCRIPT, &other_person, scores),
    ];
    Report {
        groups,
        names: index.names(),
        index_bytes: index.bytes(),
        processor_milliseconds_per_query: scores.milliseconds,
    }
}

fn of(scores: &Scores, wanted: impl Fn(&Negative) -> bool) -> Vec<f64> {
    scores.negatives.iter().filter(|(n, _)| wanted(n)).map(|(_, score)| *score).collect()
}

/// The lowest threshold that lets through no more than this share.
pub(super) fn threshold(negatives: &[f64], share: f64) -> f64 {
    let mut sorted = negatives.to_vec();
    sorted.sort_by(|left, right| right.total_cmp(left));
    let allowed = (share * sorted.len() as f64) as usize;
    // A hit is at or above the threshold, so it lies just above the first that may not pass.
    sorted.get(allowed).map_or(0.0, |score| score + 1e-6)
}

/// The share of a kind's queries of which this holds: what was found, and what comparing gives.
fn share(scores: &Scores, kind: Kind, holds: impl Fn(f64, f64) -> bool) -> f64 {
    let both = scores.positives[&kind].iter().zip(&scores.compared[&kind]);
    let holding = both.filter(|(found, compared)| holds(**found, **compared)).count();
    holding as f64 / scores.positives[&kind].len().max(1) as f64
}

fn group(name: &'static str, kinds: &[Kind], negatives: &[f64], scores: &Scores) -> Group {
    const SHARES: [f64; 2] = [0.01, 0.001];
    let mut random = Random::new(SEED);
    let thresholds = SHARES.map(|share| threshold(negatives, share));
    let recall = |scores: &[f64], threshold: f64| {
        scores.iter().filter(|score| **score >= threshold).count() as f64
            / scores.len().max(1) as f64
    };
    let kinds: Vec<Kind> =
        kinds.iter().copied().filter(|kind| scores.positives.contains_key(kind)).collect();
    let resample = |values: &[f64], random: &mut Random| -> Vec<f64> {
        (0..values.len()).map(|_| values[random.below(values.len())]).collect()
    };
    // For every resample: the recall of each kind at both thresholds.
    let samples: Vec<Vec<[f64; 2]>> = (0..RESAMPLES)
        .map(|_| {
            let negatives = resample(negatives, &mut random);
            let thresholds = SHARES.map(|share| threshold(&negatives, share));
            kinds
                .iter()
                .map(|kind| {
                    let positives = resample(&scores.positives[kind], &mut random);
                    thresholds.map(|threshold| recall(&positives, threshold))
                })
                .collect()
        })
        .collect();
    let interval = |value: f64, mut sampled: Vec<f64>| {
        sampled.sort_by(f64::total_cmp);
        let (low, high) = (sampled[RESAMPLES / 40], sampled[RESAMPLES - 1 - RESAMPLES / 40]);
        Interval { value, low, high }
    };
    let rows: Vec<KindRow> = kinds
        .iter()
        .enumerate()
        .map(|(at, kind)| KindRow {
            kind: *kind,
            not_looked_at: share(scores, *kind, |found, compared| {
                found < thresholds[0] && compared >= thresholds[0]
            }),
            unlike: share(scores, *kind, |_, compared| compared < 0.3),
            queries: scores.positives[kind].len(),
            recall: [0, 1].map(|share: usize| {
                let sampled = samples.iter().map(|sample| sample[at][share]).collect();
                interval(recall(&scores.positives[kind], thresholds[share]), sampled)
            }),
        })
        .collect();
    let macro_recall = [0, 1].map(|share: usize| {
        let mean = |values: Vec<f64>| values.iter().sum::<f64>() / values.len().max(1) as f64;
        let sampled = samples
            .iter()
            .map(|sample| mean(sample.iter().map(|recall| recall[share]).collect()))
            .collect();
        interval(mean(rows.iter().map(|row| row.recall[share].value).collect()), sampled)
    });
    Group { name, negatives: negatives.len(), thresholds, kinds: rows, macro_recall }
}
