//! Layers with their weights, from the order of TensorFlow (height, width, channels) to that of
//! ONNX (channels, height, width).

use super::Unconvertible;
use super::onnx::{Attribute, Graph};
use super::weights::Weight;

/// How a window moves over a picture.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    /// Its height and width.
    pub(super) size: [usize; 2],
    /// Its steps down and across.
    pub(super) strides: [usize; 2],
    /// Whether it may reach over the border, so that the output has a value for each step.
    pub(super) same: bool,
}

impl Window {
    /// The output's height and width, and the padding: top, left, bottom, right. TensorFlow's
    /// rule puts the odd pixel below and to the right.
    pub(super) fn placed(
        &self,
        input: [usize; 2],
    ) -> Result<([usize; 2], [usize; 4]), Unconvertible> {
        let (mut output, mut padding) = ([0; 2], [0; 4]);
        for side in 0..2 {
            let (length, size, stride) = (input[side], self.size[side], self.strides[side]);
            if stride == 0 || size == 0 || (!self.same && length < size) {
                return Err(Unconvertible(format!("a window {self:?} on {input:?}")));
            }
            if self.same {
                output[side] = length.div_ceil(stride);
                let total = ((output[side] - 1) * stride + size).saturating_sub(length);
                (padding[side], padding[side + 2]) = (total / 2, total - total / 2);
            } else {
                output[side] = (length - size) / stride + 1;
            }
        }
        Ok((output, padding))
    }

    fn attributes<'a>(&'a self, padding: &'a [usize; 4]) -> [Attribute<'a>; 3] {
        [
            Attribute::Integers("kernel_shape", &self.size),
            Attribute::Integers("strides", &self.strides),
            Attribute::Integers("pads", padding),
        ]
    }
}

/// A convolution: `filters` in the order height, width, input, output.
pub(super) fn convolution(
    graph: &mut Graph,
    input: &str,
    filters: &Weight,
    bias: Option<&[f32]>,
    strides: [usize; 2],
    padding: [usize; 4],
) -> Result<String, Unconvertible> {
    let [height, width, inputs, outputs] = filters.sides()?;
    let at = |output, input, y, x| ((y * width + x) * inputs + input) * outputs + output;
    let values = reordered([outputs, inputs, height, width], |[output, input, y, x]| {
        filters.values[at(output, input, y, x)]
    });
    let shape = [outputs, inputs, height, width];
    write(graph, input, &Kernel { shape, values, bias, strides, padding, groups: 1 })
}

/// A convolution of each channel by itself: `filters` in the order height, width, channel,
/// multiplier.
pub(super) fn depthwise(
    graph: &mut Graph,
    input: &str,
    filters: &Weight,
    strides: [usize; 2],
    padding: [usize; 4],
) -> Result<String, Unconvertible> {
    let [height, width, channels, multiplier] = filters.sides()?;
    let outputs = channels * multiplier;
    let values = reordered([outputs, 1, height, width], |[output, _, y, x]| {
        filters.values[(y * width + x) * outputs + output]
    });
    let shape = [outputs, 1, height, width];
    write(graph, input, &Kernel { shape, values, bias: None, strides, padding, groups: channels })
}

/// The numbers in the order of the shape, the last side running fastest.
fn reordered([a, b, c, d]: [usize; 4], value: impl Fn([usize; 4]) -> f32) -> Vec<f32> {
    let mut values = Vec::with_capacity(a * b * c * d);
    for i in 0..a {
        for j in 0..b {
            for k in 0..c {
                values.extend((0..d).map(|l| value([i, j, k, l])));
            }
        }
    }
    values
}

/// A convolution as ONNX has it.
pub(super) struct Kernel<'a> {
    /// Outputs, inputs of a group, height, width.
    pub(super) shape: [usize; 4],
    pub(super) values: Vec<f32>,
    pub(super) bias: Option<&'a [f32]>,
    pub(super) strides: [usize; 2],
    /// Top, left, bottom, right.
    pub(super) padding: [usize; 4],
    pub(super) groups: usize,
}

/// Adds the node of a convolution.
pub(super) fn write(
    graph: &mut Graph,
    input: &str,
    kernel: &Kernel,
) -> Result<String, Unconvertible> {
    let [outputs, _, height, width] = kernel.shape;
    let mut inputs = vec![input.to_owned(), graph.floats(&kernel.shape, &kernel.values)];
    if let Some(bias) = kernel.bias {
        if bias.len() != outputs {
            return Err(Unconvertible(format!("{} biases of {outputs} channels", bias.len())));
        }
        inputs.push(graph.floats(&[outputs], bias));
    }
    let inputs: Vec<&str> = inputs.iter().map(String::as_str).collect();
    // All written out: runtimes differ in what they take for granted.
    Ok(graph.node(
        "Conv",
        &inputs,
        &[
            Attribute::Integers("kernel_shape", &[height, width]),
            Attribute::Integers("strides", &kernel.strides),
            Attribute::Integers("pads", &kernel.padding),
            Attribute::Integers("dilations", &[1, 1]),
            Attribute::Integer("group", kernel.groups as i64),
        ],
    ))
}

/// The greatest (`MaxPool`) or the mean (`AveragePool`) of each window.
pub(super) fn pooling(
    graph: &mut Graph,
    operator: &str,
    input: &str,
    window: &Window,
    padding: [usize; 4],
) -> String {
    graph.node(operator, &[input], &window.attributes(&padding))
}

/// Zeros added before and after each side: samples, channels, rows, columns.
pub(super) fn zeros(graph: &mut Graph, input: &str, before: [i64; 4], after: [i64; 4]) -> String {
    let amounts = graph.integers(&[before, after].concat());
    graph.node("Pad", &[input, &amounts], &[])
}
