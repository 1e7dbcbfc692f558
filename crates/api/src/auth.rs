//! The token endpoint (contract §2, RFC 6749 §4.4).

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router};
use bonafide_domain::token::Authorization;
use bonafide_engine::Kind;

use crate::Api;
use crate::error::ApiError;
use crate::extract::basic_credentials;
use crate::route::Routes as _;
use crate::wire::{Problem, TokenBody, TokenProblem, TokenRequest};

pub(crate) fn routes() -> Router<Api> {
    Router::new().at("/oauth2/token", axum::routing::post(issue_token))
}

/// Issue an access token
///
/// The client authenticates by HTTP Basic, or by `client_id` and `client_secret` in the form.
#[utoipa::path(
    post,
    path = "/oauth2/token",
    tag = "Token",
    security(("client" = [])),
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "An access token.", body = TokenBody),
        (status = 400, description = "Not a client credentials request.", body = TokenProblem),
        (status = 401, description = "The client is unknown, or its secret is wrong.", body = TokenProblem),
        (status = 429, description = "Too many requests; `Retry-After` says when to come back.", body = Problem),
    )
)]
pub(crate) async fn issue_token(
    State(api): State<Api>,
    headers: HeaderMap,
    form: Result<Form<TokenRequest>, FormRejection>,
) -> Result<Json<TokenBody>, Refusal> {
    let Form(request) = form.map_err(|_| {
        invalid_request("Send each parameter once, as application/x-www-form-urlencoded.")
    })?;
    check_grant(request.grant_type.as_deref())?;
    let (client_id, secret) = client(&headers, request)?;
    api.rates.check_token(&client_id).map_err(Refusal::Failure)?;
    let issued = api.engine.issue_access_token(&client_id, &secret).await.map_err(refusal)?;
    Ok(Json(TokenBody {
        access_token: issued.token.into_exposed(),
        expires_in: issued.expires_in_seconds,
        token_type: "Bearer",
    }))
}

/// A refusal in the words of RFC 6749 §5.2, or a failure in ours.
pub(crate) enum Refusal {
    OAuth(StatusCode, TokenProblem),
    Failure(ApiError),
}

fn check_grant(grant_type: Option<&str>) -> Result<(), Refusal> {
    match grant_type {
        Some("client_credentials") => Ok(()),
        Some(_) => Err(bad_request(
            "unsupported_grant_type",
            "Use grant_type=client_credentials; there is no other.",
        )),
        None => Err(invalid_request("Send grant_type=client_credentials.")),
    }
}

/// The client's id and secret, out of the header or the form but not both (RFC 6749 §2.3).
fn client(headers: &HeaderMap, request: TokenRequest) -> Result<(String, String), Refusal> {
    let Some(header) = headers.get(header::AUTHORIZATION) else {
        return request.client_id.zip(request.client_secret).ok_or_else(|| {
            invalid_client("Send the client's id and secret as HTTP Basic or in the form.")
        });
    };
    if request.client_secret.is_some() {
        return Err(invalid_request("Send the secret in the header or in the form, not in both."));
    }
    header
        .to_str()
        .ok()
        .and_then(Authorization::parse)
        .and_then(|authorization| match authorization {
            Authorization::Basic(encoded) => basic_credentials(encoded),
            Authorization::Bearer(_) => None,
        })
        .ok_or_else(|| invalid_client("The client authenticates by HTTP Basic, or in the form."))
}

fn refusal(error: bonafide_engine::Error) -> Refusal {
    match error.kind {
        Kind::Unauthenticated => invalid_client(error.detail),
        _ => Refusal::Failure(error.into()),
    }
}

fn invalid_request(description: &str) -> Refusal {
    bad_request("invalid_request", description)
}

fn bad_request(error: &'static str, description: &str) -> Refusal {
    let problem = TokenProblem { error, error_description: description.to_owned() };
    Refusal::OAuth(StatusCode::BAD_REQUEST, problem)
}

fn invalid_client(description: impl Into<String>) -> Refusal {
    let problem = TokenProblem { error: "invalid_client", error_description: description.into() };
    Refusal::OAuth(StatusCode::UNAUTHORIZED, problem)
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::OAuth(status, problem) => {
                let mut response = (status, Json(problem)).into_response();
                if status == StatusCode::UNAUTHORIZED {
                    let challenge = HeaderValue::from_static("Basic realm=\"bonafide\"");
                    response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
                }
                response
            }
            Self::Failure(error) => error.into_response(),
        }
    }
}
