//! `MiniFASNet` V2 and V1SE (the Silent-Face-Anti-Spoofing project, 2020): depthwise residual nets on
//! pictures of 80 by 80 pixels that tell a face from a picture of one. The file has the weights; the
//! graph is known from its publication, and the weights' names tell the two apart.

use super::Unconvertible;
use super::activation::Activation;
use super::layers::{Kernel, write};
use super::onnx::{Attribute, Graph, INPUT};
use super::weights::{Weight, Weights};

/// Side of the net's picture, in pixels.
const SIDE: usize = 80;
/// What the published nets add to a variance.
const EPSILON: f64 = 1e-5;

/// The net; its output are the likelihoods of three classes, of which the second is a live face.
pub(super) fn convert(weights: &Weights) -> Result<Vec<u8>, Unconvertible> {
    let mut net = Net { graph: Graph::default(), weights };
    let mut value = net.activated(INPUT, "conv1", HALVED)?;
    value = net.activated(&value, "conv2_dw", WHOLE)?;
    for (step, stage) in [("conv_23", "conv_3"), ("conv_34", "conv_4"), ("conv_45", "conv_5")] {
        value = net.bottleneck(&value, step, HALVED)?;
        value = net.stage(&value, stage)?;
    }
    value = net.activated(&value, "conv_6_sep", POINT)?;
    value = net.layer(&value, "conv_6_dw", POINT)?;
    let likelihoods = net.head(&value)?;
    Ok(net.graph.finish([3, SIDE, SIDE].map(Some), &likelihoods))
}

/// Step and padding of a window of one pixel or of one that shrinks the picture, and of 3 by 3.
const POINT: (usize, usize) = (1, 0);
const WHOLE: (usize, usize) = (1, 1);
const HALVED: (usize, usize) = (2, 1);

struct Net<'a> {
    graph: Graph,
    weights: &'a Weights,
}

/// What a normalisation of a batch comes to once it is learned: `scale * value + shift`.
struct Normalisation {
    scale: Vec<f64>,
    shift: Vec<f64>,
}

