//! Text in pictures: where its lines are, and what they say.

mod boxes;
mod detector;
mod line;
mod order;
mod recogniser;
mod rectangle;
#[cfg(test)]
mod tests;

use image::RgbImage;

pub(crate) use detector::Detector;
pub use line::TextLine;
pub(crate) use recogniser::{FRAME_WIDTH, Frame, Recogniser, STRIP_HEIGHT};

use crate::Error;

/// The detector is shown pages with their longer side shrunk to so many pixels: with 1280 it took
/// half as long again and no more values of drawn specimens were read.
const LONGEST_SIDE: u32 = 960;

/// The lines of text of a picture, in reading order, in whatever direction they run.
///
/// Left out is what is smaller than 10 pixels when the picture's longer side is shrunk to 960, what
/// was read with a confidence below 0.5, and on crowded pictures the smallest: beyond 120 lines, or
/// beyond the time that some three passport pages take.
pub(crate) fn read_page(
    detector: &Detector,
    recogniser: &Recogniser,
    picture: &RgbImage,
) -> Result<Vec<TextLine>, Error> {
    line::read(recogniser, picture, detector.lines(picture, LONGEST_SIDE)?)
}
