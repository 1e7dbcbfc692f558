//! Workers are killed at random points while 200 executions run: every execution ends, none twice,
//! none is lost, and every callback is delivered at least once. On both databases.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test: it fails where it cannot go on, and tells its figures"
)]

use std::collections::BTreeMap;
use std::process::Stdio;
use std::time::{Duration, Instant};

use bonafide_domain::audit::Action;
use bonafide_domain::execution::ExecutionStatus;
use bonafide_domain::id::{AccountId, ExecutionId};
use bonafide_domain::initiation::{Initiation, UrlProfile};
use bonafide_domain::run::RunState;
use bonafide_engine::capability::{Capabilities, Inputs, Judge, Outcome};
use bonafide_engine::testing::{self, TestClock, TestEngine};
use bonafide_engine::{Caller, Place, WorkerSize};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::json;
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, ResponseTemplate};

const EXECUTIONS: usize = 200;
const KILLS: usize = 12;
const CHILD_URL: &str = "BONAFIDE_KILL_TEST_URL";
const CHILD_FOLDER: &str = "BONAFIDE_KILL_TEST_FOLDER";

/// Takes a moment, so that there is a moment to be killed in.
struct Slow<J>(J);

impl<J: Judge> Judge for Slow<J> {
    fn evaluate(&self, inputs: &Inputs) -> Outcome {
        std::thread::sleep(Duration::from_millis(3));
        self.0.evaluate(inputs)
    }
}

fn capabilities() -> Capabilities {
    use bonafide_domain::decision::{Capability, Decision, DecisionType, Label};
    [Capability::Usability, Capability::ImageChecks, Capability::Extraction, Capability::DataChecks]
        .into_iter()
        .fold(Capabilities::default(), |all, capability| {
            let passed = Decision::new(capability, DecisionType::Passed, Label::Ok).unwrap();
            all.with(capability, Slow(testing::Scripted(passed)))
        })
}

/// Not a test of its own: the worker that the tests below start as a child process and kill.
#[tokio::test(flavor = "multi_thread")]
async fn child_worker() {
    let (Ok(url), Ok(folder)) = (std::env::var(CHILD_URL), std::env::var(CHILD_FOLDER)) else {
        return;
    };
    let clock = TestClock::new("2026-06-01T12:00:00Z");
    let engine = testing::engine(&url, folder.as_ref(), capabilities(), clock).await;
    let name = format!("child-{}", std::process::id());
    let size = WorkerSize { compute: 4, delivery: 4 };
    engine.work(&name, size, std::future::pending()).await.unwrap();
}

