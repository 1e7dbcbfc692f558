//! Searches in the lists that are active now, and hits that explain themselves.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use arc_swap::ArcSwap;
use serde::Serialize;

use crate::entity::{Entity, NameKind};
use crate::explain::{NameExplanation, explain};
use crate::index::{Candidate, Index, IndexBuilder, ListNumber, SearchOptions};
use crate::list::Source;
use crate::matching::{Evidence, evidence};
use crate::query::Subject;
use crate::text::Script;
use crate::threshold;

/// One version of one list, as an answer names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListVersion {
    /// Who publishes it.
    pub source: Source,
    /// SHA-256 of what was imported, lower-case hex.
    pub version: String,
}

/// `un@<sha256>`
impl fmt::Display for ListVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.source, self.version)
    }
}

/// What was displayed. A version that is no hash is refused, because it names a folder.
impl FromStr for ListVersion {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (source, version) = text.split_once('@').ok_or("a version of a list has an @")?;
        let source = source.parse()?;
        if version.is_empty() || !version.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err("a version of a list is a hash in hexadecimal digits".to_owned());
        }
        Ok(Self { source, version: version.to_owned() })
    }
}

/// Lists that are searched together.
#[derive(Default)]
pub struct Lists {
    versions: Vec<ListVersion>,
    index: Index,
}

/// Collects lists.
#[derive(Default)]
pub struct ListsBuilder {
    versions: Vec<ListVersion>,
    index: IndexBuilder,
}

impl ListsBuilder {
    /// Begins a list; what is added next belongs to it.
    pub fn begin(&mut self, version: ListVersion) {
        self.versions.push(version);
    }

    /// Adds an entity to the list begun last.
    pub fn add(&mut self, entity: &Entity) {
        let number = self.versions.len().saturating_sub(1) as ListNumber;
        self.index.add(number, entity);
    }

    /// Builds the index.
    pub fn build(self) -> Lists {
        Lists { versions: self.versions, index: self.index.build() }
    }
}

/// Collects some of the entities of lists, to be searched alone.
pub(crate) struct PartBuilder<'w> {
    whole: &'w Lists,
    index: IndexBuilder,
}

impl<'w> PartBuilder<'w> {
    pub(crate) fn of(whole: &'w Lists) -> Self {
        Self { whole, index: IndexBuilder::default() }
    }

    pub(crate) fn add(&mut self, source: Source, entity: &Entity) {
        let of_source = |version: &ListVersion| version.source == source;
        if let Some(number) = self.whole.versions.iter().position(of_source) {
            self.index.add(number as ListNumber, entity);
        }
    }

    pub(crate) fn build(self) -> Lists {
        let index = self.index.build_part(&self.whole.index);
        Lists { versions: self.whole.versions.clone(), index }
    }
}

impl Lists {
    /// Which lists, in which versions.
    pub fn versions(&self) -> &[ListVersion] {
        &self.versions
    }

    /// The index of their names.
    pub fn index(&self) -> &Index {
        &self.index
    }
}

/// A tenant's way of searching.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SearchProfile {
    /// Lists to search; all where empty.
    pub sources: Vec<Source>,
    /// 0 (only the same name) to 1 (very fuzzy), as the screening interface has it; the default
    /// threshold of the query's script where absent.
    pub fuzziness: Option<f32>,
    /// The most hits; 100 where absent.
    pub limit: Option<usize>,
}

impl SearchProfile {
    /// From which score on a listed name is a hit.
    pub fn threshold(&self, script: Script) -> f32 {
        match self.fuzziness {
            // 0 asks for 1.0, 1 for 0.6: below that, names are other names.
            Some(fuzziness) => 1.0 - 0.4 * fuzziness.clamp(0.0, 1.0),
            None => threshold::default_for(script),
        }
    }
}

/// Why a search was not made. Nobody may be passed on it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotSearched {
    /// There is nothing to search in.
    #[error("no list is loaded")]
    NoList,
    /// The profile names lists that are not loaded.
    #[error("not loaded: {}", named(.0))]
    Missing(Vec<Source>),
}

