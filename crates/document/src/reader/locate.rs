//! Where a machine readable zone could be.

use bonafide_imaging::{Quad, gray, resize, warp};
use image::{GrayImage, RgbImage};

use super::bands::bands;
use super::rows::{Rows, rows};
use super::segments::segments;
use super::strokes::{smooth, strokes, threshold};

/// Lines of print that could be a zone, as quads in the picture, top to bottom as the print runs.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) lines: Vec<Quad>,
}

/// Bands are looked for in a picture of this size; a character of a passport that fills the picture is then
/// some 20 pixels wide, one of a passport that fills a third of it still 6.
const VIEW_SIDE: f32 = 960.0;
/// Rows are looked for in a patch of this width.
const PATCH_WIDTH: f32 = 1100.0;
/// How far apart the edges of one stroke may be, and of one character, in the view.
const STROKE_REACH: usize = 5;
const CHARACTER_REACH: usize = 12;
/// Looked at more closely.
const MOST_BANDS: usize = 6;

/// The places where print runs from left to right in rows that could be a zone, the likeliest
/// first.
pub(super) fn candidates(picture: &RgbImage) -> Vec<Candidate> {
    let gray = gray(picture);
    let scale = VIEW_SIDE / gray.width().max(gray.height()) as f32;
    let side = |length: u32| (length as f32 * scale).round() as u32;
    let view = resize(&gray, side(gray.width()), side(gray.height()));
    let density = smooth(&strokes(&view, STROKE_REACH), CHARACTER_REACH, 1);
    let segments = segments(&density, threshold(&density));
    bands(&segments, view.width() as f32)
        .iter()
        .take(MOST_BANDS)
        .filter_map(|band| {
            let surroundings = band.surroundings().scaled(1.0 / scale, 1.0 / scale);
            cut(&gray, &surroundings)
        })
        .collect()
}

/// The rows inside a quad.
fn cut(gray: &GrayImage, surroundings: &Quad) -> Option<Candidate> {
    let (width, height) = (PATCH_WIDTH, PATCH_WIDTH * surroundings.height() / surroundings.width());
    let patch = warp(gray, surroundings, width as u32, height as u32);
    let map = bonafide_imaging::Homography::rectangle_to_quad(width, height, surroundings)?;
    let Rows { rows, columns } = rows(&patch)?;
    let margin = 0.012 * width;
    let lines = rows
        .iter()
        .map(|row| {
            let height = row.end - row.start;
            let room = 0.25 * height;
            map.map_quad(&Quad::rectangle(
                columns.start - margin,
                row.start - room,
                columns.end - columns.start + 2.0 * margin,
                height + 2.0 * room,
            ))
        })
        .collect();
    Some(Candidate { lines })
}
