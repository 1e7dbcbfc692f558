//! Faces that the tenant has seen before.

use bonafide_engine::testing::without_faces;

use super::*;

/// Where the face of a document was seen before.
fn seen_in(details: &Value) -> Value {
    details["capabilities"]["imageChecks"][0]["data"]["faceSearchFindings"].clone()
}

/// A face that comes again is told of, with the data that came with it, until it is deleted; and only
/// where the tenant wants it and the end user agreed.
#[tokio::test]
async fn a_face_that_was_seen_before_is_found_until_it_is_deleted() {
    let Some(api) = server().await else { return };
    let verify = async |body: &Value, document: Vec<u8>| {
        let created = api.create(body).await;
        let details = judged(&api, &created, &[document]).await;
        (created, details)
    };
    let id = |created: &Value| created["workflowExecution"]["id"].clone();

    let (_, details) = verify(&consenting(2), passport(3, OBEDIENT)).await;
    assert_eq!(seen_in(&details), Value::Null, "the tenant does not want it");
    api.set(|settings| settings.face_search = true).await;
    let mut silent = consenting(2);
    silent.as_object_mut().unwrap().remove("userConsent");
    let (_, details) = verify(&silent, passport(3, OBEDIENT)).await;
    assert_eq!(seen_in(&details), Value::Null, "nobody agreed");

    let (first, details) = verify(&consenting(2), passport(3, OBEDIENT)).await;
    assert_eq!(seen_in(&details), json!({"status": "DONE", "findings": []}));
    assert_eq!(ended(&details, "imageChecks"), "PASSED/OK");
    let again = api.update(&first, &consenting(2)).await.json();
    let details = judged(&api, &again, &[passport(3, OBEDIENT)]).await;
    assert_eq!(seen_in(&details)["findings"], json!([]), "one's own account is no repetition");
    let biometrics = format!("{}/biometrics", execution_path(&again));
    let access = api.access().await;
    let deleted = api.request("DELETE", &biometrics).bearer(&access).send().await;
    assert_eq!(deleted.status, StatusCode::OK);

    let (second, details) = verify(&consenting(2), passport(3, OBEDIENT)).await;
    assert_eq!(seen_in(&details)["findings"], json!([id(&first)]));
    assert_eq!(ended(&details, "imageChecks"), "WARNING/REPEATED_FACE");
    assert_eq!(ended(&details, "dataChecks"), "PASSED/OK");
    let (_, details) = verify(&consenting(2), passport(8, STRANGER)).await;
    assert_eq!(seen_in(&details)["findings"], json!([]), "somebody else");

    // The same face on a document of somebody else.
    let (impostor, details) = verify(&consenting(2), passport(8, OBEDIENT)).await;
    let findings = seen_in(&details)["findings"].as_array().unwrap().clone();
    assert_eq!(findings.len(), 2, "{findings:?}");
    assert!(findings.contains(&id(&first)) && findings.contains(&id(&second)));
    assert_eq!(ended(&details, "imageChecks"), "PASSED/OK");
    assert_eq!(ended(&details, "dataChecks"), "REJECTED/MISMATCHING_DATA_REPEATED_FACE");

    // What is deleted is forgotten, in every way that there is.
    for path in [
        execution_path(&first),
        format!("{}/biometrics", execution_path(&second)),
        format!("/api/v1/accounts/{}", impostor["account"]["id"].as_str().unwrap()),
    ] {
        let deleted = api.request("DELETE", &path).bearer(&access).send().await;
        assert_eq!(deleted.status, StatusCode::OK, "{path}");
    }
    let (_, details) = verify(&consenting(2), passport(3, OBEDIENT)).await;
    assert_eq!(seen_in(&details), json!({"status": "DONE", "findings": []}));
}

/// Without the pack nobody can say whether a face was seen before, and a tenant that wants to know is
/// not told that all is well.
#[tokio::test]
async fn a_face_that_cannot_be_looked_for_passes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let Some(capabilities) = without_faces(folder.path()) else {
        println!("skipped: the pack `documents` is not installed");
        return;
    };
    let api = TestApi::with(capabilities).await;
    api.set(|settings| settings.face_search = true).await;
    let created = api.create(&consenting(2)).await;
    let details = judged(&api, &created, &[passport(3, OBEDIENT)]).await;
    assert_eq!(ended(&details, "imageChecks"), "NOT_EXECUTED/TECHNICAL_ERROR");
    assert_eq!(seen_in(&details), json!({"status": "ERROR", "findings": []}));
}
