//! The customer's receiver of callbacks, which fails half the time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::Value;
use tokio::net::TcpListener;

use crate::load::AllStarted;

#[derive(Clone)]
pub(crate) struct Receiver {
    url: String,
    book: Arc<Mutex<Book>>,
}

struct Book {
    random: StdRng,
    /// How often each execution's callback was accepted.
    accepted: BTreeMap<String, usize>,
    refused: usize,
}

impl Receiver {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/callback", listener.local_addr().unwrap());
        let book = Book { random: StdRng::seed_from_u64(7), accepted: BTreeMap::new(), refused: 0 };
        let receiver = Self { url, book: Arc::new(Mutex::new(book)) };
        let router = axum::Router::new()
            .route("/callback", post(Self::receive))
            .with_state(receiver.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        receiver
    }

    #[expect(clippy::unused_async, reason = "axum takes async handlers")]
    async fn receive(State(receiver): State<Self>, Json(body): Json<Value>) -> StatusCode {
        let mut book = receiver.lock();
        if book.random.random_bool(0.5) {
            book.refused += 1;
            return StatusCode::INTERNAL_SERVER_ERROR;
        }
        let id = body["workflowExecution"]["id"].as_str().unwrap().to_owned();
        *book.accepted.entry(id).or_default() += 1;
        StatusCode::OK
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn url(&self) -> String {
        self.url.clone()
    }

    /// Whether an execution's callback was accepted.
    pub(crate) fn has(&self, execution: &str) -> bool {
        self.lock().accepted.contains_key(execution)
    }

    pub(crate) fn refused(&self) -> usize {
        self.lock().refused
    }

    pub(crate) fn accepted(&self) -> usize {
        self.lock().accepted.values().sum()
    }

    pub(crate) fn accepted_again(&self) -> usize {
        self.lock().accepted.values().map(|times| times - 1).sum()
    }

    /// Executions that called back though the answer to their start never came.
    pub(crate) fn unknown(&self, started: &AllStarted) -> usize {
        let known: BTreeSet<String> =
            started.executions.iter().map(|started| started.execution.to_string()).collect();
        self.lock().accepted.keys().filter(|id| !known.contains(*id)).count()
    }
}
