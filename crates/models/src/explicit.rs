//! ONNX files from elsewhere, with what they leave to the reader written out. The runtime takes the
//! number of sides of a convolution from `kernel_shape`, which a file may omit: its weights say it.
//!
//! The bytes that are verified are those of the file; this is done to them on their way into the
//! runtime, so that an operator pins the very file that was published.

/// Fields of `onnx.proto` that are looked at.
mod field {
    pub(super) const MODEL_GRAPH: u64 = 7;
    pub(super) const GRAPH_NODE: u64 = 1;
    pub(super) const GRAPH_INITIALIZER: u64 = 5;
    pub(super) const NODE_INPUT: u64 = 1;
    pub(super) const NODE_OPERATOR: u64 = 4;
    pub(super) const NODE_ATTRIBUTE: u64 = 5;
    pub(super) const ATTRIBUTE_NAME: u64 = 1;
    pub(super) const ATTRIBUTE_TEXT: u64 = 4;
    pub(super) const ATTRIBUTE_INTEGERS: u64 = 8;
    pub(super) const ATTRIBUTE_TYPE: u64 = 20;
    pub(super) const TENSOR_SIDE: u64 = 1;
    pub(super) const TENSOR_NAME: u64 = 8;
}

/// `AttributeProto.AttributeType.INTS`.
const INTEGERS: u64 = 7;

/// A field of a protocol buffer's message.
struct Field<'a> {
    number: u64,
    /// All of it, its key included.
    whole: &'a [u8],
    content: Content<'a>,
}

#[derive(Clone, Copy)]
enum Content<'a> {
    Number(u64),
    Bytes(&'a [u8]),
    Other,
}

/// The file with every convolution's sides, strides, pads and dilations written out; as it was where
/// nothing is missing, or where it is no ONNX file, which the runtime then says better.
pub(crate) fn explicit(file: Vec<u8>) -> Vec<u8> {
    written_out(&file).unwrap_or(file)
}

fn written_out(file: &[u8]) -> Option<Vec<u8>> {
    let fields = fields(file)?;
    let graph = fields.iter().find(|field| field.number == field::MODEL_GRAPH)?.bytes()?;
    let graph = graph_written_out(graph)?;
    let mut written = Vec::with_capacity(file.len() + graph.len() / 8);
    for field in &fields {
        if field.number == field::MODEL_GRAPH {
            put_bytes(&mut written, field::MODEL_GRAPH, &graph);
        } else {
            written.extend_from_slice(field.whole);
        }
    }
    Some(written)
}

/// None where nothing is missing.
fn graph_written_out(graph: &[u8]) -> Option<Vec<u8>> {
    let fields = fields(graph)?;
    let mut written = Vec::with_capacity(graph.len());
    let mut changed = false;
    for field in &fields {
        let missing = match (field.number, field.content) {
            (field::GRAPH_NODE, Content::Bytes(node)) => missing(node, &fields),
            _ => None,
        };
        match (missing, field.content) {
            (Some(attributes), Content::Bytes(node)) => {
                put_bytes(&mut written, field::GRAPH_NODE, &[node, &attributes].concat());
                changed = true;
            }
            _ => written.extend_from_slice(field.whole),
        }
    }
    changed.then_some(written)
}

/// The attributes that a convolution lacks, as fields of its node.
fn missing(node: &[u8], graph: &[Field]) -> Option<Vec<u8>> {
    let fields = fields(node)?;
    let operator = fields.iter().find(|field| field.number == field::NODE_OPERATOR)?.bytes()?;
    if operator != b"Conv" {
        return None;
    }
    let weights =
        fields.iter().filter(|field| field.number == field::NODE_INPUT).nth(1)?.bytes()?;
    let [_, _, window @ ..] = &sides(weights, graph)?[..] else { return None };
    let attributes: Vec<(&[u8], &[u8])> = fields
        .iter()
        .filter(|field| field.number == field::NODE_ATTRIBUTE)
        .filter_map(|field| {
            let attribute = field.bytes()?;
            Some((part(attribute, field::ATTRIBUTE_NAME)?, attribute))
        })
        .collect();
    let find = |name: &str| attributes.iter().find(|(own, _)| *own == name.as_bytes());
    let is_padded_by_rule = find("auto_pad").is_some_and(|(_, attribute)| {
        part(attribute, field::ATTRIBUTE_TEXT).is_some_and(|rule| rule != b"NOTSET")
    });
    let mut added = Vec::new();
    for (name, values) in [
        ("kernel_shape", window.to_vec()),
        ("strides", vec![1; window.len()]),
        ("dilations", vec![1; window.len()]),
        ("pads", vec![0; 2 * window.len()]),
    ] {
        if find(name).is_none() && !(name == "pads" && is_padded_by_rule) {
            put_bytes(&mut added, field::NODE_ATTRIBUTE, &attribute(name, &values));
        }
    }
    (!added.is_empty()).then_some(added)
}

/// The sides of the constant with this name.
fn sides(name: &[u8], graph: &[Field]) -> Option<Vec<u64>> {
    let tensor = graph
        .iter()
        .filter(|field| field.number == field::GRAPH_INITIALIZER)
        .filter_map(Field::bytes)
        .find(|tensor| part(tensor, field::TENSOR_NAME) == Some(name))?;
    let mut sides = Vec::new();
    for field in fields(tensor)?.iter().filter(|field| field.number == field::TENSOR_SIDE) {
        match field.content {
            Content::Number(side) => sides.push(side),
            // Packed, as writers may do with repeated numbers.
            Content::Bytes(mut packed) => {
                while !packed.is_empty() {
                    sides.push(varint(&mut packed)?);
                }
            }
            Content::Other => return None,
        }
    }
    Some(sides)
}

