//! Pictures from outside, made safe to look at: bounded decoding, geometry and measures of quality.
//!
//! Everything here is pure computation on bytes and pixels: no files, no threads, no clock. Pixels are
//! [`image::RgbImage`] and [`image::GrayImage`]; coordinates are pixels of the upright picture (EXIF
//! orientation applied), x to the right, y down, and the centre of the first pixel is at (0.5, 0.5).

mod decode;
mod error;
mod format;
mod geometry;
mod limits;
pub mod quality;
mod resample;
pub mod spectrum;
#[cfg(test)]
mod test_files;
mod warp;
mod wholeness;

pub use decode::{Header, Orientation, Picture, decode, probe};
pub use error::Error;
pub use format::{Format, sniff};
pub use geometry::{Homography, Point, Quad};
pub use limits::Limits;
pub use resample::{Samples, fit_width, gray, resize, resize_part, turn};
pub use warp::warp;
