//! A server in memory, its roles, and answers with their ids and tokens replaced by names.

use std::future::Future;
use std::io::Cursor;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use bonafide_api::{ApiOptions, router};
use bonafide_domain::credential::{Classifier, Part};
use bonafide_domain::tenant::Settings;
use bonafide_engine::WorkerSize;
use bonafide_engine::admin::rotate_callback_secret;
use bonafide_engine::capability::Capabilities;
use bonafide_engine::testing::{TestEngine, TestTenant, scripted};
use bytes::Bytes;
use serde_json::{Value, json};
use tower::ServiceExt as _;

pub(crate) const BOUNDARY: &str = "boundary-of-the-test";

/// The server, and what a client of the first tenant needs.
pub(crate) struct TestApi {
    pub(crate) engine: TestEngine,
    pub(crate) router: Router,
}

impl TestApi {
    pub(crate) async fn new() -> Self {
        Self::with(scripted()).await
    }

    pub(crate) async fn with(capabilities: Capabilities) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("bonafide.db").display());
        let engine = TestEngine::on(&url, folder, capabilities).await;
        let router = router(engine.engine.clone(), ApiOptions::default());
        Self { engine, router }
    }

    /// The same server with other options.
    pub(crate) fn with_options(mut self, options: ApiOptions) -> Self {
        self.router = router(self.engine.engine.clone(), options);
        self
    }

    /// The first tenant with other settings.
    pub(crate) async fn set(&self, change: impl FnOnce(&mut Settings)) {
        let mut tenant = self.engine.tenant.tenant.clone();
        let mut tx = self.engine.engine.store.begin().await.unwrap();
        tenant.settings = tx.find_tenant(tenant.id).await.unwrap().unwrap().settings;
        change(&mut tenant.settings);
        tx.update_tenant(&tenant).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// What a journey leaves of a face, in the place of the journey: the FACEMAP part of the
    /// execution's FACEMAP credential.
    pub(crate) async fn put_facemap(&self, created: &Value) {
        let id = |value: &Value| value.as_str().unwrap().to_owned();
        let mut tx = self.engine.engine.store.begin().await.unwrap();
        let part = Part {
            credential_id: id(&credential(created, "FACEMAP")["id"]).parse().unwrap(),
            classifier: Classifier::Facemap,
            tenant_id: self.engine.tenant.tenant.id,
            account_id: id(&created["account"]["id"]).parse().unwrap(),
            execution_id: id(&created["workflowExecution"]["id"]).parse().unwrap(),
            blob: "parts/none".to_owned(),
            data_key_id: self.engine.engine.context.id(),
            media_type: "application/octet-stream".to_owned(),
            size_bytes: 1,
            uploaded_at: self.engine.engine.context.now(),
        };
        tx.put_part(&part).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// An update of an account by the first tenant's client.
    pub(crate) async fn update(&self, created: &Value, body: &Value) -> Answer {
        let access = self.access().await;
        self.request("PUT", &account_path(created)).bearer(&access).json(body).await
    }

    /// What the first tenant's client gets there.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        let access = self.access().await;
        self.request("GET", path).bearer(&access).send().await
    }

    pub(crate) fn request(&self, method: &str, path: &str) -> Call<'_> {
        Call {
            router: &self.router,
            method: method.parse().unwrap(),
            path: path.trim_start_matches("https://bonafide.example").to_owned(),
            headers: HeaderMap::from_iter([(header::USER_AGENT, "test".parse().unwrap())]),
            body: Body::empty(),
        }
    }

    /// An access token of the first tenant's client.
    pub(crate) async fn access(&self) -> String {
        self.access_of(&self.engine.tenant).await
    }

    pub(crate) async fn access_of(&self, tenant: &TestTenant) -> String {
        let client = &tenant.client;
        let issued = self
            .engine
            .engine
            .issue_access_token(&client.client_id, client.client_secret.expose())
            .await;
        issued.unwrap().token.into_exposed()
    }

    /// A new account of the first tenant, as the create call answers.
    pub(crate) async fn create(&self, body: &Value) -> Value {
        let access = self.access().await;
        let answer = self.request("POST", "/api/v1/accounts").bearer(&access).json(body).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        answer.json()
    }

    /// An execution of workflow 2 with its pictures, processed.
    pub(crate) async fn processed(&self) -> Value {
        self.processed_of(&workflow(2)).await
    }

    /// A new account's execution with everything uploaded that the API takes, processed.
    pub(crate) async fn processed_of(&self, body: &Value) -> Value {
        let created = self.create(body).await;
        self.finish(&created).await;
        created
    }

    /// Uploads everything that the API takes, finalizes, and lets a worker judge it.
    pub(crate) async fn finish(&self, created: &Value) {
        let finalized = self.upload_and_finalize(created).await;
        assert_eq!(finalized.status, StatusCode::OK, "{}", finalized.text());
        self.work_until(created, "PROCESSED").await;
    }

    /// Uploads everything that the API takes and finalizes; gives the first refusal, or the answer.
    pub(crate) async fn upload_and_finalize(&self, created: &Value) -> Answer {
        let mut link = None;
        for credential in created["workflowExecution"]["credentials"].as_array().unwrap() {
            let Some(api) = credential.get("api") else { continue };
            let token = api["token"].as_str().unwrap();
            for (part, href) in api["parts"].as_object().unwrap() {
                let call = self.request("POST", href.as_str().unwrap()).bearer(token);
                let answer = match part.as_str() {
                    "prepared_data" => call.json(&json!({"lastName": "Eriksson"})).await,
                    _ => call.file(&png()).await,
                };
                if answer.status != StatusCode::OK {
                    return answer;
                }
            }
            link = Some((api["workflowExecution"].as_str().unwrap(), token));
        }
        let (href, token) = link.expect("something is captured over the API");
        self.request("PUT", href).bearer(token).send().await
    }

    /// Lets a worker work until the execution has a status.
    pub(crate) async fn work_until(&self, created: &Value, wanted: &str) {
        let access = self.access().await;
        let status = execution_path(created) + "/status";
        self.working(async {
            loop {
                let answer = self.request("GET", &status).bearer(&access).send().await.json();
                if answer["workflowExecution"]["status"] == wanted {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        })
        .await;
    }

    /// Lets a worker run until something has come about, for a minute at most.
    pub(crate) async fn working<T>(&self, until: impl Future<Output = T>) -> T {
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let done = async {
            let value = until.await;
            drop(stop);
            value
        };
        let engine = &self.engine.engine;
        let work = engine.work("test", WorkerSize::default(), async {
            let _ = stopped.await;
        });
        let both = async { tokio::join!(work, done) };
        let (worked, value) =
            tokio::time::timeout(Duration::from_mins(1), both).await.expect("it ends");
        worked.unwrap();
        value
    }

    /// A new secret for the first tenant's callbacks; the former ones sign for an hour more.
    pub(crate) async fn callback_secret(&self) -> String {
        let engine = &self.engine.engine;
        let tenant = self.engine.tenant.tenant.id;
        let hour = jiff::SignedDuration::from_hours(1);
        rotate_callback_secret(&engine.store, &engine.context, &engine.key_ring, tenant, hour)
            .await
            .unwrap()
            .into_exposed()
    }
}

/// Where an execution is retrieved, given the answer that made it.
pub(crate) fn execution_path(created: &Value) -> String {
    format!(
        "/api/v1/accounts/{}/workflow-executions/{}",
        created["account"]["id"].as_str().unwrap(),
        created["workflowExecution"]["id"].as_str().unwrap()
    )
}

/// The account's address, given an answer that names it.
pub(crate) fn account_path(created: &Value) -> String {
    format!("/api/v1/accounts/{}", created["account"]["id"].as_str().unwrap())
}

/// The first credential of a category, of a create or update's answer.
pub(crate) fn credential<'a>(created: &'a Value, category: &str) -> &'a Value {
    let credentials = created["workflowExecution"]["credentials"].as_array().unwrap();
    credentials.iter().find(|credential| credential["category"] == category).unwrap()
}

