use bonafide_imaging::resize;
use image::{Rgb, imageops};

use super::shape::Sitter;
use super::view::View;
use crate::Drawn;

/// The portrait that a document's picture has: lit from the front, before a plain wall.
const STUDIO: View = View {
    yaw_degrees: 0.0,
    pitch_degrees: 5.0,
    roll_degrees: 0.0,
    size: 0.66,
    offset: [0.0, 0.02],
    light_degrees: [-12.0, 25.0],
    brightness: 1.05,
    expression: super::Expression { eyes_open: 1.0, mouth_open: 0.0 },
    background: [0.66, 0.69, 0.72],
    noise: 1.0,
    grain: 11,
};
/// Pixels across, before it is printed.
const WIDTH: u32 = 300;
/// How much of its colours print keeps.
const SATURATION: f32 = 0.75;

impl Drawn {
    /// The document with the portrait of this sitter. For a document that was not degraded yet; one
    /// without a portrait stays as it is.
    #[must_use]
    pub fn with_sitter(mut self, sitter: &Sitter) -> Self {
        let Some(quad) = &self.labels.portrait else { return self };
        let [left, top, right, bottom] = quad.bounds();
        let (width, height) = ((right - left).round() as u32, (bottom - top).round() as u32);
        let tall = (WIDTH as f32 * height as f32 / width.max(1) as f32) as u32;
        let mut portrait = resize(&sitter.picture(&STUDIO, WIDTH, tall), width, height);
        for pixel in portrait.pixels_mut() {
            let levels = pixel.0.map(f32::from);
            let luma = 0.2126 * levels[0] + 0.7152 * levels[1] + 0.0722 * levels[2];
            *pixel = Rgb(levels.map(|level| (luma + (level - luma) * SATURATION) as u8));
        }
        imageops::replace(&mut self.picture, &portrait, left.round() as i64, top.round() as i64);
        self
    }
}
