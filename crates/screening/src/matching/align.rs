//! Which words of two names belong together, and how much of the names that explains.

use super::similarity::{Part, WordMatch, joined};
use crate::text::fold::fold;
use crate::text::words::{MOST_WORDS, Role};

/// Words of the query that stand for words of the listed name.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Pair {
    /// First word and how many.
    pub(crate) query: (usize, usize),
    /// First word and how many.
    pub(crate) listed: (usize, usize),
    pub(crate) similarity: f32,
    pub(crate) how: WordMatch,
}

/// The best way to lay two names side by side.
#[derive(Debug, Clone, Default)]
pub(crate) struct Alignment {
    pub(crate) pairs: Vec<Pair>,
    /// 0 to 1.
    pub(crate) score: f32,
}

/// What the words without a partner cost, in shares of their weight. Tuned on the tuning half of the
/// benchmark.
#[derive(Debug, Clone, Copy)]
pub struct Costs {
    /// A word that only the query has.
    pub query: f32,
    /// A word that only the listed name has.
    pub listed: f32,
    /// Words left over on both sides: they contradict each other.
    pub conflict: f32,
    /// The exponent that similarities of words are taken to.
    pub strictness: f32,
}

impl Costs {
    /// As tuned.
    pub const TUNED: Self = Self { query: 0.7, listed: 0.3, conflict: 0.9, strictness: 1.4 };
}

/// Lays the names side by side. `similarity` compares word with word by place.
pub(crate) fn align(
    query: &[Part<'_>],
    listed: &[Part<'_>],
    costs: &Costs,
    mut similarity: impl FnMut(usize, usize) -> Option<(f32, WordMatch)>,
) -> Alignment {
    let query = &query[..query.len().min(MOST_WORDS)];
    let listed = &listed[..listed.len().min(MOST_WORDS)];
    let mut singles = Vec::new();
    for at in 0..query.len() {
        for other in 0..listed.len() {
            if let Some((similarity, how)) = similarity(at, other) {
                singles.push(Pair { query: (at, 1), listed: (other, 1), similarity, how });
            }
        }
    }
    let plain = choose(query, listed, singles.clone(), costs);
    if plain.score >= 0.999 {
        return plain;
    }
    let spans = spans(query, listed);
    if spans.is_empty() {
        return plain;
    }
    // Joining words may only help: a greedy choice with spans can be worse than one without.
    singles.extend(spans);
    let with_spans = choose(query, listed, singles, costs);
    if with_spans.score > plain.score { with_spans } else { plain }
}

/// Two or three neighbours on one side that read as one word on the other.
fn spans(query: &[Part<'_>], listed: &[Part<'_>]) -> Vec<Pair> {
    let mut found = Vec::new();
    each_span(query, listed, |many, one, similarity| {
        found.push(Pair {
            query: many,
            listed: (one, 1),
            similarity,
            how: WordMatch::RemovedSpace,
        });
    });
    each_span(listed, query, |many, one, similarity| {
        found.push(Pair {
            query: (one, 1),
            listed: many,
            similarity,
            how: WordMatch::RemovedSpace,
        });
    });
    found
}

fn each_span(
    many: &[Part<'_>],
    one: &[Part<'_>],
    mut found: impl FnMut((usize, usize), usize, f32),
) {
    let mut together = String::new();
    for start in 0..many.len() {
        together.clear();
        together.push_str(many[start].latin);
        for taken in 2..=3 {
            let Some(next) = many.get(start + taken - 1) else { break };
            together.push_str(next.latin);
            let words = &many[start..start + taken];
            if !words.iter().any(|word| word.role == Role::Name) {
                continue;
            }
            // Folded as a whole, because letters on both sides of a joint may sound as one.
            let mut sound = None;
            for (at, other) in one.iter().enumerate() {
                if other.role == Role::Name
                    && other.latin.len() >= 4
                    && other.latin.len().abs_diff(together.len()) <= 3
                    && let Some(similarity) =
                        joined(&together, sound.get_or_insert_with(|| fold(&together)), other)
                {
                    found((start, taken), at, similarity);
                }
            }
        }
    }
}

/// Takes pairs from the best down; each word once.
fn choose(
    query: &[Part<'_>],
    listed: &[Part<'_>],
    mut pairs: Vec<Pair>,
    costs: &Costs,
) -> Alignment {
    let weight = |parts: &[Part<'_>], (start, taken): (usize, usize)| -> f32 {
        parts[start..start + taken].iter().map(|part| part.weight).sum()
    };
    pairs.sort_by(|left, right| {
        let rank = |pair: &Pair| pair.similarity + 0.01 * weight(listed, pair.listed);
        rank(right).total_cmp(&rank(left)).then(
            (left.query.0.abs_diff(left.listed.0)).cmp(&right.query.0.abs_diff(right.listed.0)),
        )
    });
    let (mut query_taken, mut listed_taken) = (0_u32, 0_u32);
    let mask = |(start, taken): (usize, usize)| ((1_u32 << taken) - 1) << start;
    let (mut met, mut possible) = (0.0, 0.0);
    let mut chosen = Vec::new();
    for pair in pairs {
        let masks = (mask(pair.query), mask(pair.listed));
        if query_taken & masks.0 != 0 || listed_taken & masks.1 != 0 {
            continue;
        }
        query_taken |= masks.0;
        listed_taken |= masks.1;
        let both = (weight(query, pair.query), weight(listed, pair.listed));
        let weight = match pair.how {
            // An initial tells little, whatever it stands for.
            WordMatch::InitialToWord | WordMatch::WordToInitial => both.0.min(both.1),
            _ => both.1.max(both.0.min(both.1)),
        };
        met += weight * pair.similarity.powf(costs.strictness);
        possible += weight;
        chosen.push(pair);
    }
    let left = |parts: &[Part<'_>], taken: u32| -> f32 {
        (0..parts.len()).filter(|at| taken & (1 << at) == 0).map(|at| parts[at].weight).sum()
    };
    let (only_query, only_listed) = (left(query, query_taken), left(listed, listed_taken));
    let lost = costs.query * only_query
        + costs.listed * only_listed
        + costs.conflict * only_query.min(only_listed);
    let whole = possible + lost;
    let score = if whole > 0.0 { (met / whole).clamp(0.0, 1.0) } else { 0.0 };
    Alignment { pairs: chosen, score }
}
