//! A customer's backend: workflow 2 over the contract's API, and nothing else.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use bonafide_engine::Context;
use bonafide_engine::admin::Client;
use reqwest::RequestBuilder;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use super::show::Show;

/// A picture to upload.
pub(super) struct Picture {
    pub(super) part: &'static str,
    pub(super) jpeg: Vec<u8>,
}

/// What came back.
pub(super) struct Verified {
    pub(super) execution_id: String,
    pub(super) decisions: Vec<Decided>,
    pub(super) data: Value,
    pub(super) signals: usize,
}

/// A capability's decision.
pub(super) struct Decided {
    pub(super) capability: String,
    pub(super) decision_type: String,
    pub(super) label: String,
}

/// An execution whose end user is still to come.
pub(crate) struct StartedJourney {
    /// Where the end user begins.
    pub(crate) web: reqwest::Url,
    /// Where it is retrieved.
    pub(crate) execution: String,
}

/// How long an ID may take to be judged.
const PATIENCE: Duration = Duration::from_mins(2);

pub(crate) struct ApiClient {
    http: reqwest::Client,
    base: String,
    access_token: String,
}

impl ApiClient {
    /// Fetches an access token with the client's credentials.
    pub(crate) async fn log_in(base: &str, client: &Client) -> Result<Self> {
        let http = reqwest::Client::builder()
            .user_agent("BonafideDemo/1.0")
            .timeout(Duration::from_secs(30))
            .no_proxy()
            .build()?;
        let request = http
            .post(format!("{base}/oauth2/token"))
            .basic_auth(&client.client_id, Some(client.client_secret.expose()))
            .header("content-type", "application/x-www-form-urlencoded")
            .body("grant_type=client_credentials");
        let answer = send(request).await?;
        let access_token = text(&answer, "/access_token")?;
        Ok(Self { http, base: base.to_owned(), access_token })
    }

    /// Create, upload, finalize, wait, retrieve.
    pub(super) async fn verify(
        &self,
        pictures: &[Picture],
        callback_url: &str,
        show: &mut Show,
    ) -> Result<Verified> {
        let begun = Instant::now();
        let created = send(
            self.http
                .post(format!("{}/api/v1/accounts", self.base))
                .bearer_auth(&self.access_token)
                .json(&json!({
                    "customerInternalReference": "demo",
                    "callbackUrl": callback_url,
                    "workflowDefinition": {"key": 2, "credentials": [{"category": "ID"}]},
                })),
        )
        .await?;
        show.step("create", "POST /api/v1/accounts", begun.elapsed());

        let api = created
            .pointer("/workflowExecution/credentials/0/api")
            .context("the answer has no api block")?;
        let token = text(api, "/token")?;
        for picture in pictures {
            let begun = Instant::now();
            let url = text(api, &format!("/parts/{}", picture.part.to_ascii_lowercase()))?;
            let form = Form::new()
                .part("file", Part::bytes(picture.jpeg.clone()).file_name("picture.jpg"));
            send(self.http.post(url).bearer_auth(&token).multipart(form)).await?;
            let size = format!("{} ({} kB)", picture.part, picture.jpeg.len() / 1000);
            show.step("upload", &size, begun.elapsed());
        }
        let begun = Instant::now();
        send(self.http.put(text(api, "/workflowExecution")?).bearer_auth(&token)).await?;
        show.step("finalize", "PUT the workflow execution", begun.elapsed());

        let account_id = text(&created, "/account/id")?;
        let execution_id = text(&created, "/workflowExecution/id")?;
        let execution = format!(
            "{}/api/v1/accounts/{account_id}/workflow-executions/{execution_id}",
            self.base
        );
        let begun = Instant::now();
        self.wait(&execution).await?;
        show.step("judge", "PROCESSED", begun.elapsed());

        let details = self.get(&execution).await?;
        let evidence = self.get(&format!("{execution}/evidence")).await?;
        Ok(Verified {
            execution_id,
            decisions: decisions(&details),
            data: details.pointer("/capabilities/extraction/0/data").cloned().unwrap_or_default(),
            signals: count_signals(&evidence),
        })
    }

