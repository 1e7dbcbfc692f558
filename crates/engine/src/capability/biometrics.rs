//! What capabilities on faces need besides the pictures.

use std::sync::Arc;

use bonafide_domain::id::{AccountId, TenantId};
use bonafide_face::facemap::{Authenticator, Facemap, LivenessSummary, Refusal, Rotation};
use bonafide_face::liveness::{Challenge, Frame};
use bonafide_models::Digest;
use bonafide_vault::signature::{authentication_code, is_authentic};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// A facemap older than this is not compared with: as long as a consent holds (contract §13).
const MOST_AGE: SignedDuration = SignedDuration::from_hours(24 * 365 * 3);

/// Whose face it is, and what is known of it already.
#[derive(Clone)]
pub struct Biometrics {
    /// Whose customer.
    pub tenant: TenantId,
    /// The account.
    pub account: AccountId,
    /// Whether the end user's consent, where the tenant wants it enforced, has lapsed or was refused.
    pub is_consent_lapsed: bool,
    /// The account's valid facemap, for the workflows that compare with it.
    pub facemap: Option<Arc<[u8]>>,
    /// What the tenant's facemaps are authenticated with.
    pub seal: Arc<FacemapSeal>,
}

/// A challenge, and how it was answered.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AnsweredChallenge {
    /// What was asked for.
    pub challenge: Challenge,
    /// How it was answered, once it was.
    pub answer: Option<Answer>,
}

/// What a client says about the frames that it sent.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Answer {
    /// When each frame was taken, in milliseconds since the client began.
    pub times: Vec<u32>,
    /// When all of them were here, in milliseconds of Unix time.
    pub received_at: i64,
    /// The camera as the client names it: a sign of risk, and no proof.
    pub camera: Option<String>,
}

/// Authenticates a tenant's facemaps and turns what is in them, by a secret of the tenant's.
pub struct FacemapSeal {
    code_key: [u8; 32],
    rotation: Rotation,
}

impl FacemapSeal {
    /// The seal that a secret stands for. Each purpose has a key of its own.
    pub fn new(secret: &[u8; 32]) -> Self {
        Self {
            code_key: authentication_code(secret, b"facemap code"),
            rotation: Rotation::from_secret(&authentication_code(secret, b"facemap rotation")),
        }
    }
}

impl Authenticator for FacemapSeal {
    fn code(&self, bytes: &[u8]) -> [u8; 32] {
        authentication_code(&self.code_key, bytes)
    }

    fn is_authentic(&self, bytes: &[u8], code: &[u8; 32]) -> bool {
        is_authentic(&self.code_key, bytes, code)
    }
}

impl Biometrics {
    /// The facemap of a burst that was found live.
    pub(super) fn enrol(
        &self,
        challenge: &Challenge,
        frames: &[Frame],
        pack: Digest,
        now: Timestamp,
    ) -> Option<Vec<u8>> {
        let rotation = &self.seal.rotation;
        let entries = Facemap::entries_of(frames, Some(rotation));
        let times = || frames.iter().map(|frame| frame.at_milliseconds);
        let duration = times().max().unwrap_or(0) - times().min().unwrap_or(0);
        let facemap = Facemap {
            tenant: self.tenant,
            account: self.account,
            created_at: now.as_millisecond(),
            pack: *pack.as_bytes(),
            rotation: rotation.id(),
            liveness: LivenessSummary {
                nonce: challenge.nonce,
                actions: challenge.actions.clone(),
                frames: u8::try_from(frames.len()).unwrap_or(u8::MAX),
                duration_milliseconds: duration,
            },
            entries,
        };
        (!facemap.entries.is_empty()).then(|| facemap.encode(self.seal.as_ref()))
    }

    /// Reads a facemap: only an authentic one of this tenant and pack that is not too old.
    pub(super) fn read(
        &self,
        bytes: &[u8],
        pack: Digest,
        now: Timestamp,
    ) -> Result<Facemap, Refusal> {
        read_facemap(&self.seal, bytes, self.tenant, pack, now)
    }

    /// The turn of a facemap's descriptions; none where it was not turned.
    pub(super) fn rotation_of(&self, facemap: &Facemap) -> Option<&Rotation> {
        (facemap.rotation == self.seal.rotation.id()).then_some(&self.seal.rotation)
    }
}

/// Reads a facemap of a tenant.
pub(crate) fn read_facemap(
    seal: &FacemapSeal,
    bytes: &[u8],
    tenant: TenantId,
    pack: Digest,
    now: Timestamp,
) -> Result<Facemap, Refusal> {
    let most_age = i64::try_from(MOST_AGE.as_millis()).unwrap_or(i64::MAX);
    Facemap::decode(bytes, seal, tenant, &pack, now.as_millisecond(), most_age)
}

impl std::fmt::Debug for Biometrics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Biometrics(redacted)")
    }
}
