//! The feed of events (ours).

use bonafide_engine::{Feed, FeedEvent, PublicUrls};
use serde::Serialize;
use utoipa::ToSchema;

use super::status::AccountLink;
use super::{CallbackExecution, Timestamp};

/// A page of events.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FeedBody {
    /// The events, oldest first.
    pub events: Vec<FeedEntry>,
    /// `after` of the next page, also when there is nothing more yet.
    #[schema(examples("17"))]
    pub next: String,
    /// Whether there is more now.
    pub has_more: bool,
}

/// What a callback says, and the places in both orders.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FeedEntry {
    /// Its place among the tenant's events.
    #[schema(examples("17"))]
    pub cursor: String,
    /// Its place among the account's events, from 1, without gaps.
    pub sequence: i64,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// The customer's own name for the end user, when it was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_reference: Option<String>,
    /// The execution and what became of it.
    pub workflow_execution: CallbackExecution,
    /// Its account.
    pub account: AccountLink,
}

impl FeedBody {
    /// The page, with addresses of `urls`.
    pub fn new(feed: Feed, urls: &PublicUrls) -> Self {
        Self {
            events: feed.events.into_iter().map(|event| FeedEntry::new(event, urls)).collect(),
            next: feed.next.to_string(),
            has_more: feed.has_more,
        }
    }
}

impl FeedEntry {
    fn new(entry: FeedEvent, urls: &PublicUrls) -> Self {
        let FeedEvent { event, key, user_reference } = entry;
        Self {
            cursor: event.position.to_string(),
            sequence: event.sequence,
            occurred_at: event.at.into(),
            user_reference,
            workflow_execution: CallbackExecution {
                id: event.execution_id,
                href: urls.execution(event.account_id, event.execution_id),
                definition_key: key,
                status: event.status,
            },
            account: AccountLink { id: event.account_id, href: urls.account(event.account_id) },
        }
    }
}
