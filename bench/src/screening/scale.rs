//! Load time, memory and processor time per query at 25 thousand, 250 thousand and a million names.
//!
//! Names are drawn from the words of the real lists and of the negatives; one word in twelve is changed
//! by two letters, so that the vocabulary grows with the names as real lists' does.

use std::fs;

use bonafide_screening::entity::{Entity, EntityKind, Name, NameKind};
use bonafide_screening::index::{IndexBuilder, SearchOptions};
use serde::Serialize;

use super::data::Data;
use super::protocol::SEED;
use super::random::Random;
use crate::processor;

const QUERIES: usize = 2_000;

#[derive(Serialize)]
pub(crate) struct Row {
    pub(crate) names: usize,
    pub(crate) entities: usize,
    pub(crate) load_processor_seconds: f64,
    pub(crate) index_mebibytes: f64,
    /// Growth of the process's memory from before to after building; building itself needs more.
    pub(crate) resident_mebibytes: f64,
    pub(crate) processor_milliseconds_per_query: f64,
    pub(crate) wall_milliseconds: [f64; 2],
}

/// Measures at each size; the threshold that queries ask for is the default one.
pub(crate) fn measure(data: &Data, sizes: &[usize]) -> Vec<Row> {
    sizes.iter().map(|size| at(data, *size)).collect()
}

fn at(data: &Data, size: usize) -> Row {
    let queries = queries(data);
    let before = resident();
    let begun = processor::milliseconds().unwrap_or_default();
    let mut builder = IndexBuilder::default();
    let mut made = Maker::new(data);
    let (mut names, mut entities) = (0, 0);
    while names < size {
        let entity = made.entity();
        names += entity.names.len();
        entities += 1;
        builder.add(0, &entity);
    }
    let index = builder.build();
    let load = processor::milliseconds().unwrap_or_default() - begun;
    drop(made);
    // Once through, so that the room for searches is there.
    let options = SearchOptions { least: 0.7, ..SearchOptions::default() };
    for query in queries.iter().take(50) {
        index.search(query, EntityKind::Person, &options);
    }
    let resident = resident() - before;
    let begun = processor::milliseconds().unwrap_or_default();
    let mut wall: Vec<f64> = queries
        .iter()
        .map(|query| {
            let begun = std::time::Instant::now();
            std::hint::black_box(index.search(query, EntityKind::Person, &options));
            begun.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    let spent = processor::milliseconds().unwrap_or_default() - begun;
    wall.sort_by(f64::total_cmp);
    Row {
        names,
        entities,
        load_processor_seconds: load / 1000.0,
        index_mebibytes: index.bytes() as f64 / 1_048_576.0,
        resident_mebibytes: resident,
        processor_milliseconds_per_query: spent / queries.len() as f64,
        wall_milliseconds: [wall[wall.len() / 2], wall[wall.len() * 99 / 100]],
    }
}

/// Half of them should find something, half should not.
fn queries(data: &Data) -> Vec<String> {
    let persons = data.positives.iter().filter(|query| query.sort == EntityKind::Person);
    let positives = persons.map(|query| query.name.clone()).step_by(7).take(QUERIES / 2);
    let negatives = data.negatives.iter().filter(|query| query.sort == EntityKind::Person);
    positives
        .chain(negatives.map(|query| query.name.clone()).step_by(11).take(QUERIES / 2))
        .collect()
}

struct Maker {
    random: Random,
    words: Vec<String>,
    next: usize,
}

impl Maker {
    fn new(data: &Data) -> Self {
        let listed = data.entities.iter().filter(|entity| entity.kind == EntityKind::Person);
        let listed = listed.flat_map(|entity| &entity.names).map(|name| name.text.as_str());
        let others = data.negatives.iter().map(|query| query.name.as_str());
        let words = listed.chain(others).flat_map(str::split_whitespace).map(str::to_owned);
        Self { random: Random::new(SEED), words: words.collect(), next: 0 }
    }

    /// A person with two names and a half on average.
    fn entity(&mut self) -> Entity {
        self.next += 1;
        let count = 1 + self.random.below(4);
        let names = (0..count)
            .map(|at| Name {
                text: self.name(),
                kind: if at == 0 { NameKind::Primary } else { NameKind::Alias },
                weak: false,
            })
            .collect();
        let json = format!(
            r#"{{"id":"made-{}","kind":"person","names":[],"births":[{{"from":1970,"to":1970}}],"programs":["SDGT"]}}"#,
            self.next
        );
        let entity: Entity = serde_json::from_str(&json).expect("an entity");
        Entity { names, ..entity }
    }

    fn name(&mut self) -> String {
        let count = 2 + self.random.below(2);
        let words: Vec<String> = (0..count).map(|_| self.word()).collect();
        words.join(" ")
    }

    fn word(&mut self) -> String {
        let at = self.random.below(self.words.len());
        let word = self.words[at].clone();
        if self.random.below(12) > 0 || !word.is_ascii() || word.len() < 5 {
            return word;
        }
        let mut letters = word.into_bytes();
        for _ in 0..2 {
            let at = self.random.below(letters.len());
            letters[at] = b'a' + self.random.below(26) as u8;
        }
        String::from_utf8(letters).unwrap_or_default()
    }
}

fn resident() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kibibytes = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kibibytes.unwrap_or_default() / 1024.0
}
