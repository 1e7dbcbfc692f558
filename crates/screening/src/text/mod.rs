//! Names as text: scripts, letters, sounds, words.

pub(crate) mod fold;
mod forms;
mod letters;
mod script;
mod tables;
pub(crate) mod words;

pub use script::Script;
