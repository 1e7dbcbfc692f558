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
        information: 0.45,
    };
}

/// Lays the names side by side. `similarity` compares word with word by place. Scores below `least`
/// may come out lower than they are.
pub(crate) fn align(
    query: &[Part<'_>],
    listed: &[Part<'_>],
    costs: &Costs,
    least: f32,
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
    let plain = choose(query, listed, singles.clone(), costs, least);
    let paired = plain.pairs.len();
    if paired == query.len() && paired == listed.len() {
        // Nothing is left that could be joined.
        return plain;
    }
    let spans = spans(query, listed);
    if spans.is_empty() {
        return plain;
    }
    // Joining words may only help: a greedy choice with spans can be worse than one without.
    singles.extend(spans);
    let with_spans = choose(query, listed, singles, costs, least);
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
                    && begin_alike(&many[start], other)
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

/// A quick look, before letters are put together: a joint does not change how words begin.
fn begin_alike(left: &Part<'_>, right: &Part<'_>) -> bool {
    let first = |text: &str| text.as_bytes().first().map(|letter| voiced(*letter));
    first(left.latin) == first(right.latin) || first(left.fold) == first(right.fold)
}

/// Of consonants whose voice schemes disagree on, the voiced one: Gholam and Qolam.
fn voiced(letter: u8) -> u8 {
    match letter {
        b'k' | b'q' => b'g',
        b'p' => b'b',
        b't' => b'd',
        other => other,
    }
}

/// Takes pairs from the best down; each word once.
fn choose(
    query: &[Part<'_>],
    listed: &[Part<'_>],
    mut pairs: Vec<Pair>,
    costs: &Costs,
    least: f32,
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
            // Nor does a title that may be a name.
            _ if roles_differ(query, listed, &pair) => both.0.min(both.1),
            _ => both.1,
        };
        met += weight * pair.similarity.powf(costs.strictness);
        possible += weight;
        chosen.push(pair);
    }
    let mut left = left_over(query, query_taken, listed, listed_taken);
    let doubt = doubt(met, costs);
    let score = |left: &LeftOver| {
        let lost =
            costs.query * left.query + costs.listed * left.listed + costs.conflict * left.conflict;
        let whole = possible + lost;
        let share: f32 = if whole > 0.0 { (met / whole).clamp(0.0, 1.0) } else { 0.0 };
        share.powf(doubt) * (1.0 - costs.contradiction * left.conflict.min(1.0))
    };
    if left.conflict > 0.0 && score(&LeftOver { conflict: 0.0, ..left }) >= least {
        left.conflict *= 1.0 - resembling(query, query_taken, listed, listed_taken);
    }
    // Two firms of one name, a limited company and a public one, are two firms.
    if left.forms {
        left.conflict += FORMS;
    }
    let score = score(&left);
    Alignment {
        score: if crossed(query, listed, &chosen) { score * CROSSED } else { score },
        pairs: chosen,
    }
}

fn roles_differ(query: &[Part<'_>], listed: &[Part<'_>], pair: &Pair) -> bool {
    let single = pair.query.1 == 1 && pair.listed.1 == 1;
    single && query[pair.query.0].role != listed[pair.listed.0].role
}

/// The weights of the words that have no partner.
#[derive(Clone, Copy)]
struct LeftOver {
    query: f32,
    listed: f32,
    /// On both sides: what contradicts each other.
    conflict: f32,
    /// Legal forms are left over on both sides.
    forms: bool,
}

fn free<'p>(parts: &'p [Part<'p>], taken: u32) -> impl Iterator<Item = &'p Part<'p>> + Clone {
    parts.iter().enumerate().filter(move |(at, _)| taken & (1 << at) == 0).map(|(_, part)| part)
}

fn left_over(
    query: &[Part<'_>],
    query_taken: u32,
    listed: &[Part<'_>],
    listed_taken: u32,
) -> LeftOver {
    let [queries, listeds] =
        [(query, query_taken), (listed, listed_taken)].map(|(parts, taken)| {
            let weight: f32 = free(parts, taken).map(|part| part.weight).sum();
            (weight, free(parts, taken).any(|part| part.role == Role::LegalForm))
        });
    LeftOver {
        query: queries.0,
        listed: listeds.0,
        conflict: queries.0.min(listeds.0),
        forms: queries.1 && listeds.1,
    }
}

/// How much the words left over on both sides resemble each other, where they are few.
fn resembling(query: &[Part<'_>], query_taken: u32, listed: &[Part<'_>], listed_taken: u32) -> f32 {
    const MOST: usize = 3;
    let [queries, listeds] = [free(query, query_taken), free(listed, listed_taken)];
    if queries.clone().count() > MOST || listeds.clone().count() > MOST {
        return 0.0;
    }
    queries
        .flat_map(|part| listeds.clone().map(|other| resemblance(part, other)))
        .fold(0.0, f32::max)
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