fn start_child(url: &str, test: &TestEngine) -> std::process::Child {
    std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child_worker", "--nocapture"])
        .env(CHILD_URL, url)
        .env(CHILD_FOLDER, test.folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

async fn start_execution(
    test: &TestEngine,
    caller: &Caller,
    callback_url: &str,
    picture: &bytes::Bytes,
) -> (AccountId, ExecutionId) {
    let body = json!({
        "customerInternalReference": "kill test",
        "callbackUrl": callback_url,
        "workflowDefinition": {"key": 2},
    });
    let engine = &test.engine;
    let initiation = Initiation::parse(&body, UrlProfile::Development).unwrap();
    let initiated = engine.create_account(caller, initiation, None).await.unwrap();
    let token = initiated.api_token.unwrap();
    let journey = engine.authenticate_transaction(token.expose()).await.unwrap();
    let (account, execution) = (initiated.account_id, initiated.execution.id);
    let member = &initiated.members[0];
    let place = Place {
        account_id: account,
        execution_id: execution,
        credential_id: member.credential.id,
        classifier: member.primary_classifier().unwrap(),
    };
    engine.upload_part(&journey, place, picture.clone(), None).await.unwrap();
    engine.finalize(&journey, account, execution, None).await.unwrap();
    (account, execution)
}

/// A picture that an upload takes; what it shows does not matter here.
fn picture() -> bytes::Bytes {
    let mut png = Vec::new();
    image::RgbImage::new(400, 300)
        .write_to(&mut std::io::Cursor::new(&mut png), image::ImageFormat::Png)
        .unwrap();
    png.into()
}

async fn survive(url: &str) {
    let folder = tempfile::tempdir().unwrap();
    let test = TestEngine::on(url, folder, capabilities()).await;
    let caller = test.caller().await;
    let customer = MockServer::start().await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(200)).mount(&customer).await;

    let mut random = StdRng::seed_from_u64(20_261_123);
    let picture = picture();
    let mut started = Vec::new();
    let begun = Instant::now();
    for _ in 0..KILLS {
        let mut child = start_child(url, &test);
        let dies_at = Instant::now() + Duration::from_millis(random.random_range(300..1500));
        while Instant::now() < dies_at {
            if started.len() < EXECUTIONS {
                started.push(start_execution(&test, &caller, &customer.uri(), &picture).await);
            } else {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }
    while started.len() < EXECUTIONS {
        started.push(start_execution(&test, &caller, &customer.uri(), &picture).await);
    }
    let mut child = start_child(url, &test);
    let outcome =
        tokio::time::timeout(Duration::from_secs(150), all_end(&test, &caller, &started)).await;
    let recovered = begun.elapsed();
    let called =
        tokio::time::timeout(Duration::from_mins(1), all_called(&customer, &started)).await;
    child.kill().unwrap();
    child.wait().unwrap();
    outcome.expect("every execution ends");
    let callbacks = called.expect("every callback is delivered");

    let mut tx = test.engine.store.read().await.unwrap();
    let tenant = caller.tenant.id;
    let mut attempts = 0;
    for (account, execution) in &started {
        let runs = tx.list_runs(tenant, *execution).await.unwrap();
        assert_eq!(runs.len(), 4, "each capability has one run");
        assert!(runs.iter().all(|run| run.state == RunState::Done && run.decision.is_some()));
        attempts += runs.iter().map(|run| run.attempt).sum::<i32>();
        let ended = tx.list_audit(tenant, *account).await.unwrap();
        let ended = ended.iter().filter(|entry| entry.action == Action::ExecutionProcessed).count();
        assert_eq!(ended, 1, "an execution ends once");
    }
    println!(
        "{}: {EXECUTIONS} executions, {KILLS} workers killed; all ended once after {:.1} s; {attempts} attempts \
         for {} runs; {callbacks} callbacks received for {EXECUTIONS} executions",
        test.engine.store.backend_name(),
        recovered.as_secs_f64(),
        EXECUTIONS * 4,
    );
}

/// Polls until every execution is processed. What is waited for is a state, not a time.
async fn all_end(test: &TestEngine, caller: &Caller, started: &[(AccountId, ExecutionId)]) {
    for (account, execution) in started {
        loop {
            let now = test.engine.status(caller, Some(*account), *execution).await.unwrap();
            if now.status == ExecutionStatus::Processed {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

/// Polls until the customer has heard of every execution; gives how often it was called in all.
async fn all_called(customer: &MockServer, started: &[(AccountId, ExecutionId)]) -> usize {
    loop {
        let requests = customer.received_requests().await.unwrap();
        let mut heard: BTreeMap<String, usize> = BTreeMap::new();
        for request in &requests {
            let body: serde_json::Value = request.body_json().unwrap();
            let id = body["workflowExecution"]["id"].as_str().unwrap().to_owned();
            *heard.entry(id).or_default() += 1;
        }
        if started.iter().all(|(_, execution)| heard.contains_key(&execution.to_string())) {
            return requests.len();
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_workers_lose_nothing_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    survive(&format!("sqlite://{}", folder.path().join("kill.db").display())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_workers_lose_nothing_on_postgresql() {
    let Ok(server) = std::env::var("BONAFIDE_TEST_POSTGRES_URL") else {
        println!("skipped: BONAFIDE_TEST_POSTGRES_URL is not set");
        return;
    };
    let url = bonafide_store::testing::fresh_database(&server).await;
    survive(&url).await;
}
