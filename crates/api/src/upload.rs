//! A file out of a multipart body (RFC 7578), read as a stream under bounds.

use axum::body::Body;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{DefaultBodyLimit, FromRequest as _, Multipart, Request};
use axum::http::{StatusCode, header};
use bytes::{Bytes, BytesMut};

use crate::error::ApiError;

/// Bytes that a body may have beyond its file: boundaries, headers, other fields.
const OVERHEAD_BYTES: usize = 64 * 1024;
/// The field that holds the file (contract §4).
const FIELD: &str = "file";

/// Why no file came out of a body.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UploadError {
    /// The body is something else.
    #[error("Send the file as multipart/form-data.")]
    NotMultipart,
    /// The boundary is missing, or the body does not follow it.
    #[error("The multipart body is malformed or incomplete.")]
    Malformed,
    /// No field has the name that is asked for.
    #[error("The multipart body has no field named `file`.")]
    NoFile,
    /// More bytes than are taken.
    #[error("The file has more than {max_bytes} bytes.")]
    TooLarge {
        /// The most that is taken.
        max_bytes: usize,
    },
}

/// Reads the field `file` of a multipart body and nothing after it. At most `max_bytes` of it are
/// held, and reading stops as soon as there are more; other fields are passed over, under a bound
/// of their own.
pub async fn parse_upload(
    content_type: &str,
    body: impl Into<Body>,
    max_bytes: usize,
) -> Result<Bytes, UploadError> {
    let mut multipart = open(content_type, body.into(), max_bytes).await?;
    loop {
        let field = multipart.next_field().await.map_err(|error| refusal(&error, max_bytes))?;
        let field = field.ok_or(UploadError::NoFile)?;
        if field.name() == Some(FIELD) {
            return read(field, max_bytes).await;
        }
    }
}

/// Whether a body of this length must be too large, so that it need not be sent.
pub(crate) fn certainly_too_large(content_length: u64, max_bytes: usize) -> bool {
    content_length > (max_bytes + OVERHEAD_BYTES) as u64
}

async fn open(content_type: &str, body: Body, max_bytes: usize) -> Result<Multipart, UploadError> {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("multipart/form-data") {
        return Err(UploadError::NotMultipart);
    }
    let mut request = Request::builder()
        .header(header::CONTENT_TYPE, content_type)
        .body(body)
        .map_err(|_| UploadError::Malformed)?;
    DefaultBodyLimit::max(max_bytes + OVERHEAD_BYTES).apply(&mut request);
    Multipart::from_request(request, &()).await.map_err(|_| UploadError::Malformed)
}

async fn read(mut field: Field<'_>, max_bytes: usize) -> Result<Bytes, UploadError> {
    let mut bytes = BytesMut::new();
    while let Some(chunk) = field.chunk().await.map_err(|error| refusal(&error, max_bytes))? {
        if bytes.len() + chunk.len() > max_bytes {
            return Err(UploadError::TooLarge { max_bytes });
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}

fn refusal(error: &MultipartError, max_bytes: usize) -> UploadError {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        UploadError::TooLarge { max_bytes }
    } else {
        UploadError::Malformed
    }
}

impl From<UploadError> for ApiError {
    fn from(error: UploadError) -> Self {
        let status = match error {
            UploadError::NotMultipart => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            UploadError::Malformed | UploadError::NoFile => StatusCode::BAD_REQUEST,
            UploadError::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        };
        Self::new(status, error.to_string())
    }
}

#[cfg(test)]
#[path = "upload_tests.rs"]
mod tests;
