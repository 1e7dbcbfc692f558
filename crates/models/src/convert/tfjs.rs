//! Graphs as TensorFlow.js publishes them: nodes of TensorFlow in JSON, pictures in the order
//! height, width, channels.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use super::Unconvertible;
use super::activation::Activation;
use super::layers::{Window, convolution, depthwise, pooling, zeros};
use super::onnx::{Attribute, Graph, INPUT};
use super::weights::{Group, Weight, Weights};

/// `model.json`.
#[derive(Deserialize)]
pub(super) struct Model {
    #[serde(rename = "modelTopology")]
    topology: Topology,
    #[serde(rename = "weightsManifest")]
    weights: Vec<Group>,
}

#[derive(Deserialize)]
struct Topology {
    node: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    name: String,
    op: String,
    #[serde(default)]
    input: Vec<String>,
    #[serde(default)]
    attr: BTreeMap<String, serde_json::Value>,
}

/// How a graph is finished.
pub(super) struct Finish {
    /// How its outputs become one.
    pub(super) join: Join,
    /// Whether pictures of other sizes may be given, whose sides are even as often as they are
    /// halved: there are more values then, or fewer.
    pub(super) is_free: bool,
}

/// How the outputs of a graph become one.
pub(super) enum Join {
    /// This output.
    Output(String),
    /// Several along one side.
    Concatenated(i64, Vec<Join>),
}

/// The graph as an ONNX file.
pub(super) fn convert(
    model: &Model,
    weights: &[u8],
    finish: &Finish,
) -> Result<Vec<u8>, Unconvertible> {
    let weights = Weights::read(&model.weights, weights)?;
    let mut net = Net {
        graph: Graph::default(),
        weights: &weights,
        values: BTreeMap::new(),
        input: None,
        is_free: finish.is_free,
    };
    net.translate(&model.topology.node)?;
    let output = net.join(&finish.join)?;
    let [channels, height, width] =
        net.input.ok_or_else(|| Unconvertible::new("it has no input"))?.map(Some);
    let input = if finish.is_free { [channels, None, None] } else { [channels, height, width] };
    Ok(net.graph.finish(input, &output))
}

/// A tensor of the graph.
#[derive(Clone)]
struct Value {
    name: String,
    /// In the order of TensorFlow.
    shape: Vec<usize>,
}

struct Net<'a> {
    graph: Graph,
    weights: &'a Weights,
    values: BTreeMap<String, Value>,
    /// Channels, height, width.
    input: Option<[usize; 3]>,
    is_free: bool,
}

