//! A JSON body. Its content type does not matter; that it is JSON does.

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use futures::StreamExt as _;
use serde_json::Value;

use crate::MAX_BODY_BYTES;
use crate::error::ApiError;

/// A body that is JSON of any shape; the domain reads it further.
pub(crate) struct JsonBody(pub(crate) Value);

impl<S: Send + Sync> FromRequest<S> for JsonBody {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        parse(&read_body(request.into_body()).await?).map(Self)
    }
}

/// The whole of a small body.
pub(crate) async fn read_body(body: Body) -> Result<Vec<u8>, ApiError> {
    let mut bytes = Vec::new();
    let mut chunks = body.into_data_stream();
    while let Some(chunk) = chunks.next().await {
        let chunk =
            chunk.map_err(|_| ApiError::invalid("The body ended before it was complete."))?;
        if bytes.len() + chunk.len() > MAX_BODY_BYTES {
            let detail = format!("The body has more than {MAX_BODY_BYTES} bytes.");
            return Err(ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, detail));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn parse(bytes: &[u8]) -> Result<Value, ApiError> {
    if bytes.trim_ascii().is_empty() {
        return Err(ApiError::invalid("The body is empty; send a JSON object."));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        ApiError::invalid(format!("The body is not UTF-8 from byte {} on.", error.valid_up_to()))
    })?;
    serde_json::from_str(text).map_err(|error| {
        // The position only: the parser's words could repeat what was sent.
        let (line, column) = (error.line(), error.column());
        ApiError::invalid(format!("The body is not JSON: see line {line}, column {column}."))
    })
}
