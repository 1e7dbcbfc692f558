//! Lines of text, read.

use bonafide_imaging::{Quad, warp};
use image::RgbImage;

use super::order::in_reading_order;
use super::recogniser::{FRAME_WIDTH, Recogniser, STRIP_HEIGHT};
use crate::Error;

/// A line of visible text.
#[derive(Clone, PartialEq)]
pub struct TextLine {
    /// What it says.
    pub text: String,
    /// How sure the recogniser is: the mean over the characters, 0.5 to 1.
    pub confidence: f32,
    /// Where it stands, in pixels of the picture; the first corner is the top left of the text.
    pub quad: Quad,
}

/// Text is personal; how much there is, is not.
impl std::fmt::Debug for TextLine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TextLine")
            .field("confidence", &self.confidence)
            .field("quad", &self.quad)
            .finish_non_exhaustive()
    }
}

/// At most so many lines are read, the largest.
const MOST_LINES: usize = 120;
/// Longer strips are squeezed to this width. A line of a passport's zone takes some 1300.
const MOST_STRIP_WIDTH: u32 = 1600;
/// The strips of one picture are together at most so wide; a page of a passport takes some 8000.
const MOST_WIDTH: u32 = 24_000;
/// Lines read with less confidence are taken for things that only look like text.
const LEAST_CONFIDENCE: f32 = 0.5;
/// The longest lines tell whether a page stands on its head.
const SAMPLE: usize = 3;
/// Lines read with this confidence stand upright.
const SURE: f32 = 0.9;

/// Reads the lines at these places, the more important first, in reading order.
pub(super) fn read(
    recogniser: &Recogniser,
    picture: &RgbImage,
    quads: Vec<Quad>,
) -> Result<Vec<TextLine>, Error> {
    let (level, turned) = affordable(quads).into_iter().partition(is_level);
    let mut lines = read_alike(recogniser, picture, level)?;
    lines.extend(read_alike(recogniser, picture, turned)?);
    lines.retain(|line| line.confidence >= LEAST_CONFIDENCE && !line.text.is_empty());
    Ok(in_reading_order(lines, |line| &line.quad))
}

fn affordable(quads: Vec<Quad>) -> Vec<Quad> {
    let mut width = 0;
    let is_affordable = |quad: &Quad| {
        width += strip_width(quad);
        width <= MOST_WIDTH
    };
    quads.into_iter().take(MOST_LINES).take_while(is_affordable).collect()
}

fn is_level(quad: &Quad) -> bool {
    let [a, b, ..] = quad.0;
    (b.x - a.x).abs() >= (b.y - a.y).abs()
}

/// Reads lines that all run the same way, forwards or backwards.
fn read_alike(
    recogniser: &Recogniser,
    picture: &RgbImage,
    mut quads: Vec<Quad>,
) -> Result<Vec<TextLine>, Error> {
    let read = |quads: &[Quad]| -> Result<Vec<TextLine>, Error> {
        quads.iter().map(|quad| read_line(recogniser, picture, *quad)).collect()
    };
    quads.sort_by(|a, b| b.width().total_cmp(&a.width()));
    let mut rest = quads.split_off(quads.len().min(SAMPLE));
    let mut lines = read(&quads)?;
    if mean_confidence(&lines) < SURE {
        let reversed_lines = read(&reversed(&quads))?;
        if mean_confidence(&reversed_lines) > mean_confidence(&lines) {
            lines = reversed_lines;
            rest = reversed(&rest);
        }
    }
    lines.extend(read(&rest)?);
    Ok(lines)
}

fn reversed(quads: &[Quad]) -> Vec<Quad> {
    quads.iter().map(|&Quad([a, b, c, d])| Quad([c, d, a, b])).collect()
}

/// Zero where there are no lines.
fn mean_confidence(lines: &[TextLine]) -> f32 {
    lines.iter().map(|line| line.confidence).sum::<f32>() / lines.len().max(1) as f32
}

fn read_line(recogniser: &Recogniser, picture: &RgbImage, quad: Quad) -> Result<TextLine, Error> {
    let strip = warp(picture, &quad, strip_width(&quad), STRIP_HEIGHT);
    let (text, confidence) = recogniser.read(&strip)?;
    Ok(TextLine { text: text.trim().to_owned(), confidence, quad })
}

/// The width of a strip with the line's proportions.
fn strip_width(quad: &Quad) -> u32 {
    let frames = STRIP_HEIGHT as f32 * quad.width() / quad.height() / FRAME_WIDTH as f32;
    // Casts from floats saturate.
    (frames.round() as u32).clamp(1, MOST_STRIP_WIDTH / FRAME_WIDTH) * FRAME_WIDTH
}
