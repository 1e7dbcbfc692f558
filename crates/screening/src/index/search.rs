//! From a query's words to the listed names that may be meant, and their scores.

use rustc_hash::FxHashMap;

use super::vocabulary::Neighbour;
use super::{Index, ListNumber};
use crate::entity::EntityKind;
use crate::matching::align::{Costs, Pair, align};
use crate::matching::similarity::{Part, similarity};
use crate::text::Script;
use crate::text::fold::fold;
use crate::text::words::{Role, Word, words};

/// What a search looks for.
#[derive(Debug, Clone)]
pub struct SearchOptions {
    /// Scores below this are not asked for, 0 to 1.
    pub least: f32,
    /// Lists to look in; all where empty.
    pub lists: Vec<ListNumber>,
    /// How many names are looked at closely.
    pub candidates: usize,
    /// What leftover words cost.
    pub costs: Costs,
}

impl Default for SearchOptions {
    fn default() -> Self {
        Self { least: 0.6, lists: Vec::new(), candidates: 96, costs: Costs::TUNED }
    }
}

/// A listed name that a query may mean.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The entity's place in the index.
    pub(crate) entity: u32,
    /// Which of its names.
    pub(crate) ordinal: u16,
    pub(crate) list: ListNumber,
    /// How alike the names are, 0 to 1.
    pub name_score: f32,
    pub(crate) pairs: Vec<Pair>,
}

impl Candidate {
    /// The entity's place in the order in which entities were added.
    pub fn place(&self) -> usize {
        self.entity as usize
    }

    /// Which of the entity's names it is.
    pub fn ordinal(&self) -> usize {
        usize::from(self.ordinal)
    }

    /// Which list it is on.
    pub fn list(&self) -> ListNumber {
        self.list
    }
}

/// Room that a search needs; kept between searches.
#[derive(Default)]
pub(crate) struct Scratch {
    /// What each name has met so far.
    met: Vec<f32>,
    /// The last word (plus one) that each name was met by.
    last: Vec<u8>,
    touched: Vec<u32>,
}

/// A weak alias needs a little more.
const WEAK: f32 = 0.95;

/// A query's word with what is like it.
struct Asked<'w> {
    word: &'w Word,
    weight: f32,
    neighbours: Vec<Neighbour>,
}

/// As what the words of a query are read to be compared with a listed name. `abdul` is a part of a
/// person's name and no part of a ship's: who asks for anything is understood as the list is.
pub(crate) fn reading(asked: EntityKind, listed: EntityKind) -> EntityKind {
    match (asked, listed) {
        (EntityKind::Unknown, EntityKind::Person) => EntityKind::Person,
        _ => asked,
    }
}

/// What is asked for, in one reading of its words.
#[derive(Clone, Copy)]
struct Sought {
    kind: EntityKind,
    reading: EntityKind,
}

impl Sought {
    fn wants(self, listed: EntityKind) -> bool {
        let fits = [self.kind, listed].contains(&EntityKind::Unknown) || self.kind == listed;
        fits && reading(self.kind, listed) == self.reading
    }
}

impl Index {
    /// The listed names most like a query, best first, one for each entity.
    pub fn search(&self, name: &str, kind: EntityKind, options: &SearchOptions) -> Vec<Candidate> {
        let mut found = self.search_reading(name, Sought { kind, reading: kind }, options);
        let person = reading(kind, EntityKind::Person);
        if person != kind {
            found.extend(self.search_reading(name, Sought { kind, reading: person }, options));
        }
        // An entity is of one kind: no reading finds what another one found.
        found.sort_by(|left, right| {
            right.name_score.total_cmp(&left.name_score).then(left.entity.cmp(&right.entity))
        });
        found
    }

    fn search_reading(
        &self,
        name: &str,
        sought: Sought,
        options: &SearchOptions,
    ) -> Vec<Candidate> {
        let words = words(name, sought.reading);
        if words.is_empty() || self.names.is_empty() {
            return Vec::new();
        }
        let mut scratch =
            self.scratch.lock().ok().and_then(|mut pool| pool.pop()).unwrap_or_default();
        scratch.met.resize(self.names.len(), 0.0);
        scratch.last.resize(self.names.len(), 0);
        let found = self.search_with(&words, sought, options, &mut scratch);
        if let Ok(mut pool) = self.scratch.lock() {
            pool.push(scratch);
        }
        found
    }

