//! Acquisition before the end user, over WEB and SDK. Ours: the contract leaves its protocol open (§11).

use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::routing::{get, post};
use axum::{Json, Router};
use bonafide_domain::challenge::ChallengeAnswer;
use bonafide_engine::{MOST_FRAME_BYTES, Place};

use crate::Api;
use crate::acquisition::{UploadForm, receive};
use crate::error::ApiError;
use crate::extract::{
    ChallengePath, CredentialPath, EndUser, FramePath, Ids, JourneyUploadPath, JsonBody,
};
use crate::openapi::{Conflicting, Refused, RefusedBody, RefusedUpload, UnknownResource};
use crate::route::Routes as _;
use crate::wire::{
    AnsweredBody, ChallengeAnswerRequest, ChallengeBody, Finalized, FrameFeedbackBody, JourneyBody,
};

pub(crate) fn routes() -> Router<Api> {
    Router::new()
        .at("/websdk/v4/api/journey", get(get_journey))
        .at(
            "/websdk/v4/api/credentials/{credentialId}/parts/{classifier}",
            post(upload_journey_part),
        )
        .at("/websdk/v4/api/credentials/{credentialId}/challenge", post(issue_challenge))
        .at("/websdk/v4/api/challenges/{challengeId}/frames/{number}", post(take_frame))
        .at("/websdk/v4/api/challenges/{challengeId}", post(answer_challenge))
        .at("/websdk/v4/api/submit", post(submit))
}

/// Get what is to be captured
///
/// Not part of the v3 API, like all of this service. The token names the execution.
#[utoipa::path(
    get,
    path = "/websdk/v4/api/journey",
    tag = "Journey",
    security(("web" = []), ("sdk" = [])),
    responses(
        (status = 200, description = "The credentials of this channel.", body = JourneyBody),
        Refused,
    )
)]
pub(crate) async fn get_journey(
    State(api): State<Api>,
    EndUser(journey): EndUser,
) -> Result<Json<JourneyBody>, ApiError> {
    let acquisition = api.engine.acquisition(&journey).await?;
    Ok(Json(JourneyBody::new(acquisition)))
}

/// Upload a side of an ID
///
/// The same part again replaces the former one.
#[utoipa::path(
    post,
    path = "/websdk/v4/api/credentials/{credentialId}/parts/{classifier}",
    tag = "Journey",
    security(("web" = []), ("sdk" = [])),
    params(JourneyUploadPath),
    request_body(content = inline(UploadForm), content_type = "multipart/form-data"),
    responses(
        (status = 200, description = "The part was taken; this is what stands now.", body = JourneyBody),
        Refused,
        RefusedUpload,
        UnknownResource,
    )
)]
pub(crate) async fn upload_journey_part(
    State(api): State<Api>,
    EndUser(journey): EndUser,
    Ids(path): Ids<JourneyUploadPath>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<JourneyBody>, ApiError> {
    let acquisition = api.engine.acquisition(&journey).await?;
    let place = Place {
        account_id: acquisition.execution.account_id,
        execution_id: journey.execution_id,
        credential_id: path.credential_id,
        classifier: path.classifier,
    };
    api.engine.check_upload(&journey, place, None).await?;
    let _place = api.upload_place().await?;
    let file = receive(&headers, body, api.engine.limits().bytes).await?;
    api.engine.upload_part(&journey, place, file, None).await?;
    Ok(Json(JourneyBody::new(api.engine.acquisition(&journey).await?)))
}

/// Issue a challenge
///
/// What the end user is to do before the camera, in a random order. It serves once and for a minute;
/// a new one takes its place. There are five at most.
#[utoipa::path(
    post,
    path = "/websdk/v4/api/credentials/{credentialId}/challenge",
    tag = "Journey",
    security(("web" = []), ("sdk" = [])),
    params(CredentialPath),
    responses(
        (status = 200, description = "The challenge.", body = ChallengeBody),
        Refused,
        UnknownResource,
    )
)]
pub(crate) async fn issue_challenge(
    State(api): State<Api>,
    EndUser(journey): EndUser,
    Ids(path): Ids<CredentialPath>,
) -> Result<Json<ChallengeBody>, ApiError> {
    let issued = api.engine.issue_challenge(&journey, path.credential_id).await?;
    Ok(Json(ChallengeBody::new(issued)))
}

/// Send a frame
///
/// By its number, from 1 to 20; the same number again replaces the former one. What is said of it is
/// advice for the end user and decides nothing.
#[utoipa::path(
    post,
    path = "/websdk/v4/api/challenges/{challengeId}/frames/{number}",
    tag = "Journey",
    security(("web" = []), ("sdk" = [])),
    params(FramePath),
    request_body(content = inline(UploadForm), content_type = "multipart/form-data"),
    responses(
        (status = 200, description = "The frame was taken; how it looks.", body = FrameFeedbackBody),
        Refused,
        RefusedUpload,
        UnknownResource,
        Conflicting,
    )
)]
pub(crate) async fn take_frame(
    State(api): State<Api>,
    EndUser(journey): EndUser,
    Ids(path): Ids<FramePath>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<FrameFeedbackBody>, ApiError> {
    let _place = api.upload_place().await?;
    let most = MOST_FRAME_BYTES.min(api.engine.limits().bytes);
    let file = receive(&headers, body, most).await?;
    let FramePath { challenge_id, number } = path;
    let feedback = api.engine.take_frame(&journey, challenge_id, number, file).await?;
    Ok(Json(FrameFeedbackBody::new(number, &feedback)))
}

/// Answer a challenge
///
/// Once all frames are sent. The challenge is spent by it, whatever the frames show.
#[utoipa::path(
    post,
    path = "/websdk/v4/api/challenges/{challengeId}",
    tag = "Journey",
    security(("web" = []), ("sdk" = [])),
    params(ChallengePath),
    request_body = ChallengeAnswerRequest,
    responses(
        (status = 200, description = "The answer was taken.", body = AnsweredBody),
        Refused,
        RefusedBody,
        UnknownResource,
        Conflicting,
    )
)]
pub(crate) async fn answer_challenge(
    State(api): State<Api>,
    EndUser(journey): EndUser,
    Ids(path): Ids<ChallengePath>,
    JsonBody(body): JsonBody,
) -> Result<Json<AnsweredBody>, ApiError> {
    let answer = ChallengeAnswer::parse(&body).map_err(ApiError::violations)?;
    let at = api.engine.answer_challenge(&journey, path.challenge_id, answer).await?;
    Ok(Json(AnsweredBody { timestamp: at.into() }))
}

/// Submit the journey
///
/// Ends acquisition and starts processing, as finalizing does over the API. Submitting twice does no
/// harm.
#[utoipa::path(
    post,
    path = "/websdk/v4/api/submit",
    tag = "Journey",
    security(("web" = []), ("sdk" = [])),
    responses(
        (status = 200, description = "Processing has started.", body = Finalized),
        Refused,
    )
)]
pub(crate) async fn submit(
    State(api): State<Api>,
    EndUser(journey): EndUser,
) -> Result<Json<Finalized>, ApiError> {
    let account_id = api.engine.acquisition(&journey).await?.execution.account_id;
    let at = api.engine.finalize(&journey, account_id, journey.execution_id, None).await?;
    Ok(Json(Finalized::new(at, account_id, journey.execution_id)))
}
