//! Watchlist screening: lists are read into entities, indexed by their names, and searched.

pub mod country;
pub mod entity;
pub mod index;
pub mod list;
pub mod matching;
pub mod query;
pub mod text;
