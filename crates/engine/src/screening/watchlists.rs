//! The own provider: the lists on this server's disk, searched in memory.

use std::path::PathBuf;
use std::sync::Arc;

use bonafide_domain::screening::ScreeningSettings;
use bonafide_screening::delta::Delta;
use bonafide_screening::entity::{Entity, EntityKind, Topic};
use bonafide_screening::explain::WordExplanation;
use bonafide_screening::list::Source;
use bonafide_screening::matching::Verdict;
use bonafide_screening::screener::{
    self, ListVersion, Lists, NotSearched, Screener, SearchProfile,
};
use bonafide_screening::store::ListStore;
pub use bonafide_screening::store::Status as ListStatus;
use bonafide_screening::thousandths;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tokio::sync::Mutex;

use super::{Found, Hit, ListAddresses, Question, Refusal};
use crate::error::Error;

/// The lists of this server. Another process may import a new version at any time: each search looks
/// which versions are active, and searches in those.
pub struct Watchlists {
    pub(super) store: Arc<ListStore>,
    pub(super) addresses: ListAddresses,
    stale_after: SignedDuration,
    screener: Screener,
    loading: Mutex<()>,
    /// When it was looked at last, and whether a list was too old.
    staleness: Mutex<Option<(Timestamp, bool)>>,
}

/// How often health looks at the lists.
const LOOK_EVERY: SignedDuration = SignedDuration::from_mins(1);

impl Watchlists {
    /// The lists in a folder, of which none may be older than `stale_after`. They are loaded by the
    /// first search, or by [`Self::load`].
    pub fn new(folder: impl Into<PathBuf>, stale_after: SignedDuration) -> Self {
        Self {
            store: Arc::new(ListStore::new(folder)),
            addresses: ListAddresses::default(),
            stale_after,
            screener: Screener::new(Lists::default()),
            loading: Mutex::default(),
            staleness: Mutex::default(),
        }
    }

    /// Fetches lists from these addresses, and from no others.
    #[must_use]
    pub fn with_addresses(mut self, addresses: ListAddresses) -> Self {
        self.addresses = addresses;
        self
    }

    /// How the lists stand.
    pub async fn status(&self, now: Timestamp) -> Result<Vec<ListStatus>, Error> {
        let (store, stale_after) = (Arc::clone(&self.store), self.stale_after);
        let read = tokio::task::spawn_blocking(move || store.status(now, stale_after)).await;
        read.map_err(Error::internal)?.map_err(Error::internal)
    }

    /// Whether a list is too old to rely on, as of the last minute.
    pub(crate) async fn has_stale(&self, now: Timestamp) -> Result<bool, Error> {
        let mut looked = self.staleness.lock().await;
        if let Some((at, has_stale)) = *looked
            && now.duration_since(at) < LOOK_EVERY
        {
            return Ok(has_stale);
        }
        let has_stale = self.status(now).await?.iter().any(|list| list.stale);
        *looked = Some((now, has_stale));
        Ok(has_stale)
    }

    /// Loads the active versions, if others are in memory. One caller loads and the others wait;
    /// searches that have begun end on the versions before.
    pub async fn load(&self, now: Timestamp) -> Result<Vec<ListStatus>, Error> {
        let statuses = self.status(now).await?;
        if !self.has(&statuses) {
            let _one = self.loading.lock().await;
            if !self.has(&statuses) {
                let store = Arc::clone(&self.store);
                let lists = tokio::task::spawn_blocking(move || store.load()).await;
                self.screener.swap(lists.map_err(Error::internal)?.map_err(Error::internal)?);
            }
        }
        Ok(statuses)
    }

    fn has(&self, statuses: &[ListStatus]) -> bool {
        let active = statuses.iter().map(|status| ListVersion {
            source: status.manifest.source,
            version: status.manifest.version.clone(),
        });
        active.eq(self.screener.lists().versions().iter().cloned())
    }

    /// The lists that searches are made in now, as one text.
    pub(super) async fn current(&self, now: Timestamp) -> Result<String, Error> {
        self.load(now).await?;
        Ok(versions(self.screener.lists().versions()))
    }

    pub(super) async fn ask(
        &self,
        settings: &ScreeningSettings,
        question: &Question,
        now: Timestamp,
    ) -> Result<Found, Refusal> {
        let profile = self.usable_profile(settings, question, now).await?;
        let (lists, question) = (self.screener.lists(), question.clone());
        in_background(move || search(&lists, &question, &profile)).await
    }

