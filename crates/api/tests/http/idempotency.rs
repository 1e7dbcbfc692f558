//! `Idempotency-Key` on every call that changes something.

use axum::http::HeaderName;
use bonafide_domain::tenant::Permissions;
use bonafide_engine::admin::create_client;
use futures::future::join_all;
use jiff::SignedDuration;
use serde_json::Value;

use crate::support::{Answer, TestApi, png, workflow};

const KEY: HeaderName = HeaderName::from_static("idempotency-key");

async fn create(api: &TestApi, access: &str, key: &str, body: &Value) -> Answer {
    api.request("POST", "/api/v1/accounts").bearer(access).header(KEY, key).json(body).await
}

/// How many accounts the first tenant has.
async fn accounts(api: &TestApi) -> usize {
    let mut tx = api.engine.engine.store.read().await.unwrap();
    let since = "2027-01-01T00:00:00Z".parse().unwrap();
    tx.list_idle_accounts(api.engine.tenant.tenant.id, since, 1000).await.unwrap().len()
}

fn account_path(created: &Value) -> String {
    format!("/api/v1/accounts/{}", created["account"]["id"].as_str().unwrap())
}

#[tokio::test]
async fn a_create_that_is_sent_again_makes_one_account() {
    let api = TestApi::new().await;
    let access = api.access().await;
    let first = create(&api, &access, "k-1", &workflow(3)).await;
    api.engine.clock.advance(SignedDuration::from_secs(5));
    let again = create(&api, &access, "k-1", &workflow(3)).await;
    assert_eq!((first.status.as_u16(), first.json()), (200, again.json()), "tokens and all");
    assert_eq!(accounts(&api).await, 1);
    // The alias, the slash and the quotes are the same request under the same key.
    let call = api.request("PUT", "/api/v1/accounts/").bearer(&access).header(KEY, "\"k-1\"");
    assert_eq!(call.json(&workflow(3)).await.json(), first.json());
    // The kept token is as good as the first answer's.
    let token = again.json()["workflowExecution"]["credentials"][2]["api"].clone();
    let href = token["parts"]["face"].as_str().unwrap();
    let upload = api.request("POST", href).bearer(token["token"].as_str().unwrap());
    assert_eq!(upload.file(&png()).await.status, 200);
}

#[tokio::test]
async fn another_request_under_the_same_key_is_refused() {
    let api = TestApi::new().await;
    let access = api.access().await;
    let created = create(&api, &access, "k-1", &workflow(1)).await.json();
    let refused = create(&api, &access, "k-1", &workflow(2)).await.refusal();
    assert_eq!(refused.0, 409);
    assert_eq!(refused.1, "This Idempotency-Key was used for another request; take a new one.");
    let update = api.request("PUT", &account_path(&created)).bearer(&access).header(KEY, "k-1");
    assert_eq!(update.json(&workflow(1)).await.refusal().0, 409, "another address");
    let delete = api.request("DELETE", &account_path(&created)).bearer(&access).header(KEY, "k-1");
    assert_eq!(delete.send().await.refusal().0, 409, "another operation");
    assert_eq!(accounts(&api).await, 1);
}

#[tokio::test]
async fn a_refused_request_leaves_its_key_free() {
    let api = TestApi::new().await;
    let access = api.access().await;
    api.set(|settings| settings.screening = false).await;
    assert_eq!(create(&api, &access, "k-1", &workflow(32)).await.status, 400);
    let mut screening = workflow(32);
    screening["userReference"] = "u-17".into();
    assert_eq!(create(&api, &access, "k-1", &screening).await.status, 403);
    assert_eq!(create(&api, &access, "k-1", &workflow(1)).await.status, 200);
}

#[tokio::test]
async fn keys_belong_to_a_client_and_expire() {
    let api = TestApi::new().await;
    let access = api.access().await;
    let first = create(&api, &access, "k-1", &workflow(1)).await.json();
    let engine = &api.engine.engine;
    let both = Permissions { initiate: true, retrieve: true };
    let tenant = api.engine.tenant.tenant.id;
    let client = create_client(&engine.store, &engine.context, tenant, both).await.unwrap();
    let secret = client.client_secret.expose();
    let issued = engine.issue_access_token(&client.client_id, secret).await.unwrap();
    let sibling = create(&api, issued.token.expose(), "k-1", &workflow(1)).await.json();
    assert_ne!(first["account"], sibling["account"]);
    let foreign = api.access_of(&api.engine.other).await;
    let foreign = create(&api, &foreign, "k-1", &workflow(1)).await.json();
    assert_ne!(first["account"], foreign["account"]);

    api.engine.clock.advance(SignedDuration::from_hours(24) - SignedDuration::from_millis(1));
    let access = api.access().await;
    assert_eq!(create(&api, &access, "k-1", &workflow(1)).await.json(), first);
    api.engine.clock.advance(SignedDuration::from_millis(1));
    let later = create(&api, &access, "k-1", &workflow(2)).await;
    assert_eq!(later.status, 200, "other content too: the key is new again");
    assert_ne!(later.json()["account"], first["account"]);
}

