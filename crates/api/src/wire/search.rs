//! Searches in watchlists, in the shape of the classic screening interface; snake case, as it has it.

use std::collections::BTreeMap;

use bonafide_domain::screening::MatchStatus;
use bonafide_engine::PublicUrls;
use bonafide_engine::screening::{Comment, Hit, ListStatus, SearchChange, SearchPage, SearchView};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{Timestamp, vocabulary};

/// What the classic interface puts around every answer.
macro_rules! envelope {
    ($(#[$meta:meta])* $name:ident, $content:ident, $data:ty) => {
        $(#[$meta])*
        #[derive(Serialize, ToSchema)]
        pub struct $name {
            /// The HTTP status.
            pub code: u16,
            /// `success`.
            pub status: &'static str,
            /// What is answered.
            pub content: $content,
        }

        /// What is answered.
        #[derive(Serialize, ToSchema)]
        pub struct $content {
            /// What was asked for.
            pub data: $data,
        }

        impl From<$data> for $name {
            fn from(data: $data) -> Self {
                Self { code: 200, status: "success", content: $content { data } }
            }
        }
    };
}

envelope!(
    /// A search.
    SearchEnvelope, SearchContent, SearchBody
);
envelope!(
    /// A page of searches.
    SearchesEnvelope, SearchesContent, SearchesBody
);
envelope!(
    /// How the lists stand.
    ListsEnvelope, ListsContent, Vec<ListBody>
);
envelope!(
    /// What was said about a search.
    CommentsEnvelope, CommentsContent, Vec<CommentBody>
);

envelope!(
    /// Whether a search is made again when lists change.
    MonitorEnvelope, MonitorContent, MonitorBody
);
envelope!(
    /// What changed when a search was made again.
    DifferencesEnvelope, DifferencesContent, Vec<DifferenceBody>
);

/// Whether a search is made again when lists change.
#[derive(Serialize, ToSchema)]
pub struct MonitorBody {
    /// Whether it is.
    pub is_monitored: bool,
}

/// What changed when a monitored search was made again, by the ids of the entities.
#[derive(Serialize, ToSchema)]
pub struct DifferenceBody {
    /// Counts the search's steps from 1.
    pub position: i32,
    /// When.
    pub created_at: Timestamp,
    /// Hits that were not there before.
    pub new: Vec<String>,
    /// Hits whose record is another; their review begins anew.
    pub updated: Vec<String>,
    /// Hits that are there no more.
    pub removed: Vec<String>,
}

/// Begins or ends the monitoring.
#[derive(ToSchema)]
#[schema(example = json!({"is_monitored": true}))]
pub struct MonitorRequestBody {
    /// Whether the search shall be made again when lists change.
    pub is_monitored: bool,
}

/// What the other screening provider says of a search that it monitors.
#[derive(ToSchema)]
#[schema(example = json!({
    "event": "monitored_search_updated",
    "data": {"search_id": 88_914_812, "updated": [], "new": ["AB12"], "removed": [], "is_suspended": false}
}))]
pub struct NoticeBody {
    /// What happened.
    pub event: String,
    /// To which search: its number at the provider is `search_id`. Nothing else is looked at.
    #[schema(value_type = Object)]
    pub data: serde_json::Value,
}

/// A search.
#[derive(Serialize, ToSchema)]
pub struct SearchBody {
    /// Its number.
    pub id: i64,
    /// Its other name.
    #[serde(rename = "ref")]
    #[schema(rename = "ref")]
    pub reference: String,
    /// The name that was searched for.
    pub search_term: String,
    /// The customer's own name for the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_ref: Option<String>,
    /// The profile that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub search_profile: Option<String>,
    /// How far the review has come: where the hit that weighs most stands.
    #[schema(schema_with = vocabulary::match_status)]
    pub match_status: MatchStatus,
    /// How many hits there are.
    pub total_hits: usize,
    /// How many of them are not cleared.
    pub total_matches: usize,
    /// Ours: from which score on a listed name is a hit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub threshold: Option<f32>,
    /// Ours: `source@version` of each list that was searched.
    pub lists: Vec<String>,
    /// The customer's labels.
    pub tags: BTreeMap<String, String>,
    /// Where the search is retrieved.
    #[schema(format = "uri")]
    pub share_url: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was made or reviewed last.
    pub updated_at: Timestamp,
    /// The hits, best first; absent in a page of searches.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hits: Option<Vec<HitBody>>,
}

/// A listed entity that may be the person.
#[derive(Serialize, ToSchema)]
pub struct HitBody {
    /// The entity: id, name, aka, fields, sources, types.
    #[schema(value_type = Object)]
    pub doc: Value,
    /// How the name as a whole was matched.
    pub match_types: Vec<String>,
    /// Why, word by word.
    #[schema(value_type = Vec<Object>)]
    pub match_types_details: Vec<Value>,
    /// 0 to 1.
    pub score: f32,
    /// Whether it was cleared.
    pub is_whitelisted: bool,
    /// How far its review has come.
    #[schema(schema_with = vocabulary::match_status)]
    pub match_status: MatchStatus,
}

/// A page of searches.
#[derive(Serialize, ToSchema)]
pub struct SearchesBody {
    /// The searches, the newest first, without their hits.
    pub searches: Vec<SearchBody>,
    /// Whether there is a further page.
    pub has_more: bool,
}

/// A list.
#[derive(Serialize, ToSchema)]
pub struct ListBody {
    /// Its name.
    #[schema(examples("un"))]
    pub source: String,
    /// SHA-256 of what was imported.
    pub version: String,
    /// When it was published, in its own words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<String>,
    /// When this version was imported first.
    pub imported_at: Timestamp,
    /// When it was fetched last: its age counts from here.
    pub fetched_at: Timestamp,
    /// Too old to rely on: nobody is passed on it.
    pub stale: bool,
    /// How many entities it has.
    pub entities: usize,
    /// How many names they have.
    pub names: usize,
}

