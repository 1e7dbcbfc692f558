//! What the contract does not know: a tenant's executions as a list, and an account's consents.

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};

use crate::Api;
use crate::error::ApiError;
use crate::extract::{AccountPath, Client, Ids, ListQuery, Listing};
use crate::openapi::{Refused, UnknownResource};
use crate::route::Routes as _;
use crate::wire::{ConsentHistory, ExecutionPage};

pub(crate) fn routes() -> Router<Api> {
    Router::new()
        .at("/api/v1/workflow-executions", get(list_executions))
        .at("/api/v1/accounts/{accountId}/consents", get(get_consents))
}

/// List the tenant's executions
///
/// Not part of the v3 API. Newest first, page by page: send `nextCursor` as `cursor`, with the same
/// filters, until there is none.
#[utoipa::path(
    get,
    path = "/api/v1/workflow-executions",
    tag = "Retrieval",
    security(("access" = []), ("basic" = [])),
    params(ListQuery),
    responses(
        (status = 200, description = "One page.", body = ExecutionPage),
        Refused,
    )
)]
pub(crate) async fn list_executions(
    State(api): State<Api>,
    Client(caller): Client,
    listing: Listing,
) -> Result<Json<ExecutionPage>, ApiError> {
    let Listing { filter, after, limit } = listing;
    let page = api.engine.executions(&caller, &filter, after, limit).await?;
    Ok(Json(ExecutionPage::new(page, api.engine.public_urls())))
}

/// Get an account's consents
///
/// Not part of the v3 API. What each of its executions that processes biometrics was told about the
/// end user's consent, and whether it holds now.
#[utoipa::path(
    get,
    path = "/api/v1/accounts/{accountId}/consents",
    tag = "Retrieval",
    security(("access" = []), ("basic" = [])),
    params(AccountPath),
    responses(
        (status = 200, description = "One entry for each execution.", body = ConsentHistory),
        Refused,
        UnknownResource,
    )
)]
pub(crate) async fn get_consents(
    State(api): State<Api>,
    Client(caller): Client,
    Ids(path): Ids<AccountPath>,
) -> Result<Json<ConsentHistory>, ApiError> {
    let history = api.engine.consent_history(&caller, path.account_id).await?;
    Ok(Json(ConsentHistory::new(path.account_id, history, api.engine.public_urls())))
}
