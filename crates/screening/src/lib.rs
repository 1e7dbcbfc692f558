//! Watchlist screening: lists are read into entities, indexed by their names, and searched.
//!
//! [`list::read`] turns any published format into entities, [`screener::ListsBuilder`] indexes them,
//! and [`screener::Screener`] searches: a score of the name, the evidence beside it, and an
//! explanation word by word. [`store::ListStore`] keeps versions of lists on disk. Nothing here knows
//! a clock, a database or a network: times are parameters.

pub mod country;
pub mod delta;
pub mod entity;
pub mod explain;
pub mod index;
pub mod list;
pub mod matching;
pub mod query;
pub mod screener;
pub mod store;
pub mod text;
mod thousandths;
pub mod threshold;

pub use thousandths::thousandths;
