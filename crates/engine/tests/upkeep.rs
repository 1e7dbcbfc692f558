//! What the server does by itself, and requests that are sent again, on both databases: retention, the
//! sweep for orphans, idempotency keys under contention.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test fails where it cannot go on")]

use std::fs::{self, File};

use bonafide_domain::audit::Action;
use bonafide_domain::chore::Chore;
use bonafide_domain::id::AccountId;
use bonafide_domain::idempotency::IdempotencyKey;
use bonafide_domain::initiation::{Initiation, UrlProfile};
use bonafide_domain::receipt::{Extent, Reason};
use bonafide_engine::testing::{TestEngine, scripted};
use bonafide_engine::{Kind, Once, Place};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

macro_rules! on_both_databases {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $name() {
                    super::$name(super::TestEngine::new().await).await;
                }
            )+
        }
        mod postgres {
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $name() {
                    if let Some(test) = super::on_postgres().await {
                        super::$name(test).await;
                    }
                }
            )+
        }
    };
}

on_both_databases!(
    what_was_kept_long_enough_is_deleted,
    biometrics_may_be_kept_for_a_shorter_time,
    orphans_are_swept_and_nothing_else,
    expired_keys_are_swept,
    the_same_request_at_once_takes_effect_once,
    a_chore_is_done_once_a_turn,
);

async fn on_postgres() -> Option<TestEngine> {
    let Ok(server) = std::env::var("BONAFIDE_TEST_POSTGRES_URL") else {
        println!("skipped: BONAFIDE_TEST_POSTGRES_URL is not set; `cargo xtask test` sets it");
        return None;
    };
    let url = bonafide_store::testing::fresh_database(&server).await;
    Some(TestEngine::on(&url, tempfile::tempdir().unwrap(), scripted()).await)
}

fn initiation(key: u32) -> Initiation {
    let body = json!({"customerInternalReference": "upkeep", "workflowDefinition": {"key": key}});
    Initiation::parse(&body, UrlProfile::Development).unwrap()
}

/// A picture that an upload takes.
fn picture() -> bytes::Bytes {
    let mut png = Vec::new();
    image::RgbImage::new(400, 300)
        .write_to(&mut std::io::Cursor::new(&mut png), image::ImageFormat::Png)
        .unwrap();
    png.into()
}

/// An account whose one execution has captured an ID and a selfie.
async fn captured(test: &TestEngine) -> AccountId {
    let (engine, caller) = (&test.engine, test.caller().await);
    let initiated = engine.create_account(&caller, initiation(20), None).await.unwrap();
    let token = initiated.api_token.unwrap();
    let journey = engine.authenticate_transaction(token.expose()).await.unwrap();
    for member in &initiated.members {
        let place = Place {
            account_id: initiated.account_id,
            execution_id: initiated.execution.id,
            credential_id: member.credential.id,
            classifier: member.primary_classifier().unwrap(),
        };
        engine.upload_part(&journey, place, picture(), None).await.unwrap();
    }
    initiated.account_id
}

async fn keep_for(test: &TestEngine, days: Option<u16>, biometrics: Option<u16>) {
    let mut tenant = test.tenant.tenant.clone();
    tenant.settings.retention_days = days;
    tenant.settings.biometrics_retention_days = biometrics;
    let mut tx = test.engine.store.begin().await.unwrap();
    tx.update_tenant(&tenant).await.unwrap();
    tx.commit().await.unwrap();
}

/// The extents and reasons of an account's receipts, and how many keys each names.
async fn receipts(test: &TestEngine, account: AccountId) -> Vec<(Extent, Reason, usize)> {
    let receipts = test.engine.receipts(&test.caller().await, account).await.unwrap();
    receipts.iter().map(|r| (r.extent, r.reason, r.destroyed_keys.len())).collect()
}

fn blobs(test: &TestEngine) -> usize {
    fs::read_dir(test.folder.path().join("blobs/parts")).map_or(0, Iterator::count)
}

async fn what_was_kept_long_enough_is_deleted(test: TestEngine) {
    let (old, day) = (captured(&test).await, SignedDuration::from_hours(24));
    keep_for(&test, Some(30), None).await;
    test.clock.advance(day * 20);
    let young = captured(&test).await;
    // The last activity is the session that the last capture began, a quarter of an hour long.
    for (wait, expected) in [(day * 10, 4), (SignedDuration::from_mins(15), 2)] {
        test.clock.advance(wait);
        test.take_turn(Chore::Retention).await;
        assert_eq!(blobs(&test), expected);
    }
    assert_eq!(receipts(&test, old).await, [(Extent::Everything, Reason::Retention, 2)]);
    assert_eq!(receipts(&test, young).await, []);
    let tenant = test.tenant.tenant.id;
    let mut tx = test.engine.store.read().await.unwrap();
    assert!(tx.find_account(tenant, old).await.unwrap().unwrap().wiped_out_at.is_some());
    let executions = tx.list_executions(tenant, old).await.unwrap();
    assert!(executions[0].wiped_out_at.is_some(), "the row stays and says so");
    let audit = tx.list_audit(tenant, old).await.unwrap();
    let last = audit.last().unwrap();
    assert_eq!((last.action, last.api_client_id), (Action::AccountWiped, None));
    drop(tx);

    test.clock.advance(day * 365);
    keep_for(&test, None, None).await;
    test.take_turn(Chore::Retention).await;
    assert_eq!(receipts(&test, young).await, [], "who says nothing keeps everything");
}