impl Net<'_> {
    /// Translates every node once its inputs are there: files keep no order.
    fn translate(&mut self, nodes: &[Node]) -> Result<(), Unconvertible> {
        let mut waiting: Vec<&Node> = nodes.iter().filter(|node| node.op != "Const").collect();
        while !waiting.is_empty() {
            let (ready, rest): (Vec<&Node>, Vec<&Node>) =
                waiting.iter().partition(|node| node.input.iter().all(|input| self.knows(input)));
            if ready.is_empty() {
                return Err(Unconvertible(format!(
                    "`{}` waits for what never comes",
                    rest[0].name
                )));
            }
            for node in ready {
                let value = self.node(node).map_err(|Unconvertible(problem)| {
                    Unconvertible(format!("{problem}, in `{}`", node.name))
                })?;
                self.values.insert(node.name.clone(), value);
            }
            waiting = rest;
        }
        Ok(())
    }

    fn knows(&self, input: &str) -> bool {
        self.values.contains_key(input) || self.weights.find(input).is_some()
    }

    fn node(&mut self, node: &Node) -> Result<Value, Unconvertible> {
        match node.op.as_str() {
            "Placeholder" => self.placeholder(node),
            "Identity" => self.value(node, 0),
            "_FusedConv2D" | "DepthwiseConv2dNative" => self.convolution(node),
            "MaxPool" => self.pooling(node),
            "Pad" => self.padding(node),
            "AddV2" => {
                let (left, right) = (self.value(node, 0)?, self.value(node, 1)?);
                let name = self.graph.node("Add", &[&left.name, &right.name], &[]);
                Ok(Value { name, shape: left.shape })
            }
            "Relu" => self.activation(node, Activation::Relu),
            "Prelu" => {
                let weights = self.weights;
                self.activation(node, Activation::Prelu(weights.get(node.input(1)?)?))
            }
            "Sigmoid" => {
                let value = self.value(node, 0)?;
                let name = self.graph.node("Sigmoid", &[&value.name], &[]);
                Ok(Value { name, shape: value.shape })
            }
            "Reshape" => self.reshape(node),
            "ConcatV2" => self.concatenation(node),
            other => Err(Unconvertible(format!("the operation {other} is not known"))),
        }
    }

    fn value(&self, node: &Node, index: usize) -> Result<Value, Unconvertible> {
        let name = node.input(index)?;
        let known = self.values.get(name).cloned();
        known.ok_or_else(|| Unconvertible(format!("`{name}` is no tensor")))
    }

    fn picture(&self, node: &Node) -> Result<(Value, [usize; 4]), Unconvertible> {
        let value = self.value(node, 0)?;
        let shape = <[usize; 4]>::try_from(value.shape.as_slice())
            .map_err(|_| Unconvertible::new("its input is no picture"))?;
        Ok((value, shape))
    }

    fn placeholder(&mut self, node: &Node) -> Result<Value, Unconvertible> {
        let shape = node.attr.get("shape");
        let side =
            |index: usize| shape?["shape"]["dim"][index]["size"].as_str()?.parse::<usize>().ok();
        let (Some(height), Some(width), Some(channels)) = (side(1), side(2), side(3)) else {
            return Err(Unconvertible::new("its input has no fixed size"));
        };
        self.input = Some([channels, height, width]);
        Ok(Value { name: INPUT.to_owned(), shape: vec![1, height, width, channels] })
    }

    fn activation(&mut self, node: &Node, activation: Activation) -> Result<Value, Unconvertible> {
        let value = self.value(node, 0)?;
        let name = activation.after(&mut self.graph, value.name)?;
        Ok(Value { name, shape: value.shape })
    }

    fn convolution(&mut self, node: &Node) -> Result<Value, Unconvertible> {
        let (value, [batch, height, width, _]) = self.picture(node)?;
        let filters = self.weights.get(node.input(1)?)?;
        let [filter_height, filter_width, inputs, outputs] = filters.sides()?;
        let window = node.window([filter_height, filter_width])?;
        let (output, padding) = window.placed([height, width])?;
        let (name, channels) = if node.op == "DepthwiseConv2dNative" {
            let name = depthwise(&mut self.graph, &value.name, filters, window.strides, padding)?;
            (name, inputs * outputs)
        } else {
            (self.fused(node, &value, filters, &window, padding)?, outputs)
        };
        Ok(Value { name, shape: vec![batch, output[0], output[1], channels] })
    }

    fn fused(
        &mut self,
        node: &Node,
        value: &Value,
        filters: &Weight,
        window: &Window,
        padding: [usize; 4],
    ) -> Result<String, Unconvertible> {
        let fused = node.fused()?;
        let activation = match fused.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            ["BiasAdd"] => Activation::Linear,
            ["BiasAdd", "Relu"] => Activation::Relu,
            ["BiasAdd", "Prelu"] => Activation::Prelu(self.weights.get(node.input(3)?)?),
            _ => return Err(Unconvertible(format!("the fusion {fused:?} is not known"))),
        };
        let bias = &self.weights.get(node.input(2)?)?.values;
        let name = convolution(
            &mut self.graph,
            &value.name,
            filters,
            Some(bias),
            window.strides,
            padding,
        )?;
        activation.after(&mut self.graph, name)
    }

    fn pooling(&mut self, node: &Node) -> Result<Value, Unconvertible> {
        let (value, [batch, height, width, channels]) = self.picture(node)?;
        let window = node.window(node.pair("ksize")?)?;
        let (output, padding) = window.placed([height, width])?;
        let name = pooling(&mut self.graph, "MaxPool", &value.name, &window, padding);
        Ok(Value { name, shape: vec![batch, output[0], output[1], channels] })
    }

    fn padding(&mut self, node: &Node) -> Result<Value, Unconvertible> {
        let (value, shape) = self.picture(node)?;
        let amounts = self.weights.get(node.input(1)?)?.integers();
        let amounts = <[i64; 8]>::try_from(amounts)
            .map_err(|_| Unconvertible::new("its paddings are not those of a picture"))?;
        let (before, after) =
            (|side: usize| amounts[2 * side], |side: usize| amounts[2 * side + 1]);
        let name = zeros(
            &mut self.graph,
            &value.name,
            TO_CHANNELS_FIRST.map(before),
            TO_CHANNELS_FIRST.map(after),
        );
        let grown = |side: usize| shape[side] + (before(side) + after(side)).max(0) as usize;
        Ok(Value { name, shape: (0..4).map(grown).collect() })
    }

    fn reshape(&mut self, node: &Node) -> Result<Value, Unconvertible> {
        let (value, shape) = self.picture(node)?;
        let wanted = self.weights.get(node.input(1)?)?.integers();
        let count: usize = shape.iter().product();
        let fixed: i64 = wanted.iter().filter(|side| **side > 0).product();
        let new: Vec<usize> = wanted
            .iter()
            .map(|side| if *side > 0 { *side as usize } else { count / fixed.max(1) as usize })
            .collect();
        if new.iter().product::<usize>() != count {
            return Err(Unconvertible(format!("{shape:?} does not become {wanted:?}")));
        }
        let channels_last = [Attribute::Integers("perm", &[0, 2, 3, 1])];
        let name = self.graph.node("Transpose", &[&value.name], &channels_last);
        let mut sides: Vec<i64> = new.iter().map(|side| *side as i64).collect();
        if let (true, [_, follows, _]) = (self.is_free, &mut sides[..]) {
            *follows = -1;
        }
        let sides = self.graph.integers(&sides);
        let name = self.graph.node("Reshape", &[&name, &sides], &[]);
        Ok(Value { name, shape: new })
    }

    /// Only along the channels, of pictures.
    fn concatenation(&mut self, node: &Node) -> Result<Value, Unconvertible> {
        let (left, mut shape) = self.picture(node)?;
        let right = self.value(node, 1)?;
        let axis = self.weights.get(node.input(2)?)?.integers();
        if node.input.len() != 3 || !matches!(axis[..], [3 | -1]) || right.shape.len() != 4 {
            return Err(Unconvertible::new("only two pictures' channels can be concatenated"));
        }
        shape[3] += right.shape[3];
        let along = [Attribute::Integer("axis", 1)];
        let name = self.graph.node("Concat", &[&left.name, &right.name], &along);
        Ok(Value { name, shape: shape.to_vec() })
    }

    fn join(&mut self, join: &Join) -> Result<String, Unconvertible> {
        match join {
            Join::Output(name) => {
                let value = self.values.get(name);
                let value =
                    value.ok_or_else(|| Unconvertible(format!("it has no output `{name}`")))?;
                Ok(value.name.clone())
            }
            Join::Concatenated(axis, parts) => {
                let names =
                    parts.iter().map(|part| self.join(part)).collect::<Result<Vec<_>, _>>()?;
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                Ok(self.graph.node("Concat", &names, &[Attribute::Integer("axis", *axis)]))
            }
        }
    }
}

