//! One side of a document, as the judges of usability and of images are shown it.

use bonafide_domain::decision::Decision;
use bonafide_domain::evidence::Signal;
use bonafide_imaging::Quad;
use image::RgbImage;

use crate::TextLine;
use crate::mrz::Reading;

/// A side of the document and what was read on it.
#[derive(Clone, Copy)]
pub struct Side<'a> {
    /// The part, as its classifier: `FRONT`, `BACK`.
    pub part: &'a str,
    /// The upright picture, or why there is none.
    pub picture: Result<&'a RgbImage, &'a bonafide_imaging::Error>,
    /// The machine readable zone.
    pub mrz: Option<&'a Reading>,
    /// Where a PDF417 symbol was read.
    pub barcode: Option<Quad>,
    /// The visible text.
    pub print: &'a [TextLine],
}

/// A decision and what led to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// What goes on the wire.
    pub decision: Decision,
    /// What was observed, whether it counted or not.
    pub signals: Vec<Signal>,
}

impl Side<'_> {
    /// Whether a machine readable zone or a barcode was read: what no picture of another thing has.
    pub(crate) fn is_machine_readable(&self) -> bool {
        self.mrz.is_some() || self.barcode.is_some()
    }

    /// Whether what it says came out well enough that its picture cannot be bad: the second vote beside every measure
    /// of quality.
    pub(crate) fn is_legible(&self) -> bool {
        const SURE: f32 = 0.9;
        let zone = self.mrz.is_some_and(|mrz| mrz.is_valid() || mrz.mean_confidence() >= SURE);
        let sure_lines = self.lines_at_least(SURE);
        let text = sure_lines >= FEWEST_LINES && 2 * sure_lines >= self.print.len();
        zone || self.barcode.is_some() || text
    }

    /// How many lines are text and not a texture that looks like it.
    pub(crate) fn lines_of_text(&self) -> usize {
        const LIKELY: f32 = 0.7;
        self.lines_at_least(LIKELY)
    }

    fn lines_at_least(&self, confidence: f32) -> usize {
        self.print.iter().filter(|line| line.confidence >= confidence).count()
    }
}

/// Documents have at least so many lines of text.
pub(crate) const FEWEST_LINES: usize = 5;

/// The corners as evidence has them: x and y of each.
pub fn corners(quad: &Quad) -> [[f32; 2]; 4] {
    quad.0.map(|corner| [corner.x, corner.y])
}
