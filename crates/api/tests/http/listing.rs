//! The list of a tenant's executions: pages, filters, and bad queries.

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::support::{TestApi, workflow};

const LIST: &str = "/api/v1/workflow-executions";

fn ids(page: &Value) -> Vec<String> {
    let executions = page["workflowExecutions"].as_array().unwrap();
    executions.iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn pages_are_newest_first_and_whole() {
    let api = TestApi::new().await;
    let mut made = Vec::new();
    for _ in 0..5 {
        let created = api.create(&workflow(1)).await;
        made.push(created["workflowExecution"]["id"].as_str().unwrap().to_owned());
        api.engine.clock.advance(SignedDuration::from_millis(1));
    }
    made.reverse();
    assert_eq!(ids(&api.get(LIST).await.json()), made);

    let mut found = Vec::new();
    let mut path = format!("{LIST}?limit=2");
    loop {
        let page = api.get(&path).await.json();
        found.extend(ids(&page));
        let Some(cursor) = page.get("nextCursor") else { break };
        path = format!("{LIST}?limit=2&cursor={}", cursor.as_str().unwrap());
    }
    assert_eq!(found, made);

    let foreign = api.access_of(&api.engine.other).await;
    let answer = api.request("GET", LIST).bearer(&foreign).send().await;
    assert_eq!(answer.json(), json!({"workflowExecutions": []}), "another tenant's list");
}

#[tokio::test]
async fn an_entry_says_what_the_status_says() {
    let api = TestApi::new().await;
    let mut body = workflow(2);
    body["userReference"] = json!("u-17");
    api.create(&body).await;
    insta::assert_json_snapshot!(api.get(LIST).await.named(), @r#"
    {
      "workflowExecutions": [
        {
          "account": {
            "href": "https://bonafide.example/api/v1/accounts/<id 0>",
            "id": "<id 0>"
          },
          "createdAt": "2026-06-01T12:00:00.000Z",
          "customerInternalReference": "order-17",
          "definitionKey": "2",
          "href": "https://bonafide.example/api/v1/accounts/<id 0>/workflow-executions/<id 1>",
          "id": "<id 1>",
          "status": "INITIATED",
          "userReference": "u-17"
        }
      ]
    }
    "#);
}

#[tokio::test]
async fn filters_narrow_the_list() {
    let api = TestApi::new().await;
    let mut body = workflow(2);
    body["userReference"] = json!("u 17");
    api.create(&body).await;
    for (query, count) in [
        ("status=INITIATED&definitionKey=2", 1),
        ("status=PROCESSED", 0),
        ("definitionKey=10015", 0),
        ("userReference=u%2017", 1),
        ("userReference=u", 0),
        ("customerInternalReference=order-17", 1),
        ("createdFrom=2026-06-01T12:00:00Z", 1),
        ("createdFrom=2026-06-01T14:00:00.001%2B02:00", 0),
        ("createdBefore=2026-06-01T12:00:00Z", 0),
        ("somethingElse=1", 1),
    ] {
        let page = api.get(&format!("{LIST}?{query}")).await.json();
        assert_eq!(ids(&page).len(), count, "{query}");
    }
}

#[tokio::test]
async fn a_query_that_cannot_be_understood_is_refused_by_field() {
    let api = TestApi::new().await;
    for (query, fields) in [
        ("status=DONE&definitionKey=7", vec!["status", "definitionKey"]),
        ("createdFrom=yesterday&createdBefore=1", vec!["createdFrom", "createdBefore"]),
        ("limit=0", vec!["limit"]),
        ("limit=101", vec!["limit"]),
        ("limit=-1", vec!["limit"]),
        ("cursor=MTIz", vec!["cursor"]),
        ("limit=1&limit=2", vec![]),
    ] {
        let (status, _, found) = api.get(&format!("{LIST}?{query}")).await.refusal();
        assert_eq!(
            (status, found),
            (400, fields.into_iter().map(str::to_owned).collect()),
            "{query}"
        );
    }
}
