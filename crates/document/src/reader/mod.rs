//! The reader of documents: a machine readable zone from a picture, and all text of a picture.

mod alignment;
mod bands;
mod locate;
mod regularity;
mod rows;
mod search;
mod segments;
mod strokes;
#[cfg(test)]
mod tests;
mod zone;

use bonafide_imaging::resize;
use bonafide_models::Library;
use image::RgbImage;

use crate::Error;
use crate::mrz::Reading;
use crate::text::{Detector, Recogniser, TextLine, read_page};
use search::Search;

/// Pictures whose longer side has fewer pixels are enlarged before their zone is read, by a whole
/// number up to [`MOST_ENLARGED`] and a better filter than the one that straightens lines.
const LEAST_SIDE: u32 = 800;
const MOST_ENLARGED: u32 = 4;

/// Reads what is printed on documents.
pub struct Reader {
    detector: Detector,
    recogniser: Recogniser,
}

impl Reader {
    /// The roles of the nets that it needs.
    pub const ROLES: [&str; 2] = ["text-detection", "text-recognition"];

    /// A reader with the models of the pack `documents`.
    pub fn open(library: &Library) -> Result<Self, Error> {
        let [detection, recognition] = Self::ROLES;
        Ok(Self {
            detector: Detector::new(library.net(detection)?),
            recogniser: Recogniser::new(library.net(recognition)?)?,
        })
    }

    /// All lines of text of an upright picture, in reading order.
    pub fn read_text(&self, picture: &RgbImage) -> Result<Vec<TextLine>, Error> {
        read_page(&self.detector, &self.recogniser, picture)
    }

    /// The machine readable zone of a picture, in whatever direction it runs. `None` where there is
    /// none, or none that can be read.
    ///
    /// Work is bounded whatever the picture shows.
    pub fn read_mrz(&self, picture: &RgbImage) -> Result<Option<Reading>, Error> {
        let longest = picture.width().max(picture.height());
        if longest == 0 {
            return Ok(None);
        }
        let factor = LEAST_SIDE.div_ceil(longest).clamp(1, MOST_ENLARGED);
        if factor == 1 {
            return Search::new(&self.detector, &self.recogniser, picture).run();
        }
        let enlarged = resize(picture, picture.width() * factor, picture.height() * factor);
        let reading = Search::new(&self.detector, &self.recogniser, &enlarged).run()?;
        let by = 1.0 / factor as f32;
        Ok(reading.map(|mut reading| {
            reading.quad = reading.quad.map(|quad| quad.scaled(by, by));
            reading
        }))
    }
}
