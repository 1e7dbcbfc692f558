//! Searches: made for executions or by themselves, kept sealed, and read back.

use std::collections::BTreeMap;

use bonafide_domain::audit::{Action, Entry};
use bonafide_domain::id::TenantId;
use bonafide_domain::screening::{MatchStatus, Search, SearchId};
use bonafide_domain::validation::Violation;
use bonafide_screening::country::Country;
use bonafide_screening::entity::{Birth, EntityKind};
use bonafide_screening::query::Subject;
use bonafide_store::Transaction;
use jiff::Timestamp;
use serde_json::Value;

use super::record::{SearchRecord, SearchView, search_binding};
use super::{Found, ListStatus, MOST_HITS, Question, Refusal};
use crate::Engine;
use crate::caller::Caller;
use crate::error::{Error, Kind};
use crate::idempotency::Once;
use crate::sealing::{Owner, seal_for_tenant};

/// A search that is not stored yet.
#[derive(Clone)]
pub struct NewSearch {
    pub(crate) id: SearchId,
    pub(crate) reference: String,
    pub(crate) tenant_id: TenantId,
    pub(crate) created_at: Timestamp,
    pub(crate) is_monitored: bool,
    pub(crate) record: SearchRecord,
}

/// Who was searched for stays out of logs.
impl std::fmt::Debug for NewSearch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NewSearch({}, redacted)", self.id)
    }
}

/// A search that somebody asks for by itself.
pub struct SearchRequest {
    question: Question,
    tags: BTreeMap<String, String>,
}

/// One page of a tenant's searches.
pub struct SearchPage {
    /// The newest first.
    pub searches: Vec<SearchView>,
    /// Whether there are older ones.
    pub has_more: bool,
}

/// The most characters of a name or a reference.
const MOST_CHARACTERS: usize = 255;
const MOST_TAGS: usize = 20;

impl SearchRequest {
    /// Reads a body of the classic interface. Unknown keys are ignored; every wrong field is named.
    pub fn parse(body: &Value) -> Result<Self, Vec<Violation>> {
        let mut fields = Fields { body, violations: Vec::new() };
        let subject = fields.subject();
        let fuzziness = fields.fuzziness();
        let question = Question {
            subject,
            client_ref: fields.text("client_ref"),
            profile: fields.text("search_profile"),
            fuzziness,
            types: fields.texts("filters.types"),
            limit: fields.limit(),
        };
        let tags = fields.tags();
        if fields.violations.is_empty() {
            Ok(Self { question, tags })
        } else {
            Err(fields.violations)
        }
    }
}

struct Fields<'a> {
    body: &'a Value,
    violations: Vec<Violation>,
}