async fn biometrics_may_be_kept_for_a_shorter_time(test: TestEngine) {
    let (account, day) = (captured(&test).await, SignedDuration::from_hours(24));
    keep_for(&test, Some(30), Some(7)).await;
    for (wait, expected) in [(6, 2), (2, 1), (1, 1), (30, 0)] {
        test.clock.advance(day * wait);
        test.take_turn(Chore::Retention).await;
        assert_eq!(blobs(&test), expected);
    }
    let expected =
        [(Extent::Biometrics, Reason::Retention, 1), (Extent::Everything, Reason::Retention, 1)];
    assert_eq!(receipts(&test, account).await, expected);
}

async fn orphans_are_swept_and_nothing_else(test: TestEngine) {
    captured(&test).await;
    let folder = test.folder.path().join("blobs/parts");
    let date = |path: &std::path::Path, at: &str| {
        let at: Timestamp = at.parse().unwrap();
        File::options().write(true).open(path).unwrap().set_modified(at.into()).unwrap();
    };
    for entry in fs::read_dir(&folder).unwrap() {
        date(&entry.unwrap().path(), "2026-05-01T00:00:00Z");
    }
    // The clock of the test shows noon of the first of June.
    for (name, at) in [("old", "2026-05-31T11:59:59Z"), ("young", "2026-05-31T12:00:01Z")] {
        fs::write(folder.join(name), "orphan").unwrap();
        date(&folder.join(name), at);
    }
    let elsewhere = test.folder.path().join("blobs/elsewhere");
    fs::write(&elsewhere, "not a part").unwrap();
    date(&elsewhere, "2026-05-01T00:00:00Z");
    test.take_turn(Chore::OrphanBlobs).await;
    assert!(!folder.join("old").exists() && folder.join("young").exists());
    assert_eq!(blobs(&test), 3, "both parts and the young orphan");
    assert!(elsewhere.exists(), "what is no part has rows of its own");
}

async fn expired_keys_are_swept(test: TestEngine) {
    let caller = test.caller().await;
    let key = IdempotencyKey::parse("k").unwrap();
    let once = Once::new(&key, "initiate", "/", b"1");
    let other = Once::new(&key, "initiate", "/", b"2");
    let first = test.engine.create_account(&caller, initiation(1), Some(&once)).await.unwrap();
    for (wait, is_kept) in [(23, true), (1, false)] {
        test.clock.advance(SignedDuration::from_hours(wait));
        test.take_turn(Chore::ExpiredRows).await;
        let again = test.engine.create_account(&caller, initiation(1), Some(&other)).await;
        match again {
            Err(error) => assert!(is_kept && error.kind == Kind::Conflict, "{error}"),
            Ok(second) => assert!(!is_kept && second.account_id != first.account_id),
        }
    }
}

async fn the_same_request_at_once_takes_effect_once(test: TestEngine) {
    let caller = test.caller().await;
    let key = IdempotencyKey::parse("k").unwrap();
    let requests: Vec<_> = (0..6)
        .map(|_| {
            let (engine, caller) = (test.engine.clone(), caller.clone());
            let once = Once::new(&key, "initiate", "/", b"");
            tokio::spawn(async move {
                let made =
                    engine.create_account(&caller, initiation(2), Some(&once)).await.unwrap();
                (made.account_id, made.execution.id, made.api_token.unwrap().into_exposed())
            })
        })
        .collect();
    let mut answers = Vec::new();
    for request in requests {
        answers.push(request.await.unwrap());
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    let mut tx = test.engine.store.read().await.unwrap();
    let since = "2027-01-01T00:00:00Z".parse().unwrap();
    let accounts = tx.list_idle_accounts(caller.tenant.id, since, 100).await.unwrap();
    assert_eq!(accounts, [answers[0].0]);
}

/// The timers themselves: a worker takes each chore's first turn and sets the timer of the next.
async fn a_chore_is_done_once_a_turn(test: TestEngine) {
    let waiting = async || {
        let depths = test.engine.store.lane_depths().await.unwrap();
        depths.iter().map(|depth| depth.waiting).sum::<i64>()
    };
    for _ in 0..2 {
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let engine = test.engine.clone();
        let worker = tokio::spawn(async move {
            let size = bonafide_engine::WorkerSize { compute: 1, delivery: 1 };
            engine.work("test", size, async { drop(stopped.await) }).await
        });
        // A second start finds the timers of the next turns, due in an hour, and sets no others.
        while waiting().await != Chore::ALL.len() as i64 {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        drop(stop);
        worker.await.unwrap().unwrap();
        assert_eq!(waiting().await, Chore::ALL.len() as i64);
    }
    assert_eq!(test.engine.store.dead_tasks().await.unwrap(), []);
}
