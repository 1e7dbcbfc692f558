use std::f32::consts::{FRAC_1_SQRT_2, TAU};

use image::RgbImage;

/// Ways to show a document without having it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reproduction {
    /// A copier: gray, with hard contrast.
    Photocopy,
    /// A printer's screen of dots at 45 degrees.
    Halftone {
        /// Distance between dots, in pixels of the document.
        pitch: f32,
    },
    /// A display with striped sub-pixels and dark lines between its rows.
    Screen {
        /// Size of a display's pixel, in pixels of the document; a fraction gives moiré.
        pitch: f32,
    },
}

impl Reproduction {
    pub(super) fn apply(self, picture: &mut RgbImage) {
        for (x, y, pixel) in picture.enumerate_pixels_mut() {
            let at = (x as f32 + 0.5, y as f32 + 0.5);
            pixel.0 = match self {
                Self::Photocopy => [copied(luma(pixel.0)); 3],
                Self::Halftone { pitch } => pixel.0.map(|value| dotted(value, at, pitch)),
                Self::Screen { pitch } => displayed(pixel.0, at, pitch),
            };
        }
    }
}

fn luma([red, green, blue]: [u8; 3]) -> f32 {
    0.2126 * f32::from(red) + 0.7152 * f32::from(green) + 0.0722 * f32::from(blue)
}

fn copied(luma: f32) -> u8 {
    ((luma - 140.0) * 1.8 + 165.0).clamp(12.0, 250.0) as u8
}

/// Ink where the value is below a wave of two crossing directions, with edges as soft as a drop's.
fn dotted(value: u8, (x, y): (f32, f32), pitch: f32) -> u8 {
    let phase = TAU / pitch.max(1.0) * FRAC_1_SQRT_2;
    let wave = 127.5 + 63.75 * (((x + y) * phase).cos() + ((x - y) * phase).cos());
    ((f32::from(value) - wave) * 1.5 + 150.0).clamp(25.0, 248.0) as u8
}

/// Each channel is brightest in its third of a display's pixel.
fn displayed(pixel: [u8; 3], (x, y): (f32, f32), pitch: f32) -> [u8; 3] {
    let pitch = pitch.max(1.0);
    let row = 0.82 + 0.18 * (TAU * y / pitch).cos();
    let mut shown = pixel;
    for (index, value) in shown.iter_mut().enumerate() {
        let stripe = 0.78 + 0.22 * (TAU * (x / pitch - index as f32 / 3.0)).cos();
        *value = (f32::from(*value) * 1.15 * row * stripe).min(255.0) as u8;
    }
    shown
}