impl Fields<'_> {
    fn refuse(&mut self, field: &str, reason: &str) {
        self.violations.push(Violation::new(field, reason));
    }

    fn get(&self, field: &str) -> Option<&Value> {
        let found = field.split('.').try_fold(self.body, |value, key| value.get(key));
        found.filter(|value| !value.is_null())
    }

    fn text(&mut self, field: &str) -> Option<String> {
        let text = match self.get(field)? {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            _ => {
                self.refuse(field, "must be a string");
                return None;
            }
        };
        if text.chars().count() > MOST_CHARACTERS {
            self.refuse(field, "must have at most 255 characters");
        }
        Some(text).filter(|text| !text.is_empty())
    }

    fn texts(&mut self, field: &str) -> Vec<String> {
        let Some(value) = self.get(field) else { return Vec::new() };
        let texts: Option<Vec<String>> = value
            .as_array()
            .filter(|items| items.len() <= MOST_TAGS)
            .and_then(|items| items.iter().map(|item| item.as_str().map(str::to_owned)).collect());
        texts.unwrap_or_else(|| {
            self.refuse(field, "must be an array of at most 20 strings");
            Vec::new()
        })
    }

    fn subject(&mut self) -> Subject {
        let name = if self.get("search_term").is_some_and(Value::is_object) {
            ["first_name", "middle_names", "last_name"]
                .iter()
                .filter_map(|part| self.text(&format!("search_term.{part}")))
                .collect::<Vec<_>>()
                .join(" ")
        } else {
            self.text("search_term").unwrap_or_default()
        };
        if name.is_empty() {
            self.refuse(
                "search_term",
                "must be a name, or an object with first_name and last_name",
            );
        }
        let kind = match self.text("filters.entity_type").as_deref() {
            None => EntityKind::Unknown,
            Some("person") => EntityKind::Person,
            Some("company" | "organisation") => EntityKind::Organisation,
            Some("vessel") => EntityKind::Vessel,
            Some("aircraft") => EntityKind::Aircraft,
            Some(_) => {
                let known = "must be person, company, organisation, vessel or aircraft";
                self.refuse("filters.entity_type", known);
                EntityKind::Unknown
            }
        };
        let birth = self.text("filters.birth_year").and_then(|text| {
            let year = text.parse().ok().filter(|year| (1800..=2200).contains(year));
            if year.is_none() {
                self.refuse("filters.birth_year", "must be a year such as 1962");
            }
            year.map(|year: i16| Birth::years(year, year))
        });
        let countries = self.texts("filters.country_codes");
        let countries = countries.iter().filter_map(|code| Country::find(code)).collect();
        Subject { birth, countries, ..Subject::new(name, kind) }
    }

    /// `exact_match` overrides `fuzziness`.
    fn fuzziness(&mut self) -> Option<f32> {
        if self.get("exact_match").and_then(Value::as_bool) == Some(true) {
            return Some(0.0);
        }
        let value = self.get("fuzziness")?.as_f64().filter(|value| (0.0..=1.0).contains(value));
        if value.is_none() {
            self.refuse("fuzziness", "must be a number from 0 to 1");
        }
        value.map(|value| value as f32)
    }

    fn limit(&mut self) -> usize {
        let Some(value) = self.get("limit") else { return MOST_HITS };
        let limit = value.as_u64().and_then(|limit| usize::try_from(limit).ok());
        let limit = limit.filter(|limit| (1..=MOST_HITS).contains(limit));
        limit.unwrap_or_else(|| {
            self.refuse("limit", "must be a number from 1 to 100");
            MOST_HITS
        })
    }

    fn tags(&mut self) -> BTreeMap<String, String> {
        let Some(value) = self.get("tags") else { return BTreeMap::new() };
        let tags: Option<BTreeMap<String, String>> = serde_json::from_value(value.clone()).ok();
        let fits = |tags: &BTreeMap<String, String>| {
            tags.len() <= MOST_TAGS
                && tags.iter().all(|(name, value)| name.len() + value.len() <= MOST_CHARACTERS)
        };
        tags.filter(fits).unwrap_or_else(|| {
            self.refuse("tags", "must be an object of at most 20 short strings");
            BTreeMap::new()
        })
    }
}

impl Engine {
    /// Searches for who is asked for, and keeps the search.
    pub async fn create_search(
        &self,
        caller: &Caller,
        request: SearchRequest,
        once: Option<&Once>,
    ) -> Result<SearchView, Error> {
        caller.may_initiate()?;
        if !caller.tenant.settings.screening {
            return Err(Error::forbidden("Screening is not switched on for this tenant."));
        }
        let SearchRequest { question, tags } = request;
        let mut found =
            self.ask(&caller.tenant, &question).await.map_err(|refusal| match refusal {
                Refusal::Settings(why) => Error::new(
                    Kind::Invalid,
                    format!("Screening is not set up for this search: {why}."),
                ),
                Refusal::Failed(why) => {
                    Error::new(Kind::Unavailable, format!("Nothing was searched: {why}."))
                }
            })?;
        self.clear(caller.tenant.id, &question, &mut found).await?;
        let search = self.new_search(caller.tenant.id, question, found, tags);
        let mut tx = self.store.begin().await?;
        let kept: Option<i64> = self.recall(&mut tx, caller.scope(), once).await?;
        let search = if let Some(number) = kept {
            tx.lock_search(caller.tenant.id, SearchId::new(number)).await?
        } else {
            self.keep(&mut tx, caller.scope(), once, &search.id.get()).await?;
            Some(self.store_search(&mut tx, search, None).await?)
        };
        let search = search.ok_or_else(|| Error::not_found("search"))?;
        let view = self.open_search(&mut tx, search).await?;
        tx.commit().await?;
        view.ok_or_else(|| Error::not_found("search"))
    }

    /// A search, by its number or its reference. Where it was made for an execution, the read is written
    /// to the audit log.
    pub async fn search(&self, caller: &Caller, name: &str) -> Result<SearchView, Error> {
        caller.may_retrieve()?;
        let mut tx = self.store.begin().await?;
        let view = self.find_search_view(&mut tx, caller, name).await?;
        self.audit_search(&mut tx, caller, &view.search, Action::SearchRetrieved).await?;
        tx.commit().await?;
        Ok(view)
    }

