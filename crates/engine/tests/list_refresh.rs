//! Lists are fetched from the configured addresses: unchanged ones become young again, broken ones
//! replace nothing.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use std::sync::{Arc, Mutex};

use bonafide_engine::screening::{ListAddresses, RefreshStep, Refreshed, Watchlists};
use jiff::{SignedDuration, Timestamp};
use wiremock::matchers::{header, method};
use wiremock::{Mock, MockServer, ResponseTemplate};

const LIST: &str = "name\nAda Example\n";

async fn serve(server: &MockServer, answer: ResponseTemplate) {
    server.reset().await;
    Mock::given(method("GET")).respond_with(answer).mount(server).await;
}

/// How far a refresh says that it is.
async fn steps(lists: &Watchlists, now: Timestamp) -> Vec<RefreshStep> {
    let told = Arc::new(Mutex::new(Vec::new()));
    let telling = Arc::clone(&told);
    lists.refresh(now, move |_, step| telling.lock().unwrap().push(step)).await.unwrap();
    std::mem::take(&mut told.lock().unwrap())
}

async fn refresh(lists: &Watchlists, now: Timestamp) -> Refreshed {
    let mut all = lists.refresh(now, |_, _| ()).await.unwrap();
    assert_eq!(all.len(), 1);
    all.remove(0).1
}

#[tokio::test]
async fn a_list_is_fetched_renewed_and_never_broken() {
    let server = MockServer::start().await;
    let folder = tempfile::tempdir().unwrap();
    let url = format!("{}/lists/own.csv", server.uri());
    let addresses = ListAddresses {
        files: vec![("own".parse().unwrap(), vec![url])],
        licence_acknowledged: false,
    };
    let lists = Watchlists::new(folder.path().join("lists"), SignedDuration::from_hours(24))
        .with_addresses(addresses);
    let start: Timestamp = "2026-06-01T12:00:00Z".parse().unwrap();
    let hours = SignedDuration::from_hours;

    serve(&server, ResponseTemplate::new(200).set_body_string(LIST).insert_header("etag", "\"a\""))
        .await;
    let Refreshed::Imported(first) = refresh(&lists, start).await else { panic!("not imported") };
    assert_eq!(first.entities, 1);

    // Another tag, so that it is sent again, and how far that is, is told.
    serve(&server, ResponseTemplate::new(200).set_body_string(LIST).insert_header("etag", "\"b\""))
        .await;
    let all = LIST.len() as u64;
    let expected = [
        RefreshStep::Fetching { bytes: 0, of: None },
        RefreshStep::Fetching { bytes: all, of: Some(all) },
        RefreshStep::Reading { entities: 0 },
    ];
    assert_eq!(steps(&lists, start).await, expected);

    // What the publisher calls unchanged is not sent again, and is young again.
    server.reset().await;
    Mock::given(header("if-none-match", "\"b\""))
        .respond_with(ResponseTemplate::new(304))
        .mount(&server)
        .await;
    assert_eq!(refresh(&lists, start + hours(20)).await, Refreshed::Unchanged);
    let status = lists.status(start + hours(30)).await.unwrap().remove(0);
    assert_eq!((status.stale, status.age_seconds), (false, 10 * 3600));

    // An answer that is no list, one that is too short, and none at all.
    for answer in [
        ResponseTemplate::new(200).set_body_string("<html>Sorry</html>"),
        ResponseTemplate::new(200).set_body_string("name\n"),
        ResponseTemplate::new(503),
    ] {
        serve(&server, answer).await;
        let refreshed = refresh(&lists, start + hours(50)).await;
        assert!(matches!(refreshed, Refreshed::Failed(_)), "{refreshed:?}");
        let status = lists.status(start + hours(50)).await.unwrap().remove(0);
        assert_eq!(
            (status.manifest.version.as_str(), status.stale),
            (first.version.as_str(), true)
        );
    }

    // A new version, without a tag: it is fetched whole each time.
    let newer = format!("{LIST}Bo Example\n");
    serve(&server, ResponseTemplate::new(200).set_body_string(newer)).await;
    for _ in 0..2 {
        let refreshed = refresh(&lists, start + hours(51)).await;
        let Refreshed::Imported(second) = refreshed else { panic!("{refreshed:?}") };
        assert_eq!(second.entities, 2);
    }
    let left = std::fs::read_dir(folder.path().join("lists/own")).unwrap().count();
    assert_eq!(left, 4, "two versions, the pointer and the tags; no drafts are left");
}
