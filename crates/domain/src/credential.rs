//! Credentials, their parts and the channels that they are captured through (contract §3.3, §4.1).

use jiff::Timestamp;

use crate::id::{AccountId, CredentialId, DataKeyId, ExecutionId, TenantId};
use crate::wire_enum::wire_enum;

wire_enum! {
    /// What is captured.
    pub enum Category {
        Id = "ID",
        Selfie = "SELFIE",
        Facemap = "FACEMAP",
        Document = "DOCUMENT",
        Data = "DATA",
    }
}

impl Category {
    /// Whether it is captured from the living person: what "biometrics only" deletes.
    pub fn is_biometric(self) -> bool {
        matches!(self, Self::Selfie | Self::Facemap)
    }
}

wire_enum! {
    /// How a credential is captured.
    pub enum Channel {
        Web = "WEB",
        Sdk = "SDK",
        Api = "API",
    }
}

wire_enum! {
    /// Which part of a credential a file is.
    pub enum Classifier {
        Front = "FRONT",
        Back = "BACK",
        Face = "FACE",
        Facemap = "FACEMAP",
        Liveness1 = "LIVENESS_1",
        Liveness2 = "LIVENESS_2",
        Liveness3 = "LIVENESS_3",
        Liveness4 = "LIVENESS_4",
        Liveness5 = "LIVENESS_5",
        Liveness6 = "LIVENESS_6",
        Liveness7 = "LIVENESS_7",
        Liveness8 = "LIVENESS_8",
        Liveness9 = "LIVENESS_9",
        Liveness10 = "LIVENESS_10",
        Liveness11 = "LIVENESS_11",
        Liveness12 = "LIVENESS_12",
        Liveness13 = "LIVENESS_13",
        Liveness14 = "LIVENESS_14",
        Liveness15 = "LIVENESS_15",
        Liveness16 = "LIVENESS_16",
        Liveness17 = "LIVENESS_17",
        Liveness18 = "LIVENESS_18",
        Liveness19 = "LIVENESS_19",
        Liveness20 = "LIVENESS_20",
        Document = "DOCUMENT",
        PreparedData = "PREPARED_DATA",
    }
}

impl Classifier {
    /// Reads a path segment in any case (contract §17, 3).
    pub fn from_path(segment: &str) -> Option<Self> {
        segment.to_ascii_uppercase().parse().ok()
    }

    /// The frames of a journey's burst, in order. The contract names the first six; the others are
    /// kept for judging and not shown.
    pub const FRAMES: [Self; 20] = [
        Self::Liveness1,
        Self::Liveness2,
        Self::Liveness3,
        Self::Liveness4,
        Self::Liveness5,
        Self::Liveness6,
        Self::Liveness7,
        Self::Liveness8,
        Self::Liveness9,
        Self::Liveness10,
        Self::Liveness11,
        Self::Liveness12,
        Self::Liveness13,
        Self::Liveness14,
        Self::Liveness15,
        Self::Liveness16,
        Self::Liveness17,
        Self::Liveness18,
        Self::Liveness19,
        Self::Liveness20,
    ];

    /// Whether it is a frame of a burst.
    pub fn is_frame(self) -> bool {
        Self::FRAMES.contains(&self)
    }

    /// Whether the results of an execution name it (contract §4.1, retrieval classifiers).
    pub fn is_shown(self) -> bool {
        !Self::FRAMES[6..].contains(&self)
    }

    /// The key in `api.parts`: lower case (contract §3.6).
    pub fn part_key(self) -> String {
        self.as_str().to_ascii_lowercase()
    }
}

wire_enum! {
    /// Whether a preset can be changed by the end user (contract §3.3).
    pub enum PredefinedType {
        Defined = "DEFINED",
        Recommended = "RECOMMENDED",
    }
}

/// Values of `country` or `type` in a request: an acceptance filter, or a preset when single.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Accepted {
    /// The accepted values.
    pub values: Vec<String>,
    /// Whether the end user may change a preset.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub predefined_type: Option<PredefinedType>,
}

/// A credential of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// Its id.
    pub id: CredentialId,
    /// Its owner.
    pub tenant_id: TenantId,
    /// Its account.
    pub account_id: AccountId,
    /// What it is.
    pub category: Category,
    /// The customer's free label.
    pub label: Option<String>,
    /// Accepted countries, alpha-3; none given means any.
    pub country: Option<Accepted>,
    /// Accepted document types; none given means any.
    pub document_type: Option<Accepted>,
    /// When the request that made it came in.
    pub created_at: Timestamp,
}

/// A credential as a member of one execution. A stored credential may be a member of several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The credential.
    pub credential: Credential,
    /// The channels that this execution captures it through; empty when it is on file already.
    pub channels: Vec<Channel>,
    /// The parts that may be uploaded over the API, in the order of the contract.
    pub classifiers: Vec<Classifier>,
}

impl Member {
    /// Whether the customer's server may upload its parts.
    pub fn takes_uploads(&self) -> bool {
        self.channels.contains(&Channel::Api) && !self.classifiers.is_empty()
    }

    /// The part without which the credential counts as not captured.
    pub fn primary_classifier(&self) -> Option<Classifier> {
        self.classifiers.first().copied()
    }
}

/// A stored file. The bytes lie sealed in the blob store; this says where and under which key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its credential.
    pub credential_id: CredentialId,
    /// Which part it is.
    pub classifier: Classifier,
    /// Its owner.
    pub tenant_id: TenantId,
    /// Its account.
    pub account_id: AccountId,
    /// The execution that captured it.
    pub execution_id: ExecutionId,
    /// Name of the sealed blob.
    pub blob: String,
    /// The key that seals it.
    pub data_key_id: DataKeyId,
    /// `image/jpeg`, `image/png`, `application/octet-stream`.
    pub media_type: String,
    /// Length of the plain bytes.
    pub size_bytes: i64,
    /// When it was uploaded.
    pub uploaded_at: Timestamp,
}
