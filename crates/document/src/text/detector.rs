//! Finds the lines of text in a picture with a detector of the PP-OCR family, which answers with
//! how likely each pixel is the core of a line.

use std::sync::Arc;

use bonafide_imaging::{Quad, resize};
use bonafide_models::Net;
use image::RgbImage;

use super::boxes::{self, Map};
use super::recogniser::planes;
use crate::Error;

/// The net takes sides that are multiples of this.
const SIDE_STEP: u32 = 32;
/// Lines less high than this, in pixels of what the net is shown, are not worth reading.
const LEAST_HEIGHT: f32 = 10.0;

/// A detector of text lines.
pub(crate) struct Detector {
    net: Arc<Net>,
}

impl Detector {
    pub(crate) fn new(net: Arc<Net>) -> Self {
        Self { net }
    }

    /// The lines of a picture, in its pixels, the largest first; each as if it were read from left
    /// to right or downwards. The net is shown the picture with its longer side shrunk to
    /// `longest_side`, which is what the time depends on.
    pub(crate) fn lines(&self, picture: &RgbImage, longest_side: u32) -> Result<Vec<Quad>, Error> {
        if picture.is_empty() {
            return Ok(Vec::new());
        }
        let map = self.map(picture, longest_side)?;
        let by_x = picture.width() as f32 / map.width as f32;
        let by_y = picture.height() as f32 / map.height as f32;
        let lines = boxes::lines(&map).into_iter().filter(|line| line.height >= LEAST_HEIGHT);
        Ok(lines.map(|line| line.quad().scaled(by_x, by_y)).collect())
    }

    fn map(&self, picture: &RgbImage, longest_side: u32) -> Result<Map, Error> {
        let (width, height) = input_size(picture.dimensions(), longest_side);
        let input = planes(&resize(picture, width, height));
        let (width, height) = (width as usize, height as usize);
        let output = self.net.run(&input, [1, 3, height, width])?;
        if output.shape != [1, 1, height, width] {
            return Err(Error::OtherMap { computed: output.shape });
        }
        Ok(Map { width, height, values: output.data })
    }
}

/// The size in which a picture is shown to the net: its proportions are kept nearly.
fn input_size((width, height): (u32, u32), longest_side: u32) -> (u32, u32) {
    let factor = (longest_side as f32 / width.max(height) as f32).min(1.0);
    let side = |side: u32| {
        let steps = (side as f32 * factor / SIDE_STEP as f32).round() as u32;
        steps.max(1) * SIDE_STEP
    };
    (side(width), side(height))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_shown_whole_and_not_too_large() {
        assert_eq!(input_size((1540, 971), 960), (960, 608));
        assert_eq!(input_size((640, 480), 960), (640, 480));
        assert_eq!(input_size((8000, 8000), 960), (960, 960));
        assert_eq!(input_size((8000, 1), 960), (960, 32));
        assert_eq!(input_size((1, 1), 960), (32, 32));
    }
}
