//! What holds for every request: an id, a time limit, and an answer even after a panic.

use std::any::Any;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tracing::Instrument as _;

use crate::error::ApiError;

/// The header that carries a request's id, in and out.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// An id that a client sends is taken over up to this length.
const MAX_REQUEST_ID: usize = 64;

/// Gives out request ids: this process's name and a number.
#[derive(Clone)]
pub(crate) struct RequestIds {
    instance: Arc<str>,
    next: Arc<AtomicU64>,
}

impl RequestIds {
    pub(crate) fn new(instance: &str) -> Self {
        Self { instance: instance.into(), next: Arc::default() }
    }

    /// The client's own id if it has a harmless form, else a new one.
    fn of(&self, headers: &HeaderMap) -> String {
        let sent = headers.get(REQUEST_ID).and_then(|value| value.to_str().ok());
        match sent.filter(|id| is_harmless(id)) {
            Some(id) => id.to_owned(),
            None => format!("{}-{}", self.instance, self.next.fetch_add(1, Ordering::Relaxed)),
        }
    }
}

fn is_harmless(id: &str) -> bool {
    (1..=MAX_REQUEST_ID).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

/// Names the request in the log and in the answer. The log has the route and not the address: what
/// a client writes into an address may be anything.
pub(crate) async fn identify(
    State(ids): State<RequestIds>,
    request: Request,
    next: Next,
) -> Response {
    let id = ids.of(request.headers());
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str);
    let span = tracing::info_span!("request", %id, method = %request.method(), route);
    let mut response = async {
        let response = next.run(request).await;
        tracing::debug!(status = response.status().as_u16(), "request answered");
        response
    }
    .instrument(span)
    .await;
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(&id) {
        headers.insert(REQUEST_ID, id);
    }
    // Answers hold tokens and personal data: nobody on the way keeps them, or guesses their type.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// Ends a request that takes too long. What it had begun is a transaction and is rolled back.
pub(crate) async fn limit_time(
    State(limit): State<Duration>,
    request: Request,
    next: Next,
) -> Response {
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => ApiError::new(
            StatusCode::REQUEST_TIMEOUT,
            format!("The request took longer than {} seconds.", limit.as_secs()),
        )
        .into_response(),
    }
}

/// The answer after a panic. Its message may hold anything, so it is not repeated.
pub(crate) fn after_panic(_: Box<dyn Any + Send>) -> Response {
    tracing::error!("a handler panicked");
    ApiError::failed().into_response()
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::{Body, to_bytes};
    use axum::middleware::from_fn_with_state;
    use axum::routing::get;
    use tower::ServiceExt as _;
    use tower_http::catch_panic::CatchPanicLayer;

    use super::*;

    #[test]
    fn ids_are_taken_over_or_made() {
        let ids = RequestIds::new("a");
        let mut headers = HeaderMap::new();
        assert_eq!(ids.of(&headers), "a-0");
        headers.insert(REQUEST_ID, HeaderValue::from_static("from-client.1"));
        assert_eq!(ids.of(&headers), "from-client.1");
        headers.insert(REQUEST_ID, HeaderValue::from_static("not harmless"));
        assert_eq!(ids.of(&headers), "a-1");
    }

    async fn panics() -> &'static str {
        panic!("a message that holds a name")
    }

    async fn answer(router: Router) -> (u16, serde_json::Value) {
        let request = Request::builder().uri("/").body(Body::empty()).unwrap();
        let response = router.oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let body = to_bytes(response.into_body(), 1024).await.unwrap();
        (status, serde_json::from_slice(&body).unwrap())
    }

    #[tokio::test]
    async fn a_panic_becomes_an_answer_that_says_nothing_of_it() {
        let router =
            Router::new().route("/", get(panics)).layer(CatchPanicLayer::custom(after_panic));
        let (status, body) = answer(router).await;
        assert_eq!(status, 500);
        assert_eq!(body["detail"], "The server failed; the operator's log says why.");
    }

    #[tokio::test]
    async fn a_request_without_end_is_ended() {
        let router = Router::new()
            .route("/", get(std::future::pending::<&'static str>))
            .layer(from_fn_with_state(Duration::from_millis(10), limit_time));
        let (status, body) = answer(router).await;
        assert_eq!((status, body["title"].as_str()), (408, Some("Request Timeout")));
    }
}
