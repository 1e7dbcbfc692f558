//! Platform keys: the overall decision, steps, rules, and v3 keys that are mapped to them (contract
//! §6.3, §7.5).

use axum::http::StatusCode;
use bonafide_domain::decision::{Capability, Decision, DecisionType, Label};
use bonafide_engine::capability::Capabilities;
use bonafide_engine::testing::{Scripted, scripted};
use serde_json::{Value, json};

use crate::support::{TestApi, consenting, credential, execution_path, name_ids, workflow};

fn with(capability: Capability, kind: DecisionType, label: Label) -> Capabilities {
    let decision = Decision::new(capability, kind, label).unwrap();
    scripted().with(capability, Scripted(decision))
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[tokio::test]
async fn a_platform_key_has_a_decision_and_steps() {
    let api = TestApi::new().await;
    let created = api.create(&consenting(10013)).await;
    let path = execution_path(&created);
    let before = api.get(&path).await.json();
    assert!(before.get("decision").is_none(), "nothing is decided yet");
    assert_eq!(api.get(&(path.clone() + "/steps")).await.json(), json!({"steps": []}));
    api.finish(&created).await;

    let details = api.get(&path).await.json();
    assert_eq!(
        details["decision"],
        json!({"type": "PASSED", "details": {"label": "PASSED"}, "risk": {"score": 0.0}})
    );
    assert_eq!(details["steps"]["href"], json!(format!("https://bonafide.example{path}/steps")));
    assert_eq!(details["workflow"]["definitionKey"], "10013");
    assert!(details["workflow"].get("originalDefinitionKey").is_none());

    let steps = api.get(&(path.clone() + "/steps")).await.json();
    let names: Vec<_> = steps["steps"].as_array().unwrap().iter().map(|s| &s["name"]).collect();
    assert_eq!(names, ["ID_IV", "SCREENING"]);
    let mut listed: Vec<&Value> = steps["steps"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|step| step["capabilityIds"].as_array().unwrap())
        .collect();
    let entries = details["capabilities"].as_object().unwrap().values();
    let mut all: Vec<&Value> =
        entries.flat_map(|entries| entries.as_array().unwrap()).map(|entry| &entry["id"]).collect();
    listed.sort_by_key(ToString::to_string);
    all.sort_by_key(ToString::to_string);
    assert_eq!(listed, all, "each entry is in one step");
    assert_eq!(api.get(&(path.clone() + "/steps")).await.json(), steps, "ids stay");
    insta::assert_json_snapshot!(name_ids(&steps["steps"][1]), @r#"
    {
      "capabilityIds": [
        "<id 0>"
      ],
      "decision": {
        "details": {
          "label": "PASSED"
        },
        "risk": {
          "score": 0.0
        },
        "type": "PASSED"
      },
      "id": "<id 1>",
      "name": "SCREENING"
    }
    "#);
    assert_eq!(api.get(&(path.clone() + "/rules")).await.json(), json!({"rules": []}));

    let access = api.access().await;
    api.request("DELETE", &path).bearer(&access).send().await;
    let after = api.get(&path).await.json();
    assert_eq!(after["decision"], details["decision"], "the decision survives deletion");
    for part in ["/steps", "/rules"] {
        assert_eq!(api.get(&(path.clone() + part)).await.refusal().0, 404, "{part}");
    }
}

/// The scores that captures show (contract §7.5), and the rules that gave them.
#[tokio::test]
async fn rules_tell_where_the_score_comes_from() {
    for (capabilities, kind, score, rule) in [
        (
            with(Capability::WatchlistScreening, DecisionType::Warning, Label::Alert),
            "WARNING",
            50.0,
            "watchlistScreening.ALERT",
        ),
        (
            with(Capability::Similarity, DecisionType::Warning, Label::NotPossible),
            "WARNING",
            40.0,
            "similarity.NOT_POSSIBLE",
        ),
        (
            with(Capability::Liveness, DecisionType::Rejected, Label::DigitalCopy),
            "REJECTED",
            100.0,
            "liveness.DIGITAL_COPY",
        ),
    ] {
        let api = TestApi::with(capabilities).await;
        let created = api.processed_of(&consenting(10013)).await;
        let path = execution_path(&created);
        let details = api.get(&path).await.json();
        assert_eq!(
            details["decision"],
            json!({"type": kind, "details": {"label": kind}, "risk": {"score": score}})
        );
        let rules = api.get(&(path + "/rules")).await.json();
        assert_eq!(rules["rules"].as_array().unwrap().len(), 1);
        let fired = &rules["rules"][0];
        assert_eq!((&fired["id"], &fired["outcome"]), (&json!(rule), &json!(kind)));
        assert_eq!(keys(fired), ["capabilityIds", "id", "label", "outcome", "score"]);
        let (capability, _) = rule.split_once('.').unwrap();
        assert_eq!(fired["capabilityIds"], json!([details["capabilities"][capability][0]["id"]]));
    }
}

#[tokio::test]
async fn what_could_not_be_judged_is_not_passed() {
    let mut capabilities = Capabilities::default();
    for capability in [Capability::Usability, Capability::ImageChecks, Capability::Extraction] {
        let ok = Decision::new(capability, DecisionType::Passed, Label::Ok).unwrap();
        capabilities = capabilities.with(capability, Scripted(ok));
    }
    let api = TestApi::with(capabilities).await;
    let created = api.processed_of(&workflow(10015)).await;
    let details = api.get(&execution_path(&created)).await.json();
    assert_eq!(
        details["decision"],
        json!({"type": "NOT_EXECUTED", "details": {"label": "TECHNICAL_ERROR"}, "risk": {"score": -1.0}})
    );
}

#[tokio::test]
async fn v3_keys_have_neither_unless_they_are_mapped() {
    let api = TestApi::new().await;
    let created = api.processed_of(&consenting(3)).await;
    let path = execution_path(&created);
    let details = api.get(&path).await.json();
    assert!(details.get("decision").is_none() && details.get("steps").is_none());
    for part in ["/steps", "/rules", "/generate"] {
        assert_eq!(api.get(&(path.clone() + part)).await.refusal().0, 404, "{part}");
    }

    api.set(|settings| settings.key_mapping = true).await;
    let unchanged = api.get(&path).await.json();
    assert_eq!(unchanged, details, "what was asked for before stays as it was");
    for (asked, mapped) in [(3, "10011"), (2, "10015"), (1, "10031"), (6, "10016"), (20, "20")] {
        let created = api.processed_of(&consenting(asked)).await;
        let path = execution_path(&created);
        let details = api.get(&path).await.json();
        assert_eq!(details["workflow"]["definitionKey"], mapped);
        assert_eq!(details["workflow"]["originalDefinitionKey"], asked.to_string());
        assert_eq!(details["decision"]["type"], "PASSED");
        assert_eq!(api.get(&(path.clone() + "/steps")).await.status, StatusCode::OK);
        let status = api.get(&(path + "/status")).await.json();
        assert_eq!(status["workflowExecution"]["definitionKey"], mapped);
    }
    let created = api.processed_of(&consenting(10011)).await;
    let details = api.get(&execution_path(&created)).await.json();
    assert!(details["workflow"].get("originalDefinitionKey").is_none(), "nothing was mapped");
}

#[tokio::test]
async fn prepared_data_is_screened() {
    let api = TestApi::new().await;
    let created = api.create(&consenting(10010)).await;
    assert!(created.get("web").is_none() && created.get("sdk").is_none());
    let block = &credential(&created, "DATA")["api"];
    let token = block["token"].as_str().unwrap();
    let href = block["parts"]["prepared_data"].as_str().unwrap();
    assert!(href.ends_with("/parts/PREPARED_DATA"));
    let upload = || api.request("POST", href).bearer(token);

    let wrong = json!({"firstName": 7, "dateOfBirth": "yesterday"});
    let (status, _, fields) = upload().json(&wrong).await.refusal();
    assert_eq!((status, fields), (400, vec!["firstName".to_owned(), "dateOfBirth".to_owned()]));
    assert_eq!(upload().body("application/json", "{").send().await.refusal().0, 400);
    let large = format!("{{\"x\": \"{}\"}}", "a".repeat(70_000));
    assert_eq!(upload().body("application/json", large).send().await.refusal().0, 413);

    let data = json!({"firstName": "Anna", "lastName": "Eriksson", "address": {"country": "SWE"}});
    let mut sent = data.clone();
    sent["favouriteColour"] = json!("green");
    let answer = upload().json(&sent).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(&answer.json()["api"], block);
    let finalize = block["workflowExecution"].as_str().unwrap();
    api.request("PUT", finalize).bearer(token).send().await;
    api.work_until(&created, "PROCESSED").await;

    let details = api.get(&execution_path(&created)).await.json();
    assert_eq!(keys(&details["capabilities"]), ["watchlistScreening"]);
    let entry = &details["capabilities"]["watchlistScreening"][0];
    assert_eq!(entry["credentials"][0]["category"], "DATA");
    let part = &details["credentials"][0]["parts"][0];
    assert_eq!(part["classifier"], "PREPARED_DATA");
    let file = api.get(part["href"].as_str().unwrap()).await;
    assert_eq!(file.json(), data, "what is not known is not kept");
    let steps = api.get(&(execution_path(&created) + "/steps")).await.json();
    assert_eq!(steps["steps"][0]["name"], "SCREENING");
}

#[tokio::test]
async fn screening_needs_a_user_reference() {
    let api = TestApi::new().await;
    let access = api.access().await;
    for key in [32, 10010] {
        let call = api.request("POST", "/api/v1/accounts").bearer(&access);
        let (status, _, fields) = call.json(&workflow(key)).await.refusal();
        assert_eq!((status, fields), (400, vec!["userReference".to_owned()]), "{key}");
    }
}