/// Samples, channels, height, width, as places in TensorFlow's order.
const TO_CHANNELS_FIRST: [usize; 4] = [0, 3, 1, 2];

impl Node {
    fn input(&self, index: usize) -> Result<&str, Unconvertible> {
        let input = self.input.get(index);
        input.map(String::as_str).ok_or_else(|| Unconvertible(format!("input {index} is missing")))
    }

    fn list(&self, name: &str, kind: &str) -> Result<Vec<&str>, Unconvertible> {
        let values = self.attr.get(name).and_then(|value| value["list"][kind].as_array());
        let values = values.and_then(|values| values.iter().map(|value| value.as_str()).collect());
        values.ok_or_else(|| Unconvertible(format!("its `{name}` cannot be read")))
    }

    /// Height and width out of a list for samples, height, width, channels.
    fn pair(&self, name: &str) -> Result<[usize; 2], Unconvertible> {
        let numbers: Vec<usize> =
            self.list(name, "i")?.iter().filter_map(|number| number.parse().ok()).collect();
        match numbers[..] {
            [1, height, width, 1] => Ok([height, width]),
            _ => Err(Unconvertible(format!("its `{name}` is {numbers:?}"))),
        }
    }

    fn window(&self, size: [usize; 2]) -> Result<Window, Unconvertible> {
        if self.attr.contains_key("dilations") && self.pair("dilations")? != [1, 1] {
            return Err(Unconvertible::new("it is dilated"));
        }
        let padding = self.attr.get("padding").and_then(|value| value["s"].as_str());
        let same = match self.text(padding)?.as_str() {
            "SAME" => true,
            "VALID" => false,
            other => return Err(Unconvertible(format!("its padding is {other}"))),
        };
        Ok(Window { size, strides: self.pair("strides")?, same })
    }

    /// What is fused with a convolution, in order.
    fn fused(&self) -> Result<Vec<String>, Unconvertible> {
        self.list("fused_ops", "s")?.into_iter().map(|text| self.text(Some(text))).collect()
    }

    /// Texts are stored in base64.
    fn text(&self, encoded: Option<&str>) -> Result<String, Unconvertible> {
        let bytes = encoded.and_then(|encoded| STANDARD.decode(encoded).ok());
        let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
        text.ok_or_else(|| Unconvertible(format!("an attribute of `{}` cannot be read", self.name)))
    }
}