    /// Asks again what was asked before, of the difference alone: hits that it does not touch stand as
    /// they stood.
    pub(super) async fn ask_again(
        &self,
        settings: &ScreeningSettings,
        question: &Question,
        before: &Found,
        delta: &Arc<Delta>,
        now: Timestamp,
    ) -> Result<Found, Refusal> {
        // Behind a full page there may be hits that nobody has seen.
        if before.hits.len() >= question.limit {
            return self.ask(settings, question, now).await;
        }
        let profile = self.usable_profile(settings, question, now).await?;
        let (delta, question) = (Arc::clone(delta), question.clone());
        let untouched: Vec<Hit> =
            before.hits.iter().filter(|hit| !delta.touches(&hit.entity_id)).cloned().collect();
        in_background(move || {
            let mut found = search(delta.lists(), &question, &profile)?;
            found.hits.extend(untouched);
            found.hits.sort_by(|left, right| right.score.total_cmp(&left.score));
            found.hits.truncate(question.limit);
            Ok(found)
        })
        .await
    }

    /// What has changed since searches were made in these lists; `None` where their versions are not
    /// kept any more, so that only the whole lists can tell.
    pub(super) async fn delta_since(
        &self,
        compared: &str,
        now: Timestamp,
    ) -> Result<Option<Arc<Delta>>, Error> {
        self.load(now).await?;
        let before: Result<Vec<ListVersion>, _> =
            compared.split_whitespace().map(str::parse).collect();
        let Ok(before) = before else { return Ok(None) };
        let (store, lists) = (Arc::clone(&self.store), self.screener.lists());
        let delta = tokio::task::spawn_blocking(move || store.delta(&before, &lists)).await;
        match delta.map_err(Error::internal)? {
            Ok(delta) => Ok(Some(Arc::new(delta))),
            Err(error) => {
                tracing::info!(%error, "monitored searches are made in the whole lists");
                Ok(None)
            }
        }
    }

    async fn usable_profile(
        &self,
        settings: &ScreeningSettings,
        question: &Question,
        now: Timestamp,
    ) -> Result<SearchProfile, Refusal> {
        let profile = profile(settings, question)?;
        let statuses = self.load(now).await.map_err(|error| {
            tracing::error!(error = ?error.source, "the watchlists cannot be read");
            Refusal::Failed("the watchlists cannot be read".to_owned())
        })?;
        refuse_stale(&statuses, &profile)?;
        Ok(profile)
    }
}

async fn in_background(
    search: impl FnOnce() -> Result<Found, Refusal> + Send + 'static,
) -> Result<Found, Refusal> {
    let searched = tokio::task::spawn_blocking(search).await;
    searched.unwrap_or_else(|_panic| Err(Refusal::Failed("the search failed".to_owned())))
}

fn search(lists: &Lists, question: &Question, profile: &SearchProfile) -> Result<Found, Refusal> {
    let outcome = screener::search(lists, &question.subject, profile)
        .map_err(|error: NotSearched| Refusal::Settings(error.to_string()))?;
    let mut hits: Vec<Hit> = outcome.hits.iter().map(hit).collect();
    hits.retain(|hit| is_wanted(hit, &question.types));
    hits.truncate(question.limit);
    Ok(Found {
        hits,
        threshold: Some(outcome.threshold),
        lists: outcome.lists.iter().map(ListVersion::to_string).collect(),
        compared: versions(lists.versions()),
        external: None,
    })
}

/// The version of every list, as one text.
fn versions(lists: &[ListVersion]) -> String {
    lists.iter().map(ListVersion::to_string).collect::<Vec<_>>().join(" ")
}

/// The profile that the question names, or else the tenant's default; all lists where neither does.
fn profile(settings: &ScreeningSettings, question: &Question) -> Result<SearchProfile, Refusal> {
    let named = match question.profile.as_ref().or(settings.default_profile.as_ref()) {
        Some(name) => settings
            .profiles
            .get(name)
            .cloned()
            .ok_or_else(|| Refusal::Settings("there is no such search profile".to_owned()))?,
        None => bonafide_domain::screening::SearchProfile::default(),
    };
    let sources: Result<Vec<Source>, _> = named.lists.iter().map(|list| list.parse()).collect();
    let sources = sources.map_err(|_| {
        Refusal::Settings("the search profile names a list that nobody publishes".to_owned())
    })?;
    let percent = named.fuzziness_percent.map(|percent| f32::from(percent.min(100)) / 100.0);
    Ok(SearchProfile {
        sources,
        fuzziness: question.fuzziness.or(percent),
        // Those of other types are left out later.
        limit: Some(if question.types.is_empty() { question.limit } else { 10 * super::MOST_HITS }),
    })
}

