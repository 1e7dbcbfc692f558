//! Deletion, and the receipts of it (contract §9).

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get};
use bonafide_domain::receipt::Extent;
use bonafide_engine::{Caller, Error, Kind};
use serde::Serialize;

use crate::Api;
use crate::error::ApiError;
use crate::extract::{AccountPath, Client, ExecutionPath, IdempotencyHeader, Ids, Repeatable};
use crate::openapi::{Refused, RefusedRepetition, UnknownResource};
use crate::route::Routes as _;
use crate::wire::{Receipt, Receipts};

/// The routes of this module alone; the others share their path with another service.
pub(crate) fn routes() -> Router<Api> {
    Router::new()
        .at("/api/v1/accounts/{accountId}/biometrics", delete(delete_account_biometrics))
        .at(
            "/api/v1/accounts/{accountId}/workflow-executions/{workflowExecutionId}/biometrics",
            delete(delete_execution_biometrics),
        )
        .at("/api/v1/accounts/{accountId}/receipts", get(get_receipts))
}

/// Delete an execution's data
///
/// Parts and what was read from them cannot be opened afterwards; the decisions stay.
#[utoipa::path(
    delete,
    path = "/api/v1/accounts/{accountId}/workflow-executions/{workflowExecutionId}",
    tag = "Retrieval",
    security(("access" = []), ("basic" = [])),
    params(ExecutionPath, IdempotencyHeader),
    responses(
        (status = 200, description = "The data is deleted; the receipt, signed as callbacks are.", body = Receipt),
        Refused,
        RefusedRepetition,
        UnknownResource,
    )
)]
pub(crate) async fn delete_execution(
    State(api): State<Api>,
    Client(caller): Client,
    Ids(path): Ids<ExecutionPath>,
    repeatable: Repeatable,
) -> Result<Response, ApiError> {
    of_execution(&api, &caller, path, Extent::Everything, &repeatable).await
}

/// Delete an execution's biometrics
///
/// Selfies, facemaps and what was found on them; the documents and the decisions stay. Not part of the
/// v3 API, which has this without an address.
#[utoipa::path(
    delete,
    path = "/api/v1/accounts/{accountId}/workflow-executions/{workflowExecutionId}/biometrics",
    tag = "Retrieval",
    security(("access" = []), ("basic" = [])),
    params(ExecutionPath, IdempotencyHeader),
    responses(
        (status = 200, description = "The data is deleted; the receipt, signed as callbacks are.", body = Receipt),
        Refused,
        RefusedRepetition,
        UnknownResource,
    )
)]
pub(crate) async fn delete_execution_biometrics(
    State(api): State<Api>,
    Client(caller): Client,
    Ids(path): Ids<ExecutionPath>,
    repeatable: Repeatable,
) -> Result<Response, ApiError> {
    of_execution(&api, &caller, path, Extent::Biometrics, &repeatable).await
}

/// Delete an account's data
///
/// As for an execution, for all of the account's executions. The account takes no more.
#[utoipa::path(
    delete,
    path = "/api/v1/accounts/{accountId}",
    tag = "Retrieval",
    security(("access" = []), ("basic" = [])),
    params(AccountPath, IdempotencyHeader),
    responses(
        (status = 200, description = "The data is deleted; the receipt, signed as callbacks are.", body = Receipt),
        Refused,
        RefusedRepetition,
        UnknownResource,
    )
)]
pub(crate) async fn delete_account(
    State(api): State<Api>,
    Client(caller): Client,
    Ids(path): Ids<AccountPath>,
    repeatable: Repeatable,
) -> Result<Response, ApiError> {
    of_account(&api, &caller, path, Extent::Everything, &repeatable).await
}

/// Delete an account's biometrics
///
/// As for an execution, for all of the account's executions. New ones may be started.
#[utoipa::path(
    delete,
    path = "/api/v1/accounts/{accountId}/biometrics",
    tag = "Retrieval",
    security(("access" = []), ("basic" = [])),
    params(AccountPath, IdempotencyHeader),
    responses(
        (status = 200, description = "The data is deleted; the receipt, signed as callbacks are.", body = Receipt),
        Refused,
        RefusedRepetition,
        UnknownResource,
    )
)]
pub(crate) async fn delete_account_biometrics(
    State(api): State<Api>,
    Client(caller): Client,
    Ids(path): Ids<AccountPath>,
    repeatable: Repeatable,
) -> Result<Response, ApiError> {
    of_account(&api, &caller, path, Extent::Biometrics, &repeatable).await
}

/// Get the receipts of an account's deletions
///
/// Not part of the v3 API: what was deleted of the account and its executions, when, why, and which
/// keys were destroyed for it; retention's deletions too.
#[utoipa::path(
    get,
    path = "/api/v1/accounts/{accountId}/receipts",
    tag = "Retrieval",
    security(("access" = []), ("basic" = [])),
    params(AccountPath),
    responses(
        (status = 200, description = "The receipts, oldest first, signed as callbacks are.", body = Receipts),
        Refused,
        UnknownResource,
    )
)]
pub(crate) async fn get_receipts(
    State(api): State<Api>,
    Client(caller): Client,
    Ids(path): Ids<AccountPath>,
) -> Result<Response, ApiError> {
    let receipts = api.engine.receipts(&caller, path.account_id).await?;
    signed(&api, &caller, &path.account_id.to_string(), &Receipts::from(receipts)).await
}

async fn of_execution(
    api: &Api,
    caller: &Caller,
    path: ExecutionPath,
    extent: Extent,
    repeatable: &Repeatable,
) -> Result<Response, ApiError> {
    let ExecutionPath { account_id, workflow_execution_id } = path;
    let once = repeatable.once("delete", b"");
    let deleted = api.engine.delete_execution(
        caller,
        account_id,
        workflow_execution_id,
        extent,
        once.as_ref(),
    );
    let receipt = deleted.await?;
    signed(api, caller, &receipt.id.to_string(), &Receipt::from(receipt)).await
}

async fn of_account(
    api: &Api,
    caller: &Caller,
    path: AccountPath,
    extent: Extent,
    repeatable: &Repeatable,
) -> Result<Response, ApiError> {
    let once = repeatable.once("delete", b"");
    let deleted = api.engine.delete_account(caller, path.account_id, extent, once.as_ref());
    let receipt = deleted.await?;
    signed(api, caller, &receipt.id.to_string(), &Receipt::from(receipt)).await
}

/// A body with the headers of the Standard Webhooks specification, so that one function of the
/// customer's checks callbacks and receipts.
async fn signed(
    api: &Api,
    caller: &Caller,
    id: &str,
    body: &impl Serialize,
) -> Result<Response, ApiError> {
    let body = serde_json::to_vec(body).map_err(failed)?;
    let signature = api.engine.sign(caller, id, &body).await?;
    let json = HeaderValue::from_static("application/json");
    let mut response = ([(header::CONTENT_TYPE, json)], body).into_response();
    if !signature.signatures.is_empty() {
        for (name, value) in [
            ("webhook-id", signature.id),
            ("webhook-timestamp", signature.timestamp_seconds.to_string()),
            ("webhook-signature", signature.signatures),
        ] {
            let value = HeaderValue::from_str(&value).map_err(failed)?;
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
    Ok(response)
}

fn failed(error: impl std::error::Error + Send + Sync + 'static) -> ApiError {
    Error { source: Some(Box::new(error)), ..Error::new(Kind::Internal, "The server failed.") }
        .into()
}
