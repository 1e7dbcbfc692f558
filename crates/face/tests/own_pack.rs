//! An operator's own net that describes faces, in the place of the built-in one. `SFace` itself cannot
//! be had from a package registry and has not been run here: this net is made up, and describes
//! nobody.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test's helpers are tests")]

use std::fs;
use std::path::{Path, PathBuf};

use bonafide_face::{Error, FaceReader, Sample, Source};
use bonafide_models::{Digest, InstallOptions, Library, Net, Recipe, adopt, install};
use bonafide_specimen::people::{Sitter, View};
use serde_json::json;

/// Pictures of this side to 128 numbers, by two convolutions.
fn net(side: usize) -> Vec<u8> {
    let convolution = |name: &str, input: &str, stride: usize| {
        let strides = [1, stride, stride, 1].map(|side| side.to_string());
        json!({"name": name, "op": "_FusedConv2D", "input": [input, format!("{name}/w"), format!("{name}/b")],
            "attr": {"strides": {"list": {"i": strides}}, "padding": {"s": "VkFMSUQ="},
                "fused_ops": {"list": {"s": ["Qmlhc0FkZA=="]}}}})
    };
    let sides = ["-1".to_owned(), side.to_string(), side.to_string(), "3".to_owned()];
    let sides = sides.map(|side| json!({"size": side}));
    let shapes: [(&str, Vec<usize>); 4] = [
        ("cells/w", vec![14, 14, 3, 4]),
        ("cells/b", vec![4]),
        ("Identity/w", vec![side / 14, side / 14, 4, 128]),
        ("Identity/b", vec![128]),
    ];
    let entries: Vec<_> = shapes
        .iter()
        .map(|(name, shape)| json!({"name": name, "shape": shape, "dtype": "float32"}))
        .collect();
    let graph = json!({
        "modelTopology": {"node": [
            {"name": "input", "op": "Placeholder", "attr": {"shape": {"shape": {"dim": sides}}}},
            convolution("cells", "input", 14),
            convolution("Identity", "cells", 1)]},
        "weightsManifest": [{"paths": ["w"], "weights": entries}]});
    let count: usize = shapes.iter().map(|(_, shape)| shape.iter().product::<usize>()).sum();
    let weights: Vec<u8> =
        (0..count).flat_map(|index| ((index as f32 * 0.7).sin() * 0.1).to_le_bytes()).collect();
    Recipe::OneOutput.convert(&[graph.to_string().as_bytes(), &weights]).unwrap()
}

/// The manifest of that net.
fn manifest(onnx: &[u8], side: usize, family: &str) -> String {
    // The probe's light page with bars, as `models` draws it.
    let bars: Vec<f32> = (0..3)
        .flat_map(|plane| (0..side * side).map(move |at| (plane, at / side, at % side)))
        .map(|(plane, y, x)| {
            let strength = 1.0 - 0.25 * plane as f32;
            let within = |at: usize, margin: usize| (margin..side - margin).contains(&at);
            let dark = within(y, side / 3) && within(x, side / 8) && (x / 4) % 2 == 1;
            if dark { -strength } else { strength }
        })
        .collect();
    let output =
        Net::from_bytes("own", onnx.to_vec()).unwrap().run(&bars, [1, 3, side, side]).unwrap();
    let numbers: Vec<f64> = output.data.iter().map(|number| f64::from(*number)).collect();
    let sum: f64 = numbers.iter().sum();
    let squares: f64 = numbers.iter().map(|number| number * number).sum();
    let moments: f64 = numbers.iter().enumerate().map(|(at, number)| number * at as f64).sum();
    format!(
        "name = \"own\"\ntitle = \"For tests\"\n[[models]]\nrole = \"face-description\"\nid = \"own\"\n\
         licence = \"Apache-2.0\"\nattribution = \"nobody\"\nfamily = {family}\n\
         file = {{ name = \"own.onnx\", bytes = {}, sha256 = \"{}\" }}\n\
         sources = [{{ kind = \"operator\" }}]\n\
         input = {{ channels = \"rgb\", mean = [0.0, 0.0, 0.0], deviation = [1.0, 1.0, 1.0], \
         height = {{ exactly = {side} }}, width = {{ exactly = {side} }} }}\n\
         probe = {{ height = {side}, width = {side}, output = [1, 128, 1, 1], mean = {}, \
         root_mean_square = {}, centroid = {} }}\n",
        onnx.len(),
        Digest::of(onnx),
        sum / 128.0,
        (squares / 128.0).sqrt(),
        moments / sum / 128.0,
    )
}

/// A models directory with the built-in pack; none where that cannot be had.
fn directory() -> Option<tempfile::TempDir> {
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let home = || Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache"));
    let installed = cache.or_else(home)?.join("bonafide/models/face-default");
    let directory = tempfile::tempdir().unwrap();
    if install("face-default", &options(directory.path(), &installed), &mut ()).is_err() {
        println!("skipped: the pack face-default is not installed for this user");
        return None;
    }
    Some(directory)
}

fn options(directory: &Path, from_dir: &Path) -> InstallOptions {
    InstallOptions {
        directory: directory.to_owned(),
        from_dir: Some(from_dir.to_owned()),
        offline: true,
        is_licence_acknowledged: true,
    }
}

fn bring(directory: &Path, side: usize, family: &str) -> Result<FaceReader, Error> {
    let brought = tempfile::tempdir().unwrap();
    let onnx = net(side);
    fs::write(brought.path().join("own.onnx"), &onnx).unwrap();
    let path = brought.path().join("own.toml");
    fs::write(&path, manifest(&onnx, side, family)).unwrap();
    let name = adopt(&path, directory).unwrap();
    install(&name, &options(directory, brought.path()), &mut ()).unwrap();
    FaceReader::open(&Library::open(directory)?)
}

const ARCFACE: &str = "{ kind = \"arcface\", match-from = 0.363 }";

#[test]
fn an_own_net_describes_in_the_built_in_ones_place_and_its_templates_are_its_own() {
    let Some(directory) = directory() else { return };
    let built_in = FaceReader::open(&Library::open(directory.path()).unwrap()).unwrap();
    let own = bring(directory.path(), 112, ARCFACE).unwrap();
    assert_ne!(own.pack(), built_in.pack(), "what they describe never compares");
    assert_eq!(own.description_model().id, "own");
    assert_eq!(own.detection_model(), built_in.detection_model());

    let picture = Sitter::generate(4).picture(&View::default(), 360, 360);
    let sample = Sample::take(&own, &picture, Source::Selfie, "FACE").unwrap();
    let numbers = sample.subject.unwrap().description.0;
    let length = numbers.iter().map(|number| number * number).sum::<f32>().sqrt();
    // Two of this length with a cosine of 0.363 are 0.55 apart.
    assert!((length - 0.55 / (2.0_f32 - 0.726).sqrt()).abs() < 1e-4, "{length}");
}

#[test]
fn a_net_that_does_something_else_is_refused() {
    let Some(directory) = directory() else { return };
    let refused = |side, family| bring(directory.path(), side, family).err().unwrap();
    assert!(matches!(refused(112, "{ kind = \"yunet\" }"), Error::OtherFamily { .. }));
    assert!(matches!(refused(112, "{ kind = \"dlib\" }"), Error::OtherInput { .. }));
    assert!(matches!(refused(140, ARCFACE), Error::OtherInput { .. }));
}
