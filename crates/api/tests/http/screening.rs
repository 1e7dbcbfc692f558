//! Watchlist screening in workflows 32 and 10010, searches by themselves, and the review of hits.

use axum::http::StatusCode;
use bonafide_domain::chore::Chore;
use bonafide_domain::decision::{Capability, DecisionType, Label};
use bonafide_domain::screening::SearchProfile;
use bonafide_engine::capability::{Capabilities, Inputs, Judge, Outcome};
use bonafide_engine::testing::scripted;
use jiff::SignedDuration;
use serde_json::{Value, json};
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::{Answer, TestApi, consenting, credential, execution_path, workflow};

/// Nobody who lives: names made up for this test.
const LIST: &str = "id,name,kind,aliases,birth_date\n\
    1,Ivan Petrovich Sokolov,person,Vanya the Falcon,1955-03-02\n\
    2,Abdul Rahman Sabir,person,,1970\n";

/// An extraction that reads this person.
struct Reads(&'static str, &'static str, &'static str);

impl Judge for Reads {
    fn evaluate(&self, _inputs: &Inputs) -> Outcome {
        let Self(first, last, born) = self;
        Outcome::new(Capability::Extraction, DecisionType::Passed, Label::Ok, vec![])
            .with_data(json!({"firstName": first, "lastName": last, "dateOfBirth": born}))
    }
}

/// Everything passes as scripted, but for the screening of this person.
fn reading(first: &'static str, last: &'static str, born: &'static str) -> Capabilities {
    scripted()
        .without(Capability::WatchlistScreening)
        .with(Capability::Extraction, Reads(first, last, born))
}

async fn screening_of(api: &TestApi, created: &Value) -> Value {
    let details = api.get(&execution_path(created)).await.json();
    details["capabilities"]["watchlistScreening"][0].clone()
}

pub(crate) fn ended(entry: &Value) -> (&str, &str) {
    let decision = &entry["decision"];
    (decision["type"].as_str().unwrap(), decision["details"]["label"].as_str().unwrap())
}

/// Workflow 32 of a new person.
async fn screened(api: &TestApi, body: &Value) -> Value {
    let created = api.processed_of(body).await;
    screening_of(api, &created).await
}

/// Workflow 10010 with these data.
pub(crate) async fn prepared(api: &TestApi, data: &Value) -> Value {
    let mut body = workflow(10010);
    body["userReference"] = json!("u-17");
    let created = api.create(&body).await;
    let block = &credential(&created, "DATA")["api"];
    let token = block["token"].as_str().unwrap();
    let href = block["parts"]["prepared_data"].as_str().unwrap();
    let uploaded = api.request("POST", href).bearer(token).json(data).await;
    assert_eq!(uploaded.status, StatusCode::OK, "{}", uploaded.text());
    let finalize = block["workflowExecution"].as_str().unwrap();
    let finalized = api.request("PUT", finalize).bearer(token).send().await;
    assert_eq!(finalized.status, StatusCode::OK, "{}", finalized.text());
    api.work_until(&created, "PROCESSED").await;
    screening_of(api, &created).await
}

pub(crate) async fn post(api: &TestApi, path: &str, body: &Value) -> Answer {
    let access = api.access().await;
    api.request("POST", path).bearer(&access).json(body).await
}

pub(crate) async fn review(api: &TestApi, search: &str, entity: &str, status: &str) -> Answer {
    let access = api.access().await;
    let body = json!({"entities": [entity], "match_status": status, "reason": "seen in person"});
    let path = format!("/api/v1/searches/{search}/entities");
    api.request("PATCH", &path).bearer(&access).json(&body).await
}

#[tokio::test]
async fn names_on_and_off_the_list() {
    for (first, last, born, expected) in [
        ("Margaret", "Thornbury", "1955-03-02", ("PASSED", "OK")),
        ("Ivan Petrovich", "Sokolov", "1955-03-02", ("WARNING", "ALERT")),
        ("Vanya the", "Falcon", "1955-03-02", ("WARNING", "ALERT")),
        ("N/A", "N/A", "1955-03-02", ("NOT_EXECUTED", "NOT_ENOUGH_DATA")),
    ] {
        let api = TestApi::with(reading(first, last, born)).await;
        api.engine.import_list(LIST);
        let entry = screened(&api, &consenting(32)).await;
        assert_eq!(ended(&entry), expected, "{first} {last}");
        assert_eq!(entry["credentials"][0]["category"], "ID");
    }
}

#[tokio::test]
async fn another_date_of_birth_speaks_against_a_near_name() {
    let api = TestApi::with(scripted().without(Capability::WatchlistScreening)).await;
    api.engine.import_list(LIST);
    let of = |born: &str| json!({"firstName": "Ivan", "lastName": "Sokolow", "dateOfBirth": born});
    let (same, other) =
        (prepared(&api, &of("1955-03-02")).await, prepared(&api, &of("1990-07-07")).await);
    assert_eq!(ended(&same), ("WARNING", "ALERT"));
    assert_eq!(ended(&other), ("PASSED", "OK"));
    assert_eq!(other["data"]["searchResults"], 0);
}

#[tokio::test]
async fn prepared_data_are_screened_and_told_in_the_contracts_words() {
    let api = TestApi::with(scripted().without(Capability::WatchlistScreening)).await;
    api.engine.import_list(LIST);
    let data = json!({"firstName": "Ivan", "lastName": "Sokolov", "dateOfBirth": "1955-03-02"});
    let entry = prepared(&api, &data).await;
    assert_eq!(ended(&entry), ("WARNING", "ALERT"));
    let told = &entry["data"];
    let id = told["searchId"].as_str().unwrap();
    assert!(id.bytes().all(|byte| byte.is_ascii_digit()), "{id}");
    assert_eq!(told["searchDate"], "2026-06-01T12:00:00.000Z");
    assert_eq!((&told["searchStatus"], &told["searchResults"]), (&json!("SUCCESS"), &json!(1)));
    let (seconds, suffix) = told["searchReference"].as_str().unwrap().split_once('-').unwrap();
    assert_eq!((seconds.parse::<i64>().unwrap(), suffix.len()), (1_780_315_200, 8));
    let url = told["searchResultUrl"].as_str().unwrap();
    assert_eq!(url, format!("https://bonafide.example/api/v1/searches/{id}"));

    let found = api.get(url).await.json();
    let search = &found["content"]["data"];
    assert_eq!((&search["client_ref"], &search["total_hits"]), (&json!("u-17"), &json!(1)));
    let hit = &search["hits"][0];
    assert_eq!((&hit["doc"]["id"], &hit["match_status"]), (&json!("own:1"), &json!("unknown")));
    assert!(hit["match_types"].as_array().unwrap().contains(&json!("year_of_birth")), "{hit}");
    // Another tenant, and a journey, do not see it.
    let foreign = api.access_of(&api.engine.other).await;
    assert_eq!(api.request("GET", url).bearer(&foreign).send().await.status, 404);

    for data in [json!({"lastName": "Sokolov"}), json!({"firstName": "N/A", "lastName": "N/A"})] {
        let entry = prepared(&api, &data).await;
        assert_eq!(ended(&entry), ("NOT_EXECUTED", "NOT_ENOUGH_DATA"));
        assert_eq!(entry["data"], json!({}));
    }
}

#[tokio::test]
async fn nobody_is_passed_without_lists_that_hold() {
    let api = TestApi::with(reading("Margaret", "Thornbury", "1955-03-02")).await;
    let expected = ("NOT_EXECUTED", "INVALID_MERCHANT_SETTINGS");
    assert_eq!(ended(&screened(&api, &consenting(32)).await), expected, "no list");
    assert_eq!(post(&api, "/api/v1/searches", &json!({"search_term": "A B"})).await.status, 400);

    api.engine.import_list(LIST);
    let mut profiled = consenting(32);
    profiled["workflowDefinition"]["capabilities"] =
        json!({"watchlistScreening": {"searchProfile": "strict"}});
    assert_eq!(ended(&screened(&api, &profiled).await), expected, "no such profile");
    let strict = SearchProfile { lists: vec!["own".to_owned()], fuzziness_percent: Some(0) };
    api.set(|settings| {
        settings.watchlists.profiles.insert("strict".to_owned(), strict);
        let un = SearchProfile { lists: vec!["un".to_owned()], ..SearchProfile::default() };
        settings.watchlists.profiles.insert("un".to_owned(), un);
    })
    .await;
    assert_eq!(ended(&screened(&api, &profiled).await), ("PASSED", "OK"));
    profiled["workflowDefinition"]["capabilities"]["watchlistScreening"]["searchProfile"] =
        json!("un");
    assert_eq!(ended(&screened(&api, &profiled).await), expected, "a list that is not loaded");

    // Clients in the field send an empty option with every request.
    let mut empty = consenting(32);
    empty["workflowDefinition"]["capabilities"] =
        json!({"watchlistScreening": {"additionalProperties": ""}});
    assert_eq!(ended(&screened(&api, &empty).await), ("PASSED", "OK"));

    api.engine.clock.advance(SignedDuration::from_hours(25));
    let expected = ("NOT_EXECUTED", "TECHNICAL_ERROR");
    assert_eq!(ended(&screened(&api, &consenting(32)).await), expected, "stale");
    assert_eq!(post(&api, "/api/v1/searches", &json!({"search_term": "A B"})).await.status, 503);
    assert_eq!(api.get("/api/v1/lists").await.json()["content"]["data"][0]["stale"], true);
}

#[tokio::test]
async fn a_new_version_is_searched_at_once() {
    let api = TestApi::with(scripted().without(Capability::WatchlistScreening)).await;
    api.engine.import_list(LIST);
    let data = json!({"firstName": "Boris", "lastName": "Exampleson"});
    assert_eq!(ended(&prepared(&api, &data).await), ("PASSED", "OK"));
    api.engine.import_list(&format!("{LIST}3,Boris Exampleson,person,,\n"));
    assert_eq!(ended(&prepared(&api, &data).await), ("WARNING", "ALERT"));
}

#[tokio::test]
async fn without_a_reference_nobody_is_screened() {
    let api = TestApi::with(reading("Ivan", "Sokolov", "1955-03-02")).await;
    api.engine.import_list(LIST);
    let mut body = consenting(32);
    body.as_object_mut().unwrap().remove("userReference");
    let refused = post(&api, "/api/v1/accounts", &body).await;
    assert_eq!(refused.refusal().2, ["userReference"]);
    // 10013 does not ask for one when it is created.
    body["workflowDefinition"]["key"] = json!(10013);
    let entry = screened(&api, &body).await;
    assert_eq!(ended(&entry), ("NOT_EXECUTED", "VALIDATION_FAILED"));
}

#[tokio::test]
async fn a_cleared_hit_stays_cleared_until_somebody_changes() {
    let api = TestApi::with(scripted().without(Capability::WatchlistScreening)).await;
    api.engine.import_list(LIST);
    let ivan = json!({"firstName": "Ivan", "lastName": "Sokolov", "dateOfBirth": "1955-03-02"});
    let entry = prepared(&api, &ivan).await;
    let search = entry["data"]["searchId"].as_str().unwrap();
    let skipped = review(&api, search, "own:1", "true_positive_approve").await;
    assert_eq!(skipped.refusal().2, ["match_status"]);
    assert_eq!(review(&api, search, "own:2", "false_positive").await.refusal().2, ["entities"]);
    let judged = review(&api, search, "own:1", "potential_match").await.json();
    assert_eq!(judged["content"]["data"]["match_status"], "potential_match");
    let cleared = review(&api, search, "own:1", "false_positive").await.json();
    assert_eq!(cleared["content"]["data"]["total_matches"], 0);
    assert_eq!(cleared["content"]["data"]["hits"][0]["is_whitelisted"], true);

    assert_eq!(ended(&prepared(&api, &ivan).await), ("PASSED", "OK"), "cleared");
    let mut older = ivan.clone();
    older["dateOfBirth"] = json!("1955-03-03");
    assert_eq!(ended(&prepared(&api, &older).await), ("WARNING", "ALERT"), "another person");
    api.engine.import_list(&LIST.replace("Vanya the Falcon", "Vanya the Falcon;Ivan the Hawk"));
    assert_eq!(ended(&prepared(&api, &ivan).await), ("WARNING", "ALERT"), "the entity changed");

    let path = format!("/api/v1/searches/{search}/comments");
    let said = post(&api, &path, &json!({"message": "asked for a second document"})).await.json();
    let said = said["content"]["data"].as_array().unwrap();
    let words: Vec<_> = said.iter().map(|step| step["match_status"].as_str()).collect();
    assert_eq!(words, [Some("potential_match"), Some("false_positive"), None]);
    assert_eq!((&said[2]["position"], &said[0]["message"]), (&json!(3), &json!("seen in person")));
}

#[tokio::test]
async fn a_cleared_hit_that_is_opened_again_alerts_again() {
    let api = TestApi::with(scripted().without(Capability::WatchlistScreening)).await;
    api.engine.import_list(LIST);
    let ivan = json!({"firstName": "Ivan", "lastName": "Sokolov", "dateOfBirth": "1955-03-02"});
    let entry = prepared(&api, &ivan).await;
    let search = entry["data"]["searchId"].as_str().unwrap();
    review(&api, search, "own:1", "false_positive").await;
    api.engine.clock.advance(SignedDuration::from_mins(1));
    review(&api, search, "own:1", "potential_match").await;
    assert_eq!(ended(&prepared(&api, &ivan).await), ("WARNING", "ALERT"));
}

#[tokio::test]
async fn a_search_by_itself() {
    let api = TestApi::new().await;
    api.engine.import_list(LIST);
    let body = json!({
        "search_term": {"first_name": "Abd al-Rahman", "last_name": "Sabir"},
        "client_ref": "c-1", "filters": {"birth_year": 1970, "entity_type": "person"},
        "tags": {"branch": "north"}
    });
    let made = post(&api, "/api/v1/searches", &body).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text());
    let made = made.json();
    let search = &made["content"]["data"];
    assert_eq!(search["hits"][0]["doc"]["id"], "own:2");
    assert_eq!(
        (&search["match_status"], &search["tags"]["branch"]),
        (&json!("unknown"), &json!("north"))
    );
    let reference = search["ref"].as_str().unwrap();
    assert_eq!(api.get(&format!("/api/v1/searches/{reference}")).await.json(), made);
    let page = api.get("/api/v1/searches?client_ref=c-1&match_status=unknown").await.json();
    assert_eq!(page["content"]["data"]["searches"][0]["id"], search["id"]);
    let none = api.get("/api/v1/searches?client_ref=c-2").await.json();
    assert_eq!(none["content"]["data"], json!({"searches": [], "has_more": false}));

    let wrong = json!({
        "search_term": "", "fuzziness": 2, "limit": 0, "filters": {"birth_year": "x", "entity_type": "y"}
    });
    let (status, _, fields) = post(&api, "/api/v1/searches", &wrong).await.refusal();
    assert_eq!(status, 400);
    assert_eq!(
        fields,
        ["search_term", "filters.entity_type", "filters.birth_year", "fuzziness", "limit"]
    );
    api.set(|settings| settings.screening = false).await;
    assert_eq!(post(&api, "/api/v1/searches", &body).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_search_goes_with_its_account() {
    let api = TestApi::with(scripted().without(Capability::WatchlistScreening)).await;
    api.engine.import_list(LIST);
    let mut body = workflow(10010);
    body["userReference"] = json!("u-17");
    let created = api.processed_of(&body).await;
    assert_eq!(ended(&screening_of(&api, &created).await).0, "NOT_EXECUTED");
    // The list of executions is newest first, and this clock stands still.
    api.engine.clock.advance(SignedDuration::from_mins(1));
    let entry = prepared(&api, &json!({"firstName": "Ivan", "lastName": "Sokolov"})).await;
    let url = entry["data"]["searchResultUrl"].as_str().unwrap();
    let list = api.get("/api/v1/workflow-executions?limit=1").await.json();
    let href = list["workflowExecutions"][0]["href"].as_str().unwrap();
    assert_eq!(api.get(url).await.status, StatusCode::OK);
    let access = api.access().await;
    let deleted = api.request("DELETE", href).bearer(&access).send().await;
    assert_eq!(deleted.status, StatusCode::OK, "{}", deleted.text());
    assert_eq!(api.get(url).await.status, StatusCode::NOT_FOUND);
    let page = api.get("/api/v1/searches").await.json();
    assert_eq!(page["content"]["data"]["searches"], json!([]));
}

#[tokio::test]
async fn monitoring_raises_exactly_what_changed() {
    let api = TestApi::new().await;
    let server = MockServer::start().await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(200)).mount(&server).await;
    let url = server.uri();
    api.set(|settings| settings.callback_url = Some(url)).await;
    let secret = api.callback_secret().await;
    api.engine.import_list(LIST);
    let access = api.access().await;
    let mut searches = Vec::new();
    for name in ["Ivan Sokolov", "Abdul Rahman Sabir", "Margaret Thornbury"] {
        let made = post(&api, "/api/v1/searches", &json!({"search_term": name})).await.json();
        let id = made["content"]["data"]["id"].to_string();
        let path = format!("/api/v1/searches/{id}/monitors");
        let body = json!({"is_monitored": true});
        let set = api.request("PATCH", &path).bearer(&access).json(&body).await;
        assert_eq!(set.json()["content"]["data"]["is_monitored"], true);
        searches.push(id);
    }
    review(&api, &searches[0], "own:1", "false_positive").await;
    let unmonitored = json!({"search_term": "Margaret Thornbury"});
    let unmonitored = post(&api, "/api/v1/searches", &unmonitored).await.json();
    let differences = |id: String| {
        let path = format!("/api/v1/searches/{id}/monitor/differences");
        let api = &api;
        async move { api.get(&path).await.json()["content"]["data"].clone() }
    };

    // Nothing has changed: fetching a list again makes no search.
    api.engine.take_turn(Chore::Monitoring).await;
    assert_eq!(differences(searches[0].clone()).await, json!([]));

    let changed = "id,name,kind,aliases,birth_date\n\
        1,Ivan Petrovich Sokolov,person,Vanya the Falcon,1956-03-02\n\
        3,Margaret Thornbury,person,,1980\n\
        4,Somebody Else,person,,\n";
    api.engine.import_list(changed);
    api.engine.take_turn(Chore::Monitoring).await;
    for (id, new, updated, removed) in [
        (&searches[0], json!([]), json!(["own:1"]), json!([])),
        (&searches[1], json!([]), json!([]), json!(["own:2"])),
        (&searches[2], json!(["own:3"]), json!([]), json!([])),
    ] {
        let told = differences(id.clone()).await;
        assert_eq!(told.as_array().unwrap().len(), 1, "search {id} of {searches:?}: {told}");
        assert_eq!(
            (&told[0]["new"], &told[0]["updated"], &told[0]["removed"]),
            (&new, &updated, &removed)
        );
    }
    let other = unmonitored["content"]["data"]["id"].to_string();
    assert_eq!(differences(other).await, json!([]));
    // The record is another: what was cleared is to be judged anew.
    let again = api.get(&format!("/api/v1/searches/{}", searches[0])).await.json();
    assert_eq!(again["content"]["data"]["match_status"], "unknown");

    api.working(async {
        while server.received_requests().await.unwrap().len() < 3 {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    })
    .await;
    let webhook = standardwebhooks::Webhook::new(&secret).unwrap();
    let requests = server.received_requests().await.unwrap();
    let mut told = Vec::new();
    for request in &requests {
        let header = |name: &str| request.headers[name].to_str().unwrap();
        let timestamp = header("webhook-timestamp").parse().unwrap();
        let expected = webhook.sign(header("webhook-id"), timestamp, &request.body).unwrap();
        assert_eq!(header("webhook-signature"), expected);
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        assert_eq!(body["event"], "monitored_search_updated");
        told.push(body["data"]["search_id"].to_string());
    }
    told.sort();
    searches.sort();
    assert_eq!(told, searches, "each search once");
    // A second turn finds nothing more.
    api.engine.take_turn(Chore::Monitoring).await;
    assert_eq!(differences(searches[0].clone()).await.as_array().unwrap().len(), 1);
}
