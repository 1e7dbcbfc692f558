//! Acquisition over the API channel: parts come in, and the execution is finalized (contract §4, §5).

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::routing::post;
use axum::{Json, Router};
use bonafide_domain::credential::Classifier;
use bonafide_engine::Place;
use bytes::Bytes;

use crate::error::ApiError;
use crate::extract::{
    ExecutionPath, IdempotencyHeader, Ids, Repeatable, TokenHolder, UploadPath, read_body,
};
use crate::openapi::{Refused, RefusedRepetition, RefusedUpload, UnknownResource};
use crate::route::Routes as _;
use crate::upload::{UploadError, certainly_too_large, parse_upload};
use crate::wire::{Finalized, PreparedDataRequest, Uploaded};
use crate::{Api, deletion, retrieval};

pub(crate) fn routes() -> Router<Api> {
    Router::new()
        .at(
            "/api/v1/accounts/{accountId}/workflow-executions/{workflowExecutionId}/credentials/{credentialId}/parts/{classifier}",
            post(upload_part).put(upload_part),
        )
        .at(
            "/api/v1/accounts/{accountId}/workflow-executions/{workflowExecutionId}",
            axum::routing::put(finalize)
                .get(retrieval::get_execution)
                .delete(deletion::delete_execution),
        )
}

/// Upload a part
///
/// The same part again replaces the former one. `PUT` is an alias. `PREPARED_DATA` is sent as JSON,
/// everything else as a form.
#[utoipa::path(
    post,
    path = "/api/v1/accounts/{accountId}/workflow-executions/{workflowExecutionId}/credentials/{credentialId}/parts/{classifier}",
    tag = "Acquisition",
    security(("transaction" = [])),
    params(UploadPath, IdempotencyHeader),
    request_body(content(
        (inline(UploadForm) = "multipart/form-data"),
        (PreparedDataRequest = "application/json"),
    )),
    responses(
        (status = 200, description = "The part was taken.", body = Uploaded),
        Refused,
        RefusedRepetition,
        RefusedUpload,
        UnknownResource,
    )
)]
pub(crate) async fn upload_part(
    State(api): State<Api>,
    TokenHolder(journey): TokenHolder,
    Ids(path): Ids<UploadPath>,
    repeatable: Repeatable,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Uploaded>, ApiError> {
    let UploadPath { account_id, workflow_execution_id, credential_id, classifier } = path;
    let place =
        Place { account_id, execution_id: workflow_execution_id, credential_id, classifier };
    api.engine.check_upload(&journey, place, repeatable.key()).await?;
    let _place = api.upload_place().await?;
    let file = if classifier == Classifier::PreparedData {
        read_body(body).await?.into()
    } else {
        receive(&headers, body, api.engine.limits().bytes).await?
    };
    // The file and not the body: each form has a boundary of its own.
    let once = repeatable.once("upload", &file);
    let uploaded = api.engine.upload_part(&journey, place, file, once.as_ref()).await?;
    Ok(Json(Uploaded::new(&uploaded, &journey, api.engine.public_urls())))
}

/// Finalize an execution
///
/// Ends acquisition and starts processing. Takes any body or none. Finalizing twice does no harm.
#[utoipa::path(
    put,
    path = "/api/v1/accounts/{accountId}/workflow-executions/{workflowExecutionId}",
    tag = "Acquisition",
    security(("transaction" = [])),
    params(ExecutionPath, IdempotencyHeader),
    responses(
        (status = 200, description = "Processing has started.", body = Finalized),
        Refused,
        RefusedRepetition,
        UnknownResource,
    )
)]
pub(crate) async fn finalize(
    State(api): State<Api>,
    TokenHolder(journey): TokenHolder,
    Ids(path): Ids<ExecutionPath>,
    repeatable: Repeatable,
) -> Result<Json<Finalized>, ApiError> {
    let ExecutionPath { account_id, workflow_execution_id } = path;
    let once = repeatable.once("finalize", b"");
    let at =
        api.engine.finalize(&journey, account_id, workflow_execution_id, once.as_ref()).await?;
    Ok(Json(Finalized::new(at, account_id, workflow_execution_id)))
}

/// The form of an upload.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes the form; `parse_upload` reads it as a stream")]
pub(crate) struct UploadForm {
    /// The picture, JPEG or PNG; of a facemap, its bytes. Its name and its type do not matter.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

pub(crate) async fn receive(
    headers: &HeaderMap,
    body: Body,
    max_bytes: usize,
) -> Result<Bytes, ApiError> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let content_length = text(header::CONTENT_LENGTH).and_then(|length| length.parse().ok());
    if content_length.is_some_and(|length| certainly_too_large(length, max_bytes)) {
        return Err(UploadError::TooLarge { max_bytes }.into());
    }
    Ok(parse_upload(text(header::CONTENT_TYPE).unwrap_or_default(), body, max_bytes).await?)
}

impl Api {
    /// Waits for one of the places that bound how many files are held in memory at once.
    pub(crate) async fn upload_place(&self) -> Result<tokio::sync::OwnedSemaphorePermit, ApiError> {
        self.uploads.clone().acquire_owned().await.map_err(|_| {
            ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "The server is going down.")
        })
    }
}
