//! The customer's end of the callback: a small server that notes which executions it was told of.

use std::time::Duration;

use anyhow::Result;
use axum::Json;
use axum::extract::State;
use axum::routing::post;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// Receives callbacks.
pub(super) struct Receiver {
    /// Where callbacks are to go.
    pub(super) url: String,
    told: watch::Receiver<Vec<String>>,
}

impl Receiver {
    pub(super) async fn start() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}/callback", listener.local_addr()?);
        let (sender, told) = watch::channel(Vec::new());
        let router = axum::Router::new().route("/callback", post(note)).with_state(sender);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self { url, told })
    }

    /// Waits until an execution was called back.
    pub(super) async fn wait_for(&self, execution_id: &str, limit: Duration) -> Option<()> {
        let mut told = self.told.clone();
        let heard = told.wait_for(|ids| ids.iter().any(|id| id == execution_id));
        tokio::time::timeout(limit, heard).await.ok()?.ok().map(|_| ())
    }
}

async fn note(State(told): State<watch::Sender<Vec<String>>>, Json(body): Json<serde_json::Value>) {
    if let Some(id) = body["workflowExecution"]["id"].as_str() {
        told.send_modify(|ids| ids.push(id.to_owned()));
    }
}
