//! The face pack, opened, for all capabilities that look at faces.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use bonafide_domain::credential::Classifier;
use bonafide_domain::evidence::ModelIdentity;
use bonafide_face::liveness::Frame;
use bonafide_face::passive::Evaluation;
use bonafide_face::{FaceReader, Sample, Source};
use bonafide_imaging::{self as imaging, Limits, Picture};
use bonafide_models::{Digest, Library};
use sha2::{Digest as _, Sha256};

use super::nets::Nets;
use super::{CredentialInput, decoding_limits};

/// Finds and describes faces. Usability, liveness and authentication follow each other on the same
/// pictures, so what was seen last is kept in memory for a moment; pictures are not.
pub struct Faces {
    nets: Nets<FaceReader>,
    limits: Limits,
    samples: Recent<Sample>,
    frames: Recent<Frame>,
}

type PictureHash = [u8; 32];

/// Results kept: two whole bursts, and the pictures of a few runs.
const KEPT: usize = 48;

struct Recent<T>(Mutex<VecDeque<(PictureHash, Arc<T>)>>);

impl<T> Recent<T> {
    fn find(&self, hash: &PictureHash) -> Option<Arc<T>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|(known, _)| known == hash).map(|(_, value)| Arc::clone(value))
    }

    fn keep(&self, hash: PictureHash, value: T) -> Arc<T> {
        let value = Arc::new(value);
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push_front((hash, Arc::clone(&value)));
        kept.truncate(KEPT);
        value
    }
}

impl<T> Default for Recent<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

/// Why there is nothing to judge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unseen {
    /// The pack is missing, a net failed, or the picture was deleted meanwhile.
    Impossible,
    /// The picture cannot be decoded.
    Undecodable,
}

impl Faces {
    /// The pack of the library, loaded when the first face comes. Where it is missing nothing is
    /// seen, and what depends on it is not executed.
    pub fn open(library: &Arc<Library>, limits: &Limits) -> Self {
        let nets = Nets::of(library, &FaceReader::ROLES);
        if !nets.are_installed() {
            tracing::warn!("faces cannot be judged: run `bonafide models install face-default`");
        }
        Self {
            nets,
            limits: decoding_limits(limits),
            samples: Recent::default(),
            frames: Recent::default(),
        }
    }

    /// Whether the pack is there.
    pub fn is_ready(&self) -> bool {
        self.nets.are_installed()
    }

    /// The digest of the pack: facemaps of another one cannot be compared. `None` while it is not
    /// installed.
    pub(crate) fn pack(&self) -> Option<Digest> {
        self.is_ready().then(|| self.nets.pack_digest(FaceReader::DESCRIPTION))?
    }

    /// What the operator has measured of the nets that call a single picture live.
    pub(super) fn evaluation(&self) -> Option<&Evaluation> {
        self.reader()?.attack_detector()?.evaluation()
    }

    /// The net that describes faces.
    pub(super) fn model(&self) -> Option<&ModelIdentity> {
        self.reader().map(FaceReader::description_model)
    }

    fn reader(&self) -> Option<&FaceReader> {
        self.nets.load(FaceReader::open)
    }

    /// What a picture has by way of faces.
    pub(crate) fn sample(
        &self,
        bytes: &[u8],
        source: Source,
        part: Classifier,
    ) -> Result<Arc<Sample>, Unseen> {
        let reader = self.reader().ok_or(Unseen::Impossible)?;
        let hash = Sha256::new()
            .chain_update(format!("{part} {source:?} "))
            .chain_update(bytes)
            .finalize()
            .into();
        if let Some(sample) = self.samples.find(&hash) {
            return Ok(sample);
        }
        let picture = self.decode(bytes)?;
        let sample = Sample::take(reader, &picture.rgb, source, part.as_str())
            .map_err(|error| failed(&error))?;
        Ok(self.samples.keep(hash, sample))
    }

    /// The sample of a credential: a selfie's face, or the portrait of an ID, which may be on its back.
    pub(super) fn sample_of(&self, input: &CredentialInput) -> Result<Arc<Sample>, Unseen> {
        let of = |classifier: Classifier, source: Source| {
            let bytes = input.parts.get(&classifier).ok_or(Unseen::Impossible)?;
            self.sample(bytes, source, classifier)
        };
        if input.parts.contains_key(&Classifier::Face) {
            return of(Classifier::Face, Source::Selfie);
        }
        let front = of(Classifier::Front, Source::IdPortrait)?;
        if front.subject.is_none() && input.parts.contains_key(&Classifier::Back) {
            return of(Classifier::Back, Source::IdPortrait);
        }
        Ok(front)
    }

    /// The frames of a burst that was made at these times. A picture that cannot be decoded is no
    /// frame.
    pub(super) fn burst(
        &self,
        input: &CredentialInput,
        times: &[u32],
    ) -> Result<Vec<Frame>, Unseen> {
        let mut frames = Vec::new();
        for (classifier, at_milliseconds) in Classifier::FRAMES.iter().zip(times) {
            let Some(bytes) = input.parts.get(classifier) else { continue };
            match self.frame(bytes) {
                Ok(frame) => frames.push(Frame { at_milliseconds: *at_milliseconds, ..frame }),
                Err(Unseen::Undecodable) => {}
                Err(Unseen::Impossible) => return Err(Unseen::Impossible),
            }
        }
        Ok(frames)
    }

    fn frame(&self, bytes: &[u8]) -> Result<Frame, Unseen> {
        let reader = self.reader().ok_or(Unseen::Impossible)?;
        let hash = Sha256::digest(bytes).into();
        if let Some(frame) = self.frames.find(&hash) {
            return Ok(Frame::clone(&frame));
        }
        let picture = self.decode(bytes)?;
        let frame = Frame::observe(reader, &picture.rgb, 0).map_err(|error| failed(&error))?;
        Ok(Frame::clone(&self.frames.keep(hash, frame)))
    }

    fn decode(&self, bytes: &[u8]) -> Result<Picture, Unseen> {
        imaging::decode(bytes, &self.limits).map_err(|_| Unseen::Undecodable)
    }
}

fn failed(error: &bonafide_face::Error) -> Unseen {
    tracing::error!(%error, "a net failed");
    Unseen::Impossible
}
