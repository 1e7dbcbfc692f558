//! Which lines of print could be a machine readable zone: two or three of equal length, one above
//! the other.

use bonafide_imaging::{Point, Quad};

use super::segments::Segment;

/// Lines that could be a zone, or one line that could hide several.
#[derive(Clone, Debug)]
pub(super) struct Band {
    top: Segment,
    bottom: Segment,
    lines: usize,
}

/// Shorter lines, as a share of the picture's width, are no line of a zone.
const SHORTEST: f32 = 0.2;
/// A line of a zone is at least this much longer than high.
const LEAST_ASPECT: f32 = 9.0;
/// Ends may differ by this share of the length.
const RAGGED: f32 = 0.12;
/// Fillers at the end of a line may be too thin to be seen from afar: so much of the length is
/// looked at beyond both ends.
const ROOM_AT_ENDS: f32 = 0.12;
/// Lines are this many thicknesses apart, at least and at most.
const SPACING: std::ops::Range<f32> = 1.05..4.5;

impl Band {
    /// Longer is likelier, and so are more lines.
    fn score(&self) -> f32 {
        let lines = self.lines as f32;
        self.top.length().min(self.bottom.length()) * lines
    }

    /// The quad around the lines, with room for one more line above and one below, or two if there
    /// is only one.
    pub(super) fn surroundings(&self) -> Quad {
        let thickness = f32::midpoint(self.top.thickness, self.bottom.thickness);
        let spacing = match self.lines {
            1 => 3.0 * thickness,
            lines => {
                let middle = Point::new(
                    f32::midpoint(self.bottom.left.x, self.bottom.right.x),
                    f32::midpoint(self.bottom.left.y, self.bottom.right.y),
                );
                self.top.coordinates(middle).1 / (lines - 1) as f32
            }
        };
        let lines_around = if self.lines == 1 { 2.5 } else { 1.5 };
        let side = (1.5 * thickness).max(ROOM_AT_ENDS * self.top.length());
        let up = lines_around * spacing;
        let corner = |segment: &Segment, end: Point, along: f32, across: f32| {
            let direction = segment.direction();
            Point::new(
                end.x + direction.x * along - direction.y * across,
                end.y + direction.y * along + direction.x * across,
            )
        };
        Quad([
            corner(&self.top, self.top.left, -side, -up),
            corner(&self.top, self.top.right, side, -up),
            corner(&self.bottom, self.bottom.right, side, up),
            corner(&self.bottom, self.bottom.left, -side, up),
        ])
    }
}

/// All candidates in a picture of this width, the likeliest first.
pub(super) fn bands(segments: &[Segment], picture_width: f32) -> Vec<Band> {
    let lines: Vec<Segment> = (segments.iter().copied())
        .filter(|s| s.length() >= SHORTEST * picture_width)
        .filter(|s| s.length() >= 0.5 * LEAST_ASPECT * s.thickness)
        .collect();
    let mut bands: Vec<Band> = lines.iter().map(|&line| band_below(line, &lines)).collect();
    bands.retain(|band| {
        let is_long = band.top.length() > 2.0 * SHORTEST * picture_width;
        let is_thin = band.top.length() > LEAST_ASPECT * band.top.thickness;
        band.lines > 1 || (is_long && is_thin)
    });
    bands.sort_by(|a, b| b.score().total_cmp(&a.score()));
    bands
}

fn band_below(top: Segment, lines: &[Segment]) -> Band {
    let (mut bottom, mut count) = (top, 1);
    while let (Some(next), true) = (next_below(&bottom, lines), count < 3) {
        bottom = next;
        count += 1;
    }
    Band { top, bottom, lines: count }
}

/// The nearest line below that begins and ends where this one does.
fn next_below(line: &Segment, lines: &[Segment]) -> Option<Segment> {
    let across = |other: &Segment| {
        f32::midpoint(line.coordinates(other.left).1, line.coordinates(other.right).1)
    };
    (lines.iter().copied())
        .filter(|other| {
            let thickness = f32::midpoint(line.thickness, other.thickness);
            let (left, right) = (line.coordinates(other.left), line.coordinates(other.right));
            let is_even = left.0.abs() < RAGGED * line.length()
                && (right.0 - line.length()).abs() < RAGGED * line.length();
            let is_alike =
                line.thickness.min(other.thickness) > 0.55 * line.thickness.max(other.thickness);
            is_even && is_alike && SPACING.contains(&(across(other) / thickness))
        })
        .min_by(|a, b| across(a).total_cmp(&across(b)))
}
