//! Where a machine readable zone could be.

use std::ops::Range;

use bonafide_imaging::{Homography, Quad, resize, warp};
use image::GrayImage;

use super::bands::bands;
use super::rows::{Rows, rows};
use super::segments::{Segment, segments};
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

/// Bands are looked for in a picture of this size; a character of a passport that fills the picture
/// is then some 20 pixels wide, one of a passport that fills a third of it still 6.
const VIEW_SIDE: f32 = 960.0;
/// Rows are looked for in a patch of this width.
const PATCH_WIDTH: f32 = 1100.0;
/// Patches are at most this much higher than wide.
const MOST_UPRIGHT: f32 = 1.0;
/// How far apart the edges of one stroke may be, and of one character, in the view.
const STROKE_REACH: usize = 5;
const CHARACTER_REACH: usize = 12;
/// How far around a stroke others speak for or against it.
const NEIGHBOURHOOD: usize = 40;
/// The share of stroke pixels in a line of print; fillers have the least.
const LEAST_DENSITY: f32 = 0.14;
/// A detected line of a zone is at least this much longer than high.
const LEAST_ASPECT: f32 = 9.0;
/// Lines of a zone begin and end together but for this share of their length, and lie within so
/// many heights of one another.
const RAGGED: f32 = 0.15;
const NEAR: f32 = 8.0;
/// The recogniser was trained on lines with some room around them: above and below, of the
/// height of capitals; at the ends, of the width of the patch.
const ROOM_ABOVE: f32 = 0.4;
const ROOM_BESIDE: f32 = 0.012;
/// Looked at more closely.
const MOST_BANDS: usize = 6;

/// The places where print runs from left to right in rows that could be a zone, the most regular
/// first.
pub(super) fn candidates(picture: &GrayImage) -> Vec<Candidate> {
    let scale = VIEW_SIDE / picture.width().max(picture.height()) as f32;
    let side = |length: u32| (length as f32 * scale).round() as u32;
    let view = resize(picture, side(picture.width()), side(picture.height()));
    let marks = marks(&strokes(&view, STROKE_REACH), NEIGHBOURHOOD);
    let segments = segments(&smooth(&marks, CHARACTER_REACH, 1), LEAST_DENSITY);
    let mut candidates: Vec<Candidate> = bands(&segments, view.width() as f32)
        .iter()
        .take(MOST_BANDS)
        .filter_map(|band| cut(picture, &band.surroundings().scaled(1.0 / scale, 1.0 / scale)))
        .collect();
    candidates.sort_by(|a, b| b.regularity.total_cmp(&a.regularity));
    candidates
}

/// Lines that were found in another way: each with those of its length near it, the longest first.
pub(super) fn among_lines(lines: &[Quad]) -> Vec<Candidate> {
    let mut long: Vec<&Quad> =
        lines.iter().filter(|line| line.width() > LEAST_ASPECT * line.height()).collect();
    long.sort_by(|a, b| b.width().total_cmp(&a.width()));
    long.iter()
        .map(|line| stack(line, lines))
        .filter(|c| c.lines.len() > 1)
        .take(MOST_BANDS)
        .collect()
}

fn stack(line: &Quad, lines: &[Quad]) -> Candidate {
    let own = Segment::of(line);
    let below = |other: &Quad| own.coordinates(other.centre()).1;
    let belongs = |other: &&Quad| {
        let other = Segment::of(other);
        let (left, right) = (own.coordinates(other.left), own.coordinates(other.right));
        let tolerance = RAGGED * own.length();
        left.0.abs() < tolerance
            && (right.0 - own.length()).abs() < tolerance
            && left.1.abs().max(right.1.abs()) < NEAR * own.thickness
    };
    let mut lines: Vec<Quad> = lines.iter().filter(belongs).copied().collect();
    lines.sort_by(|a, b| below(a).total_cmp(&below(b)));
    let centre = lines.iter().position(|other| other == line).unwrap_or(0);
    Candidate { lines, centre, regularity: 0.0 }
}

/// The rows inside a quad.
fn cut(picture: &GrayImage, surroundings: &Quad) -> Option<Candidate> {
    let aspect = (surroundings.height() / surroundings.width()).min(MOST_UPRIGHT);
    let (width, height) = (PATCH_WIDTH, (PATCH_WIDTH * aspect).floor());
    let patch = warp(picture, surroundings, width as u32, height as u32);
    let map = Homography::rectangle_to_quad(width, height, surroundings)?;
    let Rows { rows, columns, regularity } = rows(&patch)?;
    let off_centre = |row: &Range<f32>| (f32::midpoint(row.start, row.end) - height / 2.0).abs();
    let centre =
        (0..rows.len()).min_by(|&a, &b| off_centre(&rows[a]).total_cmp(&off_centre(&rows[b])))?;
    let lines = rows.iter().map(|row| map.map_quad(&with_room(row, &columns))).collect();
    Some(Candidate { lines, centre, regularity })
}

fn with_room(row: &Range<f32>, columns: &Range<f32>) -> Quad {
    let height = row.end - row.start;
    let (above, beside) = (ROOM_ABOVE * height, ROOM_BESIDE * PATCH_WIDTH);
    Quad::rectangle(
        columns.start - beside,
        row.start - above,
        columns.end - columns.start + 2.0 * beside,
        height + 2.0 * above,
    )
}
