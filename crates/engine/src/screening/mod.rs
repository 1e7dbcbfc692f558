//! Watchlist screening (contract §14): one question and one shape of answer, whoever searches.
//!
//! [`Engine::ask`] is the port: this server's own lists, or the tenant's account at `ComplyAdvantage`.
//! Answers are in the words of the classic screening interface; what is no answer is a [`Refusal`],
//! on which nobody is passed.

mod comply_advantage;
mod judging;
mod monitoring;
mod record;
mod refresh;
mod review;
mod searches;
mod subject;
mod watchlists;

use bonafide_domain::screening::ScreeningProvider;
use bonafide_domain::tenant::Tenant;
use bonafide_screening::query::Subject;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use self::comply_advantage::ComplyAdvantage;
pub(crate) use self::comply_advantage::seal_provider_key;
pub use self::monitoring::SearchChange;
pub use self::record::{Comment, HitChange, SearchView};
pub use self::refresh::{ListAddresses, RefreshStep, Refreshed};
pub use self::review::ReviewRequest;
pub use self::searches::{NewSearch, SearchPage, SearchRequest};
pub use self::watchlists::{ListStatus, Watchlists};
use crate::Engine;

/// What is searched for, and how. Personal data; sealed at rest.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Question {
    pub(crate) subject: Subject,
    /// The customer's own name for the person.
    pub(crate) client_ref: Option<String>,
    /// The profile to search by; the tenant's default where absent.
    pub(crate) profile: Option<String>,
    /// 0 to 1; the profile's where absent.
    pub(crate) fuzziness: Option<f32>,
    /// Only entities that are listed for one of these reasons; all where empty.
    pub(crate) types: Vec<String>,
    /// The most hits.
    pub(crate) limit: usize,
}

/// The most hits of one search, as the classic interface has it.
pub(crate) const MOST_HITS: usize = 100;

/// What a search found. Personal data; sealed at rest.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Found {
    /// Best first.
    pub(crate) hits: Vec<Hit>,
    /// From which score on it is a hit; the own provider's.
    pub(crate) threshold: Option<f32>,
    /// `source@version` of each list that was searched; the own provider's.
    pub(crate) lists: Vec<String>,
    /// All lists of this server as they stood, whichever the profile names: another text means that a
    /// monitored search is to be made again.
    pub(crate) compared: String,
    /// What the other provider calls the search.
    pub(crate) external: Option<External>,
}

/// A search at another provider.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct External {
    pub(crate) id: i64,
    pub(crate) reference: String,
    pub(crate) share_url: Option<String>,
}

/// A listed entity that may be the person searched for.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Hit {
    /// Who, for the review: `un:6908555`.
    pub entity_id: String,
    /// SHA-256 of the entity's record: a cleared hit stays cleared while it stays the same.
    pub entity_hash: String,
    /// The entity, as `doc` of the classic interface.
    pub doc: Value,
    /// How the name as a whole was matched.
    pub match_types: Vec<String>,
    /// Word by word.
    pub match_types_details: Vec<Value>,
    /// 0 to 1.
    pub score: f32,
    /// Whether the person was cleared of it before.
    pub cleared: bool,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The tenant's settings do not allow a search: no list, an unknown profile, a missing key.
    Settings(String),
    /// The lists are too old, or cannot be read, or the provider does not answer.
    Failed(String),
}

impl Engine {
    /// Asks the tenant's provider.
    pub(crate) async fn ask(&self, tenant: &Tenant, question: &Question) -> Result<Found, Refusal> {
        let settings = &tenant.settings.watchlists;
        match settings.provider {
            ScreeningProvider::Own => {
                self.watchlists.ask(settings, question, self.context.now()).await
            }
            ScreeningProvider::ComplyAdvantage => {
                let key = self.provider_key(tenant.id).await?;
                self.comply_advantage.ask(settings, &key, question).await
            }
        }
    }
}
