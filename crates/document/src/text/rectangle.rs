//! Rectangles that need not be upright, and the smallest one around points.

use bonafide_imaging::{Point, Quad};

/// A rectangle in any direction. What is clearly taller than wide has been turned: its width is its
/// longer side and runs downwards.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rectangle {
    pub(super) centre: Point,
    /// The unit vector along its width.
    pub(super) along: Point,
    pub(super) width: f32,
    pub(super) height: f32,
}

/// Regions this much taller than wide are lines that run downwards.
const TALL: f32 = 1.5;

impl Rectangle {
    /// The smallest around the points; none where they lie on one line. One of its sides lies on a
    /// side of the hull (Freeman and Shapira 1975), so that trying them all finds it.
    pub(super) fn around(points: &[Point]) -> Option<Self> {
        let hull = hull(points);
        let sides = hull.iter().zip(hull.iter().cycle().skip(1));
        sides
            .filter_map(|(from, to)| {
                let length = from.distance(*to);
                let along = Point::new((to.x - from.x) / length, (to.y - from.y) / length);
                (length > 0.0).then(|| Self::along(along, &hull))
            })
            .filter(|rectangle| rectangle.area() > 0.0)
            .min_by(|a, b| a.area().total_cmp(&b.area()))
            .map(Self::as_read)
    }

    pub(super) fn area(&self) -> f32 {
        self.width * self.height
    }

    /// Its corners, beginning with the top left of the line in it.
    pub(super) fn quad(&self) -> Quad {
        let corner =
            |right: f32, down: f32| self.at(right * self.width / 2.0, down * self.height / 2.0);
        Quad([corner(-1.0, -1.0), corner(1.0, -1.0), corner(1.0, 1.0), corner(-1.0, 1.0)])
    }

    pub(super) fn contains(&self, point: Point) -> bool {
        let from_centre = Point::new(point.x - self.centre.x, point.y - self.centre.y);
        2.0 * dot(from_centre, self.along).abs() <= self.width
            && 2.0 * dot(from_centre, down(self.along)).abs() <= self.height
    }

    fn at(&self, right: f32, below: f32) -> Point {
        let (along, down) = (self.along, down(self.along));
        Point::new(
            self.centre.x + right * along.x + below * down.x,
            self.centre.y + right * along.y + below * down.y,
        )
    }

    /// The smallest in this direction.
    fn along(along: Point, points: &[Point]) -> Self {
        let down = down(along);
        let (left, right) = extent(points, along);
        let (top, bottom) = extent(points, down);
        let (across, below) = (f32::midpoint(left, right), f32::midpoint(top, bottom));
        let centre =
            Point::new(across * along.x + below * down.x, across * along.y + below * down.y);
        Self { centre, along, width: right - left, height: bottom - top }
    }

    /// The same rectangle with its width in the direction in which people would read it.
    fn as_read(mut self) -> Self {
        for _ in 0..3 {
            if self.along.x < self.along.y.abs() {
                self = self.turned();
            }
        }
        if self.height >= TALL * self.width { self.turned() } else { self }
    }

    fn turned(self) -> Self {
        Self { along: down(self.along), width: self.height, height: self.width, ..self }
    }
}

/// The direction below a line that runs in this one: a quarter turn clockwise as seen.
pub(super) fn down(along: Point) -> Point {
    Point::new(-along.y, along.x)
}

pub(super) fn dot(a: Point, b: Point) -> f32 {
    a.x * b.x + a.y * b.y
}

fn extent(points: &[Point], direction: Point) -> (f32, f32) {
    points.iter().fold((f32::INFINITY, f32::NEG_INFINITY), |(least, most), &point| {
        let place = dot(point, direction);
        (least.min(place), most.max(place))
    })
}

/// The convex hull (Andrew 1979, monotone chain).
fn hull(points: &[Point]) -> Vec<Point> {
    let mut sorted = points.to_vec();
    sorted.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
    let mut hull = chain(sorted.iter());
    hull.extend(chain(sorted.iter().rev()));
    hull
}

/// The hull from the first point to before the last, always turning the same way.
fn chain<'a>(points: impl Iterator<Item = &'a Point>) -> Vec<Point> {
    let mut chain: Vec<Point> = Vec::new();
    for &point in points {
        while let [.., a, b] = chain[..]
            && (b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x) <= 0.0
        {
            chain.pop();
        }
        chain.push(point);
    }
    chain.pop();
    chain
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rectangle(degrees: f32, width: f32, height: f32) -> Rectangle {
        let (sine, cosine) = degrees.to_radians().sin_cos();
        Rectangle { centre: Point::new(50.0, 40.0), along: Point::new(cosine, sine), width, height }
    }

    #[test]
    fn what_is_taller_than_wide_runs_downwards() {
        let tall = Rectangle::around(&rectangle(0.0, 10.0, 60.0).quad().0).unwrap();
        assert_eq!((tall.width, tall.height), (60.0, 10.0));
        assert_eq!(tall.quad().0[0], Point::new(55.0, 10.0));
        let nearly_square = Rectangle::around(&rectangle(0.0, 10.0, 12.0).quad().0).unwrap();
        assert_eq!((nearly_square.width, nearly_square.height), (10.0, 12.0));
    }

    #[test]
    fn points_on_a_line_have_no_rectangle() {
        let line: Vec<Point> = (0..5).map(|i| Point::new(i as f32, i as f32)).collect();
        assert_eq!(Rectangle::around(&line), None);
        assert_eq!(Rectangle::around(&[Point::new(3.0, 4.0); 3]), None);
        assert_eq!(Rectangle::around(&[]), None);
    }

    proptest! {
        #[test]
        fn a_rectangle_is_found_from_its_corners(degrees in -44.0_f32..44.0, width in 20.0_f32..200.0, height in 5.0_f32..19.0) {
            let drawn = rectangle(degrees, width, height);
            let found = Rectangle::around(&drawn.quad().0).unwrap();
            for (found, drawn) in found.quad().0.iter().zip(drawn.quad().0) {
                prop_assert!(found.distance(drawn) < 0.05);
            }
        }

        #[test]
        fn it_holds_all_its_points(points in proptest::collection::vec((0_u16..60, 0_u16..60), 3..60)) {
            let points: Vec<Point> = points.iter().map(|&(x, y)| Point::new(f32::from(x), f32::from(y))).collect();
            if let Some(found) = Rectangle::around(&points) {
                let roomier = Rectangle { width: found.width + 0.01, height: found.height + 0.01, ..found };
                prop_assert!(points.iter().all(|&point| roomier.contains(point)));
            }
        }
    }
}
