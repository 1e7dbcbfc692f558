//! The key sets of results, for every workflow (contract §7.2, "Cardinality").

use serde_json::{Value, json};

use crate::capabilities::reading;
use crate::support::{TestApi, consenting, credential, execution_path};

/// Each capability's entries as the categories that they list.
fn told(details: &Value) -> Vec<(String, Vec<String>)> {
    let capabilities = details["capabilities"].as_object().unwrap();
    let mut told = Vec::new();
    for (name, entries) in capabilities {
        for entry in entries.as_array().unwrap() {
            let listed = entry["credentials"].as_array().unwrap();
            let categories = listed.iter().map(|c| c["category"].as_str().unwrap().to_owned());
            let mut categories: Vec<_> = categories.collect();
            categories.sort();
            told.push((name.clone(), categories));
        }
    }
    told.sort();
    told
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

fn pairs(body: &Value, categories: [&str; 2]) -> Value {
    let mut body = body.clone();
    let listed = categories.map(|category| json!({"category": category}));
    body["workflowDefinition"]["credentials"] = json!(listed);
    body
}

#[tokio::test]
async fn each_workflow_has_its_capabilities() {
    let id = "usability ID / imageChecks ID / extraction ID / dataChecks ID";
    let all = "usability ID / usability SELFIE / usability FACEMAP / imageChecks ID+SELFIE / \
               extraction ID / dataChecks ID / liveness FACEMAP+SELFIE / similarity ID+SELFIE";
    let screened = format!("{all} / watchlistScreening ID");
    let liveness = "usability SELFIE / usability FACEMAP / liveness FACEMAP+SELFIE";
    let two = |a: &str, b: &str| format!("usability {a} / usability {b} / similarity {a}+{b}");
    let twenty = consenting(20);
    for (body, expected) in [
        (consenting(1), "usability ID / extraction ID".to_owned()),
        (consenting(2), id.to_owned()),
        (consenting(3), all.to_owned()),
        (consenting(6), liveness.to_owned()),
        (twenty.clone(), two("ID", "SELFIE")),
        (pairs(&twenty, ["ID", "ID"]), two("ID", "ID")),
        (pairs(&twenty, ["SELFIE", "SELFIE"]), two("SELFIE", "SELFIE")),
        (consenting(32), screened.clone()),
        (consenting(10010), "watchlistScreening DATA".to_owned()),
        (consenting(10011), all.to_owned()),
        (consenting(10013), screened),
        (consenting(10015), id.to_owned()),
        (consenting(10016), liveness.to_owned()),
        (consenting(10031), "usability ID / extraction ID".to_owned()),
    ] {
        let api = TestApi::with(reading()).await;
        let created = api.processed_of(&body).await;
        let details = api.get(&execution_path(&created)).await.json();
        let mut expected: Vec<(String, Vec<String>)> = expected
            .split(" / ")
            .map(|entry| {
                let (name, categories) = entry.split_once(' ').unwrap();
                (name.to_owned(), categories.split('+').map(str::to_owned).collect())
            })
            .collect();
        expected.sort();
        let key = &body["workflowDefinition"]["key"];
        assert_eq!(told(&details), expected, "{key}");
        check_frame(&details, key.as_u64().unwrap() > 10_000);
    }
}

/// Keys that the contract lists, and no others.
fn check_frame(details: &Value, platform: bool) {
    let mut expected = vec!["account", "capabilities", "completedAt", "createdAt", "credentials"];
    if platform {
        expected.push("decision");
    }
    expected.push("startedAt");
    if platform {
        expected.push("steps");
    }
    expected.push("workflow");
    assert_eq!(keys(details), expected);
    assert_eq!(
        keys(&details["workflow"]),
        ["customerInternalReference", "definitionKey", "id", "status", "userReference"]
    );
    for credential in details["credentials"].as_array().unwrap() {
        let captured = credential["category"] != "FACEMAP";
        let expected: &[&str] =
            if captured { &["category", "id", "parts"] } else { &["category", "id"] };
        assert_eq!(keys(credential), expected, "nothing was captured of the facemap");
    }
    for (name, entries) in details["capabilities"].as_object().unwrap() {
        for entry in entries.as_array().unwrap() {
            // Similarity and screening are scripted here and found nothing to tell.
            let data = ["extraction", "similarity", "watchlistScreening"].contains(&name.as_str());
            let expected: &[&str] = if data {
                &["credentials", "data", "decision", "id"]
            } else {
                &["credentials", "decision", "id"]
            };
            assert_eq!(keys(entry), expected, "{name}");
            assert_eq!(keys(&entry["decision"]), ["details", "type"]);
            assert_eq!(keys(&entry["decision"]["details"]), ["label"]);
        }
    }
}

/// The journeys of 9 and 16 end themselves; what the API can do alone is to bring the facemap.
#[tokio::test]
async fn authentication_on_premise_compares_the_brought_facemap() {
    let api = TestApi::new().await;
    let created = api.create(&consenting(6)).await;
    let answer = api.update(&created, &consenting(16)).await.json();
    api.finish(&answer).await;
    let details = api.get(&execution_path(&answer)).await.json();
    assert_eq!(keys(&details["capabilities"]), ["authentication", "usability"]);
    let authentication = &details["capabilities"]["authentication"][0];
    assert_eq!(
        authentication["decision"],
        json!({"type": "NOT_EXECUTED", "details": {"label": "PRECONDITION_NOT_FULFILLED"}}),
        "without a face there is nothing to compare"
    );
    let stored = credential(&answer, "FACEMAP")["id"].clone();
    let parts = details["credentials"].as_array().unwrap().iter().find(|c| c["id"] == stored);
    assert_eq!(parts.unwrap()["parts"][0]["classifier"], "FACEMAP");
}
