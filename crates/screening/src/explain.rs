//! Why a name was matched, word by word, in the words of the screening interface.

use serde::{Deserialize, Serialize};

use crate::entity::EntityKind;
use crate::index::{Candidate, reading};
use crate::matching::{Evidence, Fact, Verdict, WordMatch};
use crate::query::Subject;
use crate::text::words::{Role, Word, words};

/// How a whole name was matched (`match_types`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NameMatch {
    /// A primary name, word for word.
    NameExact,
    /// An alias, word for word.
    AkaExact,
    /// A primary name, nearly.
    NameFuzzy,
    /// An alias, nearly.
    AkaFuzzy,
    /// By sound.
    PhoneticName,
    /// An alias by sound.
    PhoneticAka,
    /// By another form of the name.
    EquivalentName,
    /// An alias by another form.
    EquivalentAka,
    /// Words were left out.
    NameVariationsRemoval,
    /// The year of birth is the same.
    YearOfBirth,
    /// A form of address was left out.
    RemovedPersonalTitle,
    /// A suffix was left out.
    RemovedPersonalSuffix,
    /// A legal form was left out.
    RemovedOrganisationSuffix,
}

/// One word, or several that read as one, and what they stand for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WordExplanation {
    /// As searched for.
    pub query_term: String,
    /// As listed.
    pub listed_term: String,
    /// In what way they are alike.
    pub match_type: WordMatch,
    /// How much, 0 to 1.
    #[serde(serialize_with = "crate::thousandths::serialize")]
    pub similarity: f32,
}

/// Why a name was matched.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NameExplanation {
    /// The name as a whole.
    pub match_types: Vec<NameMatch>,
    /// Word by word, in the query's order.
    pub words: Vec<WordExplanation>,
    /// Words of the query that stand for nothing.
    pub only_in_query: Vec<String>,
    /// Words of the listed name that nothing stands for.
    pub only_in_listed: Vec<String>,
}

pub(crate) fn explain(
    subject: &Subject,
    listed: &str,
    listed_kind: EntityKind,
    alias: bool,
    candidate: &Candidate,
    evidence: &[Evidence],
) -> NameExplanation {
    let query = words(&subject.name, reading(subject.kind, listed_kind));
    let listed = words(listed, listed_kind);
    let mut pairs = candidate.pairs.clone();
    pairs.sort_by_key(|pair| pair.query);
    let terms = |words: &[Word], (start, taken): (usize, usize)| -> String {
        let words = words.iter().skip(start).take(taken);
        words.map(|word| word.written.as_str()).collect::<Vec<_>>().join(" ")
    };
    let explained: Vec<WordExplanation> = pairs
        .iter()
        .map(|pair| WordExplanation {
            query_term: terms(&query, pair.query),
            listed_term: terms(&listed, pair.listed),
            match_type: pair.how,
            similarity: pair.similarity,
        })
        .collect();
    let left = |words: &[Word], spans: Vec<(usize, usize)>| -> Vec<Word> {
        let taken =
            |at: usize| spans.iter().any(|(start, many)| (*start..start + many).contains(&at));
        let left = words.iter().enumerate().filter(|(at, _)| !taken(*at));
        left.map(|(_, word)| word.clone()).collect()
    };
    let only_query = left(&query, pairs.iter().map(|pair| pair.query).collect());
    let only_listed = left(&listed, pairs.iter().map(|pair| pair.listed).collect());
    let mut match_types =
        vec![whole(&explained, only_query.is_empty() && only_listed.is_empty(), alias)];
    match_types.extend(removed(only_query.iter().chain(&only_listed)));
    let year = |e: &Evidence| e.fact == Fact::DateOfBirth && e.verdict == Verdict::Supports;
    if evidence.iter().any(year) {
        match_types.push(NameMatch::YearOfBirth);
    }
    let written = |words: Vec<Word>| words.into_iter().map(|word| word.written).collect();
    NameExplanation {
        match_types,
        words: explained,
        only_in_query: written(only_query),
        only_in_listed: written(only_listed),
    }
}

fn whole(words: &[WordExplanation], complete: bool, alias: bool) -> NameMatch {
    use WordMatch::{EquivalentName, ExactMatch, Phonetic};
    let all = |allowed: &[WordMatch]| words.iter().all(|word| allowed.contains(&word.match_type));
    let pick = |name, aka| if alias { aka } else { name };
    if complete && all(&[ExactMatch]) {
        pick(NameMatch::NameExact, NameMatch::AkaExact)
    } else if all(&[ExactMatch, Phonetic]) && !all(&[ExactMatch]) {
        pick(NameMatch::PhoneticName, NameMatch::PhoneticAka)
    } else if all(&[ExactMatch, Phonetic, EquivalentName]) && !all(&[ExactMatch]) {
        pick(NameMatch::EquivalentName, NameMatch::EquivalentAka)
    } else {
        pick(NameMatch::NameFuzzy, NameMatch::AkaFuzzy)
    }
}

fn removed<'w>(left: impl Iterator<Item = &'w Word>) -> Vec<NameMatch> {
    let mut types = Vec::new();
    for word in left {
        let kind = match word.role {
            Role::Title => NameMatch::RemovedPersonalTitle,
            Role::Suffix => NameMatch::RemovedPersonalSuffix,
            Role::LegalForm => NameMatch::RemovedOrganisationSuffix,
            Role::Name | Role::Number | Role::Initial => NameMatch::NameVariationsRemoval,
            Role::Particle => continue,
        };
        if !types.contains(&kind) {
            types.push(kind);
        }
    }
    types
}
