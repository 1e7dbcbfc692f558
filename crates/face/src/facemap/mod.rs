//! The facemap: what is kept of a person to recognise them later (ISO/IEC 2382-37: a biometric
//! template). It holds descriptions and how they came about, no picture and no mesh.
//!
//! A facemap is bound to its tenant and to the pack of nets that made it, and authenticated as a
//! whole. The account that it came from is inside for evidence, and no limit: a customer may bring
//! a facemap to a new account of the same person.

mod codec;
mod rotation;

#[cfg(test)]
mod tests;

use bonafide_domain::id::{AccountId, TenantId};

pub use codec::{Authenticator, Refusal};
pub use rotation::Rotation;

use crate::liveness::{Action, Frame, FrameFace};
use crate::{Description, Pose};

/// Most descriptions in a facemap.
pub const MOST_ENTRIES: usize = 8;

/// A template of one person.
#[derive(Debug, Clone, PartialEq)]
pub struct Facemap {
    /// Whose customer the person is.
    pub tenant: TenantId,
    /// The account that the facemap was made for.
    pub account: AccountId,
    /// When, in milliseconds of Unix time.
    pub created_at: i64,
    /// The digest of the pack that described the faces ([`bonafide_models::Pack::digest`]).
    pub pack: [u8; 32],
    /// The rotation that the descriptions were put through; zeros where there was none.
    pub rotation: [u8; 8],
    /// How it was shown that a person was there.
    pub liveness: LivenessSummary,
    /// At least one, at most [`MOST_ENTRIES`].
    pub entries: Vec<Entry>,
}

/// What a facemap remembers of the liveness that it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LivenessSummary {
    /// The challenge's nonce.
    pub nonce: [u8; 16],
    /// What was asked for, in order.
    pub actions: Vec<Action>,
    /// How many frames were judged.
    pub frames: u8,
    /// From the first to the last frame.
    pub duration_milliseconds: u32,
}

/// One description, of one way of holding the head.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Where the head pointed.
    pub bucket: PoseBucket,
    /// 0 to 100.
    pub quality: u8,
    /// The face.
    pub description: Description,
}

/// Where a head points, roughly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PoseBucket {
    /// Into the camera.
    Frontal,
    /// To the subject's left.
    Left,
    /// To the subject's right.
    Right,
    /// Upwards.
    Up,
    /// Downwards.
    Down,
}

impl PoseBucket {
    /// All, as they are numbered in the file.
    pub(crate) const ALL: [Self; 5] =
        [Self::Frontal, Self::Left, Self::Right, Self::Up, Self::Down];
    /// From this angle on a head does not point into the camera.
    const LEAST_DEGREES: f32 = 12.0;

    /// The bucket of a pose: the larger angle decides.
    pub fn of(pose: &Pose) -> Self {
        let (yaw, pitch) = (pose.yaw_degrees, pose.pitch_degrees);
        if yaw.abs().max(pitch.abs()) < Self::LEAST_DEGREES {
            Self::Frontal
        } else if yaw.abs() >= pitch.abs() {
            if yaw > 0.0 { Self::Left } else { Self::Right }
        } else if pitch > 0.0 {
            Self::Up
        } else {
            Self::Down
        }
    }
}

impl Facemap {
    /// The comparison score of a face: the least distance to an entry or to the mean of all.
    pub fn distance(&self, description: &Description) -> f32 {
        let centroid = Description::centroid(self.entries.iter().map(|entry| &entry.description));
        self.entries
            .iter()
            .map(|entry| &entry.description)
            .chain([&centroid])
            .map(|own| own.distance(description))
            .fold(f32::INFINITY, f32::min)
    }

    /// What a facemap keeps of a burst: descriptions under a tenant's turn, if it has one.
    pub fn entries_of(frames: &[Frame], rotation: Option<&Rotation>) -> Vec<Entry> {
        let entry = |face: &FrameFace| Entry {
            bucket: PoseBucket::of(&face.pose),
            quality: face.quality,
            description: rotation
                .map_or(face.description, |rotation| rotation.apply(&face.description)),
        };
        Self::select(frames.iter().filter_map(|frame| frame.face.as_ref()).map(entry).collect())
    }

    /// The best entry of each bucket, the frontal ones first.
    pub fn select(mut entries: Vec<Entry>) -> Vec<Entry> {
        entries.sort_by_key(|entry| (entry.bucket.number(), std::cmp::Reverse(entry.quality)));
        let mut kept: Vec<Entry> = Vec::new();
        for entry in entries {
            let of_bucket = kept.iter().filter(|other| other.bucket == entry.bucket).count();
            let room = if entry.bucket == PoseBucket::Frontal { 3 } else { 1 };
            if of_bucket < room && kept.len() < MOST_ENTRIES {
                kept.push(entry);
            }
        }
        kept
    }
}

impl PoseBucket {
    pub(crate) fn number(self) -> u8 {
        Self::ALL.iter().position(|bucket| *bucket == self).expect("all are listed") as u8
    }
}
