use serde::Deserialize;

use super::tfjs::{Finish, Join};
use super::weights::{Group, Weights};
use super::{Unconvertible, minifasnet, pth, recognition, tfjs};

/// How ingredients become one net.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Recipe {
    /// The graph of a face detector in TensorFlow.js, for pictures whose sides are multiples of 32;
    /// output: samples, anchors (896 of 256 by 256 pixels), and for each the score's logit, then 16
    /// numbers of box and points.
    BlazeFace,
    /// The graph of a face mesh in TensorFlow.js; output: samples, 468 points of three
    /// coordinates, then how likely there is a face.
    FaceMesh,
    /// A graph in TensorFlow.js with one output.
    OneOutput,
    /// The weights of the recognition net of the package face-api.
    FaceRecognition,
    /// The weights of a net against presentation attacks, `MiniFASNet` V2 or V1SE, as `PyTorch`
    /// stored them; output: samples, how likely each of three classes is, of which the second is a
    /// live face.
    #[serde(rename = "minifasnet")]
    MiniFasNet,
}

impl Recipe {
    /// How many ingredients it takes.
    pub fn ingredients(self) -> usize {
        if self == Self::MiniFasNet { 1 } else { 2 }
    }

    /// The ONNX file. The ingredients are the graph, or the manifest of the weights, and then the
    /// numbers; a file of `PyTorch` holds both. Equal input gives equal bytes.
    pub fn convert(self, ingredients: &[&[u8]]) -> Result<Vec<u8>, Unconvertible> {
        let unreadable = |error: serde_json::Error| Unconvertible(error.to_string());
        match (self, ingredients) {
            (Self::MiniFasNet, [file]) => minifasnet::convert(&pth::read(file)?),
            (Self::FaceRecognition, [manifest, weights]) => {
                let groups: Vec<Group> = serde_json::from_slice(manifest).map_err(unreadable)?;
                recognition::convert(&Weights::read(&groups, weights)?)
            }
            (_, [graph, weights]) if self.ingredients() == 2 => {
                let model: tfjs::Model = serde_json::from_slice(graph).map_err(unreadable)?;
                let finish = Finish { join: self.joined(), is_free: self == Self::BlazeFace };
                tfjs::convert(&model, weights, &finish)
            }
            _ => Err(Unconvertible(format!(
                "there are {} ingredients, not {}",
                ingredients.len(),
                self.ingredients()
            ))),
        }
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
            Self::OneOutput | Self::FaceRecognition | Self::MiniFasNet => output("Identity"),
        }
    }
}
