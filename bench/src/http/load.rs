//! The load: as many requests under way as there are connections, each sent when the one before it
//! was answered.

use std::future::Future;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use serde::Serialize;
use serde_json::{Value, json};

use super::server::Clients;
use crate::statistics::percentile;

const USER_AGENT: &str = "Bonafide bench/1.0";
/// What a telephone's picture of a card weighs after a client made it smaller.
const UPLOAD_BYTES: usize = 357_000;

/// How a load was borne.
#[derive(Clone, Copy, Serialize)]
pub(crate) struct Measured {
    pub(crate) count: usize,
    pub(crate) per_second: f64,
    pub(crate) p50_milliseconds: f64,
    pub(crate) p99_milliseconds: f64,
}

impl Measured {
    /// Of latencies that were seen within `took`.
    pub(crate) fn of(latencies: &[f64], took: Duration) -> Result<Self> {
        ensure!(!latencies.is_empty(), "nothing was answered in time");
        Ok(Self {
            count: latencies.len(),
            per_second: latencies.len() as f64 / took.as_secs_f64(),
            p50_milliseconds: percentile(latencies, 0.5).unwrap_or_default(),
            p99_milliseconds: percentile(latencies, 0.99).unwrap_or_default(),
        })
    }
}

/// Does `work` over and over, `connections` times side by side, and measures each.
pub(crate) async fn repeat<F>(
    connections: usize,
    lasts: Duration,
    work: impl Fn(usize) -> F,
) -> Result<Measured>
where
    F: Future<Output = Result<()>>,
{
    let begun = Instant::now();
    let lanes = (0..connections).map(|lane| {
        let work = &work;
        async move {
            let mut latencies = Vec::new();
            while begun.elapsed() < lasts {
                let before = Instant::now();
                work(lane).await?;
                latencies.push(before.elapsed().as_secs_f64() * 1e3);
            }
            anyhow::Ok(latencies)
        }
    });
    let latencies = futures::future::try_join_all(lanes).await?.concat();
    Measured::of(&latencies, begun.elapsed())
}

pub(crate) struct Load {
    client: reqwest::Client,
    base: String,
    access: String,
    connections: usize,
    lasts: Duration,
}

impl Load {
    pub(crate) async fn new(
        base: &str,
        clients: &Clients,
        connections: usize,
        lasts: Duration,
    ) -> Result<Self> {
        let client = reqwest::Client::builder()
            .user_agent(USER_AGENT)
            .timeout(Duration::from_secs(60))
            .pool_max_idle_per_host(connections)
            .build()?;
        let answer: Value = client
            .post(format!("{base}/oauth2/token"))
            .basic_auth(&clients.id, Some(&clients.secret))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body("grant_type=client_credentials")
            .send()
            .await?
            .error_for_status()?
            .json()
            .await?;
        let access = text(&answer, "/access_token")?;
        Ok(Self { client, base: base.to_owned(), access, connections, lasts })
    }

    pub(crate) async fn health(&self) -> Result<Measured> {
        repeat(self.connections, self.lasts, |_| async {
            self.client
                .get(format!("{}/health", self.base))
                .send()
                .await?
                .error_for_status()?
                .bytes()
                .await?;
            Ok(())
        })
        .await
    }

    pub(crate) async fn creates(&self) -> Result<Measured> {
        repeat(self.connections, self.lasts, |_| async {
            self.create().await?;
            Ok(())
        })
        .await
    }

    /// Each connection uploads to an execution of its own; a part may be replaced until finalize.
    pub(crate) async fn uploads(&self) -> Result<Measured> {
        let picture = picture()?;
        let mut targets = Vec::new();
        for _ in 0..self.connections {
            let created = self.create().await?;
            let api = "/workflowExecution/credentials/0/api";
            let part = text(&created, &format!("{api}/parts/front"))?;
            targets.push((part, text(&created, &format!("{api}/token"))?));
        }
        repeat(self.connections, self.lasts, |lane| {
            let (url, token) = &targets[lane];
            let file = reqwest::multipart::Part::stream(picture.clone()).file_name("front.jpg");
            async move {
                self.client
                    .post(url)
                    .bearer_auth(token)
                    .multipart(reqwest::multipart::Form::new().part("file", file))
                    .send()
                    .await?
                    .error_for_status()?
                    .bytes()
                    .await?;
                Ok(())
            }
        })
        .await
    }

    pub(crate) async fn statuses(&self) -> Result<Measured> {
        let created = self.create().await?;
        let url = format!(
            "{}/api/v1/accounts/{}/workflow-executions/{}/status",
            self.base,
            text(&created, "/account/id")?,
            text(&created, "/workflowExecution/id")?
        );
        repeat(self.connections, self.lasts, |_| async {
            self.client
                .get(&url)
                .bearer_auth(&self.access)
                .send()
                .await?
                .error_for_status()?
                .bytes()
                .await?;
            Ok(())
        })
        .await
    }

    async fn create(&self) -> Result<Value> {
        let answer = self
            .client
            .post(format!("{}/api/v1/accounts", self.base))
            .bearer_auth(&self.access)
            .json(&json!({
                "customerInternalReference": "bench",
                "workflowDefinition": {"key": 2, "credentials": [{"category": "ID"}]},
            }))
            .send()
            .await?
            .error_for_status()?;
        Ok(answer.json().await?)
    }
}

fn text(value: &Value, pointer: &str) -> Result<String> {
    let found = value.pointer(pointer).and_then(Value::as_str);
    Ok(found.with_context(|| format!("an answer without {pointer}"))?.to_owned())
}

/// A JPEG of about the size that is wanted: drawn, then filled up behind its end, which decoders ignore.
fn picture() -> Result<bytes::Bytes> {
    let drawn = image::RgbImage::from_fn(1000, 700, |x, y| {
        image::Rgb([(x % 251) as u8, (y % 241) as u8, ((x * y) % 239) as u8])
    });
    let mut jpeg = Vec::new();
    drawn.write_to(&mut std::io::Cursor::new(&mut jpeg), image::ImageFormat::Jpeg)?;
    ensure!(jpeg.len() <= UPLOAD_BYTES, "the drawn picture has {} bytes already", jpeg.len());
    jpeg.resize(UPLOAD_BYTES, 0);
    Ok(jpeg.into())
}
