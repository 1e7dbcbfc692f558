//! Results: status, details, parts, evidence (contract §7).

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use bonafide_domain::id::{AccountId, ExecutionId};
use bonafide_domain::tenant::TenantMode;
use bonafide_engine::Caller;

use crate::Api;
use crate::error::ApiError;
use crate::extract::{
    AccountPath, Client, CredentialPartPath, ExecutionPath, Ids, LooseExecutionPath,
};
use crate::openapi::{Refused, UnknownResource};
use crate::route::Routes as _;
use crate::wire::{AccountBody, Evidence, ExecutionDetails, PreparedDataRequest, StatusBody};

/// The routes of this service alone; those that share a path with another service stand there.
pub(crate) fn routes() -> Router<Api> {
    Router::new()
        .at(
            "/api/v1/accounts/{accountId}/workflow-executions/{workflowExecutionId}/status",
            get(get_status),
        )
        .at(
            "/api/v1/accounts/{accountId}/workflow-executions/{workflowExecutionId}/evidence",
            get(get_evidence),
        )
        .at(
            "/api/v1/accounts/{accountId}/credentials/{credentialId}/parts/{classifier}",
            get(get_part),
        )
        .at("/api/v1/workflow-executions/{workflowExecutionId}", get(get_loose_execution))
        .at("/api/v1/workflow-executions/{workflowExecutionId}/status", get(get_loose_status))
}

/// Get an execution's status
#[utoipa::path(
    get,
    path = "/api/v1/accounts/{accountId}/workflow-executions/{workflowExecutionId}/status",
    tag = "Retrieval",
    security(("access" = []), ("basic" = [])),
    params(ExecutionPath),
    responses(
        (status = 200, description = "Where the execution stands.", body = StatusBody),
        Refused,
        UnknownResource,
    )
)]
pub(crate) async fn get_status(
    State(api): State<Api>,
    Client(caller): Client,
    Ids(path): Ids<ExecutionPath>,
) -> Result<Json<StatusBody>, ApiError> {
    status(&api, &caller, Some(path.account_id), path.workflow_execution_id).await
}

/// Get an execution's status, by its id alone
#[utoipa::path(
    get,
    path = "/api/v1/workflow-executions/{workflowExecutionId}/status",
    tag = "Retrieval",
    security(("access" = []), ("basic" = [])),
    params(LooseExecutionPath),
    responses(
        (status = 200, description = "Where the execution stands.", body = StatusBody),
        Refused,
        UnknownResource,
    )
)]
pub(crate) async fn get_loose_status(
    State(api): State<Api>,
    Client(caller): Client,
    Ids(path): Ids<LooseExecutionPath>,
) -> Result<Json<StatusBody>, ApiError> {
    status(&api, &caller, None, path.workflow_execution_id).await
}

async fn status(
    api: &Api,
    caller: &Caller,
    account_id: Option<AccountId>,
    execution_id: ExecutionId,
) -> Result<Json<StatusBody>, ApiError> {
    let execution = api.engine.status(caller, account_id, execution_id).await?;
    Ok(Json(StatusBody::new(&execution, api.engine.public_urls())))
}

/// Get an execution's details
#[utoipa::path(
    get,
    path = "/api/v1/accounts/{accountId}/workflow-executions/{workflowExecutionId}",
    tag = "Retrieval",
    security(("access" = []), ("basic" = [])),
    params(ExecutionPath),
    responses(
        (status = 200, description = "The execution with its results.", body = ExecutionDetails),
        Refused,
        UnknownResource,
    )
)]
pub(crate) async fn get_execution(
    State(api): State<Api>,
    Client(caller): Client,
    Ids(path): Ids<ExecutionPath>,
) -> Result<Json<ExecutionDetails>, ApiError> {
    details(&api, &caller, Some(path.account_id), path.workflow_execution_id).await
}