#[tokio::test]
async fn the_same_request_at_once_takes_effect_once() {
    let api = TestApi::new().await;
    let access = api.access().await;
    let answers =
        join_all((0..8).map(|_| async { create(&api, &access, "k-1", &workflow(2)).await })).await;
    for answer in &answers {
        assert_eq!((answer.status.as_u16(), answer.json()), (200, answers[0].json()));
    }
    assert_eq!(accounts(&api).await, 1);
}

#[tokio::test]
async fn updates_uploads_and_finalizes_take_effect_once() {
    let api = TestApi::new().await;
    let access = api.access().await;
    let created = api.create(&workflow(1)).await;
    let path = account_path(&created);
    let update = || api.request("PUT", &path).bearer(&access).header(KEY, "k-1");
    let updated = update().json(&workflow(2)).await.json();
    assert_eq!(update().json(&workflow(2)).await.json(), updated);
    assert_eq!(update().json(&workflow(1)).await.refusal().0, 409);
    let account = api.request("GET", &path).bearer(&access).send().await.json();
    assert_eq!(account["workflowExecutions"].as_array().unwrap().len(), 2);

    let block = &updated["workflowExecution"]["credentials"][0]["api"];
    let (front, token) = (block["parts"]["front"].as_str().unwrap(), block["token"].as_str());
    let keyed = |method: &str, href: &str, key: &str| {
        api.request(method, href).bearer(token.unwrap()).header(KEY, key)
    };
    let mut other = png();
    other.push(0);
    let taken = keyed("POST", front, "up").file(&png()).await;
    let audit = async || {
        let mut tx = api.engine.engine.store.read().await.unwrap();
        let account = created["account"]["id"].as_str().unwrap().parse().unwrap();
        tx.list_audit(api.engine.tenant.tenant.id, account).await.unwrap().len()
    };
    let before = audit().await;
    api.engine.clock.advance(SignedDuration::from_secs(5));
    // A form has another boundary each time; it is the file that counts.
    assert_eq!(keyed("POST", front, "up").file(&png()).await.json(), taken.json());
    assert_eq!(keyed("POST", front, "up").file(&other).await.refusal().0, 409);

    let href = block["workflowExecution"].as_str().unwrap();
    let finalized = keyed("PUT", href, "end").send().await;
    assert_eq!(finalized.status, 200);
    api.engine.clock.advance(SignedDuration::from_secs(5));
    assert_eq!(keyed("PUT", href, "end").send().await.json(), finalized.json());
    assert_eq!(keyed("PUT", href, "up").send().await.refusal().0, 409);
    // A repeated upload is answered after the finalize too; a new one is not taken.
    assert_eq!(keyed("POST", front, "up").file(&png()).await.json(), taken.json());
    assert_eq!(keyed("POST", front, "late").file(&png()).await.refusal().0, 403);
    assert_eq!(audit().await, before + 1, "the finalize, once");
}

#[tokio::test]
async fn a_deletion_that_is_sent_again_has_the_same_receipt() {
    let api = TestApi::new().await;
    let access = api.access().await;
    let created = api.processed().await;
    let execution = format!(
        "{}/workflow-executions/{}",
        account_path(&created),
        created["workflowExecution"]["id"].as_str().unwrap()
    );
    let delete = |path: &str| api.request("DELETE", path).bearer(&access).header(KEY, "k-1");
    let receipt = delete(&execution).send().await.json();
    api.engine.clock.advance(SignedDuration::from_secs(5));
    assert_eq!(delete(&execution).send().await.json(), receipt);
    assert_eq!(delete(&account_path(&created)).send().await.refusal().0, 409);
}

#[tokio::test]
async fn a_key_is_short_and_visible() {
    let api = TestApi::new().await;
    let access = api.access().await;
    let longest = "k".repeat(255);
    assert_eq!(create(&api, &access, &longest, &workflow(1)).await.status, 200);
    for key in ["", " ", "a b", &"k".repeat(256)] {
        let (status, detail, _) = create(&api, &access, key, &workflow(1)).await.refusal();
        assert_eq!(status, 400, "{key:?}");
        assert_eq!(detail, "The Idempotency-Key must have 1 to 255 visible ASCII characters.");
    }
    assert_eq!(accounts(&api).await, 1);
}

/// Kept answers hold tokens. Neither they nor the key nor the content are to be found in the database.
#[tokio::test]
async fn what_is_kept_is_sealed() {
    let api = TestApi::new().await;
    let access = api.access().await;
    let key = "a-key-that-stands-out";
    let created = create(&api, &access, key, &workflow(2)).await.json();
    let token = created["workflowExecution"]["credentials"][0]["api"]["token"].as_str().unwrap();
    let files: Vec<u8> = std::fs::read_dir(api.engine.folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .flat_map(|path| std::fs::read(path).unwrap())
        .collect();
    let holds = |text: &str| files.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(holds("order-17"), "the test looks in the wrong place");
    assert!(!holds(token) && !holds(key));
}