impl<'a> Net<'a> {
    fn weight(&self, name: &str) -> Result<&'a Weight, Unconvertible> {
        self.weights.get(&format!("module.{name}"))
    }

    fn normalisation(&self, name: &str) -> Result<Normalisation, Unconvertible> {
        let numbers = |kind: &str| -> Result<&[f32], Unconvertible> {
            Ok(&self.weight(&format!("{name}.{kind}"))?.values)
        };
        let (gain, bias) = (numbers("weight")?, numbers("bias")?);
        let (mean, variance) = (numbers("running_mean")?, numbers("running_var")?);
        if [bias.len(), mean.len(), variance.len()] != [gain.len(); 3] {
            return Err(Unconvertible(format!("`{name}` does not fit together")));
        }
        let scale: Vec<f64> = gain
            .iter()
            .zip(variance)
            .map(|(gain, variance)| f64::from(*gain) / (f64::from(*variance) + EPSILON).sqrt())
            .collect();
        let shift = (0..gain.len())
            .map(|index| f64::from(bias[index]) - f64::from(mean[index]) * scale[index])
            .collect();
        Ok(Normalisation { scale, shift })
    }

    /// A convolution with its normalisation, which goes into its weights.
    fn normalised(
        &mut self,
        input: &str,
        (filters, normalisation): (&str, &str),
        (stride, padding): (usize, usize),
    ) -> Result<String, Unconvertible> {
        let filters = self.weight(filters)?;
        let shape = filters.sides()?;
        let [outputs, inputs, height, width] = shape;
        let Normalisation { scale, shift } = self.normalisation(normalisation)?;
        if scale.len() != outputs {
            return Err(Unconvertible(format!("`{normalisation}` does not fit its layer")));
        }
        let each = (inputs * height * width).max(1);
        let scaled =
            |(index, value): (usize, &f32)| (f64::from(*value) * scale[index / each]) as f32;
        let bias: Vec<f32> = shift.iter().map(|value| *value as f32).collect();
        // The only layers with one input a filter are those that keep their channels apart.
        let groups = if inputs == 1 { outputs } else { 1 };
        let kernel = Kernel {
            shape,
            values: filters.values.iter().enumerate().map(scaled).collect(),
            bias: Some(&bias),
            strides: [stride; 2],
            padding: [padding; 4],
            groups,
        };
        write(&mut self.graph, input, &kernel)
    }

    fn layer(
        &mut self,
        input: &str,
        name: &str,
        window: (usize, usize),
    ) -> Result<String, Unconvertible> {
        let names = (format!("{name}.conv.weight"), format!("{name}.bn"));
        self.normalised(input, (&names.0, &names.1), window)
    }

    fn activated(
        &mut self,
        input: &str,
        name: &str,
        window: (usize, usize),
    ) -> Result<String, Unconvertible> {
        let value = self.layer(input, name, window)?;
        let slopes = self.weight(&format!("{name}.prelu.weight"))?;
        Activation::Prelu(slopes).after(&mut self.graph, value)
    }

    /// Wider, each channel by itself, narrower again.
    fn bottleneck(
        &mut self,
        input: &str,
        name: &str,
        window: (usize, usize),
    ) -> Result<String, Unconvertible> {
        let wide = self.activated(input, &format!("{name}.conv"), POINT)?;
        let wide = self.activated(&wide, &format!("{name}.conv_dw"), window)?;
        self.layer(&wide, &format!("{name}.project"), POINT)
    }

    /// Bottlenecks, each added to its own input.
    fn stage(&mut self, input: &str, name: &str) -> Result<String, Unconvertible> {
        let mut value = input.to_owned();
        for block in 0.. {
            let block = format!("{name}.model.{block}");
            if self.weight(&format!("{block}.conv.conv.weight")).is_err() {
                break;
            }
            let mut inner = self.bottleneck(&value, &block, WHOLE)?;
            if self.weight(&format!("{block}.se_module.fc1.weight")).is_ok() {
                inner = self.squeezed(&inner, &format!("{block}.se_module"))?;
            }
            value = self.graph.node("Add", &[&value, &inner], &[]);
        }
        Ok(value)
    }

    /// Channels weighted by what all pixels together say about them (squeeze and excitation).
    fn squeezed(&mut self, input: &str, name: &str) -> Result<String, Unconvertible> {
        let part = |kind: &str| format!("{name}.{kind}");
        let mean = self.graph.node("GlobalAveragePool", &[input], &[]);
        let few = self.normalised(&mean, (&part("fc1.weight"), &part("bn1")), POINT)?;
        let few = self.graph.node("Relu", &[&few], &[]);
        let all = self.normalised(&few, (&part("fc2.weight"), &part("bn2")), POINT)?;
        let shares = self.graph.node("Sigmoid", &[&all], &[]);
        Ok(self.graph.node("Mul", &[input, &shares], &[]))
    }

    /// Two linear layers with a normalisation between them are one.
    fn head(&mut self, input: &str) -> Result<String, Unconvertible> {
        let (first, last) = (self.weight("linear.weight")?, self.weight("prob.weight")?);
        let ([middle, inputs], [classes, narrow]) = (first.sides()?, last.sides()?);
        let Normalisation { scale, shift } = self.normalisation("bn")?;
        if narrow != middle || scale.len() != middle {
            return Err(Unconvertible::new("its last layers do not fit together"));
        }
        let through = |class: usize, place: usize| f64::from(last.values[class * middle + place]);
        let mut matrix = vec![0.0; inputs * classes];
        for input in 0..inputs {
            for class in 0..classes {
                let sum: f64 = (0..middle)
                    .map(|place| {
                        let before = f64::from(first.values[place * inputs + input]);
                        through(class, place) * scale[place] * before
                    })
                    .sum();
                matrix[input * classes + class] = sum as f32;
            }
        }
        let bias: Vec<f32> = (0..classes)
            .map(|class| {
                (0..middle).map(|place| through(class, place) * shift[place]).sum::<f64>() as f32
            })
            .collect();
        let shape = self.graph.integers(&[-1, inputs as i64]);
        let flat = self.graph.node("Reshape", &[input, &shape], &[]);
        let matrix = self.graph.floats(&[inputs, classes], &matrix);
        let sums = self.graph.node("MatMul", &[&flat, &matrix], &[]);
        let bias = self.graph.floats(&[classes], &bias);
        let sums = self.graph.node("Add", &[&sums, &bias], &[]);
        Ok(self.graph.node("Softmax", &[&sums], &[Attribute::Integer("axis", 1)]))
    }
}
