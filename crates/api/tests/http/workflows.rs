//! What each workflow asks for before it starts (contract §6.1), and stored credentials linked by
//! their id (§3.3).

use axum::http::StatusCode;
use bonafide_domain::decision::{Capability, Decision, DecisionType, Label};
use bonafide_engine::testing::{Scripted, scripted};
use serde_json::{Value, json};

use crate::capabilities::refusing;
use crate::support::{TestApi, account_path, consenting, credential, execution_path, workflow};

const CREDENTIALS: &str = "workflowDefinition.credentials";
const KEY: &str = "workflowDefinition.key";

fn with_credentials(key: u32, credentials: Value) -> Value {
    let mut body = consenting(key);
    body["workflowDefinition"]["credentials"] = credentials;
    body
}

fn similarity_to(id: &Value) -> Value {
    with_credentials(5, json!([{"category": "ID", "id": id}, {"category": "SELFIE"}]))
}

/// The status of an update, and the fields that a refusal names.
async fn update(api: &TestApi, created: &Value, body: &Value) -> (u16, Vec<String>) {
    let answer = api.update(created, body).await;
    if answer.status == StatusCode::OK {
        return (200, Vec::new());
    }
    let (status, _, fields) = answer.refusal();
    (status, fields)
}

fn refused(field: &str) -> (u16, Vec<String>) {
    (400, vec![field.to_owned()])
}

