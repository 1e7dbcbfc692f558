//! Accounts: create and update, that is, start a workflow execution (contract §3).

use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use bonafide_domain::initiation::Initiation;
use bonafide_engine::Caller;
use serde_json::Value;

use crate::error::ApiError;
use crate::extract::{AccountPath, Client, IdempotencyHeader, Ids, JsonBody, Repeatable};
use crate::openapi::{Refused, RefusedBody, RefusedRepetition, UnknownResource};
use crate::route::Routes as _;
use crate::wire::{Initiated, InitiationRequest};
use crate::{Api, deletion, retrieval};

pub(crate) fn routes() -> Router<Api> {
    Router::new()
        // The seed prints PUT for one create and POST for three updates: aliases.
        .at("/api/v1/accounts", post(create_account).put(create_account))
        .at(
            "/api/v1/accounts/{accountId}",
            post(update_account)
                .put(update_account)
                .get(retrieval::get_account)
                .delete(deletion::delete_account),
        )
}

/// Create an account
///
/// Makes an account and its first workflow execution. `PUT` is an alias.
#[utoipa::path(
    post,
    path = "/api/v1/accounts",
    tag = "Account",
    security(("access" = []), ("basic" = [])),
    params(IdempotencyHeader),
    request_body = InitiationRequest,
    responses(
        (status = 200, description = "What was made, and how its credentials are captured.", body = Initiated),
        Refused,
        RefusedBody,
        RefusedRepetition,
    )
)]
pub(crate) async fn create_account(
    State(api): State<Api>,
    Client(caller): Client,
    repeatable: Repeatable,
    JsonBody(body): JsonBody,
) -> Result<Json<Initiated>, ApiError> {
    let initiation = initiation(&caller, &body)?;
    let once = repeatable.once("initiate", body.to_string().as_bytes());
    let initiated = api.engine.create_account(&caller, initiation, once.as_ref()).await?;
    Ok(Json(Initiated::new(initiated, api.engine.public_urls())))
}

/// Update an account
///
/// Starts a new workflow execution on an account. `POST` is an alias.
#[utoipa::path(
    put,
    path = "/api/v1/accounts/{accountId}",
    tag = "Account",
    security(("access" = []), ("basic" = [])),
    params(AccountPath, IdempotencyHeader),
    request_body = InitiationRequest,
    responses(
        (status = 200, description = "What was made, and how its credentials are captured.", body = Initiated),
        Refused,
        RefusedBody,
        RefusedRepetition,
        UnknownResource,
    )
)]
pub(crate) async fn update_account(
    State(api): State<Api>,
    Client(caller): Client,
    Ids(path): Ids<AccountPath>,
    repeatable: Repeatable,
    JsonBody(body): JsonBody,
) -> Result<Json<Initiated>, ApiError> {
    let initiation = initiation(&caller, &body)?;
    let once = repeatable.once("initiate", body.to_string().as_bytes());
    let initiated =
        api.engine.update_account(&caller, path.account_id, initiation, once.as_ref()).await?;
    Ok(Json(Initiated::new(initiated, api.engine.public_urls())))
}

fn initiation(caller: &Caller, body: &Value) -> Result<Initiation, ApiError> {
    Initiation::parse(body, caller.request_profile()).map_err(ApiError::violations)
}
