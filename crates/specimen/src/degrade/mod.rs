//! What happens to a document on its way to a server: copied, laid on a table, lit, photographed, compressed.

mod colour;
mod lens;
mod light;
mod placement;
mod reproduction;
mod surface;

pub use placement::Placement;
pub use reproduction::Reproduction;
pub use surface::Surface;

use bonafide_imaging::{Point, Quad, fit_width, turn};
use image::{DynamicImage, ImageFormat};

use crate::seed::random;
use crate::{Drawn, Error};

/// How a picture is made worse, in the order in which it happens. Zero, `None` and [`Degradation::default`] leave it as it is.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Degradation {
    /// The document is not the original.
    pub reproduction: Option<Reproduction>,
    /// The document lies on something, aslant.
    pub placement: Option<Placement>,
    /// Part of the light that a soft-edged shadow takes away: 0 to 1.
    pub shadow: f32,
    /// Brightness of a lamp's reflection: 1 whitens its middle out.
    pub glare: f32,
    /// Colour of the light, from -1 (blue) to 1 (orange).
    pub warmth: f32,
    /// Exposure in stops: -1 halves the light, 1 doubles it.
    pub exposure: f32,
    /// Lens out of focus: standard deviation in pixels.
    pub blur: f32,
    /// Hand not still: length of the path in pixels, in a direction that the seed chooses.
    pub motion: f32,
    /// The picture is scaled to this width, in pixels.
    pub width: Option<u32>,
    /// Sensor noise: standard deviation in steps of 8 bits, on white.
    pub noise: f32,
    /// Camera held sideways: clockwise quarter turns.
    pub quarter_turns: u8,
    /// JPEG quality, 1 to 100.
    pub jpeg_quality: Option<u8>,
}

impl Degradation {
    /// A flat scan: nothing but a little noise and JPEG.
    pub fn scan() -> Self {
        Self { blur: 0.5, noise: 2.0, jpeg_quality: Some(90), ..Self::default() }
    }

    /// A telephone's photograph; `severity` runs from 0 (careful) to 1 (hardly legible).
    pub fn photograph(severity: f32) -> Self {
        Self {
            placement: Some(Placement {
                tilt_degrees: 2.0 + 8.0 * severity,
                perspective: 0.02 + 0.10 * severity,
                margin: 0.08 + 0.12 * severity,
                surface: Surface::Table,
            }),
            shadow: 0.15 + 0.35 * severity,
            glare: 0.5 * severity,
            warmth: 0.15 + 0.35 * severity,
            exposure: -0.5 * severity,
            blur: 0.6 + 1.2 * severity,
            motion: 3.0 * severity,
            noise: 3.0 + 7.0 * severity,
            jpeg_quality: Some(90 - (30.0 * severity) as u8),
            ..Self::default()
        }
    }

    /// A photocopy, scanned.
    pub fn photocopy() -> Self {
        Self {
            reproduction: Some(Reproduction::Photocopy),
            placement: Some(Placement { surface: Surface::Paper, ..Placement::straight(0.35) }),
            ..Self::scan()
        }
    }

    /// A print on an ordinary printer, photographed.
    pub fn print() -> Self {
        Self { reproduction: Some(Reproduction::Halftone { pitch: 5.0 }), ..Self::photograph(0.1) }
    }

    /// A screen, photographed.
    pub fn screen() -> Self {
        Self { reproduction: Some(Reproduction::Screen { pitch: 3.3 }), ..Self::photograph(0.1) }
    }
}

/// The picture after `degradation`; the seed chooses places and directions, and the labels' quads follow.
///
/// Fails where the picture is too large for JPEG.
pub fn degrade(drawn: &Drawn, degradation: &Degradation, seed: u64) -> Result<Drawn, Error> {
    let Drawn { mut picture, mut labels } = drawn.clone();
    if let Some(reproduction) = degradation.reproduction {
        reproduction.apply(&mut picture);
    }
    if let Some(placement) = degradation.placement {
        let placed = placement.apply(&picture, seed);
        labels = labels.map_quads(|quad| placed.map.map_quad(quad));
        picture = placed.picture;
    }
    light::shadow(&mut picture, degradation.shadow, &mut random(seed, "shadow"));
    light::glare(&mut picture, &labels.page, degradation.glare, &mut random(seed, "glare"));
    colour::light(&mut picture, degradation.warmth, degradation.exposure);
    picture = lens::blur(picture, degradation.blur);
    picture = lens::motion(picture, degradation.motion, &mut random(seed, "motion"));
    if let Some(width) = degradation.width {
        let before = (picture.width() as f32, picture.height() as f32);
        picture = fit_width(&picture, width);
        let scale = (picture.width() as f32 / before.0, picture.height() as f32 / before.1);
        labels = labels.map_quads(|quad| quad.scaled(scale.0, scale.1));
    }
    colour::noise(&mut picture, degradation.noise, &mut random(seed, "noise"));
    for _ in 0..degradation.quarter_turns % 4 {
        let height = picture.height() as f32;
        labels = labels.map_quads(|quad| quarter_turn(quad, height));
        picture = turn(&picture, 1);
    }
    let degraded = Drawn { picture, labels };
    match degradation.jpeg_quality {
        Some(quality) => compressed(degraded, quality),
        None => Ok(degraded),
    }
}

/// Where a quad goes when a picture of this height is turned clockwise once.
fn quarter_turn(quad: &Quad, height: f32) -> Quad {
    Quad(quad.0.map(|corner| Point::new(height - corner.y, corner.x)))
}

fn compressed(drawn: Drawn, quality: u8) -> Result<Drawn, Error> {
    let bytes = drawn.jpeg(quality.clamp(1, 100))?;
    let decoded: DynamicImage = image::load_from_memory_with_format(&bytes, ImageFormat::Jpeg)?;
    Ok(Drawn { picture: decoded.into_rgb8(), labels: drawn.labels })
}