/// A request that states the consent of an end user in the USA, a day old.
pub(crate) fn consenting(key: u32) -> Value {
    let mut body = workflow(key);
    body["userReference"] = json!("u-17");
    body["userConsent"] = json!({
        "userIp": "192.0.2.17",
        "userLocation": {"country": "USA", "state": "IL"},
        "consent": {"obtained": "yes", "obtainedAt": "2026-05-31T12:00:00.000Z"}
    });
    body
}

/// The least request for a workflow.
pub(crate) fn workflow(key: u32) -> Value {
    json!({"customerInternalReference": "order-17", "workflowDefinition": {"key": key}})
}

/// A picture that an upload takes.
pub(crate) fn png() -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image::RgbImage::from_pixel(400, 300, image::Rgb([200, 180, 160]))
        .write_to(&mut bytes, image::ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}

/// A multipart body with one file in `field`.
pub(crate) fn multipart(field: &str, content: &[u8]) -> Vec<u8> {
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"a.jpg\"\r\n\
         Content-Type: image/jpeg\r\n\r\n"
    );
    [head.as_bytes(), content, format!("\r\n--{BOUNDARY}--\r\n").as_bytes()].concat()
}

/// A request that is being put together.
pub(crate) struct Call<'a> {
    router: &'a Router,
    method: Method,
    path: String,
    headers: HeaderMap,
    body: Body,
}

