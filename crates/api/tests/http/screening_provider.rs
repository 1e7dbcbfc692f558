//! Screening by the other provider: a fake that speaks its classic interface.

use axum::http::StatusCode;
use bonafide_domain::chore::Chore;
use bonafide_domain::decision::Capability;
use bonafide_domain::screening::ScreeningProvider;
use bonafide_engine::admin::set_provider_key;
use bonafide_engine::testing::scripted;
use serde_json::{Value, json};
use wiremock::matchers::{body_partial_json, header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::screening::{ended, post, prepared, review};
use crate::support::TestApi;

/// The other provider, as a fake that speaks its classic interface.
async fn provider(api: &TestApi, key: Option<&str>) -> MockServer {
    let server = MockServer::start().await;
    let url = server.uri();
    api.set(|settings| {
        settings.watchlists.provider = ScreeningProvider::ComplyAdvantage;
        settings.watchlists.provider_url = Some(url);
        settings.watchlists.default_profile = Some("house".to_owned());
    })
    .await;
    if let Some(key) = key {
        let engine = &api.engine.engine;
        let tenant = api.engine.tenant.tenant.id;
        set_provider_key(&engine.store, &engine.context, &engine.key_ring, tenant, key)
            .await
            .unwrap();
    }
    server
}

fn provided(hits: &Value) -> Value {
    let total = hits.as_array().unwrap().len();
    json!({"code": 200, "status": "success", "content": {"data": {
        "id": 77, "ref": "1540475000-PyxBXf9K", "total_hits": total, "hits": hits,
        "share_url": "https://provider.example/s/77"
    }}})
}

#[tokio::test]
async fn the_other_provider_is_asked_in_its_own_words() {
    let api = TestApi::with(scripted().without(Capability::WatchlistScreening)).await;
    let server = provider(&api, Some("key-1")).await;
    let hit = json!({"doc": {"id": "AB12", "name": "Ivan Sokolov"}, "match_types": ["name_exact"],
        "score": 1.7, "is_whitelisted": false});
    let listed = json!({"search_term": "Ivan Sokolov", "client_ref": "u-17", "share_url": 1,
        "search_profile": "house", "filters": {"birth_year": 1955, "entity_type": "person"}});
    Mock::given(method("POST"))
        .and(path("/searches"))
        .and(header("authorization", "Token key-1"))
        .and(body_partial_json(listed))
        .respond_with(ResponseTemplate::new(200).set_body_json(provided(&json!([hit]))))
        .mount(&server)
        .await;
    let clean = json!({"search_term": "Margaret Thornbury"});
    Mock::given(body_partial_json(clean))
        .respond_with(ResponseTemplate::new(200).set_body_json(provided(&json!([]))))
        .mount(&server)
        .await;
    let ivan = json!({"firstName": "Ivan", "lastName": "Sokolov", "dateOfBirth": "1955-03-02"});
    let entry = prepared(&api, &ivan).await;
    assert_eq!(ended(&entry), ("WARNING", "ALERT"));
    let url = entry["data"]["searchResultUrl"].as_str().unwrap();
    let search = api.get(url).await.json()["content"]["data"].clone();
    assert_eq!(search["share_url"], "https://provider.example/s/77");
    assert_eq!(search["hits"][0]["doc"]["id"], "AB12");
    let margaret = json!({"firstName": "Margaret", "lastName": "Thornbury"});
    assert_eq!(ended(&prepared(&api, &margaret).await), ("PASSED", "OK"));
    let id = search["id"].to_string();
    review(&api, &id, "AB12", "false_positive").await;
    assert_eq!(ended(&prepared(&api, &ivan).await), ("PASSED", "OK"), "cleared here");
}

#[tokio::test]
async fn a_provider_that_does_not_answer_passes_nobody() {
    let data = json!({"firstName": "Margaret", "lastName": "Thornbury"});
    let strange = json!({"content": {"data": {"id": 1, "ref": "r"}}});
    // Of two hits one is shown, and that one is cleared.
    let mut half = provided(&json!([{"doc": {"id": "AB12"}, "is_whitelisted": true}]));
    half["content"]["data"]["total_hits"] = json!(2);
    for (answer, calls, expected) in [
        (ResponseTemplate::new(503), 4, "TECHNICAL_ERROR"),
        (ResponseTemplate::new(429), 4, "TECHNICAL_ERROR"),
        (ResponseTemplate::new(401), 1, "INVALID_MERCHANT_SETTINGS"),
        (ResponseTemplate::new(400), 1, "INVALID_MERCHANT_SETTINGS"),
        (ResponseTemplate::new(200).set_body_string("<html>"), 1, "TECHNICAL_ERROR"),
        (ResponseTemplate::new(200).set_body_json(strange), 1, "TECHNICAL_ERROR"),
        (ResponseTemplate::new(200).set_body_json(half), 1, "TECHNICAL_ERROR"),
    ] {
        let api = TestApi::with(scripted().without(Capability::WatchlistScreening)).await;
        let server = provider(&api, Some("key-1")).await;
        Mock::given(method("POST")).respond_with(answer).expect(calls).mount(&server).await;
        assert_eq!(ended(&prepared(&api, &data).await), ("NOT_EXECUTED", expected));
    }
    let api = TestApi::with(scripted().without(Capability::WatchlistScreening)).await;
    let _server = provider(&api, None).await;
    let expected = ("NOT_EXECUTED", "INVALID_MERCHANT_SETTINGS");
    assert_eq!(ended(&prepared(&api, &data).await), expected, "no key");
}

#[tokio::test]
async fn a_provider_that_is_busy_for_a_moment_is_asked_again() {
    let api = TestApi::with(scripted().without(Capability::WatchlistScreening)).await;
    let server = provider(&api, Some("key-1")).await;
    Mock::given(method("POST"))
        .respond_with(ResponseTemplate::new(429))
        .up_to_n_times(2)
        .mount(&server)
        .await;
    Mock::given(method("POST"))
        .respond_with(ResponseTemplate::new(200).set_body_json(provided(&json!([]))))
        .mount(&server)
        .await;
    let data = json!({"firstName": "Margaret", "lastName": "Thornbury"});
    assert_eq!(ended(&prepared(&api, &data).await), ("PASSED", "OK"));
}

/// The other provider monitors by itself: it is told to, and looked at again when it says so. What its
/// notice claims is not believed.
#[tokio::test]
async fn the_other_providers_monitoring_is_followed() {
    let api = TestApi::with(scripted().without(Capability::WatchlistScreening)).await;
    let server = provider(&api, Some("key-1")).await;
    let customer = MockServer::start().await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(200)).mount(&customer).await;
    let url = customer.uri();
    api.set(|settings| {
        settings.callback_url = Some(url);
        settings.watchlists.monitor = true;
    })
    .await;
    let answer = |body: Value| ResponseTemplate::new(200).set_body_json(body);
    let doc = |id: &str, name: &str| json!({"doc": {"id": id, "name": name}, "score": 1.0});
    let before = json!([doc("AB12", "Ivan Sokolov"), doc("CD34", "I. Sokolov")]);
    let after = json!([doc("AB12", "Ivan Petrovich Sokolov"), doc("EF56", "Ivan Sokolow")]);
    Mock::given(method("POST"))
        .and(path("/searches"))
        .respond_with(answer(provided(&before)))
        .expect(1)
        .mount(&server)
        .await;
    Mock::given(method("PATCH"))
        .and(path("/searches/77/monitors"))
        .and(header("authorization", "Token key-1"))
        .and(body_partial_json(json!({"is_monitored": true})))
        .respond_with(answer(json!({"content": {"data": {"is_monitored": true}}})))
        .expect(1)
        .mount(&server)
        .await;
    Mock::given(method("GET"))
        .and(path("/searches/77"))
        .and(header("authorization", "Token key-1"))
        .respond_with(answer(provided(&after)))
        .expect(1)
        .mount(&server)
        .await;
    let ivan = json!({"firstName": "Ivan", "lastName": "Sokolov"});
    let entry = prepared(&api, &ivan).await;
    assert_eq!(ended(&entry), ("WARNING", "ALERT"));
    let search = entry["data"]["searchId"].as_str().unwrap().to_owned();
    let differences = format!("/api/v1/searches/{search}/monitor/differences");

    // The clock of the own lists does not look at it; and notices of others' searches, and of other
    // events, are taken and left alone.
    api.engine.take_turn(Chore::Monitoring).await;
    let notice = |event: &str, number: i64| {
        json!({"event": event, "data": {"search_id": number, "new": ["ZZ99"], "updated": [],
            "removed": ["AB12"], "is_suspended": false}})
    };
    let post_notice =
        async |body: &Value| post(&api, "/api/v1/screening-notices", body).await.status;
    for (event, number) in [("monitored_search_updated", 78), ("match_status_updated", 77)] {
        assert_eq!(post_notice(&notice(event, number)).await, StatusCode::OK);
    }
    let nameless = json!({"event": "monitored_search_updated", "data": {"search_id": "x"}});
    let (status, _, fields) = post(&api, "/api/v1/screening-notices", &nameless).await.refusal();
    assert_eq!((status, fields), (400, vec!["data.search_id".to_owned()]));
    assert_eq!(api.get(&differences).await.json()["content"]["data"], json!([]));

    let noticed = notice("monitored_search_updated", 77);
    assert_eq!(post_notice(&noticed).await, StatusCode::OK);
    // The execution itself is told of too.
    let notices = async || {
        let requests = customer.received_requests().await.unwrap();
        let bodies = requests.iter().map(|request| serde_json::from_slice(&request.body).unwrap());
        bodies.filter(|body: &Value| body.get("event").is_some()).collect::<Vec<_>>()
    };
    api.working(async {
        while notices().await.is_empty() {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    })
    .await;
    let told = api.get(&differences).await.json()["content"]["data"].clone();
    assert_eq!(told.as_array().unwrap().len(), 1, "{told}");
    assert_eq!(
        (&told[0]["new"], &told[0]["updated"], &told[0]["removed"]),
        (&json!(["EF56"]), &json!(["AB12"]), &json!(["CD34"]))
    );
    let told = notices().await;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["event"], "monitored_search_updated");
    assert_eq!(told[0]["data"]["search_id"].to_string(), search);

    // Of a customer who went back to the own lists, too, their clock leaves it alone.
    api.set(|settings| settings.watchlists.provider = ScreeningProvider::Own).await;
    api.engine.take_turn(Chore::Monitoring).await;
}

/// A provider that does not take a search over is said not to watch it.
#[tokio::test]
async fn a_search_that_nobody_watches_says_so() {
    let api = TestApi::with(scripted().without(Capability::WatchlistScreening)).await;
    let server = provider(&api, Some("key-1")).await;
    api.set(|settings| settings.watchlists.monitor = true).await;
    Mock::given(method("POST"))
        .respond_with(ResponseTemplate::new(200).set_body_json(provided(&json!([]))))
        .mount(&server)
        .await;
    Mock::given(method("PATCH")).respond_with(ResponseTemplate::new(400)).mount(&server).await;
    let data = json!({"firstName": "Margaret", "lastName": "Thornbury"});
    let entry = prepared(&api, &data).await;
    assert_eq!(ended(&entry), ("PASSED", "OK"));
    let search = entry["data"]["searchId"].as_str().unwrap();
    let path = format!("/api/v1/searches/{search}/monitors");
    assert_eq!(api.get(&path).await.json()["content"]["data"]["is_monitored"], false);
    let access = api.access().await;
    let wanted = json!({"is_monitored": true});
    let refused = api.request("PATCH", &path).bearer(&access).json(&wanted).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(api.get(&path).await.json()["content"]["data"]["is_monitored"], false);
}
