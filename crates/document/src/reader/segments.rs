//! Long thin regions of a map: lines of print.

use bonafide_imaging::{Point, Quad};

use super::strokes::Map;

/// A straight piece of print, from its left end to its right.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Segment {
    pub(super) left: Point,
    pub(super) right: Point,
    /// Across, in pixels.
    pub(super) thickness: f32,
}

impl Segment {
    /// The middle line of a quad.
    pub(super) fn of(quad: &Quad) -> Self {
        let [a, b, c, d] = quad.0;
        let middle =
            |a: Point, b: Point| Point::new(f32::midpoint(a.x, b.x), f32::midpoint(a.y, b.y));
        Self { left: middle(a, d), right: middle(b, c), thickness: quad.height() }
    }

    pub(super) fn length(&self) -> f32 {
        self.left.distance(self.right)
    }

    /// The unit vector along it.
    pub(super) fn direction(&self) -> Point {
        let length = self.length().max(f32::EPSILON);
        Point::new((self.right.x - self.left.x) / length, (self.right.y - self.left.y) / length)
    }

    /// How far a point lies along it from the left end, and to its right-hand side (downwards).
    pub(super) fn coordinates(&self, point: Point) -> (f32, f32) {
        let along = self.direction();
        let (x, y) = (point.x - self.left.x, point.y - self.left.y);
        (x * along.x + y * along.y, y * along.x - x * along.y)
    }
}

/// Steeper pieces are no lines of this direction.
const LARGEST_SLOPE: f32 = 0.3;
/// Shorter pieces, in multiples of the thickness, have no direction worth knowing.
const SHORTEST: f32 = 1.5;

/// The connected regions above `threshold`, as straight segments, those merged that lie on one line.
pub(super) fn segments(map: &Map, threshold: f32) -> Vec<Segment> {
    let mut segments: Vec<Segment> = regions(map, threshold)
        .iter()
        .filter_map(Moments::segment)
        .filter(|segment| {
            let direction = segment.direction();
            direction.y.abs() <= LARGEST_SLOPE * direction.x
        })
        .collect();
    segments.sort_by(|a, b| b.length().total_cmp(&a.length()));
    merge(segments)
}

/// Sums over the pixels of a region.
#[derive(Default)]
struct Moments {
    pixels: Vec<(f32, f32)>,
}

impl Moments {
    /// The segment along the principal axis.
    fn segment(&self) -> Option<Segment> {
        let count = self.pixels.len() as f32;
        if count < 12.0 {
            return None;
        }
        let mean = |of: fn(&(f32, f32)) -> f32| self.pixels.iter().map(of).sum::<f32>() / count;
        let (x, y) = (mean(|p| p.0), mean(|p| p.1));
        let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
        for &(px, py) in &self.pixels {
            let (dx, dy) = (px - x, py - y);
            xx += dx * dx;
            xy += dx * dy;
            yy += dy * dy;
        }
        let angle = 0.5 * (2.0 * xy).atan2(xx - yy);
        let (sin, cos) = angle.sin_cos();
        let (mut first, mut last) = (f32::INFINITY, f32::NEG_INFINITY);
        for &(px, py) in &self.pixels {
            let along = (px - x) * cos + (py - y) * sin;
            first = first.min(along);
            last = last.max(along);
        }
        let length = last - first + 1.0;
        let thickness = count / length;
        let end = |along: f32| Point::new(x + along * cos + 0.5, y + along * sin + 0.5);
        (length >= SHORTEST * thickness).then(|| Segment {
            left: end(first),
            right: end(last),
            thickness,
        })
    }
}

/// 8-connected regions, found by filling.
fn regions(map: &Map, threshold: f32) -> Vec<Moments> {
    let (width, height) = (map.width, map.height);
    let mut is_open: Vec<bool> = map.values.iter().map(|&value| value > threshold).collect();
    let mut regions = Vec::new();
    let mut stack = Vec::new();
    for start in 0..is_open.len() {
        if !is_open[start] {
            continue;
        }
        is_open[start] = false;
        stack.push(start);
        let mut region = Moments::default();
        while let Some(index) = stack.pop() {
            let (x, y) = (index % width, index / width);
            region.pixels.push((x as f32, y as f32));
            for ny in y.saturating_sub(1)..(y + 2).min(height) {
                for nx in x.saturating_sub(1)..(x + 2).min(width) {
                    let neighbour = ny * width + nx;
                    if is_open[neighbour] {
                        is_open[neighbour] = false;
                        stack.push(neighbour);
                    }
                }
            }
        }
        regions.push(region);
    }
    regions
}

/// Joins pieces that continue one another; `segments` are sorted by length, the longest first.
fn merge(mut segments: Vec<Segment>) -> Vec<Segment> {
    let mut index = 0;
    while index < segments.len() {
        let own = segments[index];
        let next = (index + 1..segments.len())
            .find_map(|other| joined(&own, &segments[other]).map(|joined| (other, joined)));
        match next {
            Some((other, joined)) => {
                segments[index] = joined;
                segments.remove(other);
            }
            None => index += 1,
        }
    }
    segments
}

/// Pieces join where the gap is a few characters wide and the smaller one lies on the line of the
/// larger.
fn joined(large: &Segment, small: &Segment) -> Option<Segment> {
    let thickness = large.thickness.max(small.thickness);
    if large.thickness.min(small.thickness) < 0.4 * thickness {
        return None;
    }
    let (left_along, left_across) = large.coordinates(small.left);
    let (right_along, right_across) = large.coordinates(small.right);
    let gap = (left_along - large.length()).max(-right_along);
    let overlap = left_along.max(0.0) < right_along.min(large.length());
    let limit = 0.5 * thickness + 0.03 * gap.max(0.0);
    let is_on_line = left_across.abs() < limit && right_across.abs() < limit;
    let is_near = gap < 5.0 * thickness && !overlap;
    (is_on_line && is_near).then(|| Segment {
        left: if left_along < 0.0 { small.left } else { large.left },
        right: if right_along > large.length() { small.right } else { large.right },
        thickness: (large.thickness * large.length() + small.thickness * small.length())
            / (large.length() + small.length()),
    })
}
