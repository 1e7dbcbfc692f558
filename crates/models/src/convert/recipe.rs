use serde::Deserialize;

use super::tfjs::Join;
use super::weights::{Group, Weights};
use super::{Unconvertible, recognition, tfjs};

/// How two ingredients become one net.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Recipe {
    /// The graph of a face detector in TensorFlow.js; output: samples, 896 anchors, and for each
    /// the score's logit, then 16 numbers of box and points.
    BlazeFace,
    /// The graph of a face mesh in TensorFlow.js; output: samples, 468 points of three
    /// coordinates, then how likely there is a face.
    FaceMesh,
    /// A graph in TensorFlow.js with one output.
    OneOutput,
    /// The weights of the recognition net of the package face-api.
    FaceRecognition,
}

impl Recipe {
    /// The ONNX file. `description` is the graph, or the manifest of the weights; `weights` are
    /// the numbers. Equal input gives equal bytes.
    pub fn convert(self, description: &[u8], weights: &[u8]) -> Result<Vec<u8>, Unconvertible> {
        let unreadable = |error: serde_json::Error| Unconvertible(error.to_string());
        if self == Self::FaceRecognition {
            let groups: Vec<Group> = serde_json::from_slice(description).map_err(unreadable)?;
            return recognition::convert(&Weights::read(&groups, weights)?);
        }
        let model: tfjs::Model = serde_json::from_slice(description).map_err(unreadable)?;
        tfjs::convert(&model, weights, &self.joined())
    }

    /// The graph's outputs, and how they become one.
    fn joined(self) -> Join {
        let output = |name: &str| Join::Output(name.to_owned());
        match self {
            Self::BlazeFace => {
                let scale = |number: u8| {
                    let part = |kind: &str| {
                        output(&format!(
                            "StatefulPartitionedCall/functional_1/tf_op_layer_{kind}_{number}/{kind}_{number}"
                        ))
                    };
                    Join::Concatenated(2, vec![part("classificators"), part("regressors")])
                };
                Join::Concatenated(1, vec![scale(1), scale(2)])
            }
            Self::FaceMesh => {
                Join::Concatenated(1, vec![output("Identity_2"), output("Identity_1")])
            }
            Self::OneOutput | Self::FaceRecognition => output("Identity"),
        }
    }
}
