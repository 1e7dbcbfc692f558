//! The bodies of a journey before the end user (ours).

use bonafide_domain::credential::{Category, Classifier};
use bonafide_domain::id::{ChallengeId, CredentialId};
use bonafide_domain::workflow::WorkflowKey;
use bonafide_engine::{Acquisition, FrameFeedback, Hint, IssuedMovements, Movement};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{AccountReference, ExecutionReference, Timestamp, vocabulary};

/// What an execution captures through this channel.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct JourneyBody {
    /// The account.
    pub account: AccountReference,
    /// The execution.
    pub workflow_execution: ExecutionReference,
    /// The workflow.
    #[schema(schema_with = vocabulary::definition_key)]
    pub definition_key: WorkflowKey,
    /// The customer's own name for it.
    pub customer_internal_reference: String,
    /// Where a journey that succeeded ends, when it was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = "uri")]
    pub success_url: Option<String>,
    /// Where a journey that failed ends, when it was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = "uri")]
    pub error_url: Option<String>,
    /// Its credentials.
    pub credentials: Vec<JourneyCredential>,
}

/// A credential that this channel captures.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct JourneyCredential {
    /// Its id.
    #[schema(value_type = String, format = Uuid)]
    pub id: CredentialId,
    /// What it is. A `SELFIE` is a frame of the `FACEMAP`'s challenge and is not captured by itself.
    #[schema(schema_with = vocabulary::category)]
    pub category: Category,
    /// Accepted countries; absent when all are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub countries: Vec<String>,
    /// Accepted types of document; absent when all are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub document_types: Vec<String>,
    /// The parts that are uploaded: the first one is needed.
    pub parts: Vec<JourneyPart>,
    /// Whether it is captured by a challenge.
    pub takes_challenge: bool,
    /// How many frames were taken for the last challenge.
    pub frames: usize,
}

/// A part that is uploaded.
#[derive(Serialize, ToSchema)]
pub struct JourneyPart {
    /// Which part it is.
    #[schema(schema_with = vocabulary::classifier)]
    pub classifier: Classifier,
    /// Whether it was taken.
    pub captured: bool,
}

/// What the end user is to do.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChallengeBody {
    /// Names the challenge.
    #[schema(value_type = String, format = Uuid)]
    pub id: ChallengeId,
    /// The movements, in their order: `TURN_LEFT`, `TURN_RIGHT` (the end user's own), `NOD`, `BLINK`,
    /// `MOVE_CLOSER`. Begin with the head at rest.
    #[schema(value_type = Vec<String>)]
    pub movements: Vec<Movement>,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// Until when its answer must have come.
    pub expires_at: Timestamp,
    /// Fewest frames.
    pub least_frames: usize,
    /// Most frames.
    pub most_frames: usize,
}

/// How a frame looks.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FrameFeedbackBody {
    /// Its number.
    pub number: usize,
    /// Whether it was looked at; not on a server without the face pack.
    pub judged: bool,
    /// What is wrong with it: `NO_FACE_PRESENT`, `MULTIPLE_PEOPLE`, `FACE_NOT_FULLY_VISIBLE`,
    /// `BLACK_WHITE`, `BAD_QUALITY`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub hint: Option<&'static str>,
    /// Components of quality, named as in ISO/IEC 29794-5.
    pub quality: Vec<QualityComponent>,
}

/// One component of quality.
#[derive(Serialize, ToSchema)]
pub struct QualityComponent {
    /// Its name.
    pub name: &'static str,
    /// From 0, useless, to 100, ideal.
    pub score: u8,
}

/// The answer to a challenge.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the body; the domain reads it")]
pub struct ChallengeAnswerRequest {
    /// When each frame was taken, in milliseconds since the client began, in order.
    times: Vec<u32>,
    /// The camera, as the client's system names it.
    camera: Option<String>,
}

/// An answer was taken.
#[derive(Serialize, ToSchema)]
pub struct AnsweredBody {
    /// When.
    pub timestamp: Timestamp,
}

impl JourneyBody {
    /// The answer.
    pub fn new(acquisition: Acquisition) -> Self {
        let Acquisition { execution, members } = acquisition;
        let credentials = members
            .into_iter()
            .map(|(member, parts)| {
                let credential = member.credential;
                let uploaded: &[Classifier] =
                    if credential.category == Category::Id { &member.classifiers } else { &[] };
                JourneyCredential {
                    id: credential.id,
                    category: credential.category,
                    countries: credential.country.map(|list| list.values).unwrap_or_default(),
                    document_types: credential
                        .document_type
                        .map(|list| list.values)
                        .unwrap_or_default(),
                    parts: uploaded
                        .iter()
                        .map(|classifier| JourneyPart {
                            classifier: *classifier,
                            captured: parts.iter().any(|part| part.classifier == *classifier),
                        })
                        .collect(),
                    takes_challenge: credential.category == Category::Facemap,
                    frames: parts.iter().filter(|part| part.classifier.is_frame()).count(),
                }
            })
            .collect();
        Self {
            account: AccountReference { id: execution.account_id },
            workflow_execution: ExecutionReference { id: execution.id },
            definition_key: execution.key,
            customer_internal_reference: execution.customer_internal_reference,
            success_url: execution.web.success_url,
            error_url: execution.web.error_url,
            credentials,
        }
    }
}

impl ChallengeBody {
    /// The answer.
    pub fn new(issued: IssuedMovements) -> Self {
        Self {
            id: issued.id,
            movements: issued.movements,
            issued_at: issued.issued_at.into(),
            expires_at: issued.expires_at.into(),
            least_frames: bonafide_engine::LEAST_FRAMES,
            most_frames: Classifier::FRAMES.len(),
        }
    }
}

impl FrameFeedbackBody {
    /// The answer.
    pub fn new(number: usize, feedback: &FrameFeedback) -> Self {
        Self {
            number,
            judged: feedback.is_judged,
            hint: feedback.hint.map(word),
            quality: feedback
                .quality
                .iter()
                .map(|&(name, score)| QualityComponent { name, score })
                .collect(),
        }
    }
}

/// In the words of the labels that liveness would give.
fn word(hint: Hint) -> &'static str {
    match hint {
        Hint::NoFacePresent => "NO_FACE_PRESENT",
        Hint::MultiplePeople => "MULTIPLE_PEOPLE",
        Hint::FaceNotFullyVisible => "FACE_NOT_FULLY_VISIBLE",
        Hint::BlackWhite => "BLACK_WHITE",
        Hint::BadQuality => "BAD_QUALITY",
    }
}
