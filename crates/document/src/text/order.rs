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

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of two, three and one line, not quite level.
    fn page() -> Vec<Quad> {
        [(10.0, 10.0), (200.0, 14.0), (10.0, 60.0), (120.0, 57.0), (240.0, 63.0), (150.0, 100.0)]
            .map(|(left, top)| Quad::rectangle(left, top, 90.0, 20.0))
            .to_vec()
    }

    #[test]
    fn rows_follow_each_other_however_the_page_is_turned() {
        for degrees in [0.0_f32, 12.0, 90.0, 180.0, 265.0] {
            let (sine, cosine) = degrees.to_radians().sin_cos();
            let turned =
                |quad: Quad| {
                    Quad(quad.0.map(|at| {
                        Point::new(at.x * cosine - at.y * sine, at.x * sine + at.y * cosine)
                    }))
                };
            let page: Vec<Quad> = page().into_iter().map(turned).collect();
            let shuffled = [4, 1, 5, 0, 3, 2].map(|index| page[index]).to_vec();
            assert_eq!(in_reading_order(shuffled, |quad| quad), page, "{degrees} degrees");
        }
    }

    #[test]
    fn nothing_is_in_order() {
        assert!(in_reading_order(Vec::<Quad>::new(), |quad| quad).is_empty());
        let point = Quad([Point::new(1.0, 1.0); 4]);
        assert_eq!(in_reading_order(vec![point; 2], |quad| quad).len(), 2);
    }
}
