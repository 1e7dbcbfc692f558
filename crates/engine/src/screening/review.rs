//! The review of hits: who judged what, and why. Steps are added and never changed. A hit that was
//! cleared stays cleared for that person, until the listed entity or the person's facts change.

use std::collections::{BTreeMap, HashMap};

use bonafide_domain::audit::Action;
use bonafide_domain::id::{ApiClientId, TenantId};
use bonafide_domain::screening::{MatchStatus, ReviewStep};
use bonafide_domain::validation::Violation;
use bonafide_screening::query::Subject;
use bonafide_store::Transaction;
use jiff::Timestamp;
use serde_json::Value;

use super::record::{SearchView, StepRecord, step_binding};
use super::{Found, Question};
use crate::Engine;
use crate::caller::Caller;
use crate::error::Error;
use crate::idempotency::Once;

/// Reviewed searches of one person that are looked at for clearances, the newest ones.
const MOST_REVIEWED: u32 = 50;
const MOST_CHARACTERS: usize = 1_000;

/// A step that somebody takes.
pub enum ReviewRequest {
    /// Hits are judged.
    Judgement {
        /// The ids of their entities.
        entities: Vec<String>,
        /// What they are.
        status: MatchStatus,
        /// Why.
        reason: String,
    },
    /// Something is said.
    Comment(String),
}

impl ReviewRequest {
    /// Reads a judgement on hits: `entities`, `match_status` and `reason`.
    pub fn parse(body: &Value) -> Result<Self, Vec<Violation>> {
        let mut wrong = Vec::new();
        let entities: Vec<String> = body
            .get("entities")
            .and_then(|value| serde_json::from_value(value.clone()).ok())
            .unwrap_or_default();
        if entities.is_empty() || entities.len() > super::MOST_HITS {
            wrong.push(Violation::new("entities", "must be an array of 1 to 100 ids of hits"));
        }
        let status = body.get("match_status").and_then(Value::as_str).and_then(|t| t.parse().ok());
        if status.is_none() {
            wrong.push(Violation::new(
                "match_status",
                "must be potential_match, false_positive, true_positive, true_positive_approve or \
                 true_positive_reject",
            ));
        }
        let reason = text(body, "reason", &mut wrong);
        match status {
            Some(status) if wrong.is_empty() => Ok(Self::Judgement { entities, status, reason }),
            _ => Err(wrong),
        }
    }

    /// Reads a comment: `message`.
    pub fn parse_comment(body: &Value) -> Result<Self, Vec<Violation>> {
        let mut wrong = Vec::new();
        let message = text(body, "message", &mut wrong);
        if wrong.is_empty() { Ok(Self::Comment(message)) } else { Err(wrong) }
    }
}

fn text(body: &Value, field: &str, wrong: &mut Vec<Violation>) -> String {
    let text = body.get(field).and_then(Value::as_str).unwrap_or_default().trim();
    if text.is_empty() || text.chars().count() > MOST_CHARACTERS {
        wrong.push(Violation::new(field, "must have 1 to 1000 characters"));
    }
    text.to_owned()
}

impl Engine {
    /// Adds a step to a search's review.
    pub async fn review_search(
        &self,
        caller: &Caller,
        name: &str,
        request: ReviewRequest,
        once: Option<&Once>,
    ) -> Result<SearchView, Error> {
        caller.may_initiate()?;
        let mut tx = self.store.begin().await?;
        let kept: Option<i64> = self.recall(&mut tx, caller.scope(), once).await?;
        if kept.is_some() {
            return self.find_search_view(&mut tx, caller, name).await;
        }
        let found = self.find_search_view(&mut tx, caller, name).await?.search.id;
        // Locked, and read again: of two reviewers the second sees what the first one did.
        tx.lock_search(caller.tenant.id, found).await?;
        let view = self.find_search_view(&mut tx, caller, &found.to_string()).await?;
        let step = step(&view, request)?;
        self.add_step(&mut tx, &view, Some(caller.api_client_id), &step).await?;
        let search_id = view.search.id;
        self.audit_search(&mut tx, caller, &view.search, Action::SearchReviewed).await?;
        self.keep(&mut tx, caller.scope(), once, &search_id.get()).await?;
        let view = self.find_search_view(&mut tx, caller, &search_id.to_string()).await?;
        tx.commit().await?;
        Ok(view)
    }

