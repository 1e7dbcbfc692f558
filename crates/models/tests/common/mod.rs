//! A net small enough to write down, and a pack that offers it.

#![allow(dead_code, reason = "each test file uses what it needs")]

use std::fs;
use std::path::Path;

use bonafide_models::{Digest, Progress};

/// ONNX's number for 32-bit floats.
const FLOAT: u8 = 1;

/// A protobuf field of bytes (wire type 2), shorter than 128 bytes.
fn field(number: u8, content: &[u8]) -> Vec<u8> {
    let length = u8::try_from(content.len()).ok().filter(|length| *length < 128).unwrap();
    [&[number << 3 | 2, length], content].concat()
}

/// A protobuf field of a small number (wire type 0).
fn number(number: u8, value: u8) -> Vec<u8> {
    vec![number << 3, value]
}

/// An ONNX file that computes y = max(x, 0) and has the metadata `greeting` = `hello`.
pub(crate) fn relu() -> Vec<u8> {
    let value = |name: &[u8]| {
        let tensor_type = field(1, &number(1, FLOAT));
        [field(1, name), field(2, &tensor_type)].concat()
    };
    let node = [field(1, b"x"), field(2, b"y"), field(4, b"Relu")].concat();
    let graph = [field(1, &node), field(2, b"g"), field(11, &value(b"x")), field(12, &value(b"y"))];
    let metadata = [field(1, b"greeting"), field(2, b"hello")].concat();
    let opset = number(2, 17);
    [number(1, 8), field(7, &graph.concat()), field(8, &opset), field(14, &metadata)].concat()
}

/// Worked out by hand for a probe of 3 by 8 pixels: each plane has 21 light pixels, at 1, 0.75
/// and 0.5, and 3 dark ones, which become 0.
pub(crate) const PROBE: &str = "{ height = 3, width = 8, output = [1, 3, 3, 8], mean = 0.65625, \
     root_mean_square = 0.727_080_24, centroid = 0.416_005_29 }";

/// Puts the manifest of a pack `tiny` into a models directory. Its one model, for the role
/// `rectify`, is pinned to `content`; `sources` is an array in TOML, `archives` a whole section.
pub(crate) fn offer(directory: &Path, content: &[u8], sources: &str, archives: &str, probe: &str) {
    let manifest = format!(
        "name = \"tiny\"\ntitle = \"For tests\"\n{archives}\n[[models]]\nrole = \"rectify\"\n\
         id = \"relu\"\nlicence = \"MIT\"\ncommercial-use = \"yes\"\nattribution = \"nobody\"\n\
         file = {{ name = \"relu.onnx\", bytes = {}, sha256 = \"{}\" }}\nsources = {sources}\n\
         input = {{ channels = \"rgb\", mean = [0.0, 0.0, 0.0], deviation = [1.0, 1.0, 1.0], \
         height = {{ multiple-of = 1 }}, width = {{ multiple-of = 1 }} }}\nprobe = {probe}\n",
        content.len(),
        Digest::of(content),
    );
    let folder = directory.join("packs");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("tiny.toml"), manifest).unwrap();
}

/// Writes down what an installation tells.
#[derive(Default)]
pub(crate) struct Diary {
    pub(crate) steps: Vec<String>,
    pub(crate) messages: Vec<String>,
    pub(crate) last_bytes: (u64, u64),
}

impl Progress for Diary {
    fn step(&mut self, text: &str) {
        self.steps.push(text.to_owned());
    }
    fn bytes(&mut self, done: u64, total: u64) {
        self.last_bytes = (done, total);
    }
    fn message(&mut self, text: &str) {
        self.messages.push(text.to_owned());
    }
}

/// Names of everything in a folder but the lock file.
pub(crate) fn names_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != ".lock")
        .collect();
    names.sort();
    names
}
