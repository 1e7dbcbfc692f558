use super::Unconvertible;
use super::onnx::Graph;
use super::weights::Weight;

/// What follows a convolution or an addition.
pub(super) enum Activation<'a> {
    /// Nothing.
    Linear,
    /// Negative values become 0.
    Relu,
    /// Negative values are multiplied by a slope of their channel.
    Prelu(&'a Weight),
}

impl Activation<'_> {
    /// The value after it.
    pub(super) fn after(self, graph: &mut Graph, value: String) -> Result<String, Unconvertible> {
        match self {
            Self::Linear => Ok(value),
            Self::Relu => Ok(graph.node("Relu", &[&value], &[])),
            Self::Prelu(slopes) => {
                let channels = slopes.values.len();
                if slopes.shape.last() != Some(&channels) {
                    return Err(Unconvertible::new("slopes that differ within a channel"));
                }
                let slopes = graph.floats(&[channels, 1, 1], &slopes.values);
                Ok(graph.node("PRelu", &[&value, &slopes], &[]))
            }
        }
    }
}
