//! Maps that keep angles: turning, scaling and moving.

use bonafide_imaging::{Point, Quad};

/// `x' = a x - b y + x0`, `y' = b x + a y + y0`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct SimilarityMap {
    a: f64,
    b: f64,
    x: f64,
    y: f64,
}

impl SimilarityMap {
    /// The map that brings `from` closest to `to` in the mean of squares; without reflection
    /// (Umeyama, "Least-squares estimation of transformation parameters between two point
    /// patterns", 1991, in two dimensions). None where all points of `from` are one.
    pub(crate) fn between(from: &[Point], to: &[Point]) -> Option<Self> {
        let (centre_from, centre_to) = (centre(from), centre(to));
        let (mut dot, mut cross, mut square) = (0.0, 0.0, 0.0);
        for (from, to) in from.iter().zip(to) {
            let (x, y) = (f64::from(from.x) - centre_from.0, f64::from(from.y) - centre_from.1);
            let (u, v) = (f64::from(to.x) - centre_to.0, f64::from(to.y) - centre_to.1);
            dot += x * u + y * v;
            cross += x * v - y * u;
            square += x * x + y * y;
        }
        let (a, b) = (dot / square, cross / square);
        let map = Self {
            a,
            b,
            x: centre_to.0 - a * centre_from.0 + b * centre_from.1,
            y: centre_to.1 - b * centre_from.0 - a * centre_from.1,
        };
        (square > 0.0 && map.scale() > 1e-9 && map.scale().is_finite()).then_some(map)
    }

    /// The map from a square of side `side` at the origin to a turned square in a picture.
    pub(crate) fn onto_square(side: f32, square: &Square) -> Self {
        let scale = f64::from(square.side) / f64::from(side);
        let (sin, cos) = f64::from(square.radians).sin_cos();
        let (a, b) = (scale * cos, scale * sin);
        let half = f64::from(side) / 2.0;
        Self {
            a,
            b,
            x: f64::from(square.centre.x) - (a - b) * half,
            y: f64::from(square.centre.y) - (b + a) * half,
        }
    }

    pub(crate) fn map(&self, point: Point) -> Point {
        let (x, y) = (f64::from(point.x), f64::from(point.y));
        Point::new(
            (self.a * x - self.b * y + self.x) as f32,
            (self.b * x + self.a * y + self.y) as f32,
        )
    }

    pub(crate) fn map_quad(&self, quad: &Quad) -> Quad {
        Quad(quad.0.map(|corner| self.map(corner)))
    }

    pub(crate) fn inverse(&self) -> Self {
        let square = self.a * self.a + self.b * self.b;
        let (a, b) = (self.a / square, -self.b / square);
        Self { a, b, x: -(a * self.x - b * self.y), y: -(b * self.x + a * self.y) }
    }

    /// How much longer lengths become.
    pub(crate) fn scale(&self) -> f64 {
        self.a.hypot(self.b)
    }
}

fn centre(points: &[Point]) -> (f64, f64) {
    let count = points.len().max(1) as f64;
    let sum = points
        .iter()
        .fold((0.0, 0.0), |sum, point| (sum.0 + f64::from(point.x), sum.1 + f64::from(point.y)));
    (sum.0 / count, sum.1 / count)
}

/// A square that may be turned, in pixels of a picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Square {
    pub(crate) centre: Point,
    pub(crate) side: f32,
    /// From the x axis towards y.
    pub(crate) radians: f32,
}

impl Square {
    pub(crate) fn quad(&self) -> Quad {
        SimilarityMap::onto_square(1.0, self).map_quad(&Quad::rectangle(0.0, 0.0, 1.0, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn close(left: Point, right: Point) -> bool {
        left.distance(right) < 1e-2
    }

    proptest! {
        #[test]
        fn a_map_is_found_again_and_can_be_undone(
            turn in -3.0_f32..3.0, side in 0.1_f32..500.0, x in -900.0_f32..900.0, y in -900.0_f32..900.0
        ) {
            let square = Square { centre: Point::new(x, y), side, radians: turn };
            let map = SimilarityMap::onto_square(100.0, &square);
            let from = [(0.0, 0.0), (100.0, 0.0), (30.0, 70.0), (50.0, 50.0)].map(|(x, y)| Point::new(x, y));
            let to = from.map(|point| map.map(point));
            prop_assert!(close(to[3], square.centre));
            let found = SimilarityMap::between(&from, &to).unwrap();
            for (from, to) in from.iter().zip(to) {
                prop_assert!(close(found.map(*from), to));
                prop_assert!(map.inverse().map(to).distance(*from) < 0.1);
            }
            prop_assert!((found.scale() * 100.0 / f64::from(side) - 1.0).abs() < 1e-3);
        }
    }

    #[test]
    fn one_point_has_no_map() {
        let same = [Point::new(3.0, 4.0); 5];
        assert_eq!(SimilarityMap::between(&same, &same), None);
    }
}
