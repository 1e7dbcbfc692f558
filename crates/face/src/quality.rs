//! How good a face's picture is, in components named as in ISO/IEC 29794-5. Inspired by that
//! standard and not tested for conformity with it.

use bonafide_domain::evidence::{ModelIdentity, Signal};
use bonafide_imaging::quality::{chroma, exposure, sharpness};
use bonafide_imaging::{Quad, gray};
use image::{GrayImage, RgbImage, imageops};

use crate::pose::{eye_opening, mouth_opening};
use crate::reader::Face;

/// One component: what was measured, and what it is worth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Component {
    /// The standard's name.
    pub name: &'static str,
    /// What was measured, in the unit that [`Quality`] gives for it.
    pub raw: f64,
    /// From 0, useless, to 100, ideal.
    pub score: u8,
}

/// The components of one face.
#[derive(Debug, Clone, PartialEq)]
pub struct Quality {
    /// Pixels between the middles of the eyes.
    pub inter_eye_pixels: f32,
    /// Yaw, pitch and roll in degrees, without sign.
    pub pose_degrees: [f32; 3],
    /// Height over width of the more closed eye.
    pub eye_opening: f32,
    /// Gap between the lips over the height of the face.
    pub mouth_opening: f32,
    /// Mean luma of the face, 0 to 255.
    pub luminance: f32,
    /// Luma between dark and bright, 0 to 255.
    pub dynamic_range: f32,
    /// Share of the face that is black.
    pub crushed: f32,
    /// Share of the face that is white.
    pub blown: f32,
    /// Mean luma of the darker half of the face over that of the brighter half.
    pub uniformity: f32,
    /// Inverse width of edges in the chip, in 1/pixel.
    pub sharpness: f32,
    /// Spread of colours, in units of CIE a*b*.
    pub colour_spread: f32,
    /// Share of the mesh's points that lie outside of the picture.
    pub share_outside: f32,
}

/// The part of the chip that is face, whatever the hair and the ground: its margin in pixels.
const INNER: u32 = 30;

impl Quality {
    /// Measures a face and its chip.
    pub fn measure(picture: &RgbImage, face: &Face, chip: &RgbImage) -> Self {
        let side = chip.width().saturating_sub(2 * INNER);
        let inner = imageops::crop_imm(chip, INNER, INNER, side, side).to_image();
        let luma = gray(&inner);
        let exposure = exposure(&luma);
        let pose = face.pose;
        Self {
            inter_eye_pixels: face.inter_eye_pixels(),
            pose_degrees: [pose.yaw_degrees, pose.pitch_degrees, pose.roll_degrees].map(f32::abs),
            eye_opening: eye_opening(&face.mesh),
            mouth_opening: mouth_opening(&face.mesh),
            luminance: exposure.mean,
            dynamic_range: f32::from(exposure.contrast()),
            crushed: exposure.crushed,
            blown: exposure.blown,
            uniformity: uniformity(&luma),
            sharpness: sharpness(&gray(chip)).value,
            colour_spread: chroma(&inner).spread,
            share_outside: share_outside(picture, face),
        }
    }

    /// All components with their scores.
    pub fn components(&self) -> [Component; 13] {
        let [yaw, pitch, roll] = self.pose_degrees;
        // From the raw value that is useless to the one that is ideal.
        let component = |name, raw: f32, useless: f32, ideal: f32| Component {
            name,
            raw: f64::from(raw),
            score: (100.0 * (raw - useless) / (ideal - useless)).clamp(0.0, 100.0).round() as u8,
        };
        [
            component("InterEyeDistance", self.inter_eye_pixels, 15.0, 90.0),
            component("HeadPoseYaw", yaw, 45.0, 5.0),
            component("HeadPosePitch", pitch, 40.0, 5.0),
            component("HeadPoseRoll", roll, 60.0, 5.0),
            component("EyesOpen", self.eye_opening, 0.05, 0.2),
            component("MouthClosed", self.mouth_opening, 0.25, 0.03),
            component("Luminance", (self.luminance - 128.0).abs(), 110.0, 40.0),
            component("DynamicRange", self.dynamic_range, 20.0, 100.0),
            component("UnderExposurePrevention", self.crushed, 0.5, 0.02),
            component("OverExposurePrevention", self.blown, 0.4, 0.02),
            component("IlluminationUniformity", self.uniformity, 0.25, 0.85),
            component("Sharpness", self.sharpness, 0.2, 0.6),
            component("NaturalColour", self.colour_spread, 1.0, 5.0),
        ]
    }

    /// The components as evidence: the score under `quality.NAME`, the measure under
    /// `quality.NAME.raw`.
    pub fn signals(&self, part: &str, quad: &Quad, mesh_model: &ModelIdentity) -> Vec<Signal> {
        let mut signals = Vec::new();
        for component in self.components() {
            let name = format!("quality.{}", component.name);
            let raw = Signal::new(format!("{name}.raw"), component.raw);
            signals.push(Signal::new(name, f64::from(component.score)).within(part, corners(quad)));
            signals.push(raw.by(mesh_model.clone()));
        }
        signals.push(
            Signal::new("face.share_outside", self.share_outside).within(part, corners(quad)),
        );
        signals
    }
}

/// The corners as evidence has them: x and y of each.
pub(crate) fn corners(quad: &Quad) -> [[f32; 2]; 4] {
    quad.0.map(|corner| [corner.x, corner.y])
}

fn uniformity(luma: &GrayImage) -> f32 {
    let half = luma.width() / 2;
    let (mut left, mut right) = (0.0_f32, 0.0_f32);
    for (x, _, pixel) in luma.enumerate_pixels() {
        if x < half {
            left += f32::from(pixel[0]);
        } else {
            right += f32::from(pixel[0]);
        }
    }
    left.min(right) / left.max(right).max(1.0)
}

fn share_outside(picture: &RgbImage, face: &Face) -> f32 {
    let (width, height) = (picture.width() as f32, picture.height() as f32);
    let points = &face.mesh.points;
    let inside = |x: f32, y: f32| (0.0..=width).contains(&x) && (0.0..=height).contains(&y);
    let outside = points.iter().filter(|point| !inside(point.x, point.y)).count();
    outside as f32 / points.len().max(1) as f32
}
