//! The end user's consent (contract §13), under each policy that a tenant may choose.

use axum::http::StatusCode;
use bonafide_domain::tenant::ConsentPolicy;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::support::{
    TestApi, account_path, consenting, credential, execution_path, png, workflow,
};

const POLICIES: [ConsentPolicy; 4] = [
    ConsentPolicy::Off,
    ConsentPolicy::Record,
    ConsentPolicy::AtAcquisition,
    ConsentPolicy::AtInitiation,
];

/// A request of an end user in `country`; `consent` as it is sent, if it is.
fn stating(key: u32, country: &str, consent: Option<Value>) -> Value {
    let mut body = consenting(key);
    body["userConsent"]["userLocation"] = json!({"country": country});
    match consent {
        Some(consent) => body["userConsent"]["consent"] = consent,
        None => {
            body["userConsent"].as_object_mut().unwrap().remove("consent");
        }
    }
    body
}

fn silent(key: u32) -> Value {
    let mut body = consenting(key);
    body.as_object_mut().unwrap().remove("userConsent");
    body
}

async fn api(policy: ConsentPolicy) -> TestApi {
    let api = TestApi::new().await;
    api.set(|settings| settings.consent = policy).await;
    api
}

/// The status of a create, of the upload of a face, and of a finalize with everything there.
async fn journey(api: &TestApi, body: &Value) -> (u16, Option<u16>) {
    let access = api.access().await;
    let created = api.request("POST", "/api/v1/accounts").bearer(&access).json(body).await;
    let status = created.status.as_u16();
    if status != 200 {
        return (status, None);
    }
    (status, Some(api.upload_and_finalize(&created.json()).await.status.as_u16()))
}

#[tokio::test]
async fn what_holds_and_what_does_not_under_each_policy() {
    let at = |time: &str| Some(json!({"obtained": "yes", "obtainedAt": time}));
    let cases = [
        ("a recent yes", stating(6, "USA", at("2026-05-31T12:00:00Z")), true),
        ("three years old", stating(6, "AUT", at("2023-06-01T12:00:00.000Z")), true),
        ("a day older", stating(6, "AUT", at("2023-05-31T12:00:00.000Z")), false),
        ("of tomorrow", stating(6, "AUT", at("2026-06-02T12:00:00Z")), false),
        ("a yes without a time", stating(6, "AUT", Some(json!({"obtained": "yes"}))), false),
        ("a no", stating(6, "AUT", Some(json!({"obtained": "no"}))), false),
        ("not applicable", stating(6, "AUT", Some(json!({"obtained": "na"}))), true),
        ("not applicable in the USA", stating(6, "USA", Some(json!({"obtained": "na"}))), false),
        ("a place only", stating(6, "AUT", None), true),
        ("a place in the USA only", stating(6, "USA", None), false),
    ];
    for policy in POLICIES {
        let api = api(policy).await;
        for (name, body, holds) in &cases {
            let expected = match policy {
                _ if *holds => (200, Some(200)),
                ConsentPolicy::Off | ConsentPolicy::Record => (200, Some(200)),
                ConsentPolicy::AtAcquisition => (200, Some(403)),
                ConsentPolicy::AtInitiation => (400, None),
            };
            assert_eq!(journey(&api, body).await, expected, "{policy}: {name}");
        }
        let unstated = match policy {
            ConsentPolicy::AtAcquisition => (200, Some(403)),
            _ => (200, Some(200)),
        };
        assert_eq!(journey(&api, &silent(6)).await, unstated, "{policy}: nothing stated");
        let no = Some(json!({"obtained": "no"}));
        let not_biometric = journey(&api, &stating(2, "USA", no)).await;
        assert_eq!(not_biometric, (200, Some(200)), "{policy}: workflow 2 processes no face");
    }
}

/// Asked for at acquisition, a document may come in; the face and the finalize may not.
#[tokio::test]
async fn at_acquisition_the_face_and_the_finalize_are_refused() {
    let api = api(ConsentPolicy::AtAcquisition).await;
    let created = api.create(&silent(20)).await;
    let (id, face) = (&credential(&created, "ID")["api"], &credential(&created, "SELFIE")["api"]);
    let token = id["token"].as_str().unwrap();
    let upload = |block: &Value, part: &str| {
        let href = block["parts"][part].as_str().unwrap().to_owned();
        let call = api.request("POST", &href).bearer(token);
        async move { call.file(&png()).await }
    };
    assert_eq!(upload(id, "front").await.status, StatusCode::OK);
    let (status, detail, _) = upload(face, "face").await.refusal();
    assert_eq!(status, 403);
    assert!(detail.contains("consent"), "{detail}");
    let href = id["workflowExecution"].as_str().unwrap();
    assert_eq!(api.request("PUT", href).bearer(token).send().await.refusal().0, 403);
}

