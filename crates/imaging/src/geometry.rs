use serde::{Deserialize, Serialize};

/// A place in a picture, in pixels. The centre of the first pixel is at (0.5, 0.5).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// To the right.
    pub x: f32,
    /// Down.
    pub y: f32,
}

impl Point {
    /// The point at these coordinates.
    pub const fn new(x: f32, y: f32) -> Self {
        Self { x, y }
    }

    /// Distance to another point, in pixels.
    pub fn distance(self, other: Self) -> f32 {
        (self.x - other.x).hypot(self.y - other.y)
    }
}

/// Four corners, clockwise as seen, beginning with the one that is the top left of what the quad holds: a text line
/// that stands on its head has its first corner at the bottom right of the picture.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Quad(pub [Point; 4]);

impl Quad {
    /// An upright rectangle.
    pub const fn rectangle(left: f32, top: f32, width: f32, height: f32) -> Self {
        let (right, bottom) = (left + width, top + height);
        Self([
            Point::new(left, top),
            Point::new(right, top),
            Point::new(right, bottom),
            Point::new(left, bottom),
        ])
    }

    /// The whole of a picture of this size.
    pub fn frame(width: u32, height: u32) -> Self {
        Self::rectangle(0.0, 0.0, width as f32, height as f32)
    }

    /// Mean length of the first and third side.
    pub fn width(&self) -> f32 {
        let [a, b, c, d] = self.0;
        f32::midpoint(a.distance(b), d.distance(c))
    }

    /// Mean length of the second and fourth side.
    pub fn height(&self) -> f32 {
        let [a, b, c, d] = self.0;
        f32::midpoint(a.distance(d), b.distance(c))
    }

    /// Enclosed area in square pixels (of a quad that does not cross itself).
    pub fn area(&self) -> f32 {
        let [a, b, c, d] = self.0;
        0.5 * ((c.x - a.x) * (d.y - b.y) - (d.x - b.x) * (c.y - a.y)).abs()
    }

    /// The mean of the corners.
    pub fn centre(&self) -> Point {
        let sum = self.0.iter().fold(Point::new(0.0, 0.0), |sum, corner| {
            Point::new(sum.x + corner.x, sum.y + corner.y)
        });
        Point::new(sum.x / 4.0, sum.y / 4.0)
    }

    /// The smallest upright rectangle around it: left, top, right, bottom.
    pub fn bounds(&self) -> [f32; 4] {
        let mut bounds = [f32::INFINITY, f32::INFINITY, f32::NEG_INFINITY, f32::NEG_INFINITY];
        for corner in self.0 {
            bounds[0] = bounds[0].min(corner.x);
            bounds[1] = bounds[1].min(corner.y);
            bounds[2] = bounds[2].max(corner.x);
            bounds[3] = bounds[3].max(corner.y);
        }
        bounds
    }

    /// All coordinates multiplied, for a picture that was resized by these factors.
    #[must_use]
    pub fn scaled(&self, by_x: f32, by_y: f32) -> Self {
        Self(self.0.map(|corner| Point::new(corner.x * by_x, corner.y * by_y)))
    }

    /// All corners moved.
    #[must_use]
    pub fn moved(&self, by_x: f32, by_y: f32) -> Self {
        Self(self.0.map(|corner| Point::new(corner.x + by_x, corner.y + by_y)))
    }

    /// All corners moved away from the centre, by this share of their distance to it.
    #[must_use]
    pub fn grown(&self, share: f32) -> Self {
        let centre = self.centre();
        let away = |from: f32, to: f32| to + (to - from) * share;
        Self(self.0.map(|corner| Point::new(away(centre.x, corner.x), away(centre.y, corner.y))))
    }
}

/// A projective map of the plane.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Homography([[f64; 3]; 3]);

impl Homography {
    /// The map that takes an upright rectangle at the origin onto the quad, corner by corner, beginning with the
    /// rectangle's top left. None where three corners lie on one line or the size is not positive.
    ///
    /// Closed form by Heckbert, "Fundamentals of Texture Mapping and Image Warping" (1989), §2.2.3.
    pub fn rectangle_to_quad(width: f32, height: f32, quad: &Quad) -> Option<Self> {
        let [a, b, c, d] = quad.0.map(|corner| (f64::from(corner.x), f64::from(corner.y)));
        let (sum_x, sum_y) = (a.0 - b.0 + c.0 - d.0, a.1 - b.1 + c.1 - d.1);
        let (bc_x, bc_y) = (b.0 - c.0, b.1 - c.1);
        let (dc_x, dc_y) = (d.0 - c.0, d.1 - c.1);
        let denominator = bc_x * dc_y - dc_x * bc_y;
        let g = (sum_x * dc_y - dc_x * sum_y) / denominator;
        let h = (bc_x * sum_y - sum_x * bc_y) / denominator;
        let unit_square = Self([
            [b.0 - a.0 + g * b.0, d.0 - a.0 + h * d.0, a.0],
            [b.1 - a.1 + g * b.1, d.1 - a.1 + h * d.1, a.1],
            [g, h, 1.0],
        ]);
        let map = unit_square.after_scaling(1.0 / f64::from(width), 1.0 / f64::from(height));
        map.is_invertible().then_some(map)
    }