#[tokio::test]
async fn similarity_needs_a_verified_id_on_file() {
    let api = TestApi::new().await;
    let created = api.create(&workflow(2)).await;
    let id = &credential(&created, "ID")["id"];
    assert_eq!(
        update(&api, &created, &similarity_to(id)).await,
        refused(CREDENTIALS),
        "not captured"
    );

    api.upload_and_finalize(&created).await;
    let acquired = update(&api, &created, &similarity_to(id)).await;
    assert_eq!(acquired, refused(CREDENTIALS), "captured, not judged");

    api.work_until(&created, "PROCESSED").await;
    let answer = api.update(&created, &similarity_to(id)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let answer = answer.json();
    assert!(answer.get("web").is_none() && answer.get("sdk").is_none());
    let linked = credential(&answer, "ID");
    assert_eq!(linked, &json!({"id": id, "category": "ID", "allowedChannels": []}));
    assert_eq!(credential(&answer, "SELFIE")["allowedChannels"], json!(["API"]));
    // It runs to its end on the stored picture.
    api.finish(&answer).await;
    let details = api.get(&execution_path(&answer)).await.json();
    assert_eq!(details["capabilities"]["similarity"][0]["decision"]["details"]["label"], "MATCH");

    let other = api.processed().await;
    let foreign = update(&api, &other, &similarity_to(id)).await;
    assert_eq!(foreign, refused(CREDENTIALS), "of another account");
    let face = similarity_to(&credential(&answer, "SELFIE")["id"]);
    assert_eq!(update(&api, &created, &face).await, refused(CREDENTIALS), "of another category");
    let mut nameless = consenting(5);
    assert_eq!(update(&api, &created, &nameless).await, refused(CREDENTIALS));
    nameless["workflowDefinition"]["credentials"] = json!([{"category": "ID"}]);
    assert_eq!(update(&api, &created, &nameless).await, refused(CREDENTIALS));

    let access = api.access().await;
    api.request("DELETE", &execution_path(&created)).bearer(&access).send().await;
    assert_eq!(update(&api, &created, &similarity_to(id)).await, refused(CREDENTIALS), "deleted");
}

#[tokio::test]
async fn an_id_that_was_only_read_or_was_rejected_is_not_verified() {
    let read = TestApi::new().await;
    let created = read.processed_of(&workflow(1)).await;
    let body = similarity_to(&credential(&created, "ID")["id"]);
    assert_eq!(update(&read, &created, &body).await, refused(CREDENTIALS), "workflow 1 only reads");

    let rejected = TestApi::with(refusing()).await;
    let created = rejected.processed().await;
    let body = similarity_to(&credential(&created, "ID")["id"]);
    assert_eq!(update(&rejected, &created, &body).await, refused(CREDENTIALS));
}

#[tokio::test]
async fn authentication_needs_a_facemap_whose_liveness_passed() {
    let api = TestApi::new().await;
    for key in [9, 10014] {
        let only_an_id = api.create(&workflow(2)).await;
        assert_eq!(update(&api, &only_an_id, &consenting(key)).await, refused(KEY), "{key}");

        let created = api.processed_of(&consenting(6)).await;
        let without = update(&api, &created, &consenting(key)).await;
        assert_eq!(without, refused(KEY), "liveness passed on the selfie, and there is no facemap");
        api.put_facemap(&created).await;
        let answer = api.update(&created, &consenting(key)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        let answer = answer.json();
        for category in ["FACEMAP", "SELFIE"] {
            let credential = credential(&answer, category);
            assert_eq!(credential["allowedChannels"], json!(["WEB", "SDK"]));
            assert!(credential.get("api").is_none());
        }

        let details = api.get(&execution_path(&created)).await.json();
        let named = &details["capabilities"]["liveness"][0]["validFaceMapForAuthentication"];
        let facemap = credential(&created, "FACEMAP")["id"].as_str().unwrap();
        let part = format!("{}/credentials/{facemap}/parts/FACEMAP", account_path(&created));
        assert_eq!(named, &json!(format!("https://bonafide.example{part}")));

        let access = api.access().await;
        api.request("DELETE", &execution_path(&created)).bearer(&access).send().await;
        assert_eq!(update(&api, &created, &consenting(key)).await, refused(KEY), "deleted");
    }
}

#[tokio::test]
async fn a_facemap_whose_liveness_did_not_pass_is_none() {
    let poor =
        Decision::new(Capability::Liveness, DecisionType::Warning, Label::BadQuality).unwrap();
    let api = TestApi::with(scripted().with(Capability::Liveness, Scripted(poor))).await;
    let created = api.processed_of(&consenting(6)).await;
    api.put_facemap(&created).await;
    assert_eq!(update(&api, &created, &consenting(9)).await, refused(KEY));
    let details = api.get(&execution_path(&created)).await.json();
    assert!(details["capabilities"]["liveness"][0].get("validFaceMapForAuthentication").is_none());
}

#[tokio::test]
async fn authentication_on_premise_brings_its_own_facemap() {
    let api = TestApi::new().await;
    let created = api.create(&workflow(2)).await;
    for key in [16, 10071] {
        let answer = api.update(&created, &consenting(key)).await.json();
        let credentials = answer["workflowExecution"]["credentials"].as_array().unwrap();
        let told: Vec<_> = credentials
            .iter()
            .map(|c| (c["category"].as_str().unwrap(), c["allowedChannels"].clone()))
            .collect();
        let journey = json!(["WEB", "SDK"]);
        assert_eq!(
            told,
            [("FACEMAP", json!(["API"])), ("FACEMAP", journey.clone()), ("SELFIE", journey)]
        );
        let brought = &credentials[0]["api"];
        let href = brought["parts"]["facemap"].as_str().unwrap();
        let call = api.request("POST", href).bearer(brought["token"].as_str().unwrap());
        assert_eq!(call.file(b"any bytes").await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn what_a_tenant_has_not_switched_on_is_refused() {
    for (key, product) in [
        (3, "Identity verification"),
        (6, "Identity verification"),
        (10011, "Identity verification"),
        (10010, "Screening"),
        (32, "Screening"),
        (10013, "Screening"),
        (16, "Facemap on premise"),
    ] {
        let api = TestApi::new().await;
        let created = api.create(&workflow(1)).await;
        api.set(|settings| match product {
            "Screening" => settings.screening = false,
            "Facemap on premise" => settings.facemap_on_premise = false,
            _ => settings.identity_verification = false,
        })
        .await;
        let (status, detail, _) = api.update(&created, &consenting(key)).await.refusal();
        assert_eq!(status, 403, "{key}");
        assert!(detail.starts_with(product), "{key}: {detail}");
        assert_eq!(update(&api, &created, &consenting(20)).await.0, 200, "20 needs no product");
    }
}

#[tokio::test]
async fn a_stored_credential_is_linked_by_its_id() {
    let api = TestApi::new().await;
    let created = api.processed_of(&consenting(20)).await;
    let id = &credential(&created, "ID")["id"];
    let face = &credential(&created, "SELFIE")["id"];

    let linked_id = with_credentials(3, json!([{"category": "ID", "id": id}]));
    let answer = api.update(&created, &linked_id).await.json();
    let linked = credential(&answer, "ID");
    assert_eq!(linked, &json!({"id": id, "category": "ID", "allowedChannels": []}));
    assert!(credential(&answer, "SELFIE").get("api").is_some());
    api.finish(&answer).await;
    let details = api.get(&execution_path(&answer)).await.json();
    let usability = details["capabilities"]["usability"].as_array().unwrap();
    assert!(usability.iter().any(|entry| entry["credentials"][0]["id"] == *id));

    let again =
        with_credentials(20, json!([{"category": "SELFIE", "id": face}, {"category": "ID"}]));
    assert_eq!(update(&api, &created, &again).await.0, 200, "a stored face among two pictures");
    let replay = with_credentials(6, json!([{"category": "SELFIE", "id": face}]));
    assert_eq!(
        update(&api, &created, &replay).await,
        refused(CREDENTIALS),
        "no liveness of a stored face"
    );
    let nothing_new = with_credentials(2, json!([{"category": "ID", "id": id}]));
    assert_eq!(
        update(&api, &created, &nothing_new).await,
        refused(CREDENTIALS),
        "nothing to capture"
    );
    let unknown = json!("00000000-0000-7000-8000-000000000000");
    let unknown = with_credentials(2, json!([{"category": "ID", "id": unknown}]));
    assert_eq!(update(&api, &created, &unknown).await, refused(CREDENTIALS));
}