/// What a reviewer said.
#[derive(Serialize, ToSchema)]
pub struct CommentBody {
    /// Counts the steps of the search's review from 1.
    pub position: i32,
    /// The id of the client that said it.
    #[schema(format = Uuid)]
    pub actor: String,
    /// When.
    pub created_at: Timestamp,
    /// A comment's text, or a review's reason.
    pub message: String,
    /// The hits that were judged; none in a comment on the whole.
    pub entities: Vec<String>,
    /// What they were judged to be.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = vocabulary::match_status, required = false)]
    pub match_status: Option<MatchStatus>,
}

/// Asks for a search.
#[derive(ToSchema)]
#[schema(example = json!({
    "search_term": "Ivan Sokolov", "client_ref": "u-17",
    "filters": {"entity_type": "person", "birth_year": 1955, "types": ["sanction"]}
}))]
pub struct SearchRequestBody {
    /// A name, or an object with `first_name`, `middle_names` and `last_name`.
    pub search_term: Value,
    /// The customer's own name for the person; no personal data.
    #[schema(max_length = 255)]
    pub client_ref: Option<String>,
    /// One of the tenant's search profiles.
    #[schema(max_length = 255)]
    pub search_profile: Option<String>,
    /// 0 (only the same name) to 1; the thresholds of each script where absent.
    #[schema(minimum = 0, maximum = 1)]
    pub fuzziness: Option<f32>,
    /// The same as a fuzziness of 0.
    pub exact_match: Option<bool>,
    /// At most so many hits.
    #[schema(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
    /// `types`, `entity_type`, `birth_year`, `country_codes`.
    #[schema(value_type = Option<Object>)]
    pub filters: Option<Value>,
    /// The customer's labels.
    pub tags: Option<BTreeMap<String, String>>,
}

/// Judges hits.
#[derive(ToSchema)]
#[schema(example = json!({
    "entities": ["un:6908555"], "match_status": "false_positive", "reason": "born in another year"
}))]
pub struct ReviewRequestBody {
    /// Ids of hits.
    #[schema(min_items = 1, max_items = 100)]
    pub entities: Vec<String>,
    /// What they are.
    #[schema(schema_with = vocabulary::match_status)]
    pub match_status: MatchStatus,
    /// Why.
    #[schema(min_length = 1, max_length = 1000)]
    pub reason: String,
}

/// Says something about a search.
#[derive(ToSchema)]
#[schema(example = json!({"message": "Asked the customer for a second document."}))]
pub struct CommentRequestBody {
    /// What.
    #[schema(min_length = 1, max_length = 1000)]
    pub message: String,
}

impl SearchBody {
    /// A search with its hits.
    pub fn new(view: &SearchView, urls: &PublicUrls) -> Self {
        let hits: Vec<HitBody> = view.hits().iter().map(|hit| HitBody::new(view, hit)).collect();
        Self { hits: Some(hits), ..Self::without_hits(view, urls) }
    }

    fn without_hits(view: &SearchView, urls: &PublicUrls) -> Self {
        let search = &view.search;
        let open = |hit: &&Hit| view.status_of(hit) != MatchStatus::FalsePositive;
        Self {
            id: search.id.get(),
            reference: search.reference.clone(),
            search_term: view.search_term().to_owned(),
            client_ref: search.client_ref.clone(),
            search_profile: view.profile().map(str::to_owned),
            match_status: view.status(),
            total_hits: view.hits().len(),
            total_matches: view.hits().iter().filter(open).count(),
            threshold: view.threshold(),
            lists: view.lists().to_vec(),
            tags: view.tags().clone(),
            share_url: view.share_url().map_or_else(|| urls.search(search.id), str::to_owned),
            created_at: search.created_at.into(),
            updated_at: view.updated_at().into(),
            hits: None,
        }
    }
}

impl HitBody {
    fn new(view: &SearchView, hit: &Hit) -> Self {
        let match_status = view.status_of(hit);
        Self {
            doc: hit.doc.clone(),
            match_types: hit.match_types.clone(),
            match_types_details: hit.match_types_details.clone(),
            score: hit.score,
            is_whitelisted: match_status == MatchStatus::FalsePositive,
            match_status,
        }
    }
}

impl SearchesBody {
    /// A page.
    pub fn new(page: &SearchPage, urls: &PublicUrls) -> Self {
        let searches = page.searches.iter().map(|view| SearchBody::without_hits(view, urls));
        Self { searches: searches.collect(), has_more: page.has_more }
    }
}

impl From<ListStatus> for ListBody {
    fn from(status: ListStatus) -> Self {
        let manifest = status.manifest;
        Self {
            source: manifest.source.to_string(),
            version: manifest.version,
            published: manifest.published,
            imported_at: manifest.imported_at.into(),
            fetched_at: status.fetched_at.into(),
            stale: status.stale,
            entities: manifest.entities,
            names: manifest.names,
        }
    }
}

impl From<Comment> for CommentBody {
    fn from(comment: Comment) -> Self {
        Self {
            position: comment.position,
            actor: comment.actor.to_string(),
            created_at: comment.at.into(),
            message: comment.message,
            entities: comment.entities,
            match_status: comment.status,
        }
    }
}

impl From<SearchChange> for DifferenceBody {
    fn from(changed: SearchChange) -> Self {
        Self {
            position: changed.position,
            created_at: changed.at.into(),
            new: changed.change.new,
            updated: changed.change.updated,
            removed: changed.change.removed,
        }
    }
}