/// Contract §13: a consent for authentication is continuous. What the account's end user said once
/// does for three years; for identity verification it must be said on each journey.
#[tokio::test]
async fn continuous_consent_is_carried_over() {
    for policy in [ConsentPolicy::AtAcquisition, ConsentPolicy::AtInitiation] {
        let api = api(policy).await;
        let created = api.create(&consenting(6)).await;
        let first = &created["workflowExecution"]["id"];
        assert_eq!(api.update(&created, &silent(16)).await.status, StatusCode::OK);
        let place_only = stating(16, "USA", None);
        assert_eq!(api.update(&created, &place_only).await.status, StatusCode::OK);
        assert_eq!(api.update(&created, &silent(6)).await.status, StatusCode::OK);
        let history = api.get(&(account_path(&created) + "/consents")).await.json();
        let told: Vec<_> = history["consents"]
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| {
                let key = entry["workflowExecution"]["definitionKey"].as_str().unwrap();
                (
                    key,
                    entry["statement"].as_str().unwrap(),
                    entry.get("carriedFrom"),
                    &entry["holds"],
                )
            })
            .collect();
        let yes = &json!(true);
        assert_eq!(
            told,
            [
                ("6", "STATED", None, yes),
                ("16", "STATED", Some(first), yes),
                ("16", "STATED", Some(first), yes),
                ("6", "UNSTATED", None, &json!(false)),
            ]
        );
    }
}

#[tokio::test]
async fn a_consent_that_was_withdrawn_or_lapsed_is_not_carried_over() {
    let api = api(ConsentPolicy::AtAcquisition).await;
    let brought = |answer: Value| {
        let block = answer["workflowExecution"]["credentials"][0]["api"].clone();
        let api = &api;
        async move {
            let href = block["parts"]["facemap"].as_str().unwrap();
            let call = api.request("POST", href).bearer(block["token"].as_str().unwrap());
            call.file(b"a facemap").await.status.as_u16()
        }
    };
    let created = api.create(&consenting(6)).await;
    let carried = api.update(&created, &silent(16)).await.json();
    assert_eq!(brought(carried).await, 200);

    // The journey's own token has long expired by then; the consent is what is asked about.
    api.engine.clock.advance(SignedDuration::from_hours(24 * 365 * 3 + 48));
    let lapsed = api.update(&created, &silent(16)).await.json();
    assert_eq!(brought(lapsed).await, 403);

    let created = api
        .create(&stating(
            6,
            "AUT",
            Some(json!({
                "obtained": "yes", "obtainedAt": api.engine.engine.context.now().to_string()
            })),
        ))
        .await;
    assert_eq!(brought(api.update(&created, &silent(16)).await.json()).await, 200);
    api.engine.clock.advance(SignedDuration::from_secs(1));
    let no = stating(6, "AUT", Some(json!({"obtained": "no"})));
    api.update(&created, &no).await;
    assert_eq!(brought(api.update(&created, &silent(16)).await.json()).await, 403, "withdrawn");
}

#[tokio::test]
async fn the_history_of_an_account() {
    let api = api(ConsentPolicy::Record).await;
    let created = api.create(&consenting(3)).await;
    api.engine.clock.advance(SignedDuration::from_secs(1));
    api.update(&created, &workflow(2)).await;
    api.update(&created, &silent(6)).await;
    let path = account_path(&created) + "/consents";
    let answer = api.get(&path).await;
    insta::assert_json_snapshot!(answer.named(), @r#"
    {
      "account": {
        "id": "<id 0>"
      },
      "consents": [
        {
          "consent": {
            "obtained": "yes",
            "obtainedAt": "2026-05-31T12:00:00.000Z"
          },
          "holds": true,
          "requestedAt": "2026-06-01T12:00:00.000Z",
          "statement": "STATED",
          "userIp": "192.0.2.17",
          "userLocation": {
            "country": "USA",
            "state": "IL"
          },
          "workflowExecution": {
            "definitionKey": "3",
            "href": "https://bonafide.example/api/v1/accounts/<id 0>/workflow-executions/<id 1>",
            "id": "<id 1>",
            "status": "INITIATED"
          }
        },
        {
          "holds": false,
          "requestedAt": "2026-06-01T12:00:01.000Z",
          "statement": "UNSTATED",
          "workflowExecution": {
            "definitionKey": "6",
            "href": "https://bonafide.example/api/v1/accounts/<id 0>/workflow-executions/<id 2>",
            "id": "<id 2>",
            "status": "INITIATED"
          }
        }
      ]
    }
    "#);

    let access = api.access().await;
    api.request("DELETE", &execution_path(&created)).bearer(&access).send().await;
    let after = api.get(&path).await.json();
    assert_eq!(after["consents"][0]["statement"], "DELETED");
    assert!(after["consents"][0].get("userIp").is_none());

    api.set(|settings| settings.consent = ConsentPolicy::Off).await;
    let created = api.create(&consenting(3)).await;
    let history = api.get(&(account_path(&created) + "/consents")).await.json();
    assert_eq!(history["consents"][0]["statement"], "UNSTATED", "nothing is kept");
}

/// Contract §7.2: read back only where the tenant wants it.
#[tokio::test]
async fn consent_is_read_back_in_the_details() {
    let api = TestApi::new().await;
    let created = api.create(&consenting(20)).await;
    let path = execution_path(&created);
    let details = api.get(&path).await.json();
    assert!(details.get("consent").is_none());
    assert!(details["credentials"][0].get("consent").is_none());

    api.set(|settings| settings.consent_details = true).await;
    let details = api.get(&path).await.json();
    assert_eq!(
        details["consent"],
        json!({"obtained": "yes", "obtainedAt": "2026-05-31T12:00:00.000Z"})
    );
    for credential in details["credentials"].as_array().unwrap() {
        let expected = json!({"decisionAccepted": true, "collectedBy": "CUSTOMER"});
        assert_eq!(credential["consent"], expected);
    }
    let unstated = api.create(&silent(20)).await;
    let details = api.get(&execution_path(&unstated)).await.json();
    assert!(details.get("consent").is_none());
}
