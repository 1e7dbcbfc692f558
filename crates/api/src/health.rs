//! The service's health (contract §12).

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};

use crate::Api;
use crate::route::Routes as _;
use crate::wire::Health;

pub(crate) fn routes() -> Router<Api> {
    // The status host of the contract answers at its root.
    Router::new().at("/health", get(get_health)).route("/", get(get_health))
}

/// Get the service's health
///
/// Needs no credentials. Also at `/`.
#[utoipa::path(
    get,
    path = "/health",
    tag = "Health",
    responses(
        (status = 200, description = "The service works.", body = Health),
        (status = 503, description = "The service does not work.", body = Health),
    )
)]
pub(crate) async fn get_health(State(api): State<Api>) -> (StatusCode, Json<Health>) {
    match api.engine.health().await {
        Ok(()) => (StatusCode::OK, Json(Health::up())),
        Err(error) => {
            tracing::error!(kind = ?error.kind, "the service is down");
            (StatusCode::SERVICE_UNAVAILABLE, Json(Health::without_storage()))
        }
    }
}
