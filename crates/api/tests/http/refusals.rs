use axum::http::{HeaderName, StatusCode, header};
use serde_json::json;

use crate::support::{TestApi, workflow};

#[tokio::test]
async fn a_body_that_is_no_json_is_refused_with_its_place() {
    let api = TestApi::new().await;
    let access = api.access().await;
    let large = format!("{{\"x\": \"{}\"}}", "a".repeat(70_000));
    let deep = "[".repeat(10_000);
    for (body, status, expected) in [
        (b"".as_slice(), 400, "The body is empty; send a JSON object."),
        (b"  \n", 400, "The body is empty; send a JSON object."),
        (b"{\"a\": \"b", 400, "The body is not JSON: see line 1, column 8."),
        (b"{\"name\": secret}", 400, "The body is not JSON: see line 1, column 10."),
        (b"{\"a\": \"\xff\"}", 400, "The body is not UTF-8 from byte 7 on."),
        (deep.as_bytes(), 400, "The body is not JSON: see line 1, column 128."),
        (large.as_bytes(), 413, "The body has more than 65536 bytes."),
    ] {
        let call = api.request("POST", "/api/v1/accounts").bearer(&access);
        let (found, detail, _) =
            call.body("application/json", body.to_vec()).send().await.refusal();
        assert_eq!((found, detail.as_str()), (status, expected));
    }
    let call = api.request("POST", "/api/v1/accounts").bearer(&access);
    assert_eq!(
        call.json(&json!(["an array"])).await.refusal().2,
        ["workflowDefinition.key", "customerInternalReference"]
    );
}

#[tokio::test]
async fn the_content_type_of_a_json_body_does_not_matter() {
    let api = TestApi::new().await;
    let access = api.access().await;
    for content_type in ["application/json; charset=utf-8", "text/plain", "x"] {
        let call = api.request("POST", "/api/v1/accounts").bearer(&access);
        let answer = call.body(content_type, workflow(1).to_string()).send().await;
        assert_eq!(answer.status, StatusCode::OK, "{content_type}");
    }
}

#[tokio::test]
async fn unknown_addresses_and_methods_have_the_contracts_body() {
    let api = TestApi::new().await;
    let answer = api.request("GET", "/api/v1/nothing").send().await;
    insta::assert_json_snapshot!(answer.json(), @r#"
    {
      "detail": "There is nothing at this address.",
      "status": 404,
      "title": "Not Found"
    }
    "#);
    let answer = api.request("PATCH", "/api/v1/accounts").send().await;
    insta::assert_json_snapshot!(answer.json(), @r#"
    {
      "detail": "This address does not take this method.",
      "status": 405,
      "title": "Method Not Allowed"
    }
    "#);
    assert_eq!(answer.headers[header::ALLOW], "POST,PUT");
}

#[tokio::test]
async fn ids_that_are_no_uuid_name_nothing() {
    let api = TestApi::new().await;
    let access = api.access().await;
    for path in [
        "/api/v1/accounts/17",
        "/api/v1/accounts/%ff",
        "/api/v1/workflow-executions/17",
        "/api/v1/accounts/1111-2222-3333-4444/workflow-executions/1111-2222-3333-4444/status",
    ] {
        let answer = api.request("GET", path).bearer(&access).send().await;
        assert_eq!(answer.refusal().0, 404, "{path}");
    }
}

/// Contract §3.7: who asks comes before how it is asked, and that before what is asked.
#[tokio::test]
async fn the_order_of_checks() {
    let api = TestApi::new().await;
    let access = api.access().await;
    let create = || api.request("POST", "/api/v1/accounts").body("application/json", "{");
    let nameless = || create().without(header::USER_AGENT);
    assert_eq!(nameless().send().await.refusal().0, 401);
    assert_eq!(nameless().bearer(&access).send().await.refusal().0, 403);
    let blank = create().bearer(&access).header(header::USER_AGENT, " ");
    assert_eq!(blank.send().await.refusal().0, 403);
    assert_eq!(create().bearer(&access).send().await.refusal().0, 400);
    let unknown = "/api/v1/accounts/00000000-0000-7000-8000-000000000000";
    let update = || api.request("PUT", unknown).bearer(&access);
    assert_eq!(update().json(&json!({})).await.refusal().0, 400);
    assert_eq!(update().json(&workflow(2)).await.refusal().0, 404);
}

#[tokio::test]
async fn every_answer_has_a_request_id() {
    let api = TestApi::new().await;
    let id = HeaderName::from_static("x-request-id");
    let first = api.request("GET", "/health").send().await.headers[&id].clone();
    let second = api.request("GET", "/nothing").send().await.headers[&id].clone();
    assert_ne!(first, second);
    let own = api.request("GET", "/health").header(id.clone(), "mine-1").send().await;
    assert_eq!(own.headers[&id], "mine-1");
}

#[tokio::test]
async fn health_and_description_need_no_credentials() {
    let api = TestApi::new().await;
    for path in ["/health", "/health/", "/"] {
        let answer = api.request("GET", path).without(header::USER_AGENT).send().await;
        assert_eq!((answer.status, answer.json()), (StatusCode::OK, json!({"status": "UP"})));
    }
    let answer = api.request("GET", "/openapi.json").send().await;
    assert_eq!(answer.json()["openapi"], "3.1.0");
}