fn named(sources: &[Source]) -> String {
    let names: Vec<&str> = sources.iter().map(|source| source.as_str()).collect();
    names.join(", ")
}

/// What a search found.
#[derive(Debug, Clone, Serialize)]
pub struct Outcome {
    /// Best first.
    pub hits: Vec<Hit>,
    /// From which score on it is a hit.
    pub threshold: f32,
    /// What was searched.
    pub lists: Vec<ListVersion>,
}

/// A listed entity that may be the subject.
#[derive(Debug, Clone, Serialize)]
pub struct Hit {
    /// On which list.
    pub source: Source,
    /// Who.
    pub entity: Entity,
    /// The name that was matched.
    pub matched_name: String,
    /// How alike the names are, 0 to 1.
    #[serde(serialize_with = "crate::thousandths::serialize")]
    pub name_score: f32,
    /// The name's score moved by the evidence, 0 to 1; hits are ordered by it.
    #[serde(serialize_with = "crate::thousandths::serialize")]
    pub score: f32,
    /// What speaks for and against it beside the name.
    pub evidence: Vec<Evidence>,
    /// Why the name was matched.
    pub explanation: NameExplanation,
    /// SHA-256 of the entity's record: a cleared hit stays cleared while this stays the same.
    pub entity_hash: String,
}

/// Searches; new lists take over between two searches, and no search waits for them.
pub struct Screener {
    lists: ArcSwap<Lists>,
}

impl Screener {
    /// Begins with these lists.
    pub fn new(lists: Lists) -> Self {
        Self { lists: ArcSwap::from_pointee(lists) }
    }

    /// The lists that are active now.
    pub fn lists(&self) -> Arc<Lists> {
        self.lists.load_full()
    }

    /// Lets other lists take over. Searches under way end on the old ones.
    pub fn swap(&self, lists: Lists) {
        self.lists.store(Arc::new(lists));
    }

    /// Searches for a subject.
    ///
    /// # Errors
    ///
    /// Where a list of the profile is not loaded, or none is.
    pub fn search(
        &self,
        subject: &Subject,
        profile: &SearchProfile,
    ) -> Result<Outcome, NotSearched> {
        search(&self.lists(), subject, profile)
    }
}

/// Searches in given lists.
///
/// # Errors
///
/// Where a list of the profile is not loaded, or none is.
pub fn search(
    lists: &Lists,
    subject: &Subject,
    profile: &SearchProfile,
) -> Result<Outcome, NotSearched> {
    let numbers = numbers(lists, &profile.sources)?;
    let threshold = profile.threshold(Script::of(&subject.name));
    let options = SearchOptions {
        // Evidence may lift a name that alone is no hit.
        least: (threshold - evidence::MOST).max(0.4),
        lists: numbers.clone(),
        ..SearchOptions::default()
    };
    let candidates = lists.index.search(&subject.name, subject.kind, &options);
    let mut hits: Vec<Hit> = candidates
        .iter()
        .map(|candidate| hit(lists, subject, candidate))
        .filter(|hit| hit.score >= threshold)
        .collect();
    hits.sort_by(|left, right| right.score.total_cmp(&left.score));
    hits.truncate(profile.limit.unwrap_or(100));
    let searched = numbers.iter().map(|number| lists.versions[usize::from(*number)].clone());
    Ok(Outcome { hits, threshold, lists: searched.collect() })
}

/// The lists of these sources, of which every one must be there; all lists where no source is named.
fn numbers(lists: &Lists, sources: &[Source]) -> Result<Vec<ListNumber>, NotSearched> {
    if lists.versions.is_empty() {
        return Err(NotSearched::NoList);
    }
    let loaded = |source: &Source| lists.versions.iter().any(|version| version.source == *source);
    let missing: Vec<Source> = sources.iter().copied().filter(|source| !loaded(source)).collect();
    if !missing.is_empty() {
        return Err(NotSearched::Missing(missing));
    }
    let asked = |version: &ListVersion| sources.is_empty() || sources.contains(&version.source);
    let all = lists.versions.iter().zip(0..);
    Ok(all.filter(|(version, _)| asked(version)).map(|(_, number)| number).collect())
}