impl Call<'_> {
    pub(crate) fn header(mut self, name: header::HeaderName, value: &str) -> Self {
        self.headers.insert(name, value.parse().unwrap());
        self
    }

    pub(crate) fn without(mut self, name: header::HeaderName) -> Self {
        self.headers.remove(name);
        self
    }

    pub(crate) fn bearer(self, token: &str) -> Self {
        self.header(header::AUTHORIZATION, &format!("Bearer {token}"))
    }

    pub(crate) fn basic(self, scheme: &str, tenant: &TestTenant) -> Self {
        use base64::Engine as _;
        let client = &tenant.client;
        let both = format!("{}:{}", client.client_id, client.client_secret.expose());
        let encoded = base64::engine::general_purpose::STANDARD.encode(both);
        self.header(header::AUTHORIZATION, &format!("{scheme} {encoded}"))
    }

    pub(crate) fn body(mut self, content_type: &str, body: impl Into<Body>) -> Self {
        self.body = body.into();
        self.header(header::CONTENT_TYPE, content_type)
    }

    pub(crate) async fn json(self, body: &Value) -> Answer {
        self.body("application/json", body.to_string()).send().await
    }

    pub(crate) async fn form(self, body: &'static str) -> Answer {
        self.body("application/x-www-form-urlencoded", body).send().await
    }

    pub(crate) async fn file(self, content: &[u8]) -> Answer {
        self.multipart(multipart("file", content)).await
    }

    pub(crate) async fn multipart(self, body: Vec<u8>) -> Answer {
        self.body(&format!("multipart/form-data; boundary={BOUNDARY}"), body).send().await
    }

    pub(crate) async fn send(self) -> Answer {
        let mut request = Request::new(self.body);
        *request.method_mut() = self.method;
        *request.uri_mut() = self.path.parse().unwrap();
        *request.headers_mut() = self.headers;
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        Answer { status: parts.status, headers: parts.headers, body }
    }
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.to_vec()).unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.headers[header::CONTENT_TYPE], "application/json");
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The body with every id and token replaced by a name: the same one each time that it occurs.
    pub(crate) fn named(&self) -> Value {
        name_ids(&self.json())
    }

    /// `status detail` of a refusal, and the fields that it names.
    pub(crate) fn refusal(&self) -> (u16, String, Vec<String>) {
        let body = self.json();
        assert_eq!(body["status"], self.status.as_u16());
        assert_eq!(body["title"], self.status.canonical_reason().unwrap());
        let fields = body["errors"].as_array().into_iter().flatten();
        let fields = fields.map(|error| error["field"].as_str().unwrap().to_owned()).collect();
        (self.status.as_u16(), body["detail"].as_str().unwrap().to_owned(), fields)
    }
}

pub(crate) fn name_ids(body: &Value) -> Value {
    let mut names = Names::default();
    names.replace(body)
}

#[derive(Default)]
struct Names {
    ids: Vec<String>,
}

impl Names {
    fn replace(&mut self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.replace_text(text)),
            Value::Array(items) => items.iter().map(|item| self.replace(item)).collect(),
            Value::Object(members) => members
                .iter()
                .map(|(key, member)| (key.clone(), self.replace(member)))
                .collect::<serde_json::Map<_, _>>()
                .into(),
            other => other.clone(),
        }
    }

    fn replace_text(&mut self, text: &str) -> String {
        text.split_inclusive(['/', '&', '='])
            .map(|piece| {
                let word = piece.trim_end_matches(['/', '&', '=']);
                piece.replacen(word, &self.name(word), 1)
            })
            .collect()
    }

    fn name(&mut self, word: &str) -> String {
        if is_id(word) {
            let known = self.ids.iter().position(|id| id == word);
            let index = known.unwrap_or_else(|| {
                self.ids.push(word.to_owned());
                self.ids.len() - 1
            });
            return format!("<id {index}>");
        }
        match word.get(..4) {
            Some("bfa_") => "<access token>".to_owned(),
            Some("bft_") => "<transaction token>".to_owned(),
            Some("bfs_") => "<sdk token>".to_owned(),
            Some("bfw_") => "<web token>".to_owned(),
            _ => word.to_owned(),
        }
    }
}

fn is_id(word: &str) -> bool {
    word.len() == 36
        && word.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}
