//! Searches in watchlists and their review, in the shape of the classic screening interface. Ours, not
//! the contract's; `searchResultUrl` of a screening points here.

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, patch, post};
use axum::{Json, Router};
use bonafide_domain::validation::Violation;
use bonafide_engine::screening::{ReviewRequest, SearchRequest};

use crate::Api;
use crate::error::ApiError;
use crate::extract::{
    Client, IdempotencyHeader, Ids, JsonBody, Parameters, Repeatable, SearchPath, SearchesPage,
    number, value,
};
use crate::openapi::{Refused, RefusedBody, RefusedRepetition, UnknownResource};
use crate::route::Routes as _;
use crate::wire::{
    CommentBody, CommentRequestBody, CommentsEnvelope, DifferenceBody, DifferencesEnvelope,
    ListBody, ListsEnvelope, MonitorBody, MonitorEnvelope, MonitorRequestBody, NoticeBody,
    ReviewRequestBody, SearchBody, SearchEnvelope, SearchRequestBody, SearchesBody,
    SearchesEnvelope,
};

pub(crate) fn routes() -> Router<Api> {
    Router::new()
        .at("/api/v1/searches", get(get_searches).post(create_search))
        .at("/api/v1/searches/{searchId}", get(get_search))
        .at("/api/v1/searches/{searchId}/entities", patch(review_search))
        .at("/api/v1/searches/{searchId}/comments", get(get_comments).post(add_comment))
        .at("/api/v1/searches/{searchId}/monitors", get(get_monitor).patch(set_monitor))
        .at("/api/v1/searches/{searchId}/monitor/differences", get(get_differences))
        .at("/api/v1/screening-notices", post(take_notice))
        .at("/api/v1/lists", get(get_lists))
}

/// Search a name in the watchlists
///
/// Not part of the v3 API: the classic screening interface. The search and what it found are kept,
/// sealed. What could not be searched is refused, and never answered as no hits.
#[utoipa::path(
    post,
    path = "/api/v1/searches",
    tag = "Screening",
    security(("access" = []), ("basic" = [])),
    params(IdempotencyHeader),
    request_body = SearchRequestBody,
    responses(
        (status = 200, description = "The search with its hits.", body = SearchEnvelope),
        Refused,
        RefusedBody,
        RefusedRepetition,
    )
)]
pub(crate) async fn create_search(
    State(api): State<Api>,
    Client(caller): Client,
    repeatable: Repeatable,
    JsonBody(body): JsonBody,
) -> Result<Json<SearchEnvelope>, ApiError> {
    let request = SearchRequest::parse(&body).map_err(ApiError::violations)?;
    let once = repeatable.once("search", body.to_string().as_bytes());
    let view = api.engine.create_search(&caller, request, once.as_ref()).await?;
    Ok(Json(SearchBody::new(&view, api.engine.public_urls()).into()))
}

/// List the tenant's searches
///
/// Not part of the v3 API. Those of executions too, the newest first, without their hits.
#[utoipa::path(
    get,
    path = "/api/v1/searches",
    tag = "Screening",
    security(("access" = []), ("basic" = [])),
    params(SearchesPage),
    responses(
        (status = 200, description = "A page of searches.", body = SearchesEnvelope),
        Refused,
    )
)]
pub(crate) async fn get_searches(
    State(api): State<Api>,
    Client(caller): Client,
    Parameters(page): Parameters<SearchesPage>,
) -> Result<Json<SearchesEnvelope>, ApiError> {
    let rule = "must be a word of the review, such as unknown";
    let status = value("match_status", page.match_status.as_ref(), rule)?;
    let number_of = number("page", page.page.as_ref(), 1, 1_000_000)?;
    let per_page = number("per_page", page.per_page.as_ref(), 100, 100)?;
    let client_ref = page.client_ref.as_deref();
    let found = api.engine.searches(&caller, client_ref, status, number_of, per_page).await?;
    Ok(Json(SearchesBody::new(&found, api.engine.public_urls()).into()))
}

