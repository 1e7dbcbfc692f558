use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{StatusCode, header};
use bonafide_api::ApiOptions;
use bytes::Bytes;
use futures::future::join;
use futures::{StreamExt as _, stream};
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::support::{BOUNDARY, TestApi, multipart, png, workflow};

/// The `api` block of the first credential of a new execution.
async fn api_block(api: &TestApi, key: u32) -> (String, Value) {
    let created = api.create(&workflow(key)).await;
    let block = created["workflowExecution"]["credentials"][0]["api"].clone();
    (block["token"].as_str().unwrap().to_owned(), block)
}

#[tokio::test]
async fn an_upload_answers_with_the_parts_again() {
    let api = TestApi::new().await;
    let (token, block) = api_block(&api, 2).await;
    let front = block["parts"]["front"].as_str().unwrap();
    let in_lower_case = front.replace("FRONT", "front");
    for (method, href) in
        [("POST", front), ("PUT", front), ("POST", &format!("{front}/")), ("POST", &in_lower_case)]
    {
        let answer = api.request(method, href).bearer(&token).file(&png()).await;
        assert_eq!(answer.status, StatusCode::OK, "{method} {href}");
        insta::allow_duplicates! {
            insta::assert_json_snapshot!(answer.named(), @r#"
            {
              "account": {
                "id": "<id 0>"
              },
              "api": {
                "parts": {
                  "back": "https://bonafide.example/api/v1/accounts/<id 0>/workflow-executions/<id 1>/credentials/<id 2>/parts/BACK",
                  "front": "https://bonafide.example/api/v1/accounts/<id 0>/workflow-executions/<id 1>/credentials/<id 2>/parts/FRONT"
                },
                "token": "<transaction token>",
                "workflowExecution": "https://bonafide.example/api/v1/accounts/<id 0>/workflow-executions/<id 1>"
              },
              "timestamp": "2026-06-01T12:00:00.000Z",
              "workflowExecution": {
                "id": "<id 1>"
              }
            }
            "#);
        }
        assert_eq!(answer.json()["api"], block);
    }
}

#[tokio::test]
async fn finalize_takes_any_body_and_can_be_repeated() {
    let api = TestApi::new().await;
    let (token, block) = api_block(&api, 1).await;
    let href = block["workflowExecution"].as_str().unwrap();

    let (status, detail, _) = api.request("PUT", href).bearer(&token).send().await.refusal();
    assert_eq!((status, detail.as_str()), (400, "Upload FRONT of the ID credential first."));

    let front = block["parts"]["front"].as_str().unwrap();
    api.request("POST", front).bearer(&token).file(&png()).await;
    let finalize = || api.request("PUT", href).bearer(&token);
    for answer in [
        finalize().send().await,
        finalize().header(header::CONTENT_TYPE, "application/json").send().await,
        finalize().body("application/json", "{}").send().await,
        finalize().body("multipart/form-data", "no multipart").send().await,
        finalize().body("application/json", vec![0xff; 100_000]).send().await,
        api.request("PUT", &format!("{href}/")).bearer(&token).send().await,
    ] {
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        insta::allow_duplicates! {
            insta::assert_json_snapshot!(answer.named(), @r#"
            {
              "account": {
                "id": "<id 0>"
              },
              "timestamp": "2026-06-01T12:00:00.000Z",
              "workflowExecution": {
                "id": "<id 1>"
              }
            }
            "#);
        }
    }

    let (status, detail, _) =
        api.request("POST", front).bearer(&token).file(&png()).await.refusal();
    let expected = "The workflow execution is not open for acquisition.";
    assert_eq!((status, detail.as_str()), (403, expected));
}

#[tokio::test]
async fn a_file_that_cannot_be_used_is_refused_and_nothing_is_stored() {
    let api = TestApi::new().await;
    let (token, block) = api_block(&api, 2).await;
    let front = block["parts"]["front"].as_str().unwrap();
    let upload = || api.request("POST", front).bearer(&token);
    let too_large = vec![0; 10_000_001];
    for (name, answer, status) in [
        ("a text", upload().file(b"This is no picture.").await, 400),
        ("nothing", upload().file(b"").await, 400),
        ("a cut header", upload().file(&png()[..20]).await, 400),
        ("a PDF", upload().file(b"%PDF-1.7 not a picture at all").await, 400),
        ("too large", upload().file(&too_large).await, 413),
        ("another field", upload().multipart(multipart("picture", &png())).await, 400),
        ("no multipart", upload().body("image/png", png()).send().await, 415),
        ("no type", upload().send().await, 415),
        ("no boundary", upload().body("multipart/form-data", png()).send().await, 400),
        ("cut off", upload().multipart(multipart("file", &png())[..200].to_vec()).await, 400),
    ] {
        assert_eq!(answer.refusal().0, status, "{name}: {}", answer.text());
    }
    let href = block["workflowExecution"].as_str().unwrap();
    assert_eq!(api.request("PUT", href).bearer(&token).send().await.status, 400);
}

/// A request that announces too much is refused before anything of it is read.
#[tokio::test]
async fn an_announced_length_that_is_too_large_is_refused_at_once() {
    let api = TestApi::new().await;
    let (token, block) = api_block(&api, 2).await;
    let call = api.request("POST", block["parts"]["front"].as_str().unwrap()).bearer(&token);
    let never = stream::pending::<io::Result<Bytes>>();
    let answer = call
        .body("multipart/form-data; boundary=x", Body::from_stream(never))
        .header(header::CONTENT_LENGTH, "50000000")
        .header(header::EXPECT, "100-continue")
        .send()
        .await;
    let (status, detail, _) = answer.refusal();
    assert_eq!((status, detail.as_str()), (413, "The file has more than 10000000 bytes."));
}

/// Memory for uploads is bounded: beyond the places that there are, bodies stay unread.
#[tokio::test]
async fn an_upload_without_a_place_waits_unread() {
    assert!(second_is_read(2, Duration::from_secs(20)).await, "with a place for it");
    assert!(!second_is_read(1, Duration::from_millis(300)).await, "without a place for it");
}

/// Whether the server reads a second upload while the first is under way.
async fn second_is_read(places: usize, patience: Duration) -> bool {
    let options = ApiOptions { concurrent_uploads: places, ..ApiOptions::default() };
    let api = TestApi::new().await.with_options(options);
    let (token, block) = api_block(&api, 2).await;
    let upload = |part: &str, read: &Arc<Notify>| {
        let call = api.request("POST", block["parts"][part].as_str().unwrap()).bearer(&token);
        let content_type = format!("multipart/form-data; boundary={BOUNDARY}");
        call.body(&content_type, endless(Arc::clone(read))).send()
    };
    let (first_read, second_read) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let mut first = Box::pin(upload("front", &first_read));
    tokio::select! {
        _ = &mut first => panic!("the first body has no end"),
        () = first_read.notified() => {}
    }
    tokio::select! {
        _ = join(first, upload("back", &second_read)) => panic!("neither body has an end"),
        () = second_read.notified() => true,
        () = tokio::time::sleep(patience) => false,
    }
}

/// A body that tells when it is read for the first time, and has no end.
fn endless(read: Arc<Notify>) -> Body {
    let first = stream::once(async move {
        read.notify_one();
        io::Result::Ok(Bytes::from(multipart("file", b"")).slice(..50))
    });
    Body::from_stream(first.chain(stream::pending()))
}

#[tokio::test]
async fn a_wrong_target_is_refused_before_the_body_is_read() {
    let api = TestApi::new().await;
    let (token, block) = api_block(&api, 2).await;
    let front = block["parts"]["front"].as_str().unwrap();
    let unknown = "00000000-0000-7000-8000-000000000000";
    let credential = front.split('/').rev().nth(2).unwrap();
    for (target, status) in [
        (front.replace("FRONT", "SIDEWAYS"), 404),
        (front.replace("FRONT", "FACE"), 404),
        (front.replace(credential, unknown), 404),
        (front.replace(credential, "no-uuid"), 404),
    ] {
        let answer = api.request("POST", &target).bearer(&token).body("text/plain", "x");
        assert_eq!(answer.send().await.refusal().0, status, "{target}");
    }
}

#[tokio::test]
async fn an_upload_to_a_credential_of_the_journey_is_refused() {
    let api = TestApi::new().await;
    let mut body = workflow(6);
    body["userConsent"] = json!({
        "userIp": "192.0.2.17", "userLocation": {"country": "AUT"},
        "consent": {"obtained": "yes", "obtainedAt": "2026-05-31T12:00:00Z"}
    });
    let created = api.create(&body).await;
    let credentials = created["workflowExecution"]["credentials"].as_array().unwrap();
    let of = |category: &str| {
        credentials.iter().find(|credential| credential["category"] == category).unwrap()
    };
    let selfie = &of("SELFIE")["api"];
    let target = selfie["parts"]["face"]
        .as_str()
        .unwrap()
        .replace(of("SELFIE")["id"].as_str().unwrap(), of("FACEMAP")["id"].as_str().unwrap())
        .replace("FACE", "FACEMAP");
    let token = selfie["token"].as_str().unwrap();
    assert_eq!(api.request("POST", &target).bearer(token).file(b"x").await.refusal().0, 403);
}