fn hit(lists: &Lists, subject: &Subject, candidate: &Candidate) -> Hit {
    let entity = lists.index.entity(candidate);
    let evidence = evidence::weigh(subject, &entity);
    let moved: f32 = evidence.iter().map(|evidence| evidence.adds).sum();
    let name = &entity.names[candidate.ordinal()];
    let explanation = explain(
        subject,
        &name.text,
        entity.kind,
        name.kind == NameKind::Alias,
        candidate,
        &evidence,
    );
    Hit {
        source: lists.versions[usize::from(candidate.list())].source,
        matched_name: name.text.clone(),
        name_score: candidate.name_score,
        score: (candidate.name_score + moved).clamp(0.0, 1.0),
        evidence,
        explanation,
        entity_hash: hash(&entity),
        entity,
    }
}

fn hash(entity: &Entity) -> String {
    use sha2::Digest;
    let record = serde_json::to_vec(entity).expect("an entity has a JSON form");
    hex::encode(sha2::Sha256::digest(record))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
    use std::thread::ScopedJoinHandle;

    use super::*;
    use crate::entity::{Birth, EntityKind, Name};
    use crate::matching::{Fact, Verdict, WordMatch};

    fn person(id: &str, names: &[Name], year: i16) -> Entity {
        Entity {
            id: id.to_owned(),
            kind: EntityKind::Person,
            names: names.to_vec(),
            births: vec![Birth::years(year, year)],
            countries: vec![],
            gender: None,
            identifiers: vec![],
            topics: vec![],
            programs: vec![],
        }
    }

    fn lists() -> Lists {
        let mut builder = ListsBuilder::default();
        builder.begin(ListVersion { source: Source::Un, version: "v1".to_owned() });
        let sabir = [Name::primary("Abdul Rahman Sabir"), Name::alias("Abu Yusuf the Tall", false)];
        builder.add(&person("1", &sabir, 1970));
        builder.add(&person("2", &[Name::primary("Ivan Petrovich Sokolov")], 1955));
        builder.begin(ListVersion { source: Source::Own, version: "v2".to_owned() });
        builder.add(&person("3", &[Name::primary("Kim Jong Un")], 1984));
        builder.build()
    }

    fn ids(outcome: &Outcome) -> Vec<&str> {
        outcome.hits.iter().map(|hit| hit.entity.id.as_str()).collect()
    }

    #[test]
    fn names_are_found_in_other_dress() {
        let screener = Screener::new(lists());
        for (name, id) in [
            ("Abdulrahman SABIR", "1"),
            ("Sabir, Abd al-Rahman", "1"),
            ("Abou Youssef the Tall", "1"),
            ("Ivan Sokolov", "2"),
            ("Иван Соколов", "2"),
            ("Ivan Petrovich Sokolof", "2"),
            ("김정은", "3"),
        ] {
            let outcome =
                screener.search(&Subject::person(name), &SearchProfile::default()).unwrap();
            assert_eq!(ids(&outcome), [id], "{name}");
            // Who does not say that a person is sought finds the same, explained in the same words:
            // `abdul` was once read as a firm's.
            let anything = Subject::new(name, EntityKind::Unknown);
            let again = screener.search(&anything, &SearchProfile::default()).unwrap();
            assert_eq!(ids(&again), [id], "{name}");
            assert_eq!(again.hits[0].explanation, outcome.hits[0].explanation);
        }
        let clean = Subject::person("Margaret Thornbury");
        assert!(screener.search(&clean, &SearchProfile::default()).unwrap().hits.is_empty());
    }

    #[test]
    fn another_date_of_birth_speaks_against_a_near_name() {
        let lists = lists();
        let born = |year| Subject {
            birth: Some(Birth::years(year, year)),
            ..Subject::person("Ivan Sokolow")
        };
        let profile = SearchProfile::default();
        let same = search(&lists, &born(1955), &profile).unwrap();
        assert_eq!(ids(&same), ["2"]);
        assert_eq!(same.hits[0].evidence[0].fact, Fact::DateOfBirth);
        assert_eq!(same.hits[0].evidence[0].verdict, Verdict::Supports);
        let other = search(&lists, &born(1990), &profile).unwrap();
        assert!(other.hits.iter().all(|hit| hit.score < hit.name_score), "{:?}", ids(&other));
        assert!(ids(&other).is_empty());
    }

    #[test]
    fn a_hit_is_explained_word_by_word() {
        let outcome = search(
            &lists(),
            &Subject::person("Yussuf Abu Tall"),
            &SearchProfile { fuzziness: Some(1.0), ..SearchProfile::default() },
        )
        .unwrap();
        let explanation = &outcome.hits[0].explanation;
        let words: Vec<(&str, WordMatch)> = explanation
            .words
            .iter()
            .map(|word| (word.query_term.as_str(), word.match_type))
            .collect();
        assert!(words.contains(&("tall", WordMatch::ExactMatch)), "{words:?}");
        assert!(words.iter().any(|(term, _)| *term == "yussuf"), "{words:?}");
    }

    #[test]
    fn a_profile_says_which_lists() {
        let profile = SearchProfile { sources: vec![Source::Un], ..SearchProfile::default() };
        let kim = Subject::person("Kim Jong Un");
        let outcome = search(&lists(), &kim, &profile).unwrap();
        assert!(outcome.hits.is_empty());
        assert_eq!(outcome.lists.len(), 1);
        let every = search(&lists(), &kim, &SearchProfile::default()).unwrap();
        assert_eq!((ids(&every), every.lists.len()), (vec!["3"], 2));
    }

    /// Regression: lists that were not there were reported as searched, and nothing was found.
    #[test]
    fn what_was_not_searched_is_no_clean_search() {
        let kim = Subject::person("Kim Jong Un");
        let sources = vec![Source::Un, Source::Eu, Source::Uk];
        let profile = SearchProfile { sources, ..SearchProfile::default() };
        let missing = search(&lists(), &kim, &profile).unwrap_err();
        assert_eq!(missing, NotSearched::Missing(vec![Source::Eu, Source::Uk]));
        assert_eq!(missing.to_string(), "not loaded: eu, uk");
        let nothing = search(&Lists::default(), &kim, &SearchProfile::default());
        assert_eq!(nothing.unwrap_err(), NotSearched::NoList);
    }

    /// Every answer is of one version as a whole: that whose hits it shows.
    #[test]
    fn a_swap_under_load_loses_no_query() {
        const VERSIONS: [(&str, &str); 2] = [("aa", "of-aa"), ("bb", "of-bb")];
        let version = |at: usize| {
            let (version, id) = VERSIONS[at % 2];
            let mut builder = ListsBuilder::default();
            builder.begin(ListVersion { source: Source::Un, version: version.to_owned() });
            builder.add(&person(id, &[Name::primary("Ivan Petrovich Sokolov")], 1955));
            builder.build()
        };
        let screener = Screener::new(version(0));
        let over = AtomicBool::new(false);
        let seen = [const { AtomicUsize::new(0) }; 2];
        let enough = || seen.iter().all(|seen| seen.load(Ordering::Relaxed) >= 100);
        std::thread::scope(|scope| {
            let search = || {
                scope.spawn(|| {
                    while !over.load(Ordering::Relaxed) {
                        let subject = Subject::person("Ivan Sokolov");
                        let outcome = screener.search(&subject, &SearchProfile::default()).unwrap();
                        let searched = outcome.lists[0].version.as_str();
                        let at =
                            VERSIONS.iter().position(|(version, _)| *version == searched).unwrap();
                        assert_eq!(ids(&outcome), [VERSIONS[at].1]);
                        seen[at].fetch_add(1, Ordering::Relaxed);
                    }
                })
            };
            let searching = [search(), search(), search()];
            let mut swaps = 0;
            // One that ended has failed.
            while (swaps < 50 || !enough()) && !searching.iter().any(ScopedJoinHandle::is_finished)
            {
                swaps += 1;
                screener.swap(version(swaps));
            }
            over.store(true, Ordering::Relaxed);
        });
    }
}
