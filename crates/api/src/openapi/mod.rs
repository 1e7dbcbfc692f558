//! The surface's own description, OpenAPI 3.1, made from the handlers and the wire types.

mod examples;

use axum::Json;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::{IntoResponses, Modify, OpenApi};

use crate::wire::{CallbackBody, Problem};
use crate::{
    account, acquisition, assessment, auth, deletion, events, health, journey, ours, retrieval,
    screening,
};

/// The description of every operation.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let mut description = Description::openapi();
    description.webhooks = Some(Webhooks::openapi().paths);
    examples::add(&mut description);
    description
}

/// Get this description
#[utoipa::path(
    get,
    path = "/openapi.json",
    tag = "Description",
    responses((status = 200, description = "OpenAPI 3.1.", body = Object))
)]
pub(crate) async fn get_openapi() -> Json<utoipa::openapi::OpenApi> {
    Json(openapi())
}

/// Get the schema of a sandbox's instructions
///
/// What may stand in the `customerInternalReference` of a sandbox tenant, as JSON Schema.
#[utoipa::path(
    get,
    path = "/sandbox/instruction.schema.json",
    tag = "Description",
    responses((status = 200, description = "JSON Schema 2020-12.", body = Object))
)]
pub(crate) async fn get_instruction_schema() -> Json<serde_json::Value> {
    Json(instruction_schema())
}

/// The schema of a sandbox's instructions.
pub fn instruction_schema() -> serde_json::Value {
    bonafide_domain::sandbox::schema()
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Bonafide",
        description = "Self-hosted identity verification over the v3 workflow API.",
    ),
    paths(
        auth::issue_token,
        account::create_account,
        account::update_account,
        acquisition::upload_part,
        acquisition::finalize,
        journey::get_journey,
        journey::upload_journey_part,
        journey::issue_challenge,
        journey::take_frame,
        journey::answer_challenge,
        journey::submit,
        retrieval::get_account,
        retrieval::get_status,
        retrieval::get_loose_status,
        retrieval::get_execution,
        retrieval::get_loose_execution,
        retrieval::get_evidence,
        assessment::get_steps,
        assessment::get_rules,
        ours::list_executions,
        ours::get_consents,
        retrieval::get_part,
        deletion::delete_execution,
        deletion::delete_execution_biometrics,
        deletion::delete_account,
        deletion::delete_account_biometrics,
        deletion::get_receipts,
        events::get_events,
        events::get_callbacks,
        screening::create_search,
        screening::get_searches,
        screening::get_search,
        screening::review_search,
        screening::get_comments,
        screening::add_comment,
        screening::get_monitor,
        screening::set_monitor,
        screening::take_notice,
        screening::get_differences,
        screening::get_lists,
        health::get_health,
        get_openapi,
        get_instruction_schema,
    ),
    components(schemas(CallbackBody, crate::wire::AccountLink)),
    modifiers(&SecuritySchemes),
    tags(
        (name = "Token", description = "Access tokens for a tenant's clients."),
        (name = "Account", description = "Starting workflow executions."),
        (name = "Acquisition", description = "Uploading parts and finalizing."),
        (name = "Journey", description = "Capturing before the end user, over WEB and SDK."),
        (name = "Retrieval", description = "Results, files and their deletion."),
        (name = "Events", description = "What happened, for who asks instead of being called back."),
        (name = "Screening", description = "Searches in watchlists and the review of their hits."),
        (name = "Health", description = "Whether the service works."),
        (name = "Description", description = "This description."),
    )
)]
struct Description;

#[derive(OpenApi)]
#[openapi(paths(execution_ended))]
struct Webhooks;

/// An execution has ended
///
/// Posted to the callback URL of the request or else of the tenant, at least once for each terminal
/// status, and for `ACQUISITION_STARTED` and `ACQUIRED` where the tenant asks for them. Answer with any 2xx
/// once it is stored; anything else, a redirect too, is tried again by the operator's schedule.
///
/// `webhook-id`, `webhook-timestamp` and `webhook-signature` are those of the Standard Webhooks
/// specification; while a secret is rotated there are two signatures. `bonafide-sequence` counts the
/// account's events from 1: callbacks may overtake each other.
#[utoipa::path(
    post,
    path = "executionEnded",
    tag = "Retrieval",
    request_body = CallbackBody,
    responses((status = 200, description = "Stored."))
)]
#[expect(dead_code, reason = "describes what the engine posts")]
fn execution_ended() {}

/// What any operation with a body or a token may answer.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "describes the refusals for OpenAPI")]
pub(crate) enum Refused {
    /// The request is not valid.
    #[response(status = 400)]
    Invalid(Problem),
    /// The credentials are missing, wrong or expired.
    #[response(status = 401)]
    Unauthenticated(Problem),
    /// The credentials do not allow this, a product is off, or the User-Agent is missing.
    #[response(status = 403)]
    Forbidden(Problem),
    /// The request took too long.
    #[response(status = 408)]
    TimedOut(Problem),
    /// Too many requests; `Retry-After` says when to come back.
    #[response(status = 429)]
    TooMany(Problem),
    /// The server failed.
    #[response(status = 500)]
    Failed(Problem),
    /// Cannot be done now; try again.
    #[response(status = 503)]
    Unavailable(Problem),
}

/// What an operation on a resource may answer besides.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "describes the refusals for OpenAPI")]
pub(crate) enum UnknownResource {
    /// Not there, deleted, or another tenant's.
    #[response(status = 404)]
    NotFound(Problem),
}

/// What an operation with a JSON body may answer besides.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "describes the refusals for OpenAPI")]
pub(crate) enum RefusedBody {
    /// The body has more bytes than any request needs.
    #[response(status = 413)]
    TooLarge(Problem),
}

/// What a call that takes an `Idempotency-Key` may answer besides.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "describes the refusals for OpenAPI")]
pub(crate) enum RefusedRepetition {
    /// The Idempotency-Key was used for another request.
    #[response(status = 409)]
    AnotherRequest(Problem),
}

/// What a call on a challenge may answer besides.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "describes the refusals for OpenAPI")]
pub(crate) enum Conflicting {
    /// The challenge was answered, or its time is over.
    #[response(status = 409)]
    Conflict(Problem),
}

/// What an upload may answer besides.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "describes the refusals for OpenAPI")]
pub(crate) enum RefusedUpload {
    /// The file has too many bytes.
    #[response(status = 413)]
    TooLarge(Problem),
    /// The body is not multipart/form-data.
    #[response(status = 415)]
    NotMultipart(Problem),
}

struct SecuritySchemes;

impl Modify for SecuritySchemes {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let components = openapi.components.get_or_insert_default();
        for (name, scheme, description) in [
            ("client", HttpAuthScheme::Basic, "The client's id and secret."),
            ("access", HttpAuthScheme::Bearer, "An access token of the token endpoint."),
            ("basic", HttpAuthScheme::Basic, "The client's id and secret, without a token."),
            ("web", HttpAuthScheme::Bearer, "The token of a workflow execution's `web.href`."),
            ("sdk", HttpAuthScheme::Bearer, "The `sdk.token` of a workflow execution."),
            ("transaction", HttpAuthScheme::Bearer, "The `api.token` of a workflow execution."),
        ] {
            let mut scheme = Http::new(scheme);
            scheme.description = Some(description.to_owned());
            components.add_security_scheme(name, SecurityScheme::Http(scheme));
        }
    }
}
