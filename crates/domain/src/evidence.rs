//! What makes a decision explainable: each signal with its value, its threshold, where in the
//! picture it was found, and the model that produced it (design §3).

use serde::{Deserialize, Serialize};

/// One observation that a capability made on its way to a decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Signal {
    /// What was observed, dotted and lower case: `usability.sharpness`, `mrz.check_digit.composite`.
    pub signal: String,
    /// The observed value.
    pub value: Value,
    /// The limit that the value was held against, if it was held against one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub threshold: Option<f64>,
    /// Where it was seen.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub region: Option<Region>,
    /// The model that produced the value.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub model: Option<ModelIdentity>,
}

/// The value of a signal: a measure, a yes or no, or a word of a closed vocabulary.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// A yes or no.
    Flag(bool),
    /// A measure; its unit is in the signal's name.
    Number(f64),
    /// A word: a check digit's status, a document format. May be personal data; sealed at rest.
    Text(String),
}

/// Four corners in one part's upright picture, clockwise from the top left, in pixels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Region {
    /// The part, as its classifier: `FRONT`, `BACK`, `FACE`.
    pub part: String,
    /// `[x, y]` of each corner.
    pub corners: [[f32; 2]; 4],
}

/// Which weights produced a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelIdentity {
    /// The model's id in its pack's manifest.
    pub id: String,
    /// SHA-256 of the weight file, lower-case hex.
    pub sha256: String,
}

impl Signal {
    /// A signal with a value and nothing else.
    pub fn new(signal: impl Into<String>, value: impl Into<Value>) -> Self {
        Self {
            signal: signal.into(),
            value: value.into(),
            threshold: None,
            region: None,
            model: None,
        }
    }

    /// Adds the limit that the value was held against.
    #[must_use]
    pub fn against(mut self, threshold: f64) -> Self {
        self.threshold = Some(threshold);
        self
    }

    /// Adds the place.
    #[must_use]
    pub fn within(mut self, part: &str, corners: [[f32; 2]; 4]) -> Self {
        self.region = Some(Region { part: part.to_owned(), corners });
        self
    }

    /// Adds the model.
    #[must_use]
    pub fn by(mut self, model: ModelIdentity) -> Self {
        self.model = Some(model);
        self
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Flag(value)
    }
}
impl From<f32> for Value {
    fn from(value: f32) -> Self {
        Self::Number(f64::from(value))
    }
}
impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self::Number(value)
    }
}
impl From<usize> for Value {
    fn from(value: usize) -> Self {
        Self::Number(value as f64)
    }
}
impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}
impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}