/// Get an execution's details, by its id alone
#[utoipa::path(
    get,
    path = "/api/v1/workflow-executions/{workflowExecutionId}",
    tag = "Retrieval",
    security(("access" = []), ("basic" = [])),
    params(LooseExecutionPath),
    responses(
        (status = 200, description = "The execution with its results.", body = ExecutionDetails),
        Refused,
        UnknownResource,
    )
)]
pub(crate) async fn get_loose_execution(
    State(api): State<Api>,
    Client(caller): Client,
    Ids(path): Ids<LooseExecutionPath>,
) -> Result<Json<ExecutionDetails>, ApiError> {
    details(&api, &caller, None, path.workflow_execution_id).await
}

async fn details(
    api: &Api,
    caller: &Caller,
    account_id: Option<AccountId>,
    execution_id: ExecutionId,
) -> Result<Json<ExecutionDetails>, ApiError> {
    let details = api.engine.details(caller, account_id, execution_id).await?;
    let facemap_download = caller.tenant.settings.facemap_on_premise;
    Ok(Json(ExecutionDetails::new(details, facemap_download, api.engine.public_urls())))
}

/// Get what an execution's decisions rest on
///
/// Not part of the v3 API: each capability's signals with their values, thresholds, places and
/// models, and the machine-readable zone with its repairs.
#[utoipa::path(
    get,
    path = "/api/v1/accounts/{accountId}/workflow-executions/{workflowExecutionId}/evidence",
    tag = "Retrieval",
    security(("access" = []), ("basic" = [])),
    params(ExecutionPath),
    responses(
        (status = 200, description = "The results with their evidence.", body = Evidence),
        Refused,
        UnknownResource,
    )
)]
pub(crate) async fn get_evidence(
    State(api): State<Api>,
    Client(caller): Client,
    Ids(path): Ids<ExecutionPath>,
) -> Result<Json<Evidence>, ApiError> {
    let ExecutionPath { account_id, workflow_execution_id } = path;
    let results = api.engine.evidence(&caller, account_id, workflow_execution_id).await?;
    let sandbox = caller.tenant.mode == TenantMode::Sandbox;
    Ok(Json(Evidence { sandbox, ..results.into() }))
}

/// Get an account's executions
///
/// The contract links here and does not describe it.
#[utoipa::path(
    get,
    path = "/api/v1/accounts/{accountId}",
    tag = "Retrieval",
    security(("access" = []), ("basic" = [])),
    params(AccountPath),
    responses(
        (status = 200, description = "The account and its executions.", body = AccountBody),
        Refused,
        UnknownResource,
    )
)]
pub(crate) async fn get_account(
    State(api): State<Api>,
    Client(caller): Client,
    Ids(path): Ids<AccountPath>,
) -> Result<Json<AccountBody>, ApiError> {
    let executions = api.engine.account(&caller, path.account_id).await?;
    Ok(Json(AccountBody::new(path.account_id, &executions, api.engine.public_urls())))
}

/// Download a part
#[utoipa::path(
    get,
    path = "/api/v1/accounts/{accountId}/credentials/{credentialId}/parts/{classifier}",
    tag = "Retrieval",
    security(("access" = []), ("basic" = [])),
    params(CredentialPartPath),
    responses(
        (status = 200, description = "The file as it was uploaded.", content(
            (Vec<u8> = "image/jpeg"),
            (Vec<u8> = "image/png"),
            (Vec<u8> = "application/octet-stream"),
            (PreparedDataRequest = "application/json"),
        )),
        Refused,
        UnknownResource,
    )
)]
pub(crate) async fn get_part(
    State(api): State<Api>,
    Client(caller): Client,
    Ids(path): Ids<CredentialPartPath>,
) -> Result<Response, ApiError> {
    let CredentialPartPath { account_id, credential_id, classifier } = path;
    let file = api.engine.part(&caller, account_id, credential_id, classifier).await?;
    Ok(([(header::CONTENT_TYPE, file.media_type)], file.bytes).into_response())
}
