//! The body of a part upload: the first line is its content type, the rest comes in pieces.
#![no_main]

use axum::body::Body;
use bonafide_api::{UploadError, parse_upload};
use bytes::Bytes;
use futures::executor::block_on;
use futures::stream;
use libfuzzer_sys::fuzz_target;

const MAX_BYTES: usize = 1_000;

fuzz_target!(|input: &[u8]| {
    let Some((&size, input)) = input.split_first() else { return };
    let end = input.iter().position(|byte| *byte == b'\n').unwrap_or(input.len());
    let Ok(content_type) = std::str::from_utf8(&input[..end]) else { return };
    let body = input.get(end + 1..).unwrap_or_default();

    let whole = upload(content_type, body, body.len());
    let in_pieces = upload(content_type, body, usize::from(size));
    if let Ok(file) = &whole {
        assert!(file.len() <= MAX_BYTES);
        assert!(body.windows(file.len().max(1)).any(|part| part == file) || file.is_empty());
    }
    assert_eq!(whole.ok(), in_pieces.ok(), "how a body is cut into pieces changes nothing");
});

fn upload(content_type: &str, body: &[u8], piece: usize) -> Result<Bytes, UploadError> {
    let pieces: Vec<std::io::Result<Bytes>> =
        body.chunks(piece.max(1)).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
    block_on(parse_upload(content_type, Body::from_stream(stream::iter(pieces)), MAX_BYTES))
}