    /// The tenant's searches, page by page from 1, the newest first; of one person where `client_ref`
    /// names one, in one state of the review where `status` does.
    pub async fn searches(
        &self,
        caller: &Caller,
        client_ref: Option<&str>,
        status: Option<MatchStatus>,
        page: u32,
        per_page: u32,
    ) -> Result<SearchPage, Error> {
        caller.may_retrieve()?;
        let mut tx = self.store.read().await?;
        let skip = page.saturating_sub(1).saturating_mul(per_page);
        let tenant_id = caller.tenant.id;
        let mut rows =
            tx.list_searches(tenant_id, client_ref, skip, per_page.saturating_add(1)).await?;
        let has_more = rows.len() > per_page as usize;
        rows.truncate(per_page as usize);
        let mut searches = Vec::new();
        for row in rows {
            // What was deleted meanwhile is left out.
            let view = self.open_search(&mut tx, row).await?;
            searches.extend(view.filter(|view| status.is_none_or(|asked| view.status() == asked)));
        }
        Ok(SearchPage { searches, has_more })
    }

    /// How this server's lists stand.
    pub async fn lists(&self, caller: &Caller) -> Result<Vec<ListStatus>, Error> {
        caller.may_retrieve()?;
        self.watchlists.status(self.context.now()).await
    }

    pub(super) fn new_search(
        &self,
        tenant_id: TenantId,
        question: Question,
        found: Found,
        tags: BTreeMap<String, String>,
    ) -> NewSearch {
        use rand::Rng as _;
        const LETTERS: &[u8; 32] = b"abcdefghijkmnopqrstuvwxyz2345678";
        let created_at = self.context.now();
        let (number, random) = self.context.with_random(|rng| (rng.next_u64(), rng.next_u64()));
        let id = SearchId::from_random(number);
        let letter = |place: u32| char::from(LETTERS[(random >> (5 * place)) as usize % 32]);
        let suffix: String = (0..8).map(letter).collect();
        let reference = format!("{}-{suffix}", created_at.as_second());
        NewSearch {
            id,
            reference,
            tenant_id,
            created_at,
            is_monitored: false,
            record: SearchRecord { question, found, tags },
        }
    }

    /// Stores a search; one of an execution is deleted with it.
    pub(crate) async fn store_search(
        &self,
        tx: &mut Transaction,
        new: NewSearch,
        owner: Option<Owner>,
    ) -> Result<Search, Error> {
        let plain = serde_json::to_vec(&new.record).map_err(Error::internal)?;
        let mut search = Search {
            id: new.id,
            reference: new.reference,
            tenant_id: new.tenant_id,
            origin: owner.map(|owner| (owner.account_id, owner.execution_id)),
            client_ref: new.record.question.client_ref.clone(),
            created_at: new.created_at,
            is_monitored: new.is_monitored,
            external_id: new.record.found.external.as_ref().map(|external| external.id),
            record: bonafide_domain::run::SealedRecord {
                data_key_id: self.context.id(),
                bytes: Vec::new(),
            },
        };
        let sealed = self.seal_of_search(&search, &search_binding(&search), &plain);
        search.record = sealed.store(tx).await?;
        tx.insert_search(&search, &new.record.found.compared).await?;
        Ok(search)
    }

    /// Seals under a key that goes when what the search was made for is deleted.
    pub(super) fn seal_of_search(
        &self,
        search: &Search,
        binding: &bonafide_vault::Binding,
        plain: &[u8],
    ) -> crate::sealing::Sealed {
        let tenant_id = search.tenant_id;
        match search.origin {
            Some((account_id, execution_id)) => {
                self.seal(Owner { tenant_id, account_id, execution_id }, binding, plain)
            }
            None => seal_for_tenant(&self.key_ring, &self.context, tenant_id, binding, plain),
        }
    }

    pub(super) async fn find_search_view(
        &self,
        tx: &mut Transaction,
        caller: &Caller,
        name: &str,
    ) -> Result<SearchView, Error> {
        let found = tx.find_search(caller.tenant.id, name).await?;
        let search = found.ok_or_else(|| Error::not_found("search"))?;
        self.open_search(tx, search).await?.ok_or_else(|| Error::not_found("search"))
    }

    pub(super) async fn audit_search(
        &self,
        tx: &mut Transaction,
        caller: &Caller,
        search: &Search,
        action: Action,
    ) -> Result<(), Error> {
        let Some((account_id, execution_id)) = search.origin else { return Ok(()) };
        let entry =
            Entry { execution_id: Some(execution_id), ..self.entry(caller, action, account_id) };
        Ok(tx.insert_audit(&[entry]).await?)
    }
}
