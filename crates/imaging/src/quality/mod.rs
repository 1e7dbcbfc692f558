//! Measures of how well a picture shows its subject. Each takes a picture, best the page alone, and returns
//! numbers; whether a number is good enough is the caller's judgement.

mod chroma;
mod exposure;
mod glare;
mod sharpness;

pub use chroma::{Chroma, chroma};
pub use exposure::{Exposure, exposure};
pub use glare::{Glare, Highlight, glare};
pub use sharpness::{Sharpness, sharpness, sharpness_within};

/// The width at which pictures are measured: wide enough for the print of a document, small enough to be quick, and
/// the same for every camera. Narrower pictures are measured as they are.
pub const MEASURED_WIDTH: u32 = 1000;

/// The picture as it is measured.
fn measured<P: crate::Samples>(
    picture: &image::ImageBuffer<P, Vec<u8>>,
) -> std::borrow::Cow<'_, image::ImageBuffer<P, Vec<u8>>> {
    use std::borrow::Cow;
    if picture.width() > MEASURED_WIDTH {
        Cow::Owned(crate::fit_width(picture, MEASURED_WIDTH))
    } else {
        Cow::Borrowed(picture)
    }
}