    /// Starts workflow 6 for an end user who consents.
    pub(crate) async fn start_liveness(&self) -> Result<StartedJourney> {
        let obtained_at = Context::system().now();
        let created = send(
            self.http
                .post(format!("{}/api/v1/accounts", self.base))
                .bearer_auth(&self.access_token)
                .json(&json!({
                    "customerInternalReference": "play",
                    "workflowDefinition": {"key": 6},
                    "userConsent": {
                        "userIp": "192.0.2.17",
                        "userLocation": {"country": "AUT"},
                        "consent": {"obtained": "yes", "obtainedAt": format!("{obtained_at:.3}")},
                    },
                })),
        )
        .await?;
        let (account, execution) =
            (text(&created, "/account/id")?, text(&created, "/workflowExecution/id")?);
        Ok(StartedJourney {
            web: text(&created, "/web/href")?.parse()?,
            execution: format!(
                "{}/api/v1/accounts/{account}/workflow-executions/{execution}",
                self.base
            ),
        })
    }

    /// The facemap that came of an execution, once it is judged; none when nobody was found live.
    pub(crate) async fn facemap(&self, execution: &str) -> Result<Option<Vec<u8>>> {
        self.wait(execution).await?;
        let details = self.get(execution).await?;
        let pointer = "/capabilities/liveness/0/validFaceMapForAuthentication";
        let Some(href) = details.pointer(pointer).and_then(Value::as_str) else { return Ok(None) };
        let file = self.http.get(href).bearer_auth(&self.access_token).send().await?;
        Ok(Some(file.error_for_status()?.bytes().await?.to_vec()))
    }

    async fn wait(&self, execution: &str) -> Result<()> {
        let begun = Instant::now();
        loop {
            let status = self.get(&format!("{execution}/status")).await?;
            match text(&status, "/workflowExecution/status")?.as_str() {
                "PROCESSED" => return Ok(()),
                "INITIATED" | "ACQUIRED" if begun.elapsed() < PATIENCE => {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                status => bail!("the execution stands at {status} after {:?}", begun.elapsed()),
            }
        }
    }

    async fn get(&self, url: &str) -> Result<Value> {
        send(self.http.get(url).bearer_auth(&self.access_token)).await
    }
}

pub(crate) async fn send(request: RequestBuilder) -> Result<Value> {
    let response = request.send().await?;
    let status = response.status();
    let body: Value = response.json().await?;
    if !status.is_success() {
        bail!("{status}: {}", body["detail"].as_str().unwrap_or("no detail"));
    }
    Ok(body)
}

fn text(value: &Value, pointer: &str) -> Result<String> {
    let text = value.pointer(pointer).and_then(Value::as_str);
    Ok(text.with_context(|| format!("the answer has no {pointer}"))?.to_owned())
}

/// The decisions, in the order of the workflow's graph.
fn decisions(details: &Value) -> Vec<Decided> {
    ["usability", "imageChecks", "extraction", "dataChecks"]
        .into_iter()
        .flat_map(|capability| {
            details["capabilities"][capability].as_array().into_iter().flatten().map(move |entry| {
                let decision = &entry["decision"];
                Decided {
                    capability: capability.to_owned(),
                    decision_type: decision["type"].as_str().unwrap_or_default().to_owned(),
                    label: decision["details"]["label"].as_str().unwrap_or_default().to_owned(),
                }
            })
        })
        .collect()
}

fn count_signals(evidence: &Value) -> usize {
    let entries = evidence["capabilities"].as_object().into_iter().flatten();
    entries
        .flat_map(|(_, entries)| entries.as_array().into_iter().flatten())
        .map(|entry| entry["evidence"].as_array().map_or(0, Vec::len))
        .sum()
}