    /// The map that takes the quad onto an upright rectangle at the origin. None as in `rectangle_to_quad`.
    pub fn quad_to_rectangle(quad: &Quad, width: f32, height: f32) -> Option<Self> {
        Self::rectangle_to_quad(width, height, quad).map(|map| map.inverse())
    }

    /// Where a point goes to. Points on the map's horizon go to infinity.
    pub fn map(&self, point: Point) -> Point {
        let (x, y) = (f64::from(point.x), f64::from(point.y));
        let row = |row: [f64; 3]| row[0] * x + row[1] * y + row[2];
        let depth = row(self.0[2]);
        Point::new((row(self.0[0]) / depth) as f32, (row(self.0[1]) / depth) as f32)
    }

    /// Where a quad's corners go to.
    pub fn map_quad(&self, quad: &Quad) -> Quad {
        Quad(quad.0.map(|corner| self.map(corner)))
    }

    fn after_scaling(self, by_x: f64, by_y: f64) -> Self {
        Self(self.0.map(|row| [row[0] * by_x, row[1] * by_y, row[2]]))
    }

    /// Maps of usable quads have determinants far from this; it only keeps out collapsed ones.
    fn is_invertible(&self) -> bool {
        let determinant = self.determinant();
        determinant.is_finite() && determinant.abs() > 1e-9
    }

    fn determinant(&self) -> f64 {
        let [[a, b, c], [d, e, f], [g, h, i]] = self.0;
        a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
    }

    /// The adjugate: an inverse up to scale, which a projective map does not have.
    fn inverse(&self) -> Self {
        let [[a, b, c], [d, e, f], [g, h, i]] = self.0;
        Self([
            [e * i - f * h, c * h - b * i, b * f - c * e],
            [f * g - d * i, a * i - c * g, c * d - a * f],
            [d * h - e * g, b * g - a * h, a * e - b * d],
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn close(a: Point, b: Point) -> bool {
        a.distance(b) < 0.05
    }

    #[test]
    fn a_quad_knows_its_measures() {
        let quad = Quad::rectangle(10.0, 20.0, 40.0, 30.0);
        assert_eq!((quad.width(), quad.height(), quad.area()), (40.0, 30.0, 1200.0));
        assert_eq!(quad.centre(), Point::new(30.0, 35.0));
        let [left, top, right, bottom] = quad.bounds();
        assert_eq!(Quad::rectangle(left, top, right - left, bottom - top), quad);
        assert_eq!(quad.grown(0.5), Quad::rectangle(0.0, 12.5, 60.0, 45.0));
        assert_eq!(quad.scaled(2.0, 0.5), Quad::rectangle(20.0, 10.0, 80.0, 15.0));
    }

    #[test]
    fn quads_travel_as_plain_json() {
        let quad = Quad::rectangle(0.0, 0.0, 2.0, 1.0);
        let json = serde_json::to_string(&quad).expect("serializes");
        assert_eq!(
            json,
            r#"[{"x":0.0,"y":0.0},{"x":2.0,"y":0.0},{"x":2.0,"y":1.0},{"x":0.0,"y":1.0}]"#
        );
        assert_eq!(serde_json::from_str::<Quad>(&json).expect("parses"), quad);
    }

    #[test]
    fn collapsed_quads_have_no_map() {
        let line = Quad([
            Point::new(0.0, 0.0),
            Point::new(1.0, 1.0),
            Point::new(2.0, 2.0),
            Point::new(3.0, 3.0),
        ]);
        assert_eq!(Homography::rectangle_to_quad(10.0, 10.0, &line), None);
        let point = Quad([Point::new(5.0, 5.0); 4]);
        assert_eq!(Homography::rectangle_to_quad(10.0, 10.0, &point), None);
        assert_eq!(Homography::rectangle_to_quad(0.0, 10.0, &Quad::frame(5, 5)), None);
    }

    proptest! {
        #[test]
        fn corners_meet_corners_and_back(
            jitter in proptest::array::uniform8(-40.0_f32..40.0),
            width in 10.0_f32..500.0,
            height in 10.0_f32..500.0,
        ) {
            let base = Quad::rectangle(100.0, 100.0, 200.0, 150.0).0;
            let quad = Quad([0, 1, 2, 3].map(|i| Point::new(base[i].x + jitter[2 * i], base[i].y + jitter[2 * i + 1])));
            let rectangle = Quad::rectangle(0.0, 0.0, width, height);
            let there = Homography::rectangle_to_quad(width, height, &quad).expect("a proper quad");
            let back = Homography::quad_to_rectangle(&quad, width, height).expect("a proper quad");
            for corner in 0..4 {
                prop_assert!(close(there.map(rectangle.0[corner]), quad.0[corner]));
                prop_assert!(close(back.map(quad.0[corner]), rectangle.0[corner]));
            }
            let middle = Point::new(width * 0.4, height * 0.7);
            prop_assert!(close(back.map(there.map(middle)), middle));
        }
    }
}
