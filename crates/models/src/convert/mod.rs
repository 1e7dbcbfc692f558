//! Makes ONNX files of nets that are published in other formats. No code of a package is run: what
//! is read are the graph and the weights.
//!
//! The same ingredients always give the same bytes, so that a converted file is pinned by its
//! SHA-256 like every other one, and evidence names exactly the weights and the graph that ran.

mod activation;
mod layers;
mod minifasnet;
mod onnx;
mod pickle;
mod pth;
mod recipe;
mod recognition;
mod tfjs;
mod weights;

#[cfg(test)]
mod pth_tests;
#[cfg(test)]
mod tests;

pub use recipe::Recipe;

/// Why the ingredients do not become a net: what is wrong, and with which node or weight.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("it cannot be converted: {0}")]
pub struct Unconvertible(pub(crate) String);

impl Unconvertible {
    fn new(problem: impl Into<String>) -> Self {
        Self(problem.into())
    }
}
