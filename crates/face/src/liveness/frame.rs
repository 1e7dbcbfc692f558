use bonafide_imaging::{Point, gray, resize};
use image::RgbImage;

use crate::mesh::{Mesh, POINTS};
use crate::passive::Passive;
use crate::pose::{eye_opening, face_height};
use crate::sample::{Sample, Source};
use crate::{Description, Error, FaceReader, Pose};

/// What one frame of a burst shows. The picture itself is not kept.
#[derive(Debug, Clone)]
pub struct Frame {
    /// When the client took it, in milliseconds since it began; later frames have later times.
    pub at_milliseconds: u32,
    /// How the whole picture looks.
    pub fingerprint: Fingerprint,
    /// Whether a second person takes part.
    pub shows_several: bool,
    /// The largest face.
    pub face: Option<FrameFace>,
}

/// The face of one frame.
#[derive(Debug, Clone)]
pub struct FrameFace {
    /// How the head is held.
    pub pose: Pose,
    /// Height over width of the more closed eye.
    pub eye_opening: f32,
    /// Height of the face over that of the picture.
    pub size: f32,
    /// Share of the mesh that lies outside of the picture.
    pub share_outside: f32,
    /// Spread of colours in the face.
    pub colour_spread: f32,
    /// 0 to 100: the mean of the components of quality.
    pub quality: u8,
    /// The mesh's places in the picture, in units of the face's height.
    pub points: Vec<Point>,
    /// What makes it this person's.
    pub description: Description,
    /// Whether it was there, as far as a single picture says; where a pack that can tell is
    /// installed.
    pub passive: Option<Passive>,
}

/// A picture of 16 by 16 pixels of luma.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint(Vec<u8>);

const FINGERPRINT_SIDE: u32 = 16;

impl Fingerprint {
    /// The fingerprint of a picture.
    pub fn of(picture: &RgbImage) -> Self {
        let small = resize(picture, FINGERPRINT_SIDE, FINGERPRINT_SIDE);
        Self(gray(&small).into_raw())
    }

    /// Mean difference of luma, 0 to 255.
    pub fn difference(&self, other: &Self) -> f32 {
        let sum: u32 = self.0.iter().zip(&other.0).map(|(a, b)| u32::from(a.abs_diff(*b))).sum();
        sum as f32 / self.0.len().max(1) as f32
    }
}

impl Frame {
    /// Looks at one picture of a burst.
    pub fn observe(
        reader: &FaceReader,
        picture: &RgbImage,
        at_milliseconds: u32,
    ) -> Result<Self, Error> {
        let sample = Sample::take(reader, picture, Source::Selfie, "FACEMAP")?;
        let shows_several = sample.shows_several();
        let face = sample.subject.map(|subject| {
            let mesh = &subject.face.mesh;
            let components = subject.quality.components();
            let sum: u32 = components.iter().map(|component| u32::from(component.score)).sum();
            FrameFace {
                pose: subject.face.pose,
                eye_opening: eye_opening(mesh),
                size: face_height(mesh) / picture.height().max(1) as f32,
                share_outside: subject.quality.share_outside,
                colour_spread: subject.quality.colour_spread,
                quality: (sum / components.len() as u32) as u8,
                points: in_units_of_the_face(mesh),
                description: subject.description,
                passive: subject.passive,
            }
        });
        Ok(Self { at_milliseconds, fingerprint: Fingerprint::of(picture), shows_several, face })
    }
}

fn in_units_of_the_face(mesh: &Mesh) -> Vec<Point> {
    let height = face_height(mesh).max(1.0);
    debug_assert_eq!(mesh.points.len(), POINTS);
    mesh.points.iter().map(|point| Point::new(point.x / height, point.y / height)).collect()
}