fn attribute(name: &str, values: &[u64]) -> Vec<u8> {
    let mut attribute = Vec::new();
    put_bytes(&mut attribute, field::ATTRIBUTE_NAME, name.as_bytes());
    for value in values {
        put_varint(&mut attribute, field::ATTRIBUTE_INTEGERS << 3);
        put_varint(&mut attribute, *value);
    }
    put_varint(&mut attribute, field::ATTRIBUTE_TYPE << 3);
    put_varint(&mut attribute, INTEGERS);
    attribute
}

/// The first field of bytes with this number.
fn part(message: &[u8], number: u64) -> Option<&[u8]> {
    fields(message)?.iter().find(|field| field.number == number)?.bytes()
}

impl<'a> Field<'a> {
    fn bytes(&self) -> Option<&'a [u8]> {
        match self.content {
            Content::Bytes(bytes) => Some(bytes),
            Content::Number(_) | Content::Other => None,
        }
    }
}

/// The fields of a message; none where it is not one.
fn fields(message: &[u8]) -> Option<Vec<Field<'_>>> {
    let mut rest = message;
    let mut fields = Vec::new();
    while !rest.is_empty() {
        let before = rest;
        let key = varint(&mut rest)?;
        let content = match key & 7 {
            0 => Content::Number(varint(&mut rest)?),
            1 => skip(&mut rest, 8).map(|_| Content::Other)?,
            2 => {
                let length = usize::try_from(varint(&mut rest)?).ok()?;
                Content::Bytes(skip(&mut rest, length)?)
            }
            5 => skip(&mut rest, 4).map(|_| Content::Other)?,
            _ => return None,
        };
        let whole = &before[..before.len() - rest.len()];
        fields.push(Field { number: key >> 3, whole, content });
    }
    Some(fields)
}

fn skip<'a>(rest: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (skipped, after) = rest.split_at_checked(length)?;
    *rest = after;
    Some(skipped)
}

fn varint(rest: &mut &[u8]) -> Option<u64> {
    let mut value = 0_u64;
    for shift in (0..64).step_by(7) {
        let (byte, after) = rest.split_first()?;
        *rest = after;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

fn put_varint(message: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        message.push(value as u8 | 0x80);
        value >>= 7;
    }
    message.push(value as u8);
}

fn put_bytes(message: &mut Vec<u8>, number: u64, content: &[u8]) {
    put_varint(message, number << 3 | 2);
    put_varint(message, content.len() as u64);
    message.extend_from_slice(content);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Net;

    fn message(parts: &[(u64, &[u8])]) -> Vec<u8> {
        let mut message = Vec::new();
        for (number, content) in parts {
            put_bytes(&mut message, *number, content);
        }
        message
    }

    fn number(number: u64, value: u64) -> Vec<u8> {
        let mut message = Vec::new();
        put_varint(&mut message, number << 3);
        put_varint(&mut message, value);
        message
    }

    /// A convolution of 2 by 2 ones with nothing said about it, or with these attributes.
    fn convolution(attributes: &[Vec<u8>]) -> Vec<u8> {
        let ones: Vec<u8> = [1.0_f32; 4].iter().flat_map(|one| one.to_le_bytes()).collect();
        let sides = [1, 1, 2, 2].map(|side| number(1, side)).concat();
        let weights = [sides, number(2, 1), message(&[(8, b"w"), (9, &ones)])].concat();
        let value = |name: &[u8]| message(&[(1, name), (2, &message(&[(1, &number(1, 1))]))]);
        let mut node = message(&[(1, b"x"), (1, b"w"), (2, b"y"), (4, b"Conv")]);
        for attribute in attributes {
            put_bytes(&mut node, 5, attribute);
        }
        let graph = message(&[
            (1, &node),
            (2, b"g"),
            (5, &weights),
            (11, &value(b"x")),
            (12, &value(b"y")),
        ]);
        [number(1, 8), message(&[(7, &graph), (8, &number(2, 17))])].concat()
    }

    fn run(file: Vec<u8>) -> Vec<f32> {
        let input: Vec<f32> = (1..=9_u8).map(f32::from).collect();
        Net::from_bytes("small", file).unwrap().run(&input, [1, 1, 3, 3]).unwrap().data
    }

    /// Pixels 1 2 3 / 4 5 6 / 7 8 9, so 1 + 2 + 4 + 5 and so on.
    #[test]
    fn a_convolution_that_says_nothing_runs_by_the_defaults() {
        assert_eq!(run(convolution(&[])), [12.0, 16.0, 24.0, 28.0]);
        let strides = attribute("strides", &[2, 2]);
        assert_eq!(run(convolution(&[strides])), [12.0]);
        let pads = attribute("pads", &[0, 0, 1, 1]);
        let padded = [12.0, 16.0, 9.0, 24.0, 28.0, 15.0, 15.0, 17.0, 9.0];
        assert_eq!(run(convolution(&[pads])), padded);
    }

    #[test]
    fn what_says_everything_stays_as_it_is() {
        let full = convolution(&[
            attribute("kernel_shape", &[2, 2]),
            attribute("strides", &[1, 1]),
            attribute("dilations", &[1, 1]),
            attribute("pads", &[0, 0, 0, 0]),
        ]);
        assert_eq!(explicit(full.clone()), full);
        let once = explicit(convolution(&[]));
        assert_eq!(explicit(once.clone()), once);
        assert_eq!(explicit(b"no net".to_vec()), b"no net");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn nothing_panics(bytes in prop::collection::vec(any::<u8>(), 0..200), at in 0_usize..150) {
            let mut file = convolution(&[]);
            let at = at.min(file.len());
            file.splice(at..at, bytes.iter().copied());
            explicit(file);
            explicit(bytes);
        }
    }
}
