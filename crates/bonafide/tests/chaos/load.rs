//! The customer's side: programs that start executions on whichever server answers, and repeat a
//! request whose answer was lost.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bonafide_domain::id::{AccountId, ExecutionId};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::house::Client;

const PROGRAMS: usize = 8;

/// An execution whose start was answered.
pub(crate) struct Started {
    pub(crate) account: AccountId,
    pub(crate) execution: ExecutionId,
    pub(crate) instruction: Value,
}

pub(crate) struct AllStarted {
    pub(crate) executions: Vec<Started>,
    pub(crate) repeated: usize,
}

pub(crate) struct Load {
    programs: Vec<JoinHandle<Vec<Started>>>,
    repeated: Arc<AtomicUsize>,
}

#[derive(Clone)]
struct Program {
    http: reqwest::Client,
    client: Client,
    bases: Vec<String>,
    callback_url: String,
    /// Turns from server to server.
    turn: Arc<AtomicUsize>,
    repeated: Arc<AtomicUsize>,
}

impl Load {
    pub(crate) fn start(
        client: Client,
        bases: Vec<String>,
        callback_url: String,
        executions: usize,
    ) -> Self {
        let next = Arc::new(AtomicUsize::new(0));
        let repeated = Arc::new(AtomicUsize::new(0));
        let http = reqwest::Client::builder()
            .user_agent("chaos")
            .timeout(Duration::from_secs(20))
            .no_proxy()
            .build()
            .unwrap();
        let turn = Arc::new(AtomicUsize::new(0));
        let program =
            Program { http, client, bases, callback_url, turn, repeated: Arc::clone(&repeated) };
        let programs = (0..PROGRAMS)
            .map(|_| {
                let (program, next) = (program.clone(), Arc::clone(&next));
                tokio::spawn(async move {
                    let mut started = Vec::new();
                    loop {
                        let index = next.fetch_add(1, Ordering::SeqCst);
                        if index >= executions {
                            return started;
                        }
                        started.push(program.start_execution(index).await);
                    }
                })
            })
            .collect();
        Self { programs, repeated }
    }

    pub(crate) fn is_done(&self) -> bool {
        self.programs.iter().all(JoinHandle::is_finished)
    }

    pub(crate) async fn wait(self) -> AllStarted {
        let mut executions = Vec::new();
        for program in self.programs {
            executions.extend(program.await.unwrap());
        }
        AllStarted { executions, repeated: self.repeated.load(Ordering::SeqCst) }
    }
}

/// What the `index`th execution is told; every second one is played by the sandbox, the others are
/// uploaded and finalized.
fn instruction(index: usize) -> Value {
    let mut told = match index % 5 {
        0 => json!({}),
        1 => json!({"decisions": {"dataChecks": "MRZ_CHECKSUM"}}),
        2 => json!({"decisions": {"usability": {"ID": "BLURRED"}}}),
        3 => json!({"decisions": {"imageChecks": "DIFFERENT_PERSON"}, "delayMs": 300}),
        _ => json!({"delayMs": 100, "callback": {"failures": 1}}),
    };
    told["seed"] = json!(index);
    if index.is_multiple_of(2) {
        told["status"] = json!("PROCESSED");
    }
    told
}

impl Program {
    async fn start_execution(&self, index: usize) -> Started {
        let instruction = instruction(index);
        let body = json!({
            "customerInternalReference": instruction.to_string(),
            "callbackUrl": self.callback_url,
            "workflowDefinition": {"key": 2},
        });
        let Client { id, secret } = &self.client;
        let created = self
            .send(Method::POST, "/api/v1/accounts", |request| {
                request.basic_auth(id, Some(secret)).json(&body)
            })
            .await;
        if instruction.get("status").is_none() {
            self.acquire(&created["workflowExecution"]["credentials"][0]["api"]).await;
        }
        let id = |value: &Value| value.as_str().unwrap().to_owned();
        Started {
            account: id(&created["account"]["id"]).parse().unwrap(),
            execution: id(&created["workflowExecution"]["id"]).parse().unwrap(),
            instruction,
        }
    }

    async fn acquire(&self, api: &Value) {
        let token = api["token"].as_str().unwrap();
        let picture = include_bytes!("../../../engine/src/sandbox/placeholder.png");
        let boundary = "a-line-between-parts";
        let mut body = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(picture);
        body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
        self.send(Method::POST, path(&api["parts"]["front"]), |request| {
            let multipart = format!("multipart/form-data; boundary={boundary}");
            request.bearer_auth(token).header("content-type", multipart).body(body.clone())
        })
        .await;
        self.send(Method::PUT, path(&api["workflowExecution"]), |r| r.bearer_auth(token)).await;
    }

    /// Sends a request to one server after the other until one answers it.
    async fn send(
        &self,
        method: Method,
        path: &str,
        dress: impl Fn(RequestBuilder) -> RequestBuilder,
    ) -> Value {
        loop {
            let base = &self.bases[self.turn.fetch_add(1, Ordering::SeqCst) % self.bases.len()];
            let request = dress(self.http.request(method.clone(), format!("{base}{path}")));
            if let Ok(response) = request.send().await {
                let status = response.status();
                match response.json::<Value>().await {
                    Ok(body) if status.is_success() => return body,
                    Ok(body) => assert!(
                        status.is_server_error() || status == 429,
                        "{path}: {status} {body}"
                    ),
                    // It died while it answered.
                    Err(_) => {}
                }
            }
            self.repeated.fetch_add(1, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

/// The path of an address: any server may be asked.
fn path(href: &Value) -> &str {
    let href = href.as_str().unwrap();
    &href[href.find("/api/").unwrap()..]
}
