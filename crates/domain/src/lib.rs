//! The pure rules of Bonafide: what the contract's words mean, and nothing that touches the world.
//!
//! No IO, no async, no clock and no randomness live here: time is always a parameter. A reader who
//! knows the API finds its words again as types: accounts, workflow executions, credentials, parts,
//! capabilities, decisions, labels, consent, tokens.

pub mod account;
pub mod assessment;
pub mod audit;
pub mod callback;
pub mod challenge;
pub mod chore;
pub mod consent;
pub mod credential;
pub mod decision;
pub mod event;
pub mod evidence;
pub mod execution;
pub mod extraction;
pub mod id;
pub mod idempotency;
pub mod initiation;
pub mod known_face;
pub mod prepared_data;
pub mod receipt;
pub mod region;
pub mod run;
pub mod sandbox;
pub mod screening;
pub mod task;
pub mod tenant;
pub mod token;
pub mod validation;
mod wire_enum;
pub mod workflow;
