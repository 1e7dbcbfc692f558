//! Lets a refused upload hear its refusal.
//!
//! Who sends megabytes over HTTP/1.1 often reads the answer only afterwards; a connection that is
//! closed under its hands looks like a network error and not like a 413. So what was not read of a
//! body is read and thrown away before the answer goes out, under bounds.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::extract::Request;
use axum::http::{Version, header};
use axum::middleware::Next;
use axum::response::Response;
use bytes::Bytes;
use futures::{Stream, StreamExt as _};
use tokio::sync::oneshot;

/// What is read for nothing, at most.
const MAX_BYTES: usize = 64 * 1024 * 1024;
/// How long it is read for nothing, at most.
const MAX_TIME: Duration = Duration::from_secs(10);

/// Answers after the rest of the body was thrown away.
pub(crate) async fn linger(request: Request, next: Next) -> Response {
    if request.version() > Version::HTTP_11 || waits_to_be_asked(&request) {
        return next.run(request).await;
    }
    let (give_back, given_back) = oneshot::channel();
    let response = next
        .run(request.map(|body| {
            let rest = Some((body.into_data_stream(), give_back));
            Body::from_stream(Returned { rest })
        }))
        .await;
    let mut given_back = given_back;
    if let Ok(rest) = given_back.try_recv() {
        // Running out of time is an end like the others.
        let _ = tokio::time::timeout(MAX_TIME, throw_away(rest)).await;
    }
    response
}

/// `Expect: 100-continue`: the body is sent only when somebody reads it.
fn waits_to_be_asked(request: &Request) -> bool {
    request
        .headers()
        .get(header::EXPECT)
        .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"100-continue"))
}

async fn throw_away(mut rest: BodyDataStream) {
    let mut bytes = 0;
    while let Some(Ok(chunk)) = rest.next().await {
        bytes += chunk.len();
        if bytes > MAX_BYTES {
            return;
        }
    }
}

/// A body that gives back what was not read of it when it is dropped.
struct Returned {
    rest: Option<(BodyDataStream, oneshot::Sender<BodyDataStream>)>,
}

impl Stream for Returned {
    type Item = Result<Bytes, axum::Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some((body, _)) = &mut self.rest else { return Poll::Ready(None) };
        let polled = body.poll_next_unpin(context);
        if matches!(polled, Poll::Ready(None | Some(Err(_)))) {
            self.rest = None;
        }
        polled
    }
}

impl Drop for Returned {
    fn drop(&mut self) {
        if let Some((rest, give_back)) = self.rest.take() {
            // Nobody waits any more: then the body ends here.
            let _ = give_back.send(rest);
        }
    }
}
