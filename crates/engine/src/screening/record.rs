//! What is sealed of a search and of its review, and how both are shown together.

use std::collections::BTreeMap;

use bonafide_domain::id::ApiClientId;
use bonafide_domain::run::SealedRecord;
use bonafide_domain::screening::{MatchStatus, ReviewStep, Search};
use bonafide_store::Transaction;
use bonafide_vault::Binding;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Found, Hit, Question};
use crate::Engine;
use crate::error::Error;

/// A search's sealed half.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct SearchRecord {
    pub(crate) question: Question,
    pub(crate) found: Found,
    /// The customer's labels for the search.
    pub(crate) tags: BTreeMap<String, String>,
}

/// A step's sealed half.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StepRecord {
    /// Hits were judged: the id of each entity, and the hash of its record when it was.
    Reviewed { entities: BTreeMap<String, String>, status: MatchStatus, reason: String },
    /// The search was made again, and hits were new, had changed, or were gone.
    Changed { found: Found, change: HitChange },
    /// Something was said.
    Comment { message: String },
}

/// Which hits changed, by the ids of their entities.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HitChange {
    /// Those that were not there before.
    pub new: Vec<String>,
    /// Those whose entity's record is another.
    pub updated: Vec<String>,
    /// Those that are there no more.
    pub removed: Vec<String>,
}

/// A search with all that is known of it. Personal data.
pub struct SearchView {
    /// The search.
    pub search: Search,
    pub(crate) record: SearchRecord,
    /// What each step said, the oldest first.
    pub(crate) steps: Vec<(ReviewStep, StepRecord)>,
}

/// What a reviewer said.
pub struct Comment {
    /// Counts the search's steps from 1.
    pub position: i32,
    /// The client that said it.
    pub actor: ApiClientId,
    /// When.
    pub at: Timestamp,
    /// What: a comment's text, or a review's reason.
    pub message: String,
    /// The hits that were judged; none for a comment on the whole.
    pub entities: Vec<String>,
    /// What they were judged to be.
    pub status: Option<MatchStatus>,
}

impl SearchView {
    /// What was found last.
    pub(super) fn found(&self) -> &Found {
        let later = self.steps.iter().rev().find_map(|(_, step)| match step {
            StepRecord::Changed { found, .. } => Some(found),
            _ => None,
        });
        later.unwrap_or(&self.record.found)
    }

    /// The hits as they stand, best first.
    pub fn hits(&self) -> &[Hit] {
        &self.found().hits
    }

    /// The name that was searched for.
    pub fn search_term(&self) -> &str {
        &self.record.question.subject.name
    }

    /// The customer's labels.
    pub fn tags(&self) -> &BTreeMap<String, String> {
        &self.record.tags
    }

    /// The profile that was asked for.
    pub fn profile(&self) -> Option<&str> {
        self.record.question.profile.as_deref()
    }

    /// From which score on it was a hit.
    pub fn threshold(&self) -> Option<f32> {
        self.found().threshold
    }

    /// `source@version` of each list that was searched.
    pub fn lists(&self) -> &[String] {
        &self.found().lists
    }

    /// Where the other provider shows the search, if it was that one's.
    pub fn share_url(&self) -> Option<&str> {
        self.found().external.as_ref()?.share_url.as_deref()
    }

    /// How far the review of a hit has come: the last step that judged it as it is, or else what was
    /// known when the search was made. A changed record is to be judged anew.
    pub fn status_of(&self, hit: &Hit) -> MatchStatus {
        let judged = self.steps.iter().rev().find_map(|(_, step)| match step {
            StepRecord::Reviewed { entities, status, .. }
                if entities.get(&hit.entity_id) == Some(&hit.entity_hash) =>
            {
                Some(*status)
            }
            _ => None,
        });
        let before = if hit.cleared { MatchStatus::FalsePositive } else { MatchStatus::Unknown };
        judged.unwrap_or(before)
    }

    /// How far the review has come: where the hit that weighs most stands.
    pub fn status(&self) -> MatchStatus {
        use MatchStatus::{
            FalsePositive, NoMatch, PotentialMatch, TruePositive, TruePositiveApprove,
            TruePositiveReject, Unknown,
        };
        const BY_WEIGHT: [MatchStatus; 6] = [
            TruePositiveReject,
            TruePositive,
            Unknown,
            PotentialMatch,
            TruePositiveApprove,
            FalsePositive,
        ];
        let of_hits: Vec<MatchStatus> = self.hits().iter().map(|hit| self.status_of(hit)).collect();
        BY_WEIGHT.into_iter().find(|status| of_hits.contains(status)).unwrap_or(NoMatch)
    }

    /// Everything that was said, the oldest first.
    pub fn comments(&self) -> Vec<Comment> {
        let comment = |(step, record): &(ReviewStep, StepRecord)| {
            let (entities, status, message) = match record {
                StepRecord::Reviewed { entities, status, reason } => {
                    (entities.keys().cloned().collect(), Some(*status), reason.clone())
                }
                StepRecord::Comment { message } => (Vec::new(), None, message.clone()),
                StepRecord::Changed { .. } => return None,
            };
            let ReviewStep { position, actor, at, .. } = *step;
            Some(Comment { position, actor: actor?, at, message, entities, status })
        };
        self.steps.iter().filter_map(comment).collect()
    }

    /// When it was made, reviewed or made again last.
    pub fn updated_at(&self) -> Timestamp {
        self.steps.last().map_or(self.search.created_at, |(step, _)| step.at)
    }
}

pub(super) fn search_binding(search: &Search) -> Binding {
    Binding::Search { tenant: search.tenant_id, search: search.id.get() }
}

pub(super) fn step_binding(search: &Search, position: i32) -> Binding {
    Binding::SearchReview { tenant: search.tenant_id, search: search.id.get(), position }
}

impl Engine {
    /// Opens a search; `None` when its keys were destroyed.
    pub(super) async fn open_search(
        &self,
        tx: &mut Transaction,
        search: Search,
    ) -> Result<Option<SearchView>, Error> {
        let binding = search_binding(&search);
        let Some(record) = self.open_sealed(tx, &search, &binding, &search.record).await? else {
            return Ok(None);
        };
        let mut steps = Vec::new();
        for step in tx.list_review_steps(search.tenant_id, search.id).await? {
            let binding = step_binding(&search, step.position);
            if let Some(record) = self.open_sealed(tx, &search, &binding, &step.record).await? {
                steps.push((step, record));
            }
        }
        Ok(Some(SearchView { search, record, steps }))
    }

    async fn open_sealed<T: serde::de::DeserializeOwned>(
        &self,
        tx: &mut Transaction,
        search: &Search,
        binding: &Binding,
        sealed: &SealedRecord,
    ) -> Result<Option<T>, Error> {
        let plain =
            self.unseal(tx, search.tenant_id, sealed.data_key_id, binding, &sealed.bytes).await?;
        plain
            .map(|plain| serde_json::from_slice(&plain))
            .transpose()
            .map_err(|_| Error::internal("a search's record that cannot be understood"))
    }
}
