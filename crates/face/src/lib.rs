//! Finding, describing and comparing faces, judging whether a person is there, and the facemap
//! that is kept of them. Plain functions on pictures; what is made of them is the engine's.
//!
//! Words are those of ISO/IEC 2382-37, 19795 and 30107-3: sample, template, comparison score,
//! threshold, bona fide presentation. A *description* is the feature vector of one face.

pub mod authentication;
mod cut;
mod description;
mod detector;
mod error;
pub mod evaluation;
pub mod facemap;
pub mod liveness;
mod mesh;
mod nets;
pub mod passive;
mod pose;
pub mod quality;
mod reader;
mod sample;
pub mod search;
pub mod similarity;
mod similarity_map;
pub mod usability;
mod yunet;

pub use cut::Views;
pub use description::{Description, NUMBERS};
pub use error::Error;
pub use mesh::Mesh;
pub use pose::Pose;
pub use reader::{Face, FaceReader};
pub use sample::{Sample, Source, Subject};
