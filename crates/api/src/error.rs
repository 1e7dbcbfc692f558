//! Where refusals become HTTP: the one place that maps kinds to statuses and logs failures.

use std::error::Error;
use std::fmt::Write as _;
use std::time::Duration;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bonafide_domain::validation::Violation;
use bonafide_engine as engine;
use bonafide_engine::Kind;

use crate::wire::Problem;

/// A refusal on its way out. What it says is public; `cause` is for the log.
#[derive(Debug)]
pub(crate) struct ApiError {
    status: StatusCode,
    detail: String,
    violations: Vec<Violation>,
    retry_after: Option<Duration>,
    cause: Option<Box<dyn Error + Send + Sync>>,
}

impl ApiError {
    pub(crate) fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        let retry_after =
            (status == StatusCode::SERVICE_UNAVAILABLE).then_some(Duration::from_secs(1));
        Self { status, detail: detail.into(), violations: Vec::new(), retry_after, cause: None }
    }

    pub(crate) fn invalid(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail)
    }

    pub(crate) fn violations(violations: Vec<Violation>) -> Self {
        engine::Error::violations(violations).into()
    }

    pub(crate) fn unauthenticated(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, detail)
    }

    /// Refused for a while (contract §12).
    pub(crate) fn too_many_requests(wait: Duration) -> Self {
        Self {
            retry_after: Some(wait),
            ..Self::new(StatusCode::TOO_MANY_REQUESTS, "Request limit exceeded")
        }
    }

    pub(crate) fn no_such_resource() -> Self {
        Self::new(StatusCode::NOT_FOUND, "There is nothing at this address.")
    }

    pub(crate) fn failed() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "The server failed; the operator's log says why.",
        )
    }
}

impl From<engine::Error> for ApiError {
    fn from(error: engine::Error) -> Self {
        let engine::Error { kind, detail, violations, source } = error;
        Self { violations, cause: source, ..Self::new(status(kind), detail) }
    }
}

fn status(kind: Kind) -> StatusCode {
    match kind {
        Kind::Invalid => StatusCode::BAD_REQUEST,
        Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Kind::UnsupportedMedia => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        if let Some(cause) = self.cause.filter(|_| self.status.is_server_error()) {
            let cause = chain(cause.as_ref());
            tracing::error!(status = self.status.as_u16(), cause, "request failed");
        }
        let problem = Problem {
            title: self.status.canonical_reason().unwrap_or("Error").to_owned(),
            status: self.status.as_u16(),
            detail: self.detail,
            errors: self.violations.into_iter().map(Into::into).collect(),
        };
        let mut response = (self.status, Json(problem)).into_response();
        let headers = response.headers_mut();
        if self.status == StatusCode::UNAUTHORIZED {
            let challenge = HeaderValue::from_static("Bearer realm=\"bonafide\"");
            headers.insert(header::WWW_AUTHENTICATE, challenge);
        }
        if let Some(wait) = self.retry_after {
            // Whole seconds, rounded up: who waits so long is served.
            let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds.max(1)));
        }
        response
    }
}

/// A failure and its causes, outermost first.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        // Writing into a string cannot fail.
        let _ = write!(text, ": {error}");
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn causes_stay_inside() {
        let source = std::io::Error::other("table accounts of tenant Example Ltd");
        let error = engine::Error {
            source: Some(Box::new(source)),
            ..engine::Error::new(Kind::Internal, "The server failed.")
        };
        let response = ApiError::from(error).into_response();
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let body = axum::body::to_bytes(response.into_body(), 1024).await.unwrap();
        assert_eq!(
            serde_json::from_slice::<serde_json::Value>(&body).unwrap(),
            serde_json::json!({
                "title": "Internal Server Error", "status": 500, "detail": "The server failed."
            })
        );
    }

    #[test]
    fn each_kind_has_its_status_and_headers() {
        for (kind, status) in [
            (Kind::Invalid, 400),
            (Kind::Unauthenticated, 401),
            (Kind::Forbidden, 403),
            (Kind::NotFound, 404),
            (Kind::Conflict, 409),
            (Kind::TooLarge, 413),
            (Kind::UnsupportedMedia, 415),
            (Kind::Internal, 500),
            (Kind::Unavailable, 503),
        ] {
            let response = ApiError::from(engine::Error::new(kind, "detail")).into_response();
            assert_eq!(response.status().as_u16(), status, "{kind:?}");
            let headers = response.headers();
            assert_eq!(headers.contains_key(header::WWW_AUTHENTICATE), status == 401);
            assert_eq!(headers.contains_key(header::RETRY_AFTER), status == 503);
        }
    }

    #[test]
    fn the_log_has_the_whole_chain() {
        #[derive(Debug, thiserror::Error)]
        #[error("outer")]
        struct Outer(#[source] std::io::Error);
        assert_eq!(chain(&Outer(std::io::Error::other("inner"))), "outer: inner");
    }
}
