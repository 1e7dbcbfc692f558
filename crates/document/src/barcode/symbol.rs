//! One attempt at one picture: what of `rxing` is used, and nothing else of it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use bonafide_imaging::{Point, Quad};
use image::GrayImage;
use rxing::common::{BitMatrix, DecoderRXingResult, HybridBinarizer};
use rxing::pdf417::decoder::pdf_417_scanning_decoder;
use rxing::pdf417::detector::pdf_417_detector;
use rxing::{Binarizer, Luma8Source};

use super::Barcode;

/// Modules of a codeword, and of the stop pattern (ISO/IEC 15438 §5.2).
const CODEWORD_MODULES: f32 = 17.0;
const STOP_PATTERN_MODULES: f32 = 18.0;

/// Perspective makes one side shorter than the other, but not by more than this.
const LEAST_SHARE: f32 = 0.7;

/// Which way the rows of the symbol may run.
#[derive(Clone, Copy)]
pub(super) enum Turns {
    /// Left to right, or upside down.
    Half,
    /// Any of four.
    Quarter,
}

impl Turns {
    fn degrees(self) -> &'static [u32] {
        match self {
            Self::Half => &[0, 180],
            Self::Quarter => &[0, 180, 270, 90],
        }
    }
}

/// The corners that the detector gives: the symbol's, then the codeword area's, each top left, bottom left,
/// top right, bottom right.
type Vertices = [Option<rxing::Point>; 8];

/// Reads the symbol in this picture, without further help. `quad` is in pixels of this picture.
pub(super) fn read(picture: &GrayImage, turns: Turns) -> Option<Barcode> {
    // Pictures come from outside, and the decoder indexes by what it finds in them: a slip of its must end
    // the attempt, not the run.
    catch_unwind(AssertUnwindSafe(|| read_unguarded(picture, turns))).ok().flatten()
}

fn read_unguarded(picture: &GrayImage, turns: Turns) -> Option<Barcode> {
    let (width, height) = picture.dimensions();
    let source = Luma8Source::new_with_slice(picture.as_raw(), width, height).ok()?;
    let binarizer = HybridBinarizer::new(source);
    let upright = binarizer.get_black_matrix().ok()?;
    turns.degrees().iter().find_map(|&degrees| {
        let mut turned = upright.clone();
        turned.rotate(degrees).ok()?;
        let vertices = pdf_417_detector::detect(false, &turned)?.into_iter().next()?;
        let message = decode(&turned, &vertices)?;
        Some(Barcode {
            bytes: bytes(message.getText()),
            quad: quad(&vertices, degrees, (width, height))?,
            mended_codewords: message.getErrorsCorrected(),
        })
    })
}

fn decode(bars: &BitMatrix, vertices: &Vertices) -> Option<DecoderRXingResult> {
    let widths = codeword_widths(vertices);
    let narrowest = widths.iter().copied().fold(f32::INFINITY, f32::min);
    let widest = widths.iter().copied().fold(0.0, f32::max);
    let [.., top_left, bottom_left, top_right, bottom_right] = *vertices;
    pdf_417_scanning_decoder::decode(
        bars,
        top_left,
        bottom_left,
        top_right,
        bottom_right,
        narrowest as u32,
        widest as u32,
    )
    .ok()
}

/// How wide the start and stop patterns let expect a codeword, in pixels.
fn codeword_widths(vertices: &Vertices) -> Vec<f32> {
    let width = |from: usize, to: usize, modules: f32| {
        let (from, to) = vertices[from].zip(vertices[to])?;
        Some((from.x - to.x).abs() * CODEWORD_MODULES / modules)
    };
    let widths = [
        width(0, 4, CODEWORD_MODULES),
        width(1, 5, CODEWORD_MODULES),
        width(6, 2, STOP_PATTERN_MODULES),
        width(7, 3, STOP_PATTERN_MODULES),
    ];
    widths.into_iter().flatten().collect()
}

/// Without an ECI each byte comes as the character of the same number.
fn bytes(text: &str) -> Vec<u8> {
    let latin: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
    latin.unwrap_or_else(|| text.as_bytes().to_vec())
}

/// The corners turned back into the picture. Where one of the two patterns was not seen, its side is that of
/// the codeword area; where the detector lost one on its way down, its side is as long as the other.
fn quad(vertices: &Vertices, degrees: u32, size: (u32, u32)) -> Option<Quad> {
    let at = |outer: usize, inner: usize| {
        vertices[outer].or(vertices[inner]).map(|at| Point::new(at.x, at.y))
    };
    let (top_left, bottom_left) = (at(0, 4)?, at(1, 5)?);
    let top_right = at(2, 6).unwrap_or(top_left);
    let bottom_right = at(3, 7).unwrap_or(bottom_left);
    let left = (bottom_left.x - top_left.x, bottom_left.y - top_left.y);
    let right = (bottom_right.x - top_right.x, bottom_right.y - top_right.y);
    let longer = if left.1 > right.1 { left } else { right };
    let side = |own: (f32, f32)| if own.1 < LEAST_SHARE * longer.1 { longer } else { own };
    let below = |at: Point, side: (f32, f32)| Point::new(at.x + side.0, at.y + side.1);
    let corners = [top_left, top_right, below(top_right, side(right)), below(top_left, side(left))];
    let (width, height) = (size.0 as f32, size.1 as f32);
    Some(Quad(corners.map(|at| match degrees {
        90 => Point::new(width - at.y, at.x),
        180 => Point::new(width - at.x, height - at.y),
        270 => Point::new(at.y, height - at.x),
        _ => at,
    })))
}
