//! The other provider: the tenant's account at `ComplyAdvantage`, by its classic interface.
//!
//! Written after transcriptions of that interface and tested against a fake that speaks it; it has not
//! met the real one. Hits are reviewed here, and the review is not written back.

use std::time::Duration;

use bonafide_domain::id::TenantId;
use bonafide_domain::screening::ScreeningSettings;
use bonafide_domain::tenant::Tenant;
use bonafide_screening::entity::EntityKind;
use bonafide_vault::{Binding, KeyRing, Redacted};
use reqwest::{Method, StatusCode, header};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::sync::Mutex;
use tokio::time::{Interval, MissedTickBehavior};

use super::{External, Found, Hit, Question, Refusal};
use crate::Engine;
use crate::context::Context;
use crate::error::Error;
use crate::sealing::{Sealed, seal_for_tenant};

/// The interface for Europe.
const EUROPE: &str = "https://api.complyadvantage.com";
const ATTEMPTS: u32 = 4;
const TIME_LIMIT: Duration = Duration::from_secs(15);
/// More than a page of hits has, in bytes.
const MOST_BYTES: usize = 8 * 1024 * 1024;

/// The client of the interface. All tenants of a process share its rate, which is that of one account.
pub struct ComplyAdvantage {
    client: reqwest::Client,
    pause: Duration,
    rate: Mutex<Option<Interval>>,
}

#[derive(Deserialize)]
struct Envelope {
    content: Content,
}

#[derive(Deserialize)]
struct Content {
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    id: i64,
    #[serde(rename = "ref")]
    reference: String,
    #[serde(default)]
    share_url: Option<String>,
    /// Absent means that nothing can be said, and not that nothing was found.
    total_hits: usize,
    hits: Vec<WireHit>,
}

#[derive(Deserialize)]
struct WireHit {
    doc: Value,
    #[serde(default)]
    match_types: Vec<String>,
    #[serde(default)]
    match_types_details: Value,
    #[serde(default)]
    score: f32,
    #[serde(default)]
    is_whitelisted: bool,
}

/// Why an attempt failed: for good, or so that another may succeed.
enum Failure {
    ForGood(Refusal),
    ForNow(&'static str),
}

impl ComplyAdvantage {
    /// A client that waits `pause` before the second attempt, and twice as long before each further
    /// one. 600 calls a minute at most.
    pub fn new(pause: Duration) -> Result<Self, Error> {
        // Fails when a provider is installed already; then that one serves.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .user_agent(concat!("Bonafide/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .timeout(TIME_LIMIT)
            .build()
            .map_err(Error::internal)?;
        Ok(Self { client, pause, rate: Mutex::default() })
    }

    pub(super) async fn ask(
        &self,
        settings: &ScreeningSettings,
        key: &Redacted<String>,
        question: &Question,
    ) -> Result<Found, Refusal> {
        let answer = self
            .call(settings, key, Method::POST, "searches", Some(&body(settings, question)))
            .await?;
        found(understood(&answer)?, question.limit)
    }

    /// A search as it stands there now.
    pub(super) async fn read(
        &self,
        settings: &ScreeningSettings,
        key: &Redacted<String>,
        search: i64,
        limit: usize,
    ) -> Result<Found, Refusal> {
        let path = format!("searches/{search}?share_url=1");
        let answer = self.call(settings, key, Method::GET, &path, None).await?;
        found(understood(&answer)?, limit)
    }

    /// Begins or ends the monitoring of a search there.
    pub(super) async fn monitor(
        &self,
        settings: &ScreeningSettings,
        key: &Redacted<String>,
        search: i64,
        is_monitored: bool,
    ) -> Result<(), Refusal> {
        let path = format!("searches/{search}/monitors");
        let body = json!({ "is_monitored": is_monitored });
        self.call(settings, key, Method::PATCH, &path, Some(&body)).await.map(|_| ())
    }

