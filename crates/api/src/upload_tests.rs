use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures::stream;
use proptest::prelude::*;

use super::*;

const TYPE: &str = "multipart/form-data; boundary=XX";
const MAX: usize = 1000;

fn field(name: &str, content: &[u8]) -> Vec<u8> {
    let mut bytes =
        format!("--XX\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"a\"\r\n\r\n")
            .into_bytes();
    bytes.extend_from_slice(content);
    bytes.extend_from_slice(b"\r\n");
    bytes
}

fn body(fields: &[(&str, &[u8])]) -> Vec<u8> {
    let mut bytes: Vec<u8> =
        fields.iter().flat_map(|(name, content)| field(name, content)).collect();
    bytes.extend_from_slice(b"--XX--\r\n");
    bytes
}

#[tokio::test]
async fn the_file_is_found_among_other_fields() {
    let body = body(&[("note", b"x"), ("file", b"the file"), ("file", b"another")]);
    for content_type in [TYPE, "Multipart/Form-Data; charset=utf-8; boundary=\"XX\""] {
        let file = parse_upload(content_type, body.clone(), MAX).await;
        assert_eq!(file.as_deref(), Ok(b"the file".as_slice()), "{content_type}");
    }
}

#[tokio::test]
async fn each_refusal_has_its_name() {
    let good = body(&[("file", b"the file")]);
    let truncated = good[..good.len() - 12].to_vec();
    for (content_type, body, expected) in [
        ("image/jpeg", good.clone(), UploadError::NotMultipart),
        ("", good.clone(), UploadError::NotMultipart),
        ("multipart/form-data", good.clone(), UploadError::Malformed),
        ("multipart/form-data; boundary=YY", good, UploadError::Malformed),
        (TYPE, truncated, UploadError::Malformed),
        (TYPE, Vec::new(), UploadError::Malformed),
        (TYPE, body(&[("picture", b"x")]), UploadError::NoFile),
        (TYPE, body(&[]), UploadError::NoFile),
    ] {
        assert_eq!(parse_upload(content_type, body, MAX).await, Err(expected), "{content_type}");
    }
}

#[tokio::test]
async fn the_limit_is_the_last_byte_that_is_taken() {
    let file = vec![7; MAX];
    assert_eq!(parse_upload(TYPE, body(&[("file", &file)]), MAX).await.unwrap().len(), MAX);
    let file = vec![7; MAX + 1];
    assert_eq!(
        parse_upload(TYPE, body(&[("file", &file)]), MAX).await,
        Err(UploadError::TooLarge { max_bytes: MAX })
    );
    let note = vec![7; MAX + 2 * OVERHEAD_BYTES];
    assert_eq!(
        parse_upload(TYPE, body(&[("note", &note), ("file", b"x")]), MAX).await,
        Err(UploadError::TooLarge { max_bytes: MAX })
    );
}

/// An endless body is not read further than its bound.
#[tokio::test]
async fn reading_stops_at_the_limit() {
    let read = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&read);
    let head = stream::iter([Ok::<_, Infallible>(Bytes::from(field("file", b"x")))]);
    let endless = stream::repeat_with(move || {
        counter.fetch_add(100, Ordering::Relaxed);
        Ok(Bytes::from_static(&[7; 100]))
    });
    let body = Body::from_stream(futures::StreamExt::chain(head, endless));
    assert_eq!(parse_upload(TYPE, body, MAX).await, Err(UploadError::TooLarge { max_bytes: MAX }));
    assert!(read.load(Ordering::Relaxed) <= MAX + OVERHEAD_BYTES + 100);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_content_comes_out_as_it_went_in(content in prop::collection::vec(any::<u8>(), 0..MAX)) {
        // A file that holds the delimiter cannot be sent under it.
        prop_assume!(!content.windows(6).any(|window| window == b"\r\n--XX"));
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let file = runtime.block_on(parse_upload(TYPE, body(&[("file", &content)]), MAX));
        prop_assert_eq!(file.as_deref(), Ok(content.as_slice()));
    }

    #[test]
    fn no_body_panics(content in prop::collection::vec(any::<u8>(), 0..200), kind in ".{0,40}") {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let _ = runtime.block_on(parse_upload(TYPE, content.clone(), MAX));
        let _ = runtime.block_on(parse_upload(&kind, content, MAX));
    }
}
