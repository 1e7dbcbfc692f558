//! `bonafide play`: a drawn person goes through a web journey, for whoever develops against the server.

use std::io::Cursor;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use bonafide_engine::admin::Client;
use bonafide_engine::{Context, Redacted};
use bonafide_specimen::people::{BurstFrame, Movement, Sitter, burst};
use bonafide_specimen::{Issue, Passport, Person};
use clap::Args;
use image::codecs::jpeg::JpegEncoder;
use reqwest::multipart::{Form, Part};
use reqwest::{Client as Http, RequestBuilder, Url};
use serde_json::{Value, json};

use crate::demo::ApiClient;
use crate::output;

#[derive(Args)]
pub(crate) struct Options {
    /// `web.href` of a workflow execution; or the server's address, with --facemap.
    href: Url,
    /// Which person is drawn.
    #[arg(long, default_value_t = 4)]
    seed: u64,
    /// Enrol the person in a new execution of workflow 6 and save the facemap here. The client is taken
    /// from `CLIENT_ID` and `CLIENT_SECRET`.
    #[arg(long, value_name = "FILE")]
    facemap: Option<PathBuf>,
}

/// Pixels of a frame's side.
const SIDE: u32 = 400;
/// How often a drawn person tries a challenge anew.
const TRIES: usize = 3;

pub(crate) async fn run(options: &Options) -> Result<ExitCode> {
    let Some(file) = &options.facemap else {
        Journey::new(&options.href, options.seed)?.play().await?;
        return Ok(ExitCode::SUCCESS);
    };
    let secret = |name| std::env::var(name).with_context(|| format!("{name} is not set"));
    let client = Client {
        client_id: secret("CLIENT_ID")?,
        client_secret: Redacted::new(secret("CLIENT_SECRET")?),
    };
    let api = ApiClient::log_in(options.href.as_str().trim_end_matches('/'), &client).await?;
    for _ in 0..TRIES {
        let href = api.start_liveness().await?;
        Journey::new(&href.web, options.seed)?.play().await?;
        if let Some(facemap) = api.facemap(&href.execution).await? {
            std::fs::write(file, facemap)?;
            return Ok(ExitCode::SUCCESS);
        }
    }
    bail!("the drawn person was not found live in {TRIES} tries");
}

/// A web journey, with the person who goes through it.
struct Journey {
    http: Http,
    origin: String,
    token: String,
    seed: u64,
}

impl Journey {
    fn new(href: &Url, seed: u64) -> Result<Self> {
        let token = href.query_pairs().find(|(name, _)| name == "authorizationToken");
        Ok(Self {
            http: Http::builder()
                .user_agent("BonafidePlay/1.0")
                .timeout(Duration::from_secs(30))
                .no_proxy()
                .build()?,
            origin: href.origin().ascii_serialization(),
            token: token.context("the address has no authorizationToken")?.1.into_owned(),
            seed,
        })
    }

    async fn play(&self) -> Result<()> {
        let journey = self.send(self.http.get(self.address("journey"))).await?;
        for credential in journey["credentials"].as_array().into_iter().flatten() {
            let id = credential["id"].as_str().context("a credential without an id")?;
            if credential["takesChallenge"] == true {
                self.face(id).await?;
            } else if credential["category"] == "ID" {
                let path = format!("credentials/{id}/parts/FRONT");
                self.upload(&path, self.passport()?).await?;
            }
        }
        self.send(self.http.post(self.address("submit"))).await?;
        output::line("submitted");
        Ok(())
    }

    async fn face(&self, credential: &str) -> Result<()> {
        let begun = Instant::now();
        let path = format!("credentials/{credential}/challenge");
        let challenge = self.send(self.http.post(self.address(&path))).await?;
        let asked = movements(&challenge);
        let (seed, grain) =
            (self.seed, u64::from(Context::system().now().subsec_nanosecond() as u32));
        let frames: Vec<BurstFrame> = tokio::task::spawn_blocking(move || {
            burst(&Sitter::generate(seed), &asked, SIDE, grain)
        })
        .await?;
        let id = challenge["id"].as_str().context("a challenge without an id")?;
        for (index, frame) in frames.iter().enumerate() {
            let path = format!("challenges/{id}/frames/{}", index + 1);
            self.upload(&path, jpeg(&frame.picture)?).await?;
        }
        let times: Vec<u32> = frames.iter().map(|frame| frame.at_milliseconds).collect();
        // A person needs the time that the frames claim.
        let claimed = Duration::from_millis(u64::from(times.last().copied().unwrap_or(0)) + 500);
        tokio::time::sleep(claimed.saturating_sub(begun.elapsed())).await;
        let body = json!({"times": times, "camera": "drawn"});
        self.send(self.http.post(self.address(&format!("challenges/{id}"))).json(&body)).await?;
        Ok(())
    }

    fn passport(&self) -> Result<Vec<u8>> {
        let today = Context::system().now().to_zoned(jiff::tz::TimeZone::UTC).date();
        let holder = Person::generate(today, self.seed);
        let drawn = Passport::new(holder, Issue::generate(today, self.seed)).draw(self.seed);
        Ok(drawn.with_sitter(&Sitter::generate(self.seed)).jpeg(90)?)
    }

    fn address(&self, path: &str) -> String {
        format!("{}/websdk/v4/api/{path}", self.origin)
    }

    async fn upload(&self, path: &str, jpeg: Vec<u8>) -> Result<Value> {
        let form = Form::new().part("file", Part::bytes(jpeg).file_name("picture.jpg"));
        self.send(self.http.post(self.address(path)).multipart(form)).await
    }

    async fn send(&self, request: RequestBuilder) -> Result<Value> {
        crate::demo::send(request.bearer_auth(&self.token)).await
    }
}

fn movements(challenge: &Value) -> Vec<Movement> {
    let asked = challenge["movements"].as_array().into_iter().flatten();
    asked
        .filter_map(Value::as_str)
        .filter_map(|movement| match movement {
            "TURN_LEFT" => Some(Movement::TurnLeft),
            "TURN_RIGHT" => Some(Movement::TurnRight),
            "NOD" => Some(Movement::Nod),
            "BLINK" => Some(Movement::Blink),
            "MOVE_CLOSER" => Some(Movement::MoveCloser),
            _ => None,
        })
        .collect()
}

fn jpeg(picture: &image::RgbImage) -> Result<Vec<u8>> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 92))?;
    Ok(bytes.into_inner())
}
