//! The surface over HTTP, with a real engine on SQLite behind it: what each role may do, what each
//! body looks like, how each refusal reads.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

mod account;
mod acquisition;
mod authorisation;
mod capabilities;
mod connection;
mod labels;
mod refusals;
mod retrieval;
mod sandbox;
mod support;
mod token;
