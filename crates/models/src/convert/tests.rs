//! Nets small enough to be computed by hand, converted and run.

use serde_json::{Value, json};

use super::{Recipe, Unconvertible};
use crate::Net;

/// A graph with an input of `side` by `side` pixels in one channel, and the weights it names.
fn graph(side: usize, nodes: &[Value], weights: &[(&str, &[usize], &[f32])]) -> (Vec<u8>, Vec<u8>) {
    let input = json!({"name": "input", "op": "Placeholder", "attr": {"shape": {"shape": {"dim": [
        {"size": "-1"}, {"size": side.to_string()}, {"size": side.to_string()}, {"size": "1"}]}}}});
    // The output first: files keep no order.
    let nodes: Vec<Value> = nodes.iter().rev().cloned().chain([input]).collect();
    let entries: Vec<Value> = weights
        .iter()
        .map(|(name, shape, _)| json!({"name": name, "shape": shape, "dtype": "float32"}))
        .collect();
    let model = json!({"modelTopology": {"node": nodes},
        "weightsManifest": [{"paths": ["w.bin"], "weights": entries}]});
    let numbers = weights.iter().flat_map(|(.., values)| values.iter());
    let bytes = numbers.flat_map(|value| value.to_le_bytes()).collect();
    (model.to_string().into_bytes(), bytes)
}

fn list(numbers: [usize; 4]) -> Value {
    json!({"list": {"i": numbers.map(|number| number.to_string())}})
}

/// A convolution with stride 2; `SAME` and `VALID`, `BiasAdd` and `Prelu` in base64.
fn convolution(padding: &str, fused: &[&str], inputs: &[&str]) -> Value {
    json!({"name": "Identity", "op": "_FusedConv2D", "input": inputs, "attr": {
        "strides": list([1, 2, 2, 1]), "dilations": list([1; 4]),
        "padding": {"s": padding}, "fused_ops": {"list": {"s": fused}}}})
}

const SAME: &str = "U0FNRQ==";
const VALID: &str = "VkFMSUQ=";
const BIAS: &str = "Qmlhc0FkZA==";
const PRELU: &str = "UHJlbHU=";

fn run((description, weights): (Vec<u8>, Vec<u8>), side: usize) -> Vec<f32> {
    let onnx = Recipe::OneOutput.convert(&[&description, &weights]).unwrap();
    let input: Vec<f32> = (1..=side * side).map(|value| value as f32).collect();
    Net::from_bytes("small", onnx).unwrap().run(&input, [1, 1, side, side]).unwrap().data
}

/// On 4 by 4 pixels a window of 3 with stride 2 needs one pixel of padding, and "SAME" puts it
/// below and to the right: the first window is not padded.
#[test]
fn odd_padding_goes_below_and_right() {
    let nodes = [convolution(SAME, &[BIAS], &["input", "ones", "bias"])];
    let weights: [(&str, &[usize], &[f32]); 2] =
        [("ones", &[3, 3, 1, 1], &[1.0; 9]), ("bias", &[1], &[0.5])];
    // Rows 1..4, 5..8, 9..12, 13..16.
    let first = (1 + 2 + 3 + 5 + 6 + 7 + 9 + 10 + 11) as f32 + 0.5;
    let right = (3 + 4 + 7 + 8 + 11 + 12) as f32 + 0.5;
    let below = (9 + 10 + 11 + 13 + 14 + 15) as f32 + 0.5;
    let corner = (11 + 12 + 15 + 16) as f32 + 0.5;
    assert_eq!(run(graph(4, &nodes, &weights), 4), [first, right, below, corner]);
}

#[test]
fn filters_and_slopes_keep_their_channels() {
    let nodes = [convolution(VALID, &[BIAS, PRELU], &["input", "filters", "bias", "slopes"])];
    // Two outputs: the second is the negative; its slope of 0.25 brings it back.
    let filters = [1.0, -1.0, 0.0, 0.0, 0.0, 0.0, 2.0, -2.0];
    let weights: [(&str, &[usize], &[f32]); 3] = [
        ("filters", &[2, 2, 1, 2], &filters),
        ("bias", &[2], &[0.0, 0.0]),
        ("slopes", &[1, 1, 2], &[9.0, 0.25]),
    ];
    // Pixels 1 2 / 3 4, so 1 * 1 + 2 * 4.
    assert_eq!(run(graph(2, &nodes, &weights), 2), [9.0, -2.25]);
}

#[test]
fn channels_are_last_when_a_picture_is_laid_flat() {
    let depthwise = json!({"name": "twice", "op": "DepthwiseConv2dNative", "input": ["input", "filters"],
        "attr": {"strides": list([1; 4]), "dilations": list([1; 4]), "padding": {"s": SAME}}});
    let flat = json!({"name": "Identity", "op": "Reshape", "input": ["twice", "shape"]});
    let weights: [(&str, &[usize], &[f32]); 1] = [("filters", &[1, 1, 1, 2], &[1.0, 10.0])];
    let (description, mut bytes) = graph(2, &[depthwise, flat], &weights);
    let mut model: Value = serde_json::from_slice(&description).unwrap();
    let entries = model["weightsManifest"][0]["weights"].as_array_mut().unwrap();
    entries.push(json!({"name": "shape", "shape": [2], "dtype": "int32"}));
    bytes.extend([1_i32, -1].iter().flat_map(|side| side.to_le_bytes()));
    let flat = run((model.to_string().into_bytes(), bytes), 2);
    assert_eq!(flat, [1.0, 10.0, 2.0, 20.0, 3.0, 30.0, 4.0, 40.0]);
}

#[test]
fn the_same_ingredients_give_the_same_bytes() {
    let nodes = [convolution(SAME, &[BIAS], &["input", "ones", "bias"])];
    let weights: [(&str, &[usize], &[f32]); 2] =
        [("ones", &[3, 3, 1, 1], &[1.0; 9]), ("bias", &[1], &[0.5])];
    let (description, bytes) = graph(4, &nodes, &weights);
    let twice = [0, 1].map(|_| Recipe::OneOutput.convert(&[&description, &bytes]).unwrap());
    assert_eq!(twice[0], twice[1]);
}

#[test]
fn what_is_not_known_is_refused_with_its_name() {
    let told = |nodes: &[Value], weights: &[(&str, &[usize], &[f32])]| {
        let (description, bytes) = graph(4, nodes, weights);
        let Err(Unconvertible(problem)) = Recipe::OneOutput.convert(&[&description, &bytes]) else {
            panic!("it was converted")
        };
        problem
    };
    let unknown = json!({"name": "Identity", "op": "Erf", "input": ["input"]});
    assert!(told(&[unknown], &[]).contains("Erf"));
    let orphan = json!({"name": "Identity", "op": "Relu", "input": ["nobody"]});
    assert!(told(&[orphan], &[]).contains("waits"));
    let other = json!({"name": "Other", "op": "Relu", "input": ["input"]});
    assert!(told(&[other], &[]).contains("no output `Identity`"));
    let flat: [(&str, &[usize], &[f32]); 2] = [("ones", &[9], &[1.0; 9]), ("bias", &[1], &[0.0])];
    let nodes = [convolution(SAME, &[BIAS], &["input", "ones", "bias"])];
    assert!(told(&nodes, &flat).contains("not 4 sides"));
    assert!(Recipe::FaceMesh.convert(&[b"{}", b""]).is_err());
    assert!(Recipe::FaceMesh.convert(&[b"{}"]).is_err());
    assert!(Recipe::FaceRecognition.convert(&[b"[]", b""]).is_err());
}