/// Get a search
///
/// Not part of the v3 API. By its number or its reference; each hit with its explanation and how far
/// its review has come.
#[utoipa::path(
    get,
    path = "/api/v1/searches/{searchId}",
    tag = "Screening",
    security(("access" = []), ("basic" = [])),
    params(SearchPath),
    responses(
        (status = 200, description = "The search with its hits.", body = SearchEnvelope),
        Refused,
        UnknownResource,
    )
)]
pub(crate) async fn get_search(
    State(api): State<Api>,
    Client(caller): Client,
    Ids(path): Ids<SearchPath>,
) -> Result<Json<SearchEnvelope>, ApiError> {
    let view = api.engine.search(&caller, &path.search_id).await?;
    Ok(Json(SearchBody::new(&view, api.engine.public_urls()).into()))
}

/// Judge hits of a search
///
/// Not part of the v3 API. `unknown` becomes `potential_match`, `false_positive` or `true_positive`; a
/// true positive is approved or rejected; what was decided is opened again as a potential match. A hit
/// that was cleared stays cleared for the same `client_ref`, name and date of birth, until the listed
/// entity changes.
#[utoipa::path(
    patch,
    path = "/api/v1/searches/{searchId}/entities",
    tag = "Screening",
    security(("access" = []), ("basic" = [])),
    params(SearchPath, IdempotencyHeader),
    request_body = ReviewRequestBody,
    responses(
        (status = 200, description = "The search as it stands now.", body = SearchEnvelope),
        Refused,
        RefusedBody,
        RefusedRepetition,
        UnknownResource,
    )
)]
pub(crate) async fn review_search(
    State(api): State<Api>,
    Client(caller): Client,
    Ids(path): Ids<SearchPath>,
    repeatable: Repeatable,
    JsonBody(body): JsonBody,
) -> Result<Json<SearchEnvelope>, ApiError> {
    let request = ReviewRequest::parse(&body).map_err(ApiError::violations)?;
    let once = repeatable.once("review", body.to_string().as_bytes());
    let view = api.engine.review_search(&caller, &path.search_id, request, once.as_ref()).await?;
    Ok(Json(SearchBody::new(&view, api.engine.public_urls()).into()))
}

/// Get what was said about a search
///
/// Not part of the v3 API. Every judgement and every comment, the oldest first; none is ever changed.
#[utoipa::path(
    get,
    path = "/api/v1/searches/{searchId}/comments",
    tag = "Screening",
    security(("access" = []), ("basic" = [])),
    params(SearchPath),
    responses(
        (status = 200, description = "What was said, the oldest first.", body = CommentsEnvelope),
        Refused,
        UnknownResource,
    )
)]
pub(crate) async fn get_comments(
    State(api): State<Api>,
    Client(caller): Client,
    Ids(path): Ids<SearchPath>,
) -> Result<Json<CommentsEnvelope>, ApiError> {
    let view = api.engine.search(&caller, &path.search_id).await?;
    let comments: Vec<CommentBody> = view.comments().into_iter().map(Into::into).collect();
    Ok(Json(comments.into()))
}

/// Comment on a search
///
/// Not part of the v3 API.
#[utoipa::path(
    post,
    path = "/api/v1/searches/{searchId}/comments",
    tag = "Screening",
    security(("access" = []), ("basic" = [])),
    params(SearchPath, IdempotencyHeader),
    request_body = CommentRequestBody,
    responses(
        (status = 200, description = "What was said, the oldest first.", body = CommentsEnvelope),
        Refused,
        RefusedBody,
        RefusedRepetition,
        UnknownResource,
    )
)]
pub(crate) async fn add_comment(
    State(api): State<Api>,
    Client(caller): Client,
    Ids(path): Ids<SearchPath>,
    repeatable: Repeatable,
    JsonBody(body): JsonBody,
) -> Result<Json<CommentsEnvelope>, ApiError> {
    let request = ReviewRequest::parse_comment(&body).map_err(ApiError::violations)?;
    let once = repeatable.once("comment", body.to_string().as_bytes());
    let view = api.engine.review_search(&caller, &path.search_id, request, once.as_ref()).await?;
    let comments: Vec<CommentBody> = view.comments().into_iter().map(Into::into).collect();
    Ok(Json(comments.into()))
}