    fn search_with(
        &self,
        words: &[Word],
        sought: Sought,
        options: &SearchOptions,
        scratch: &mut Scratch,
    ) -> Vec<Candidate> {
        let asked: Vec<Asked<'_>> = words.iter().map(|word| self.ask(word)).collect();
        self.gather(&asked, options, scratch);
        let mut near = self.nearest(&asked, sought, options, scratch);
        near.truncate(options.candidates);
        for name in scratch.touched.drain(..) {
            scratch.met[name as usize] = 0.0;
            scratch.last[name as usize] = 0;
        }
        let query: Vec<Part<'_>> = asked
            .iter()
            .map(|asked| Part { weight: asked.weight, ..asked.word.part(1.0) })
            .collect();
        let known: Vec<FxHashMap<u32, Neighbour>> = asked
            .iter()
            .map(|asked| asked.neighbours.iter().map(|near| (near.id, *near)).collect())
            .collect();
        let mut best: FxHashMap<u32, Candidate> = FxHashMap::default();
        for name in near {
            let candidate = self.compare(name, &query, &known, options);
            if candidate.name_score >= options.least {
                let kept = best.entry(candidate.entity).or_insert_with(|| candidate.clone());
                if candidate.name_score > kept.name_score {
                    *kept = candidate;
                }
            }
        }
        best.into_values().collect()
    }

