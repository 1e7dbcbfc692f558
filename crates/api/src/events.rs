//! What happened, for who asks instead of being called back: the feed of events and the log of
//! deliveries. Ours, not the contract's.

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use bonafide_engine::CallbackFilter;

use crate::Api;
use crate::error::ApiError;
use crate::extract::{Client, DeliveryPage, FeedPage, Parameters, limit, value};
use crate::openapi::Refused;
use crate::route::Routes as _;
use crate::wire::{DeliveryLogBody, FeedBody};

pub(crate) fn routes() -> Router<Api> {
    Router::new().at("/api/v1/events", get(get_events)).at("/api/v1/callbacks", get(get_callbacks))
}

/// Get the events of all executions
///
/// Not part of the v3 API: everything that is called back, in one order, from the beginning of the
/// tenant. Begin without `after` and go on with `next`; keep `next`, and you have missed nothing.
#[utoipa::path(
    get,
    path = "/api/v1/events",
    tag = "Events",
    security(("access" = []), ("basic" = [])),
    params(FeedPage),
    responses(
        (status = 200, description = "A page of events, oldest first.", body = FeedBody),
        Refused,
    )
)]
pub(crate) async fn get_events(
    State(api): State<Api>,
    Client(caller): Client,
    Parameters(page): Parameters<FeedPage>,
) -> Result<Json<FeedBody>, ApiError> {
    let rule = "must be `next` of the page before";
    let after: u64 = value("after", page.after.as_ref(), rule)?.unwrap_or_default();
    let limit = limit(page.limit.as_ref(), 100, 1000)?;
    let feed = api.engine.events(&caller, i64::try_from(after).unwrap_or(i64::MAX), limit).await?;
    Ok(Json(FeedBody::new(feed, api.engine.public_urls())))
}

/// Get what became of callbacks
///
/// Not part of the v3 API: each callback with all its attempts, the newest first.
#[utoipa::path(
    get,
    path = "/api/v1/callbacks",
    tag = "Events",
    security(("access" = []), ("basic" = [])),
    params(DeliveryPage),
    responses(
        (status = 200, description = "A page of callbacks, newest first.", body = DeliveryLogBody),
        Refused,
    )
)]
pub(crate) async fn get_callbacks(
    State(api): State<Api>,
    Client(caller): Client,
    Parameters(page): Parameters<DeliveryPage>,
) -> Result<Json<DeliveryLogBody>, ApiError> {
    let filter = CallbackFilter {
        state: value("state", page.state.as_ref(), "must be PENDING, DELIVERED or DEAD")?,
        execution_id: value(
            "workflowExecutionId",
            page.workflow_execution_id.as_ref(),
            "must be a UUID",
        )?,
        before: value("before", page.before.as_ref(), "must be `next` of the page before")?,
    };
    let limit = limit(page.limit.as_ref(), 50, 100)?;
    Ok(Json(api.engine.deliveries(&caller, filter, limit).await?.into()))
}
