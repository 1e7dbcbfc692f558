//! Writes ONNX files: the few messages of `onnx.proto` (ONNX IR version 8, operator set 17) that
//! plain convolutional nets need.

/// What the files say that they need.
const IR_VERSION: u64 = 8;
const OPERATOR_SET: u64 = 17;

/// `TensorProto.DataType`.
const FLOAT: u64 = 1;
const INT64: u64 = 7;

/// `AttributeProto.AttributeType`.
const INTEGER: u64 = 2;
const INTEGERS: u64 = 7;

/// A message of protocol buffers, as it is written.
#[derive(Default)]
struct Message(Vec<u8>);

impl Message {
    fn varint(mut self, mut value: u64) -> Self {
        while value >= 0x80 {
            self.0.push((value as u8 & 0x7f) | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
        self
    }

    fn number(self, field: u64, value: u64) -> Self {
        self.varint(field << 3).varint(value)
    }

    fn bytes(self, field: u64, content: &[u8]) -> Self {
        let mut message = self.varint(field << 3 | 2).varint(content.len() as u64);
        message.0.extend_from_slice(content);
        message
    }

    fn text(self, field: u64, content: &str) -> Self {
        self.bytes(field, content.as_bytes())
    }

    fn message(self, field: u64, content: &Self) -> Self {
        self.bytes(field, &content.0)
    }
}

/// An attribute of a node.
pub(super) enum Attribute<'a> {
    /// One integer.
    Integer(&'a str, i64),
    /// A list of integers.
    Integers(&'a str, &'a [usize]),
}

impl Attribute<'_> {
    fn message(&self) -> Message {
        match self {
            Self::Integer(name, value) => {
                Message::default().text(1, name).number(3, *value as u64).number(20, INTEGER)
            }
            Self::Integers(name, values) => {
                let message = Message::default().text(1, name);
                let message =
                    values.iter().fold(message, |message, value| message.number(8, *value as u64));
                message.number(20, INTEGERS)
            }
        }
    }
}

/// A graph that grows node by node.
#[derive(Default)]
pub(super) struct Graph {
    content: Message,
    names: usize,
}

impl Graph {
    /// A name that nothing in the graph has yet.
    pub(super) fn fresh(&mut self) -> String {
        self.names += 1;
        format!("v{}", self.names)
    }

    /// Adds a node with one output, and returns the output's name.
    pub(super) fn node(
        &mut self,
        operator: &str,
        inputs: &[&str],
        attributes: &[Attribute],
    ) -> String {
        let output = self.fresh();
        self.named_node(operator, inputs, &output, attributes);
        output
    }

    fn named_node(
        &mut self,
        operator: &str,
        inputs: &[&str],
        output: &str,
        attributes: &[Attribute],
    ) {
        let node = inputs.iter().fold(Message::default(), |message, input| message.text(1, input));
        let node = node.text(2, output).text(3, output).text(4, operator);
        let node = attributes
            .iter()
            .fold(node, |message, attribute| message.message(5, &attribute.message()));
        self.add(1, &node);
    }

    /// Adds a constant of 32-bit floats, and returns its name.
    pub(super) fn floats(&mut self, shape: &[usize], values: &[f32]) -> String {
        let raw: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        self.constant(shape, FLOAT, &raw)
    }

    /// Adds a constant list of 64-bit integers, and returns its name.
    pub(super) fn integers(&mut self, values: &[i64]) -> String {
        let raw: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        self.constant(&[values.len()], INT64, &raw)
    }

    fn constant(&mut self, shape: &[usize], data_type: u64, raw: &[u8]) -> String {
        let name = self.fresh();
        let tensor = shape
            .iter()
            .fold(Message::default(), |message, side| message.number(1, *side as u64))
            .number(2, data_type)
            .text(8, &name)
            .bytes(9, raw);
        self.add(5, &tensor);
        name
    }

    /// The file: an input `input` of this shape, its first side free and those that are not told,
    /// and the value `output`.
    pub(super) fn finish(mut self, input: [Option<usize>; 3], output: &str) -> Vec<u8> {
        self.named_node("Identity", &[output], OUTPUT, &[]);
        let sides = input.iter().fold(
            Message::default().message(1, &Message::default().text(2, "batch")),
            |shape, side| {
                let side = match side {
                    Some(side) => Message::default().number(1, *side as u64),
                    None => Message::default().text(2, "free"),
                };
                shape.message(1, &side)
            },
        );
        self.add(11, &value(INPUT, &Message::default().number(1, FLOAT).message(2, &sides)));
        self.add(12, &value(OUTPUT, &Message::default().number(1, FLOAT)));
        self.add(2, &Message(b"bonafide".to_vec()));
        let operators = Message::default().text(1, "").number(2, OPERATOR_SET);
        Message::default()
            .number(1, IR_VERSION)
            .text(2, "bonafide")
            .message(7, &self.content)
            .message(8, &operators)
            .0
    }

    fn add(&mut self, field: u64, message: &Message) {
        self.content = std::mem::take(&mut self.content).message(field, message);
    }
}

/// The name of every graph's one input.
pub(super) const INPUT: &str = "input";
const OUTPUT: &str = "output";

/// `ValueInfoProto` of a tensor.
fn value(name: &str, tensor: &Message) -> Message {
    Message::default().text(1, name).message(2, &Message::default().message(1, tensor))
}
