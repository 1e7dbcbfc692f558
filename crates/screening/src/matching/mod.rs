//! Comparing two names, word by word.

pub(crate) mod align;
pub(crate) mod evidence;
pub(crate) mod similarity;

pub use align::Costs;
pub use evidence::{Evidence, Fact, Verdict};
pub use similarity::WordMatch;
