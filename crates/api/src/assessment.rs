//! Steps and rules of platform keys (contract §7.5).

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};

use crate::Api;
use crate::error::ApiError;
use crate::extract::{Client, ExecutionPath, Ids};
use crate::openapi::{Refused, UnknownResource};
use crate::route::Routes as _;
use crate::wire::{Rules, Steps};

pub(crate) fn routes() -> Router<Api> {
    Router::new()
        .at(
            "/api/v1/accounts/{accountId}/workflow-executions/{workflowExecutionId}/steps",
            get(get_steps),
        )
        .at(
            "/api/v1/accounts/{accountId}/workflow-executions/{workflowExecutionId}/rules",
            get(get_rules),
        )
}

/// Get an execution's steps
///
/// Its capabilities in groups, each with a decision of its own. 404 for v3 keys, unless the tenant's
/// keys are mapped, and after deletion.
#[utoipa::path(
    get,
    path = "/api/v1/accounts/{accountId}/workflow-executions/{workflowExecutionId}/steps",
    tag = "Retrieval",
    security(("access" = []), ("basic" = [])),
    params(ExecutionPath),
    responses(
        (status = 200, description = "The steps; none while the execution runs.", body = Steps),
        Refused,
        UnknownResource,
    )
)]
pub(crate) async fn get_steps(
    State(api): State<Api>,
    Client(caller): Client,
    Ids(path): Ids<ExecutionPath>,
) -> Result<Json<Steps>, ApiError> {
    let ExecutionPath { account_id, workflow_execution_id } = path;
    let steps = api.engine.steps(&caller, account_id, workflow_execution_id).await?;
    Ok(Json(steps.into()))
}

/// Get the rules that fired on an execution
///
/// The grounds of the overall decision, each with what it adds to the score. 404 where there are no
/// steps.
#[utoipa::path(
    get,
    path = "/api/v1/accounts/{accountId}/workflow-executions/{workflowExecutionId}/rules",
    tag = "Retrieval",
    security(("access" = []), ("basic" = [])),
    params(ExecutionPath),
    responses(
        (status = 200, description = "The rules; none while the execution runs.", body = Rules),
        Refused,
        UnknownResource,
    )
)]
pub(crate) async fn get_rules(
    State(api): State<Api>,
    Client(caller): Client,
    Ids(path): Ids<ExecutionPath>,
) -> Result<Json<Rules>, ApiError> {
    let ExecutionPath { account_id, workflow_execution_id } = path;
    let rules = api.engine.rules(&caller, account_id, workflow_execution_id).await?;
    Ok(Json(rules.into()))
}
