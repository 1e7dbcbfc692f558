//! One neural net, loaded and ready to run.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rten::{Model, ModelOptions, NodeId, RunOptions, ThreadPool, ValueView};
use rten_tensor::Tensor;
use rten_tensor::prelude::*;

use crate::Error;
use crate::explicit::explicit;

/// A net with one image-like input and at least one output, in ONNX format.
///
/// A run uses one thread. Runs from several threads at once are independent of each other,
/// which serves many pages better than many threads on one page do.
#[derive(Debug)]
pub struct Net {
    name: String,
    model: Model,
    input: NodeId,
    output: NodeId,
}

/// What a net computed.
#[derive(Debug, Clone, PartialEq)]
pub struct Output {
    /// The length of each dimension, outermost first.
    pub shape: Vec<usize>,
    /// The numbers, the last dimension running fastest.
    pub data: Vec<f32>,
}

impl Net {
    /// Loads a net from an ONNX file, which must be trusted: the runtime may never return from a
    /// malformed one. [`crate::Library::net`] checks the digest first.
    pub fn load(path: &Path) -> Result<Self, Error> {
        let bytes = std::fs::read(path).map_err(Error::storage("read", path))?;
        Self::from_bytes(&path.display().to_string(), bytes)
    }

    /// Loads a net from the content of a trusted ONNX file; `name` is what errors call it.
    pub fn from_bytes(name: &str, bytes: Vec<u8>) -> Result<Self, Error> {
        let load = |problem: String| Error::Load { net: name.to_owned(), problem };
        let model = ModelOptions::with_all_ops()
            .prepack_weights(true)
            .load(explicit(bytes))
            .map_err(|error| load(error.to_string()))?;
        let [input] = *model.input_ids() else {
            return Err(load(format!("it has {} inputs, not one", model.input_ids().len())));
        };
        let Some(&output) = model.output_ids().first() else {
            return Err(load("it has no output".to_owned()));
        };
        Ok(Self { name: name.to_owned(), model, input, output })
    }

    /// Runs the net and returns its first output.
    ///
    /// `data` fills `shape` (batch, channels, height, width), width running fastest.
    pub fn run(&self, data: &[f32], shape: [usize; 4]) -> Result<Output, Error> {
        let [output] = self.compute(data, shape, [self.output])?;
        Ok(output)
    }

    /// Runs the net and returns its outputs of these names.
    pub fn run_for<const N: usize>(
        &self,
        data: &[f32],
        shape: [usize; 4],
        names: [&str; N],
    ) -> Result<[Output; N], Error> {
        let mut outputs = [self.output; N];
        for (output, name) in outputs.iter_mut().zip(names) {
            *output = self.model.find_node(name).ok_or_else(|| Error::Output {
                net: self.name.clone(),
                problem: format!("it has no output `{name}`"),
            })?;
        }
        self.compute(data, shape, outputs)
    }

    fn compute<const N: usize>(
        &self,
        data: &[f32],
        shape: [usize; 4],
        outputs: [NodeId; N],
    ) -> Result<[Output; N], Error> {
        // Checked here: the runtime's own check overflows on absurd shapes.
        let length = shape.iter().try_fold(1_usize, |length, side| length.checked_mul(*side));
        if length != Some(data.len()) {
            return Err(self.input_error(shape, format!("{} numbers do not fill it", data.len())));
        }
        let input = ValueView::from_shape(shape, data)
            .map_err(|error| self.input_error(shape, error.to_string()))?;
        let lane = Lane::take();
        let options = RunOptions::default().with_thread_pool(Some(Arc::clone(&lane.pool)));
        let outputs = self
            .model
            .run_n(vec![(self.input, input.into())], outputs, Some(options))
            .map_err(|error| self.input_error(shape, error.to_string()))?;
        let mut computed = Vec::with_capacity(N);
        for output in outputs {
            let output: Tensor<f32> = output.try_into().map_err(|error| Error::Output {
                net: self.name.clone(),
                problem: format!("{error}"),
            })?;
            computed.push(Output { shape: output.shape().to_vec(), data: output.into_data() });
        }
        Ok(computed.try_into().expect("as many as were asked for"))
    }

    /// A value of the file's metadata (ONNX `metadata_props`), such as the recogniser's `character`.
    pub fn metadata(&self, key: &str) -> Option<&str> {
        self.model.metadata().get(key)
    }

    fn input_error(&self, shape: [usize; 4], problem: String) -> Error {
        Error::Input { net: self.name.clone(), shape, problem }
    }
}

/// A pool of one thread, taken from those that idle and given back when dropped.
///
/// The runtime computes only on pools of its own: one shared pool would queue the callers up
/// behind one thread, and its default pool spreads every run over all cores at little gain.
/// There are never more lanes than there were runs at the same time.
struct Lane {
    pool: Arc<ThreadPool>,
}

static IDLE: Mutex<Vec<Arc<ThreadPool>>> = Mutex::new(Vec::new());

impl Lane {
    fn take() -> Self {
        let idle = IDLE.lock().unwrap_or_else(PoisonError::into_inner).pop();
        Self { pool: idle.unwrap_or_else(|| Arc::new(ThreadPool::with_num_threads(1))) }
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        IDLE.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(&self.pool));
    }
}
