//! The feed of events: what a consumer needs that has no callback, or has lost its state.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::support::{Answer, TestApi, name_ids, png, workflow};

async fn page(api: &TestApi, access: &str, query: &str) -> Answer {
    api.request("GET", &format!("/api/v1/events?{query}")).bearer(access).send().await
}

/// Follows the feed from a cursor to its end, and tells each execution's last status.
async fn follow(api: &TestApi, access: &str, from: &str) -> (BTreeMap<String, String>, String) {
    let mut state = BTreeMap::new();
    let mut cursor = from.to_owned();
    loop {
        let page = page(api, access, &format!("after={cursor}&limit=2")).await.json();
        assert!(page["events"].as_array().unwrap().len() <= 2);
        for event in page["events"].as_array().unwrap() {
            let execution = &event["workflowExecution"];
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            state.insert(text(&execution["id"]), text(&execution["status"]));
        }
        page["next"].as_str().unwrap().clone_into(&mut cursor);
        if page["hasMore"] == false {
            return (state, cursor);
        }
    }
}

async fn status(api: &TestApi, access: &str, execution: &str) -> String {
    let path = format!("/api/v1/workflow-executions/{execution}/status");
    let body = api.request("GET", &path).bearer(access).send().await.json();
    body["workflowExecution"]["status"].as_str().unwrap().to_owned()
}

fn id(created: &Value) -> String {
    created["workflowExecution"]["id"].as_str().unwrap().to_owned()
}

async fn wait_for(api: &TestApi, access: &str, executions: &[String], wanted: &str) {
    api.working(async {
        for execution in executions {
            while status(api, access, execution).await != wanted {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
        }
    })
    .await;
}

/// Nobody is called back here, and still a consumer that knows nothing but its credentials learns how
/// every execution ended.
#[tokio::test]
async fn a_consumer_rebuilds_its_state_without_any_callback() {
    let api = TestApi::new().await;
    let access = api.access().await;
    let mut all = Vec::new();
    for key in [2, 1, 2] {
        all.push(id(&api.processed_of(&workflow(key)).await));
    }
    let (mut state, cursor) = follow(&api, &access, "0").await;
    assert_eq!(state.len(), 3);

    // Two that are never begun and two that stop half way.
    let mut never_begun = Vec::new();
    let mut half_way = Vec::new();
    for _ in 0..2 {
        never_begun.push(id(&api.create(&workflow(2)).await));
        let created = api.create(&workflow(2)).await;
        let block = &created["workflowExecution"]["credentials"][0]["api"];
        let (front, token) = (block["parts"]["front"].as_str(), block["token"].as_str());
        let call = api.request("POST", front.unwrap()).bearer(token.unwrap());
        assert_eq!(call.file(&png()).await.status, 200);
        half_way.push(id(&created));
    }
    api.engine.clock.advance(SignedDuration::from_mins(31));
    wait_for(&api, &access, &never_begun, "TOKEN_EXPIRED").await;
    wait_for(&api, &access, &half_way, "SESSION_EXPIRED").await;
    all.extend(never_begun);
    all.extend(half_way);

    // Going on where it stopped, it hears of the four alone; from the beginning, of all.
    let (news, _) = follow(&api, &access, &cursor).await;
    assert_eq!(news.len(), 4);
    state.extend(news);
    let (rebuilt, _) = follow(&api, &access, "0").await;
    let mut truth = BTreeMap::new();
    for execution in all {
        let status = status(&api, &access, &execution).await;
        truth.insert(execution, status);
    }
    assert_eq!((&state, &rebuilt), (&truth, &truth));
    let engine = &api.engine.engine;
    let mut tx = engine.store.read().await.unwrap();
    let filter = bonafide_engine::CallbackFilter::default();
    let called = tx.find_callbacks(api.engine.tenant.tenant.id, filter, 1).await.unwrap();
    assert_eq!(called, [], "no callback was made at all");
}

#[tokio::test]
async fn an_event_says_what_a_callback_says() {
    let api = TestApi::new().await;
    let access = api.access().await;
    let mut request = workflow(1);
    request["userReference"] = json!("u-17");
    api.processed_of(&request).await;
    let body = page(&api, &access, "").await.json();
    insta::assert_json_snapshot!(name_ids(&body), @r#"
    {
      "events": [
        {
          "account": {
            "href": "https://bonafide.example/api/v1/accounts/<id 0>",
            "id": "<id 0>"
          },
          "cursor": "1",
          "occurredAt": "2026-06-01T12:00:00.000Z",
          "sequence": 1,
          "userReference": "u-17",
          "workflowExecution": {
            "definitionKey": "1",
            "href": "https://bonafide.example/api/v1/accounts/<id 0>/workflow-executions/<id 1>",
            "id": "<id 1>",
            "status": "PROCESSED"
          }
        }
      ],
      "hasMore": false,
      "next": "1"
    }
    "#);
    let end = page(&api, &access, "after=1").await.json();
    assert_eq!(end, json!({"events": [], "next": "1", "hasMore": false}));
    let foreign = api.access_of(&api.engine.other).await;
    let nothing = page(&api, &foreign, "").await.json();
    assert_eq!(nothing, json!({"events": [], "next": "0", "hasMore": false}));
}

#[tokio::test]
async fn a_wrong_cursor_or_limit_is_named() {
    let api = TestApi::new().await;
    let access = api.access().await;
    for (query, field) in [
        ("after=-1", "after"),
        ("after=x", "after"),
        ("after=99999999999999999999", "after"),
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
    ] {
        let (status, _, fields) = page(&api, &access, query).await.refusal();
        assert_eq!((status, fields), (400, vec![field.to_owned()]), "{query}");
    }
    assert_eq!(page(&api, &access, "after=1&after=2").await.refusal().0, 400);
}