fn refuse_stale(statuses: &[ListStatus], profile: &SearchProfile) -> Result<(), Refusal> {
    let asked = |source: &Source| profile.sources.is_empty() || profile.sources.contains(source);
    let stale = statuses.iter().find(|list| list.stale && asked(&list.manifest.source));
    stale.map_or(Ok(()), |list| {
        tracing::error!(list = %list.manifest.source, age_seconds = list.age_seconds, "a watchlist is too old to rely on");
        Err(Refusal::Failed(format!("the list {} is too old", list.manifest.source)))
    })
}

fn is_wanted(hit: &Hit, types: &[String]) -> bool {
    let listed = hit.doc["types"].as_array().into_iter().flatten().filter_map(Value::as_str);
    types.is_empty() || listed.into_iter().any(|topic| types.iter().any(|kind| kind == topic))
}

/// A hit in the words of the classic interface; what is ours alone is named in snake case like the
/// rest.
fn hit(found: &screener::Hit) -> Hit {
    let entity_id = format!("{}:{}", found.source, found.entity.id);
    let words = |word: &WordExplanation| {
        json!({
            "query_term": word.query_term, "listed_term": word.listed_term,
            "match_types": [word.match_type], "similarity": thousandths(word.similarity),
        })
    };
    let supporting = found.evidence.iter().filter(|fact| fact.verdict == Verdict::Supports);
    let secondary: Vec<Value> =
        supporting.map(|fact| json!({"match_types": [fact.fact]})).collect();
    let details = json!({
        "matching_name": found.matched_name,
        "sources": [found.source],
        "aml_types": topics(&found.entity),
        "name_matches": found.explanation.words.iter().map(words).collect::<Vec<_>>(),
        "secondary_matches": secondary,
        "only_in_query": found.explanation.only_in_query,
        "only_in_listed": found.explanation.only_in_listed,
        "name_score": thousandths(found.name_score),
        "evidence": found.evidence,
    });
    Hit {
        doc: doc(&entity_id, found.source, &found.entity),
        entity_id,
        entity_hash: found.entity_hash.clone(),
        match_types: names(&found.explanation.match_types),
        match_types_details: vec![details],
        score: thousandths(found.score) as f32,
        cleared: false,
    }
}

fn doc(entity_id: &str, source: Source, entity: &Entity) -> Value {
    let mut names = entity.names.iter();
    let field = |name: &str, tag: &str, value: String| json!({"name": name, "tag": tag, "value": value, "source": source});
    let mut fields = Vec::new();
    for birth in &entity.births {
        let years = if birth.from == birth.to {
            birth.from.to_string()
        } else {
            format!("{}-{}", birth.from, birth.to)
        };
        let day =
            birth.month_day.map_or(String::new(), |(month, day)| format!("-{month:02}-{day:02}"));
        fields.push(field("Date of Birth", "date_of_birth", format!("{years}{day}")));
    }
    for country in &entity.countries {
        fields.push(field("Country", "country_codes", country.to_string()));
    }
    for identifier in &entity.identifiers {
        fields.push(field(&identifier.kind, "identifier", identifier.number.clone()));
    }
    for program in &entity.programs {
        fields.push(field("Program", "program", program.clone()));
    }
    json!({
        "id": entity_id,
        "name": names.next().map(|name| &name.text),
        "entity_type": match entity.kind {
            EntityKind::Person => "person",
            EntityKind::Organisation => "organisation",
            EntityKind::Vessel => "vessel",
            EntityKind::Aircraft => "aircraft",
            EntityKind::Unknown => "unknown",
        },
        "aka": names.map(|name| json!({"name": name.text})).collect::<Vec<_>>(),
        "fields": fields,
        "sources": [source],
        "types": topics(entity),
    })
}

/// Why an entity is listed; sanctions, where the list does not say.
fn topics(entity: &Entity) -> Vec<String> {
    if entity.topics.is_empty() { names(&[Topic::Sanction]) } else { names(&entity.topics) }
}

/// Members of a closed vocabulary as the wire names them.
fn names<T: serde::Serialize>(members: &[T]) -> Vec<String> {
    let name = |member: &T| serde_json::to_value(member).ok()?.as_str().map(str::to_owned);
    members.iter().filter_map(name).collect()
}
