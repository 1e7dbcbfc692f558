//! Where a machine readable zone could be.

use std::ops::Range;

use bonafide_imaging::{Quad, gray, resize, warp};
use image::{GrayImage, RgbImage};

use super::bands::bands;
use super::rows::{Rows, rows};
use super::segments::segments;
use super::strokes::{marks, smooth, strokes};

/// Lines of print that could be a zone, as quads in the picture, top to bottom as the print runs.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) lines: Vec<Quad>,
    /// The line that is likeliest to belong to the zone, whichever others do.
    pub(super) centre: usize,
    /// How evenly its characters are spaced, 0 to 1: that of its most regular line.
    pub(super) regularity: f32,
}

/// Bands are looked for in a picture of this size; a character of a passport that fills the picture is then
/// some 20 pixels wide, one of a passport that fills a third of it still 6.
const VIEW_SIDE: f32 = 960.0;
/// Rows are looked for in a patch of this width.
const PATCH_WIDTH: f32 = 1100.0;
/// How far apart the edges of one stroke may be, and of one character, in the view.
const STROKE_REACH: usize = 5;
const CHARACTER_REACH: usize = 12;
/// How far around a stroke others speak for or against it.
const NEIGHBOURHOOD: usize = 40;
/// The share of stroke pixels in a line of print; fillers have the least.
const LEAST_DENSITY: f32 = 0.14;
/// Looked at more closely.
const MOST_BANDS: usize = 6;

/// The places where print runs from left to right in rows that could be a zone, the likeliest
/// first.
pub(super) fn candidates(picture: &RgbImage) -> Vec<Candidate> {
    let gray = gray(picture);
    let scale = VIEW_SIDE / gray.width().max(gray.height()) as f32;
    let side = |length: u32| (length as f32 * scale).round() as u32;
    let view = resize(&gray, side(gray.width()), side(gray.height()));
    let marks = marks(&strokes(&view, STROKE_REACH), NEIGHBOURHOOD);
    let density = smooth(&marks, CHARACTER_REACH, 1);
    let segments = segments(&density, LEAST_DENSITY);
    let b = bands(&segments, view.width() as f32);
    if let Ok(d) = std::env::var("STRIPS") {
        let m = density.values.iter().copied().fold(0.0, f32::max);
        let _ = GrayImage::from_raw(density.width as u32, density.height as u32, density.values.iter().map(|v| (v / m * 255.0) as u8).collect()).unwrap().save(format!("{d}/density.png"));
        for s in b.iter().take(8) { eprintln!("{s:?}"); }
    }
    let mut candidates: Vec<Candidate> = b
        .iter()
        .take(MOST_BANDS)
        .filter_map(|band| {
            let surroundings = band.surroundings().scaled(1.0 / scale, 1.0 / scale);
            cut(&gray, &surroundings)
        })
        .collect();
    candidates.sort_by(|a, b| b.regularity.total_cmp(&a.regularity));
    if std::env::var("STRIPS").is_ok() { for c in &candidates { eprintln!("{c:?}"); } }
    candidates
}

/// The rows inside a quad.
fn cut(gray: &GrayImage, surroundings: &Quad) -> Option<Candidate> {
    let (width, height) = (PATCH_WIDTH, PATCH_WIDTH * surroundings.height() / surroundings.width());
    let patch = warp(gray, surroundings, width as u32, height as u32);
    let map = bonafide_imaging::Homography::rectangle_to_quad(width, height, surroundings)?;
    let Rows { rows, columns, regularity } = rows(&patch)?;
    let margin = 0.012 * width;
    let off_centre = |row: &Range<f32>| (f32::midpoint(row.start, row.end) - height / 2.0).abs();
    let centre = (0..rows.len())
        .min_by(|&a, &b| off_centre(&rows[a]).total_cmp(&off_centre(&rows[b])))?;
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
    Some(Candidate { lines, centre, regularity })
}
