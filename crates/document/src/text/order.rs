//! The order in which people read lines.

use bonafide_imaging::{Point, Quad};

use super::rectangle::{dot, down};

/// Puts things that stand at quads into rows from top to bottom, each from left to right. What is up
/// follows from the direction of the lines themselves, so that a tilted or turned page is in order too.
pub(super) fn in_reading_order<T>(mut items: Vec<T>, quad: impl Fn(&T) -> &Quad) -> Vec<T> {
    let along = direction(items.iter().map(&quad));
    let below = |item: &T| dot(quad(item).centre(), down(along));
    let right = |item: &T| dot(quad(item).centre(), along);
    items.sort_by(|a, b| below(a).total_cmp(&below(b)));
    let mut ordered: Vec<T> = Vec::with_capacity(items.len());
    let mut row_begin = 0;
    for item in items {
        let is_below = ordered.get(row_begin).is_some_and(|first| {
            below(&item) - below(first) > quad(&item).height().min(quad(first).height()) / 2.0
        });
        if is_below {
            ordered[row_begin..].sort_by(|a, b| right(a).total_cmp(&right(b)));
            row_begin = ordered.len();
        }
        ordered.push(item);
    }
    ordered[row_begin..].sort_by(|a, b| right(a).total_cmp(&right(b)));
    ordered
}

/// The unit vector along most lines, the longer ones counting more.
fn direction<'a>(quads: impl Iterator<Item = &'a Quad>) -> Point {
    let sum = quads.fold(Point::new(0.0, 0.0), |sum, Quad([a, b, c, d])| {
        Point::new(sum.x + b.x - a.x + c.x - d.x, sum.y + b.y - a.y + c.y - d.y)
    });
    let length = sum.x.hypot(sum.y);
    if length > 0.0 { Point::new(sum.x / length, sum.y / length) } else { Point::new(1.0, 0.0) }
}