    fn ask<'w>(&self, word: &'w Word) -> Asked<'w> {
        let mut neighbours = Vec::new();
        if word.role.identifies() {
            self.vocabulary.neighbours(word, true, &mut neighbours);
            neighbours.sort_by(|left, right| right.similarity.total_cmp(&left.similarity));
        }
        Asked { word, weight: self.rarity.weight_of(word), neighbours }
    }

    /// Lets every word add what it meets. Rare words first: once the words that are left could not
    /// carry a name to the least score, they bring in no new names.
    fn gather(&self, asked: &[Asked<'_>], options: &SearchOptions, scratch: &mut Scratch) {
        let mut turn = 1_u8;
        for (ids, weight) in self.joined_and_parted(asked) {
            for id in ids {
                self.meet(id, weight, turn, true, scratch);
            }
            turn = turn.saturating_add(1);
        }
        let mut order: Vec<&Asked<'_>> =
            asked.iter().filter(|asked| !asked.neighbours.is_empty()).collect();
        order.sort_by(|left, right| right.weight.total_cmp(&left.weight));
        let lost: f32 = asked.iter().filter(|a| a.neighbours.is_empty()).map(|a| a.weight).sum();
        let mut left: f32 = order.iter().map(|asked| asked.weight).sum();
        let mut passed = lost;
        for asked in order {
            let reach = left / (left + options.costs.query * passed).max(f32::EPSILON);
            // Spans and initials may bring a little more than this bound knows of.
            let admits = reach + 0.05 >= options.least;
            for near in &asked.neighbours {
                let weight = self.vocabulary.weight(near.id) * near.similarity;
                self.meet(near.id, weight, turn, admits, scratch);
            }
            turn = turn.saturating_add(1);
            left -= asked.weight;
            passed += asked.weight;
        }
    }

    fn meet(&self, word: u32, weight: f32, turn: u8, admits: bool, scratch: &mut Scratch) {
        for name in self.word_names.get(word as usize) {
            let at = *name as usize;
            if scratch.last[at] == 0 {
                if !admits {
                    continue;
                }
                scratch.touched.push(*name);
            } else if scratch.last[at] == turn {
                continue;
            }
            scratch.last[at] = turn;
            scratch.met[at] += weight;
        }
    }

    /// Words that two neighbours make together, and words that one falls apart into.
    fn joined_and_parted(&self, asked: &[Asked<'_>]) -> Vec<(Vec<u32>, f32)> {
        let mut found = Vec::new();
        for span in asked.windows(2).chain(asked.windows(3)) {
            if span.iter().any(|asked| asked.word.role == Role::Name) {
                let mut joined = span[0].word.clone();
                joined.role = Role::Name;
                joined.class = 0;
                let together: String = span.iter().map(|asked| asked.word.latin.as_str()).collect();
                joined.fold = fold(&together);
                // Only its sound is looked up.
                joined.latin.clone_from(&joined.fold);
                let mut neighbours = Vec::new();
                if joined.fold.len() >= 5 {
                    self.vocabulary.neighbours(&joined, false, &mut neighbours);
                }
                let ids: Vec<u32> =
                    neighbours.iter().filter(|n| n.similarity >= 0.84).map(|n| n.id).collect();
                if !ids.is_empty() {
                    found.push((ids, span.iter().map(|asked| asked.weight).sum()));
                }
            }
        }
        for asked in asked.iter().filter(|a| a.word.role == Role::Name && a.word.fold.len() >= 6) {
            let known = asked.neighbours.first().is_some_and(|near| near.similarity > 0.96);
            if !known {
                self.part(asked.word, asked.weight, &mut found);
            }
        }
        found
    }

    /// Parts a word in two known ones. What is written in syllables may fall apart between any two of
    /// them (김정은: Jong Un); of letters, fewer than three make too many names.
    fn part(&self, word: &Word, weight: f32, found: &mut Vec<(Vec<u32>, f32)>) {
        let latin = word.latin.as_str();
        let least = if matches!(word.script, Script::Han | Script::Hangul) { 2 } else { 3 };
        for at in least..=latin.len().saturating_sub(least) {
            // Each half for itself, because letters on both sides of the joint may sound as one.
            let known =
                |half: &str| -> Vec<u32> { self.vocabulary.of_sound(&fold(half)).collect() };
            let halves = [&latin[..at], &latin[at..]];
            let first = known(halves[0]);
            if first.is_empty() {
                continue;
            }
            let ids = [first, known(halves[1])];
            if !ids[1].is_empty() {
                for (ids, half) in ids.into_iter().zip(halves) {
                    found.push((ids, weight * half.len() as f32 / latin.len() as f32));
                }
            }
        }
    }

    /// The names that met most, by a quick guess of their score.
    fn nearest(
        &self,
        asked: &[Asked<'_>],
        sought: Sought,
        options: &SearchOptions,
        scratch: &Scratch,
    ) -> Vec<u32> {
        let whole: f32 = asked.iter().map(|asked| asked.weight).sum();
        let guess = |name: u32| {
            let met = scratch.met[name as usize];
            let rest = (whole - met).max(0.0) * options.costs.query
                + (self.names[name as usize].weight - met).max(0.0) * options.costs.listed;
            met / (met + rest)
        };
        let mut near: Vec<(f32, u32)> = scratch
            .touched
            .iter()
            .filter(|name| self.wanted(**name, sought, options))
            .map(|name| (guess(*name), *name))
            // The guess may be low: spans and initials are not in it.
            .filter(|(guess, _)| *guess >= options.least * 0.6)
            .collect();
        let most = options.candidates;
        if near.len() > most {
            near.select_nth_unstable_by(most, |left, right| {
                right.0.total_cmp(&left.0).then(left.1.cmp(&right.1))
            });
            near.truncate(most);
        }
        near.into_iter().map(|(_, name)| name).collect()
    }

    fn wanted(&self, name: u32, sought: Sought, options: &SearchOptions) -> bool {
        let row = &self.names[name as usize];
        sought.wants(row.kind) && (options.lists.is_empty() || options.lists.contains(&row.list))
    }

    fn compare(
        &self,
        name: u32,
        query: &[Part<'_>],
        known: &[FxHashMap<u32, Neighbour>],
        options: &SearchOptions,
    ) -> Candidate {
        let row = self.names[name as usize];
        let ids = self.name_words.get(name as usize);
        let listed: Vec<Part<'_>> = ids.iter().map(|id| self.vocabulary.part(*id)).collect();
        let alignment = align(query, &listed, &options.costs, options.least, |at, other| {
            if let Some(near) = known[at].get(&ids[other]) {
                return Some((near.similarity, near.how));
            }
            // Names and numbers that are alike are neighbours; the others are compared here.
            let small = |part: &Part<'_>| !part.role.identifies();
            let compared = small(&query[at]) || small(&listed[other]);
            compared.then(|| similarity(&query[at], &listed[other])).flatten()
        });
        Candidate {
            entity: row.entity,
            ordinal: row.ordinal,
            list: row.list,
            name_score: alignment.score * if row.weak { WEAK } else { 1.0 },
            pairs: alignment.pairs,
        }
    }

    /// The score of two names, with this index's knowledge of which words are common.
    pub fn compare_names(&self, left: &str, right: &str, kind: EntityKind, costs: &Costs) -> f32 {
        let [left, right] = [left, right].map(|name| words(name, kind));
        let parts = |words: &'_ [Word]| -> Vec<f32> {
            words.iter().map(|word| self.rarity.weight_of(word)).collect()
        };
        let weights = [parts(&left), parts(&right)];
        let query: Vec<Part<'_>> = weighted(&left, &weights[0]).collect();
        let listed: Vec<Part<'_>> = weighted(&right, &weights[1]).collect();
        align(&query, &listed, costs, 0.0, |at, other| similarity(&query[at], &listed[other])).score
    }
}

fn weighted<'w>(words: &'w [Word], weights: &'w [f32]) -> impl Iterator<Item = Part<'w>> {
    words.iter().zip(weights).map(|(word, weight)| Part { weight: *weight, ..word.part(1.0) })
}