    /// Makes a call, again and again while the provider is busy or away; gives the answer's bytes.
    async fn call(
        &self,
        settings: &ScreeningSettings,
        key: &Redacted<String>,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Vec<u8>, Refusal> {
        let base = settings.provider_url.as_deref().unwrap_or(EUROPE).trim_end_matches('/');
        let url = format!("{base}/{path}");
        let mut pause = self.pause;
        let mut reason = "";
        for attempt in 0..ATTEMPTS {
            if attempt > 0 {
                tokio::time::sleep(pause).await;
                pause *= 2;
            }
            match self.attempt(&method, &url, key, body).await {
                Ok(answer) => return Ok(answer),
                Err(Failure::ForGood(refusal)) => return Err(refusal),
                Err(Failure::ForNow(why)) => reason = why,
            }
        }
        tracing::warn!(reason, attempts = ATTEMPTS, "the screening provider does not answer");
        Err(Refusal::Failed(format!("the screening provider does not answer: {reason}")))
    }

    async fn attempt(
        &self,
        method: &Method,
        url: &str,
        key: &Redacted<String>,
        body: Option<&Value>,
    ) -> Result<Vec<u8>, Failure> {
        self.wait_for_turn().await;
        let mut request = self
            .client
            .request(method.clone(), url)
            .header(header::AUTHORIZATION, format!("Token {}", key.expose()));
        if let Some(body) = body {
            let json = "application/json";
            request = request.header(header::CONTENT_TYPE, json).body(body.to_string());
        }
        let mut response = request.send().await.map_err(|_| Failure::ForNow("no answer"))?;
        check(response.status())?;
        let mut bytes = Vec::new();
        while let Some(chunk) =
            response.chunk().await.map_err(|_| Failure::ForNow("the answer broke off"))?
        {
            if bytes.len() + chunk.len() > MOST_BYTES {
                return Err(Failure::ForGood(Refusal::Failed("the answer is too long".to_owned())));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    }

    async fn wait_for_turn(&self) {
        let mut rate = self.rate.lock().await;
        let interval = rate.get_or_insert_with(|| {
            let mut interval = tokio::time::interval(Duration::from_millis(100));
            interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
            interval
        });
        interval.tick().await;
    }
}

fn understood(answer: &[u8]) -> Result<Data, Refusal> {
    let envelope: Envelope = serde_json::from_slice(answer)
        .map_err(|_| Refusal::Failed("the provider's answer cannot be understood".to_owned()))?;
    Ok(envelope.content.data)
}

fn check(status: StatusCode) -> Result<(), Failure> {
    match status.as_u16() {
        200..=299 => Ok(()),
        401 | 403 => Err(Failure::ForGood(Refusal::Settings(
            "the screening provider refuses the tenant's key".to_owned(),
        ))),
        429 => Err(Failure::ForNow("too many calls")),
        500..=599 => Err(Failure::ForNow("it failed")),
        status => Err(Failure::ForGood(Refusal::Settings(format!(
            "the screening provider refuses the search with {status}; see the search profile"
        )))),
    }
}

fn body(settings: &ScreeningSettings, question: &Question) -> Value {
    let subject = &question.subject;
    let mut filters = json!({});
    if let Some(birth) = subject.birth.filter(|birth| birth.from == birth.to) {
        filters["birth_year"] = json!(birth.from);
    }
    match subject.kind {
        EntityKind::Person => filters["entity_type"] = json!("person"),
        EntityKind::Organisation => filters["entity_type"] = json!("company"),
        EntityKind::Vessel => filters["entity_type"] = json!("vessel"),
        EntityKind::Aircraft => filters["entity_type"] = json!("aircraft"),
        EntityKind::Unknown => {}
    }
    if !question.types.is_empty() {
        filters["types"] = json!(question.types);
    }
    let mut body = json!({
        "search_term": subject.name, "share_url": 1, "limit": question.limit, "filters": filters,
    });
    if let Some(client_ref) = &question.client_ref {
        body["client_ref"] = json!(client_ref);
    }
    if let Some(profile) = question.profile.as_ref().or(settings.default_profile.as_ref()) {
        body["search_profile"] = json!(profile);
    }
    if let Some(fuzziness) = question.fuzziness {
        body["fuzziness"] = json!(fuzziness);
    }
    body
}

fn found(data: Data, limit: usize) -> Result<Found, Refusal> {
    let Data { id, reference, share_url, total_hits, hits } = data;
    // Hits that were not shown would count as none.
    if hits.len() < total_hits.min(limit) {
        return Err(Refusal::Failed("the provider found hits and does not show them".to_owned()));
    }
    let hits: Option<Vec<Hit>> = hits.into_iter().map(hit).collect();
    let hits =
        hits.ok_or_else(|| Refusal::Failed("the provider shows a hit without id".to_owned()))?;
    let external = Some(External { id, reference, share_url });
    Ok(Found { hits, threshold: None, lists: Vec::new(), compared: String::new(), external })
}

fn hit(wire: WireHit) -> Option<Hit> {
    let entity_id = wire.doc["id"].as_str()?.to_owned();
    let record = serde_json::to_vec(&wire.doc).ok()?;
    let entity_hash = Sha256::digest(record).iter().fold(String::new(), |mut hex, byte| {
        use std::fmt::Write as _;
        // Writing into a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    Some(Hit {
        entity_id,
        entity_hash,
        doc: wire.doc,
        match_types: wire.match_types,
        match_types_details: match wire.match_types_details {
            Value::Array(details) => details,
            Value::Null => Vec::new(),
            other => vec![other],
        },
        score: wire.score,
        cleared: wire.is_whitelisted,
    })
}

fn not_there() -> Refusal {
    Refusal::Failed("the provider does not have the search".to_owned())
}

/// Seals a tenant's key.
pub(crate) fn seal_provider_key(
    key_ring: &KeyRing,
    context: &Context,
    tenant_id: TenantId,
    key: &str,
) -> Sealed {
    let binding = Binding::ProviderKey { tenant: tenant_id };
    seal_for_tenant(key_ring, context, tenant_id, &binding, key.as_bytes())
}

impl Engine {
    /// Reads a search as it stands at the other provider.
    pub(super) async fn read_there(
        &self,
        tenant: &Tenant,
        question: &Question,
        before: &Found,
    ) -> Result<Found, Refusal> {
        let Some(external) = &before.external else { return Err(not_there()) };
        let key = self.provider_key(tenant.id).await?;
        let settings = &tenant.settings.watchlists;
        let read = self.comply_advantage.read(settings, &key, external.id, question.limit).await?;
        // It may show another search than the one that was asked for.
        if read.external.as_ref().is_some_and(|shown| shown.id == external.id) {
            Ok(read)
        } else {
            Err(not_there())
        }
    }

    /// Begins or ends the monitoring of a search at the other provider.
    pub(super) async fn monitor_there(
        &self,
        tenant: &Tenant,
        found: &Found,
        is_monitored: bool,
    ) -> Result<(), Refusal> {
        let Some(external) = &found.external else { return Err(not_there()) };
        let key = self.provider_key(tenant.id).await?;
        let settings = &tenant.settings.watchlists;
        self.comply_advantage.monitor(settings, &key, external.id, is_monitored).await
    }

    pub(super) async fn provider_key(
        &self,
        tenant_id: TenantId,
    ) -> Result<Redacted<String>, Refusal> {
        let opened = self.open_provider_key(tenant_id).await.map_err(|error| {
            tracing::error!(error = ?error.source, "a provider's key cannot be opened");
            Refusal::Failed("the provider's key cannot be opened".to_owned())
        })?;
        opened.ok_or_else(|| Refusal::Settings("the tenant has no key of the provider".to_owned()))
    }

    async fn open_provider_key(
        &self,
        tenant_id: TenantId,
    ) -> Result<Option<Redacted<String>>, Error> {
        let mut tx = self.store.read().await?;
        let Some(sealed) = tx.find_provider_key(tenant_id).await? else { return Ok(None) };
        let binding = Binding::ProviderKey { tenant: tenant_id };
        let plain =
            self.unseal(&mut tx, tenant_id, sealed.data_key_id, &binding, &sealed.bytes).await?;
        let key = plain.and_then(|plain| String::from_utf8(plain).ok());
        Ok(key.map(Redacted::new))
    }
}
