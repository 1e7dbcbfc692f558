//! The surface over HTTP, with a real engine on SQLite behind it: what each role may do, what each
//! body looks like, how each refusal reads.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test fails where it cannot go on")]

mod account;
mod acquisition;
mod authorisation;
mod callbacks;
mod capabilities;
mod connection;
mod consent;
mod deletion;
mod expiry;
mod faces;
mod feed;
mod idempotency;
mod isolation;
mod labels;
mod limits;
mod listing;
mod platform;
mod refusals;
mod results;
mod retrieval;
mod sandbox;
mod screening;
mod screening_provider;
mod support;
mod token;
mod workflows;
