use axum::http::{StatusCode, header};
use serde_json::{Value, json};

use crate::capabilities::{reading, refusing};
use crate::support::{TestApi, execution_path, png, workflow};

fn loose_path(created: &Value) -> String {
    format!("/api/v1/workflow-executions/{}", created["workflowExecution"]["id"].as_str().unwrap())
}

#[tokio::test]
async fn the_status_of_an_execution() {
    let api = TestApi::new().await;
    let created = api.create(&workflow(2)).await;
    for path in [
        execution_path(&created) + "/status",
        execution_path(&created) + "/status/",
        loose_path(&created) + "/status",
    ] {
        for scheme in ["Basic", "basic"] {
            let call = api.request("GET", &path).basic(scheme, &api.engine.tenant);
            let answer = call.send().await;
            insta::allow_duplicates! {
                insta::assert_json_snapshot!(answer.named(), @r#"
                {
                  "account": {
                    "href": "https://bonafide.example/api/v1/accounts/<id 0>",
                    "id": "<id 0>"
                  },
                  "workflowExecution": {
                    "definitionKey": "2",
                    "href": "https://bonafide.example/api/v1/accounts/<id 0>/workflow-executions/<id 1>",
                    "id": "<id 1>",
                    "status": "INITIATED"
                  }
                }
                "#);
            }
        }
    }
}

#[tokio::test]
async fn the_executions_of_an_account() {
    let api = TestApi::new().await;
    let access = api.access().await;
    let created = api.create(&workflow(1)).await;
    let path = format!("/api/v1/accounts/{}", created["account"]["id"].as_str().unwrap());
    api.engine.clock.advance(jiff::SignedDuration::from_secs(1));
    api.request("PUT", &path).bearer(&access).json(&workflow(2)).await;
    let answer = api.request("GET", &path).bearer(&access).send().await;
    insta::assert_json_snapshot!(answer.named(), @r#"
    {
      "account": {
        "id": "<id 0>"
      },
      "workflowExecutions": [
        {
          "definitionKey": "1",
          "href": "https://bonafide.example/api/v1/accounts/<id 0>/workflow-executions/<id 1>",
          "id": "<id 1>",
          "status": "INITIATED"
        },
        {
          "definitionKey": "2",
          "href": "https://bonafide.example/api/v1/accounts/<id 0>/workflow-executions/<id 2>",
          "id": "<id 2>",
          "status": "INITIATED"
        }
      ]
    }
    "#);
}

#[tokio::test]
async fn details_before_anything_was_captured() {
    let api = TestApi::new().await;
    let access = api.access().await;
    let mut request = workflow(1);
    request["reportingCriteria"] = json!("spring");
    let created = api.create(&request).await;
    let answer = api.request("GET", &execution_path(&created)).bearer(&access).send().await;
    insta::assert_json_snapshot!(answer.named(), @r#"
    {
      "account": {
        "id": "<id 0>"
      },
      "capabilities": {},
      "createdAt": "2026-06-01T12:00:00.000Z",
      "credentials": [
        {
          "category": "ID",
          "id": "<id 1>"
        }
      ],
      "workflow": {
        "customerInternalReference": "order-17",
        "definitionKey": "1",
        "id": "<id 2>",
        "reportingCriteria": "spring",
        "status": "INITIATED"
      }
    }
    "#);
}

#[expect(clippy::too_many_lines, reason = "most of it is the body as it must be")]
#[tokio::test]
async fn details_of_what_was_judged() {
    let api = TestApi::with(reading()).await;
    let access = api.access().await;
    let created = api.processed().await;
    let by_id = api.request("GET", &execution_path(&created)).bearer(&access).send().await;
    let loose = api.request("GET", &loose_path(&created)).bearer(&access).send().await;
    assert_eq!(by_id.json(), loose.json());
    insta::assert_json_snapshot!(by_id.named(), @r#"
    {
      "account": {
        "id": "<id 0>"
      },
      "capabilities": {
        "dataChecks": [
          {
            "credentials": [
              {
                "category": "ID",
                "id": "<id 1>"
              }
            ],
            "decision": {
              "details": {
                "label": "OK"
              },
              "type": "PASSED"
            },
            "id": "<id 2>"
          }
        ],
        "extraction": [
          {
            "credentials": [
              {
                "category": "ID",
                "id": "<id 1>"
              }
            ],
            "data": {
              "firstName": "ANNA MARIA",
              "issuingCountry": "UTO",
              "type": "PASSPORT"
            },
            "decision": {
              "details": {
                "label": "OK"
              },
              "type": "PASSED"
            },
            "id": "<id 3>"
          }
        ],
        "imageChecks": [
          {
            "credentials": [
              {
                "category": "ID",
                "id": "<id 1>"
              }
            ],
            "decision": {
              "details": {
                "label": "OK"
              },
              "type": "PASSED"
            },
            "id": "<id 4>"
          }
        ],
        "usability": [
          {
            "credentials": [
              {
                "category": "ID",
                "id": "<id 1>"
              }
            ],
            "decision": {
              "details": {
                "label": "OK"
              },
              "type": "PASSED"
            },
            "id": "<id 5>"
          }
        ]
      },
      "completedAt": "2026-06-01T12:00:00.000Z",
      "createdAt": "2026-06-01T12:00:00.000Z",
      "credentials": [
        {
          "category": "ID",
          "id": "<id 1>",
          "parts": [
            {
              "classifier": "FRONT",
              "href": "https://bonafide.example/api/v1/accounts/<id 0>/credentials/<id 1>/parts/FRONT"
            },
            {
              "classifier": "BACK",
              "href": "https://bonafide.example/api/v1/accounts/<id 0>/credentials/<id 1>/parts/BACK"
            }
          ]
        }
      ],
      "startedAt": "2026-06-01T12:00:00.000Z",
      "workflow": {
        "customerInternalReference": "order-17",
        "definitionKey": "2",
        "id": "<id 6>",
        "status": "PROCESSED"
      }
    }
    "#);
}

#[tokio::test]
async fn what_was_not_executed_has_empty_data_or_none() {
    let api = TestApi::with(refusing()).await;
    let access = api.access().await;
    let created = api.processed().await;
    let answer = api.request("GET", &execution_path(&created)).bearer(&access).send().await;
    let capabilities = &answer.json()["capabilities"];
    let told = |capability: &str| {
        let entry = &capabilities[capability][0];
        (
            entry["decision"]["type"].clone(),
            entry["decision"]["details"]["label"].clone(),
            entry.get("data").cloned(),
        )
    };
    let skipped = |data| (json!("NOT_EXECUTED"), json!("PRECONDITION_NOT_FULFILLED"), data);
    assert_eq!(told("usability"), (json!("REJECTED"), json!("BLURRED"), None));
    assert_eq!(told("imageChecks"), skipped(None));
    assert_eq!(told("extraction"), skipped(Some(json!({}))));
    assert_eq!(told("dataChecks"), skipped(None));
}

#[tokio::test]
async fn the_evidence_of_an_execution() {
    let api = TestApi::with(reading()).await;
    let access = api.access().await;
    let created = api.processed().await;
    let path = execution_path(&created);
    let details = api.request("GET", &path).bearer(&access).send().await.json();
    let evidence = api.request("GET", &(path + "/evidence")).bearer(&access).send().await.json();

    let mut without = evidence["capabilities"].clone();
    for entries in without.as_object_mut().unwrap().values_mut() {
        entries[0].as_object_mut().unwrap().remove("evidence").expect("each has evidence");
    }
    assert_eq!(without, details["capabilities"], "as on the wire, with evidence added");
    assert_eq!(evidence["capabilities"]["usability"][0]["evidence"], json!([]));
    assert_eq!(
        evidence["capabilities"]["extraction"][0]["evidence"],
        json!([
            {
                "signal": "mrz.confidence", "value": 0.75, "threshold": 0.5,
                "region": {
                    "part": "FRONT",
                    "corners": [[10.0, 20.5], [390.0, 20.5], [390.0, 80.0], [10.0, 80.0]]
                },
                "model": {"id": "reader-1", "sha256": "0".repeat(64)}
            },
            {"signal": "mrz.check_digits", "value": true},
            {"signal": "mrz.format", "value": "TD3"}
        ])
    );
    assert_eq!(
        evidence["mrz"],
        json!({
            "format": "TD3",
            "lines": ["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"],
            "repairs": [{
                "line": 1, "column": 3, "read": "0", "repaired": "U",
                "reason": "the position takes letters"
            }]
        })
    );
    assert_eq!(evidence.as_object().unwrap().len(), 2);
}

#[tokio::test]
async fn a_part_comes_back_as_it_was_uploaded() {
    let api = TestApi::new().await;
    let access = api.access().await;
    let created = api.processed().await;
    let path = execution_path(&created);
    let details = api.request("GET", &path).bearer(&access).send().await.json();
    let href = details["credentials"][0]["parts"][0]["href"].as_str().unwrap();
    for href in [href.to_owned(), href.replace("FRONT", "front")] {
        let answer = api.request("GET", &href).bearer(&access).send().await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.headers[header::CONTENT_TYPE], "image/png");
        assert_eq!(answer.headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
        assert_eq!(answer.body, png());
    }
}

#[tokio::test]
async fn deletion_leaves_decisions_and_no_data() {
    let api = TestApi::with(reading()).await;
    let access = api.access().await;
    let created = api.processed().await;
    let path = execution_path(&created);
    let before = api.request("GET", &path).bearer(&access).send().await.json();
    let href = before["credentials"][0]["parts"][0]["href"].as_str().unwrap();

    let deleted = api.request("DELETE", &path).bearer(&access).send().await;
    assert_eq!(deleted.status, StatusCode::OK);

    let after = api.request("GET", &path).bearer(&access).send().await.json();
    assert_eq!(after["wipedOutAt"], "2026-06-01T12:00:00.000Z");
    assert_eq!(after["credentials"], json!([]));
    assert_eq!(after["workflow"]["status"], "PROCESSED");
    let extraction = &after["capabilities"]["extraction"][0];
    assert_eq!(extraction["decision"], before["capabilities"]["extraction"][0]["decision"]);
    assert_eq!(extraction["data"], json!({}));
    assert_eq!(api.request("GET", href).bearer(&access).send().await.refusal().0, 404);
    let evidence = api.request("GET", &(path + "/evidence")).bearer(&access).send().await.json();
    assert_eq!(evidence["capabilities"]["extraction"][0]["evidence"], json!([]));
    assert_eq!(evidence.get("mrz"), None);
}

#[tokio::test]
async fn a_deleted_account_takes_no_more() {
    let api = TestApi::new().await;
    let access = api.access().await;
    let created = api.create(&workflow(1)).await;
    let path = format!("/api/v1/accounts/{}", created["account"]["id"].as_str().unwrap());
    let deleted = api.request("DELETE", &path).bearer(&access).send().await;
    assert_eq!(deleted.status, StatusCode::OK);
    let update = api.request("PUT", &path).bearer(&access).json(&workflow(2)).await;
    assert_eq!(update.refusal().0, 404);
}
