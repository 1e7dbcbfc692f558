//! The service's health (contract §12).

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};

use crate::Api;
use crate::route::Routes as _;
use crate::wire::{Health, HealthState};

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
        (status = 200, description = "The service works, though parts of it may be late.", body = Health),
        (status = 503, description = "The service does not work.", body = Health),
    )
)]
pub(crate) async fn get_health(State(api): State<Api>) -> (StatusCode, Json<Health>) {
    let health = Health::from(api.engine.health().await);
    let status = match health.status {
        HealthState::Up | HealthState::Degraded => StatusCode::OK,
        HealthState::Down => StatusCode::SERVICE_UNAVAILABLE,
    };
    (status, Json(health))
}
