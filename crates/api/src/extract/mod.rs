//! What handlers take out of a request: who asks, which resource, what body.

mod authorization;
mod client;
mod idempotency;
mod ids;
mod journey;
mod json;
mod listing;
mod query;

pub(crate) use authorization::basic_credentials;
pub(crate) use client::Client;
pub(crate) use idempotency::{IdempotencyHeader, Repeatable};
pub(crate) use ids::{
    AccountPath, ChallengePath, CredentialPartPath, CredentialPath, ExecutionPath, FramePath, Ids,
    JourneyUploadPath, LooseExecutionPath, SearchPath, UploadPath,
};
pub(crate) use journey::{EndUser, TokenHolder};
pub(crate) use json::{JsonBody, read_body};
pub(crate) use listing::{ListQuery, Listing};
pub(crate) use query::{DeliveryPage, FeedPage, Parameters, SearchesPage, limit, number, value};