    /// Adds a step at the end; gives its place. Call it with the search locked.
    pub(super) async fn add_step(
        &self,
        tx: &mut Transaction,
        view: &SearchView,
        actor: Option<ApiClientId>,
        record: &StepRecord,
    ) -> Result<i32, Error> {
        let position = view.steps.last().map_or(0, |(step, _)| step.position) + 1;
        let plain = serde_json::to_vec(record).map_err(Error::internal)?;
        let binding = step_binding(&view.search, position);
        let record = self.seal_of_search(&view.search, &binding, &plain).store(tx).await?;
        let (tenant_id, search_id) = (view.search.tenant_id, view.search.id);
        let at = self.context.now();
        tx.insert_review_step(&ReviewStep { tenant_id, search_id, position, actor, at, record })
            .await?;
        Ok(position)
    }

    /// Marks the hits that were cleared for this person before.
    pub(super) async fn clear(
        &self,
        tenant_id: TenantId,
        question: &Question,
        found: &mut Found,
    ) -> Result<(), Error> {
        let Some(client_ref) = question.client_ref.as_deref() else { return Ok(()) };
        if found.hits.is_empty() {
            return Ok(());
        }
        let mut tx = self.store.read().await?;
        let mut last: HashMap<String, Judged> = HashMap::new();
        for search in tx.list_reviewed_searches(tenant_id, client_ref, MOST_REVIEWED).await? {
            let Some(view) = self.open_search(&mut tx, search).await? else { continue };
            for judged in judgements(&view, &question.subject) {
                let known = last.get(&judged.entity_id);
                if known.is_none_or(|known| known.at <= judged.at) {
                    last.insert(judged.entity_id.clone(), judged);
                }
            }
        }
        for hit in &mut found.hits {
            let judged = last.get(&hit.entity_id);
            // Set by another provider for its own reasons, it stays.
            hit.cleared |=
                judged.is_some_and(|judged| judged.clears && judged.entity_hash == hit.entity_hash);
        }
        Ok(())
    }
}

/// The last word on one entity, of one search.
struct Judged {
    entity_id: String,
    entity_hash: String,
    at: Timestamp,
    clears: bool,
}

fn judgements(view: &SearchView, subject: &Subject) -> Vec<Judged> {
    let same = is_same_person(&view.record.question.subject, subject);
    let mut all = Vec::new();
    for (step, record) in &view.steps {
        let StepRecord::Reviewed { entities, status, .. } = record else { continue };
        for (entity_id, entity_hash) in entities {
            all.push(Judged {
                entity_id: entity_id.clone(),
                entity_hash: entity_hash.clone(),
                at: step.at,
                clears: same && *status == MatchStatus::FalsePositive,
            });
        }
    }
    all
}

/// Whether a clearance of one holds for the other: a reference that is used for somebody else, or for
/// a corrected date of birth, clears nobody.
fn is_same_person(left: &Subject, right: &Subject) -> bool {
    left.name.to_lowercase() == right.name.to_lowercase() && left.birth == right.birth
}

/// The step that is asked for, if it may be taken.
fn step(view: &SearchView, request: ReviewRequest) -> Result<StepRecord, Error> {
    let (ids, status, reason) = match request {
        ReviewRequest::Comment(message) => return Ok(StepRecord::Comment { message }),
        ReviewRequest::Judgement { entities, status, reason } => (entities, status, reason),
    };
    let mut entities = BTreeMap::new();
    for id in ids {
        let Some(hit) = view.hits().iter().find(|hit| hit.entity_id == id) else {
            return Err(Error::field("entities", "names an entity that is no hit of this search"));
        };
        let now = view.status_of(hit);
        if !now.may_become(status) {
            let reason = format!("a hit that is {now} cannot become {status}");
            return Err(Error::field("match_status", &reason));
        }
        entities.insert(id, hit.entity_hash.clone());
    }
    Ok(StepRecord::Reviewed { entities, status, reason })
}
