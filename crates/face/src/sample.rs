//! A face taken out of a picture, ready to be compared (ISO/IEC 2382-37: a biometric sample with
//! its features).

use bonafide_domain::evidence::Signal;
use image::RgbImage;

use crate::passive::Passive;
use crate::quality::{Quality, corners};
use crate::{Description, Error, Face, FaceReader, Views};

/// Where a face comes from; the threshold of a comparison depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A picture that a person took of themselves, or a facemap.
    Selfie,
    /// The portrait of a document.
    IdPortrait,
}

/// What a picture has by way of faces.
#[derive(Debug, Clone)]
pub struct Sample {
    /// Where it comes from.
    pub source: Source,
    /// The part, as its classifier: `FACE`, `FRONT`.
    pub part: String,
    /// The largest face.
    pub subject: Option<Subject>,
    /// How large the second largest face is: its width over that of the largest one; 0 where
    /// there is none.
    pub second_share: f32,
    /// What was observed.
    pub signals: Vec<Signal>,
}

/// A face with its description and quality.
#[derive(Debug, Clone)]
pub struct Subject {
    /// The face.
    pub face: Face,
    /// What makes it this person's.
    pub description: Description,
    /// The face's width over the longer side of the picture.
    pub share: f32,
    /// How well it is shown.
    pub quality: Quality,
    /// Whether it was there; of a selfie, where a pack that can tell is installed.
    pub passive: Option<Passive>,
}

/// A second face of at least this share of the largest one's width is somebody who takes part,
/// and not somebody in the background. On a document, the second one is its ghost image.
pub(crate) const LEAST_SECOND_SHARE: f32 = 0.5;

impl Sample {
    /// Finds, measures and describes the largest face of a picture.
    pub fn take(
        reader: &FaceReader,
        picture: &RgbImage,
        source: Source,
        part: &str,
    ) -> Result<Self, Error> {
        let views = Views::of(picture);
        let faces = match source {
            Source::Selfie => reader.faces_in(&views)?,
            Source::IdPortrait => reader.portraits_in(&views)?,
        };
        let mut sample = Self {
            source,
            part: part.to_owned(),
            subject: None,
            second_share: 0.0,
            signals: vec![
                Signal::new("face.count", faces.len()).by(reader.detection_model().clone()),
            ],
        };
        let Some(largest) = faces.first() else { return Ok(sample) };
        if let Some(second) = faces.get(1) {
            sample.second_share = second.quad.width() / largest.quad.width().max(1.0);
            sample.signals.push(
                Signal::new("face.second_share", sample.second_share)
                    .against(f64::from(LEAST_SECOND_SHARE))
                    .within(part, corners(&second.quad)),
            );
        }
        sample.look_at(reader, &views, largest)?;
        Ok(sample)
    }

    fn look_at(&mut self, reader: &FaceReader, views: &Views, face: &Face) -> Result<(), Error> {
        let Some(chip) = reader.chip(views, face) else { return Ok(()) };
        let picture = views.whole();
        let quality = Quality::measure(picture, face, &chip);
        self.signals.push(
            Signal::new("face.score", face.score)
                .against(f64::from(crate::detector::LEAST_SCORE))
                .within(&self.part, corners(&face.quad))
                .by(reader.detection_model().clone()),
        );
        self.signals.extend(quality.signals(&self.part, &face.quad, reader.mesh_model()));
        let Some(description) = reader.describe(views, face, &chip)? else { return Ok(()) };
        let passive = match self.source {
            Source::Selfie => reader.passive(picture, face)?,
            Source::IdPortrait => None,
        };
        let share = face.quad.width() / picture.width().max(picture.height()).max(1) as f32;
        self.subject = Some(Subject { face: face.clone(), description, share, quality, passive });
        Ok(())
    }

    /// Whether more than one person takes part.
    pub fn shows_several(&self) -> bool {
        self.source == Source::Selfie && self.second_share >= LEAST_SECOND_SHARE
    }
}
