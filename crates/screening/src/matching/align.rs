//! Which words of two names belong together, and how much of the names that explains.

use super::similarity::{Part, WordMatch, joined, resemblance};
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
    /// What a word costs that contradicts another one, however long the names are: a share of the score.
    pub contradiction: f32,
    /// How much it counts that what was met is rare, or many words: 0 is not at all.
    pub information: f32,
}

impl Costs {
    /// As tuned.
    pub const TUNED: Self = Self {
        query: 0.45,
        listed: 0.4,
        conflict: 0.7,
        strictness: 1.4,
        contradiction: 0.3,
        information: 0.3,
    };
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
    let left = left_over(query, query_taken, listed, listed_taken);
    let lost =
        costs.query * left.query + costs.listed * left.listed + costs.conflict * left.conflict;
    let whole = possible + lost;
    let share: f32 = if whole > 0.0 { (met / whole).clamp(0.0, 1.0) } else { 0.0 };
    let contradicted = 1.0 - costs.contradiction * left.conflict.min(1.0);
    let score = share.powf(doubt(met, costs)) * contradicted;
    Alignment {
        score: if crossed(query, listed, &chosen) { score * CROSSED } else { score },
        pairs: chosen,
    }
}

/// The weights of the words that have no partner.
struct LeftOver {
    query: f32,
    listed: f32,
    /// On both sides: what contradicts each other.
    conflict: f32,
}

fn left_over(
    query: &[Part<'_>],
    query_taken: u32,
    listed: &[Part<'_>],
    listed_taken: u32,
) -> LeftOver {
    let free = |parts: &[Part<'_>], taken: u32| -> Vec<usize> {
        (0..parts.len()).filter(|at| taken & (1 << at) == 0).collect()
    };
    let [queries, listeds] = [free(query, query_taken), free(listed, listed_taken)];
    let weight = |parts: &[Part<'_>], places: &[usize]| -> f32 {
        places.iter().map(|at| parts[*at].weight).sum()
    };
    let (only_query, only_listed) = (weight(query, &queries), weight(listed, &listeds));
    let mut conflict = only_query.min(only_listed);
    if conflict > 0.0 && queries.len() <= 3 && listeds.len() <= 3 {
        let likest = queries
            .iter()
            .flat_map(|at| listeds.iter().map(|other| resemblance(&query[*at], &listed[*other])))
            .fold(0.0, f32::max);
        conflict *= 1.0 - likest;
    }
    let forms = |parts: &[Part<'_>], places: &[usize]| {
        places.iter().any(|at| parts[*at].role == Role::LegalForm)
    };
    // Two firms of one name, a limited company and a public one, are two firms.
    if forms(query, &queries) && forms(listed, &listeds) {
        conflict += FORMS;
    }
    LeftOver { query: only_query, listed: only_listed, conflict }
}

/// What other legal forms count as, in weights of words.
const FORMS: f32 = 0.3;
/// What is left of the score where son and father changed places.
const CROSSED: f32 = 0.75;

/// Whether the words on both sides of "son of" changed places: Omar bin Abdullah is not Abdullah bin
/// Omar.
fn crossed(query: &[Part<'_>], listed: &[Part<'_>], pairs: &[Pair]) -> bool {
    const SON_OF: [&str; 7] = ["bin", "ibn", "ben", "bint", "binti", "ould", "ogly"];
    let of = |parts: &[Part<'_>]| {
        let son = |part: &Part<'_>| part.role == Role::Particle && SON_OF.contains(&part.latin);
        parts.iter().position(son)
    };
    let (Some(here), Some(there)) = (of(query), of(listed)) else { return false };
    let mut names = pairs.iter().filter(|pair| query[pair.query.0].role == Role::Name);
    let (before, after): (Vec<_>, Vec<_>) = names.by_ref().partition(|pair| pair.query.0 < here);
    let listed_before = |pair: &&Pair| pair.listed.0 < there;
    !before.is_empty()
        && !after.is_empty()
        && !before.iter().any(listed_before)
        && after.iter().any(listed_before)
}

/// The exponent that a score is taken to: above 1 where what was met tells little (two names that many
/// people have), below 1 where it tells much. A name that was met whole scores 1 all the same.
fn doubt(met: f32, costs: &Costs) -> f32 {
    /// Two words that few names have.
    const ENOUGH: f32 = 2.0;
    (ENOUGH / met.max(0.1)).powf(costs.information).clamp(0.5, 2.0)
}