/// Get whether a search is monitored
///
/// Not part of the v3 API.
#[utoipa::path(
    get,
    path = "/api/v1/searches/{searchId}/monitors",
    tag = "Screening",
    security(("access" = []), ("basic" = [])),
    params(SearchPath),
    responses(
        (status = 200, description = "Whether it is.", body = MonitorEnvelope),
        Refused,
        UnknownResource,
    )
)]
pub(crate) async fn get_monitor(
    State(api): State<Api>,
    Client(caller): Client,
    Ids(path): Ids<SearchPath>,
) -> Result<Json<MonitorEnvelope>, ApiError> {
    let view = api.engine.search(&caller, &path.search_id).await?;
    Ok(Json(MonitorBody { is_monitored: view.search.is_monitored }.into()))
}

/// Monitor a search, or end that
///
/// Not part of the v3 API. A monitored search is made again when lists have changed. What is new,
/// changed or gone is posted to the tenant's callback address as `monitored_search_updated`, signed as
/// callbacks are.
#[utoipa::path(
    patch,
    path = "/api/v1/searches/{searchId}/monitors",
    tag = "Screening",
    security(("access" = []), ("basic" = [])),
    params(SearchPath),
    request_body = MonitorRequestBody,
    responses(
        (status = 200, description = "Whether it is monitored now.", body = MonitorEnvelope),
        Refused,
        RefusedBody,
        UnknownResource,
    )
)]
pub(crate) async fn set_monitor(
    State(api): State<Api>,
    Client(caller): Client,
    Ids(path): Ids<SearchPath>,
    JsonBody(body): JsonBody,
) -> Result<Json<MonitorEnvelope>, ApiError> {
    let wanted = body.get("is_monitored").and_then(serde_json::Value::as_bool);
    let wanted = wanted.ok_or_else(|| {
        ApiError::violations(vec![Violation::new("is_monitored", "must be true or false")])
    })?;
    let view = api.engine.monitor_search(&caller, &path.search_id, wanted).await?;
    Ok(Json(MonitorBody { is_monitored: view.search.is_monitored }.into()))
}

/// Get what changed in a monitored search
///
/// Not part of the v3 API. Each time that it was made again and something had changed, the oldest
/// first.
#[utoipa::path(
    get,
    path = "/api/v1/searches/{searchId}/monitor/differences",
    tag = "Screening",
    security(("access" = []), ("basic" = [])),
    params(SearchPath),
    responses(
        (status = 200, description = "What changed, the oldest first.", body = DifferencesEnvelope),
        Refused,
        UnknownResource,
    )
)]
pub(crate) async fn get_differences(
    State(api): State<Api>,
    Client(caller): Client,
    Ids(path): Ids<SearchPath>,
) -> Result<Json<DifferencesEnvelope>, ApiError> {
    let view = api.engine.search(&caller, &path.search_id).await?;
    let changes: Vec<DifferenceBody> = view.changes().into_iter().map(Into::into).collect();
    Ok(Json(changes.into()))
}

/// Take a notice of the other screening provider
///
/// Not part of the v3 API: what the provider's webhook is pointed at. Of `monitored_search_updated`
/// nothing is believed but the search's number: what changed is read from the provider, and told the
/// customer as with the own lists. Other events are taken and left alone.
#[utoipa::path(
    post,
    path = "/api/v1/screening-notices",
    tag = "Screening",
    security(("access" = []), ("basic" = [])),
    request_body = NoticeBody,
    responses(
        (status = 200, description = "Taken."),
        Refused,
        RefusedBody,
    )
)]
pub(crate) async fn take_notice(
    State(api): State<Api>,
    Client(caller): Client,
    JsonBody(body): JsonBody,
) -> Result<StatusCode, ApiError> {
    api.engine.take_provider_notice(&caller, &body).await?;
    Ok(StatusCode::OK)
}

/// Get how the watchlists stand
///
/// Not part of the v3 API. Version, age and size of each list; nobody is passed on one that is stale.
#[utoipa::path(
    get,
    path = "/api/v1/lists",
    tag = "Screening",
    security(("access" = []), ("basic" = [])),
    responses(
        (status = 200, description = "The lists.", body = ListsEnvelope),
        Refused,
    )
)]
pub(crate) async fn get_lists(
    State(api): State<Api>,
    Client(caller): Client,
) -> Result<Json<ListsEnvelope>, ApiError> {
    let lists: Vec<ListBody> =
        api.engine.lists(&caller).await?.into_iter().map(Into::into).collect();
    Ok(Json(lists.into()))
}
