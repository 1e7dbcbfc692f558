//! The recognition net of dlib as the package face-api carries it: its weights have a manifest, its
//! graph is known from its publication (a residual net of 29 convolutions on 150 by 150 pixels).

use super::Unconvertible;
use super::layers::{Window, convolution, pooling, zeros};
use super::onnx::{Graph, INPUT};
use super::weights::{Weight, Weights};

/// Side of the picture of a face that the net looks at.
const SIDE: usize = 150;

/// The residual blocks in order, and whether each halves its picture.
const BLOCKS: [(&str, bool); 14] = [
    ("conv32_1", false),
    ("conv32_2", false),
    ("conv32_3", false),
    ("conv64_down", true),
    ("conv64_1", false),
    ("conv64_2", false),
    ("conv64_3", false),
    ("conv128_down", true),
    ("conv128_1", false),
    ("conv128_2", false),
    ("conv256_down", true),
    ("conv256_1", false),
    ("conv256_2", false),
    ("conv256_down_out", true),
];

/// The net with a description of 128 numbers as its output.
pub(super) fn convert(weights: &Weights) -> Result<Vec<u8>, Unconvertible> {
    let mut net = Net { graph: Graph::default(), weights };
    let start = Value { name: INPUT.to_owned(), side: SIDE, channels: 3 };
    let mut value = net.layer(&start, "conv32_down", HALVED)?;
    value.name = net.graph.node("Relu", &[&value.name], &[]);
    let window = Window { size: [3, 3], strides: [2, 2], same: false };
    let ([side, _], padding) = window.placed([value.side; 2])?;
    let name = pooling(&mut net.graph, "MaxPool", &value.name, &window, padding);
    value = Value { name, side, ..value };
    for (name, halves) in BLOCKS {
        value = net.block(&value, name, halves)?;
    }
    let mean = net.graph.node("GlobalAveragePool", &[&value.name], &[]);
    let matrix = weights.get("fc")?;
    let [inputs, outputs] = matrix.sides()?;
    let shape = net.graph.integers(&[-1, inputs as i64]);
    let flat = net.graph.node("Reshape", &[&mean, &shape], &[]);
    let matrix = net.graph.floats(&[inputs, outputs], &matrix.values);
    let description = net.graph.node("MatMul", &[&flat, &matrix], &[]);
    Ok(net.graph.finish([3, SIDE, SIDE].map(Some), &description))
}

const WHOLE: (usize, bool) = (1, true);
const HALVED: (usize, bool) = (2, false);

struct Net<'a> {
    graph: Graph,
    weights: &'a Weights,
}

/// A square picture of so many channels.
#[derive(Clone)]
struct Value {
    name: String,
    side: usize,
    channels: usize,
}

impl Net<'_> {
    /// A convolution whose output is scaled and moved; both go into its weights.
    fn layer(
        &mut self,
        input: &Value,
        name: &str,
        (stride, same): (usize, bool),
    ) -> Result<Value, Unconvertible> {
        let filters = self.weights.get(&format!("{name}/conv/filters"))?;
        let bias = self.weights.get(&format!("{name}/conv/bias"))?;
        let scale = self.weights.get(&format!("{name}/scale/weights"))?;
        let shift = self.weights.get(&format!("{name}/scale/biases"))?;
        let [height, width, inputs, outputs] = filters.sides()?;
        let lengths = [&bias.values, &scale.values, &shift.values].map(Vec::len);
        if lengths != [outputs; 3] || inputs != input.channels {
            return Err(Unconvertible(format!("`{name}` does not fit together")));
        }
        let ([height, width], filters) = if same && input.side == 1 {
            // Around a single pixel there is nothing but padding.
            ([1, 1], filters.centre()?)
        } else {
            ([height, width], filters.clone())
        };
        let scaled = Weight {
            shape: filters.shape.clone(),
            values: filters
                .values
                .iter()
                .zip(scale.values.iter().cycle())
                .map(|(a, b)| a * b)
                .collect(),
        };
        let moved: Vec<f32> =
            (0..outputs).map(|i| bias.values[i] * scale.values[i] + shift.values[i]).collect();
        let window = Window { size: [height, width], strides: [stride; 2], same };
        let ([side, _], padding) = window.placed([input.side; 2])?;
        let name = convolution(
            &mut self.graph,
            &input.name,
            &scaled,
            Some(&moved),
            window.strides,
            padding,
        )?;
        Ok(Value { name, side, channels: outputs })
    }

    /// Two convolutions, added to their own input; where the picture is halved, to its means, and
    /// what is too small is filled up with zeros.
    fn block(&mut self, input: &Value, name: &str, halves: bool) -> Result<Value, Unconvertible> {
        let first = if halves { HALVED } else { WHOLE };
        let mut inner = self.layer(input, &format!("{name}/conv1"), first)?;
        inner.name = self.graph.node("Relu", &[&inner.name], &[]);
        let mut inner = self.layer(&inner, &format!("{name}/conv2"), WHOLE)?;
        let mut outer = input.clone();
        if halves {
            let window = Window { size: [2, 2], strides: [2, 2], same: false };
            let ([side, _], padding) = window.placed([input.side; 2])?;
            let name = pooling(&mut self.graph, "AveragePool", &input.name, &window, padding);
            outer = Value { name, side, channels: input.channels };
        }
        let missing = |wanted: usize, present: usize| wanted.saturating_sub(present) as i64;
        let rows = missing(outer.side, inner.side);
        if rows > 0 {
            inner.name = zeros(&mut self.graph, &inner.name, [0; 4], [0, 0, rows, rows]);
        }
        let channels = missing(inner.channels, outer.channels);
        if channels > 0 {
            outer.name = zeros(&mut self.graph, &outer.name, [0; 4], [0, channels, 0, 0]);
        }
        let sum = self.graph.node("Add", &[&outer.name, &inner.name], &[]);
        let name = self.graph.node("Relu", &[&sum], &[]);
        Ok(Value { name, side: outer.side, channels: inner.channels })
    }
}
