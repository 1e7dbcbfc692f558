//! The HTTP surface: one module for each service of the contract, and no business rule.
//!
//! A request passes the layers (id, time limit, panics), then its extractors (who asks, which
//! resource, what body), and reaches one function of the engine, whose answer becomes a wire type.

mod account;
mod acquisition;
mod assessment;
mod auth;
mod deletion;
mod error;
mod events;
mod extract;
mod health;
mod journey;
mod layers;
mod linger;
mod openapi;
mod ours;
mod rates;
mod retrieval;
mod route;
mod screening;
mod upload;
pub mod wire;

use std::sync::Arc;
use std::time::Duration;

use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::{Router, routing};
use bonafide_engine::Engine;
use tokio::sync::Semaphore;
use tower_http::catch_panic::CatchPanicLayer;

use crate::error::ApiError;
use crate::layers::{RequestIds, after_panic, identify, limit_time};
use crate::linger::linger;
pub use crate::openapi::{instruction_schema, openapi};
use crate::rates::Rates;
pub use crate::rates::{Rate, RateLimits};
pub use crate::upload::{UploadError, parse_upload};

/// The most that a JSON or form body may have, in bytes: more than any call of the contract needs.
const MAX_BODY_BYTES: usize = 64 * 1024;

/// What an operator may set.
#[derive(Debug, Clone)]
pub struct ApiOptions {
    /// How long a request may take, its body included.
    pub request_timeout: Duration,
    /// How many uploads are held in memory at once. Memory for uploads is this times the limit of
    /// one; further ones wait, unread.
    pub concurrent_uploads: usize,
    /// Begins the ids that this process gives to requests; tells processes apart in logs.
    pub instance: String,
    /// How many requests are served in a time.
    pub rates: RateLimits,
}

impl Default for ApiOptions {
    fn default() -> Self {
        Self {
            request_timeout: Duration::from_mins(1),
            concurrent_uploads: 16,
            instance: "local".to_owned(),
            rates: RateLimits::default(),
        }
    }
}

/// What handlers share.
#[derive(Clone)]
struct Api {
    engine: Engine,
    uploads: Arc<Semaphore>,
    rates: Arc<Rates>,
}

/// The whole surface. Its services share one origin; their paths do not collide (contract §1).
pub fn router(engine: Engine, options: ApiOptions) -> Router {
    let ApiOptions { request_timeout, concurrent_uploads, instance, rates } = options;
    let api = Api {
        engine,
        uploads: Arc::new(Semaphore::new(concurrent_uploads)),
        rates: Arc::new(Rates::new(&rates)),
    };
    Router::new()
        .merge(auth::routes())
        .merge(account::routes())
        .merge(acquisition::routes())
        .merge(journey::routes())
        .merge(retrieval::routes())
        .merge(assessment::routes())
        .merge(ours::routes())
        .merge(deletion::routes())
        .merge(events::routes())
        .merge(screening::routes())
        .merge(health::routes())
        .route("/openapi.json", routing::get(openapi::get_openapi))
        .route("/sandbox/instruction.schema.json", routing::get(openapi::get_instruction_schema))
        .fallback(no_such_resource)
        .method_not_allowed_fallback(no_such_method)
        .with_state(api)
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(from_fn(linger))
        .layer(from_fn_with_state(request_timeout, limit_time))
        .layer(CatchPanicLayer::custom(after_panic))
        .layer(from_fn_with_state(RequestIds::new(&instance), identify))
}

async fn no_such_resource() -> ApiError {
    ApiError::no_such_resource()
}

async fn no_such_method() -> ApiError {
    ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "This address does not take this method.")
}
