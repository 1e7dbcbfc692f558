//! Text in pictures: where its lines are, and what they say.

mod boxes;
mod detector;
mod line;
mod order;
mod recogniser;
mod rectangle;

use image::RgbImage;

pub(crate) use detector::Detector;
pub use line::TextLine;
pub(crate) use recogniser::{FRAME_WIDTH, Frame, Recogniser, STRIP_HEIGHT};

use crate::Error;

/// The detector is shown pages whose longer side has at most so many pixels.
const LONGEST_SIDE: u32 = 960;

/// All lines of text of a picture, in reading order.
pub(crate) fn read_page(
    detector: &Detector,
    recogniser: &Recogniser,
    picture: &RgbImage,
) -> Result<Vec<TextLine>, Error> {
    line::read(recogniser, picture, detector.lines(picture, LONGEST_SIDE)?)
}
