//! The shape of a face: `FaceMesh` (Kartynnik et al., 2019), 468 points of three coordinates.

use bonafide_imaging::Point;
use bonafide_models::Library;

use crate::Error;
use crate::cut::{Views, cut};
use crate::detector::Detection;
use crate::nets::PictureNet;
use crate::similarity_map::{SimilarityMap, Square};

/// How many points a mesh has.
pub(crate) const POINTS: usize = 468;
/// How much wider than the face the net's picture of it is.
const MARGIN: f32 = 1.5;

/// A face's mesh, in pixels of the picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Mesh {
    /// The points' places in the picture.
    pub(crate) points: Vec<Point>,
    /// Their depths, smaller is nearer; in the unit of the places. What the net makes of the
    /// depth of a flat picture is a face's depth, too.
    pub(crate) depths: Vec<f32>,
    /// How the net's picture was turned, in radians from the x axis towards y.
    pub(crate) radians: f32,
    /// How likely the net's picture showed a face, 0 to 1.
    pub(crate) presence: f32,
}

pub(crate) struct Mesher(PictureNet);

impl Mesher {
    pub(crate) const ROLE: &str = "face-mesh";

    pub(crate) fn open(library: &Library) -> Result<Self, Error> {
        PictureNet::open(library, Self::ROLE).map(Self)
    }

    pub(crate) fn identity(&self) -> &bonafide_domain::evidence::ModelIdentity {
        &self.0.identity
    }

    /// The mesh of a face that was found. Twice: the first mesh tells better where the face is
    /// than the detector does, and the second one is made from there.
    pub(crate) fn mesh(&self, views: &Views, found: &Detection) -> Result<Mesh, Error> {
        let first = self.within(views, &around_detection(found))?;
        let again = first.square();
        self.within(views, &again)
    }

    fn within(&self, views: &Views, square: &Square) -> Result<Mesh, Error> {
        let side = self.0.side;
        let cut = cut(views, &square.quad(), side);
        let output = self.0.run(&[&cut], 3 * POINTS + 1)?;
        let map = SimilarityMap::onto_square(side as f32, square);
        let (numbers, presence) = output.split_at(3 * POINTS);
        Ok(Mesh {
            points: numbers.chunks_exact(3).map(|at| map.map(Point::new(at[0], at[1]))).collect(),
            depths: numbers.chunks_exact(3).map(|at| at[2] * map.scale() as f32).collect(),
            radians: square.radians,
            presence: presence[0],
        })
    }
}

/// The square around a detection, turned so that the eyes are level.
fn around_detection(found: &Detection) -> Square {
    let [left, top, right, bottom] = found.bounds;
    Square {
        centre: Point::new(f32::midpoint(left, right), f32::midpoint(top, bottom)),
        side: MARGIN * (right - left).max(bottom - top),
        radians: direction(found.points[0], found.points[1]),
    }
}

fn direction(from: Point, to: Point) -> f32 {
    let radians = (to.y - from.y).atan2(to.x - from.x);
    if radians.is_finite() { radians } else { 0.0 }
}

impl Mesh {
    /// The place of a point, by its number in the published mesh.
    pub(crate) fn at(&self, number: usize) -> Point {
        self.points[number]
    }

    /// The square that the next mesh is made from: the eyes level, the points in its middle.
    fn square(&self) -> Square {
        let radians = direction(self.right_eye(), self.left_eye());
        let [left, top, right, bottom] = self.bounds_turned(radians);
        let (sin, cos) = radians.sin_cos();
        let (x, y) = (f32::midpoint(left, right), f32::midpoint(top, bottom));
        Square {
            centre: Point::new(cos * x - sin * y, sin * x + cos * y),
            side: MARGIN * (right - left).max(bottom - top).max(1.0),
            radians,
        }
    }

    /// Left, top, right, bottom in axes turned by an angle.
    fn bounds_turned(&self, radians: f32) -> [f32; 4] {
        let (sin, cos) = radians.sin_cos();
        let mut bounds = [f32::INFINITY, f32::INFINITY, f32::NEG_INFINITY, f32::NEG_INFINITY];
        for point in &self.points {
            let (x, y) = (cos * point.x + sin * point.y, cos * point.y - sin * point.x);
            bounds = [bounds[0].min(x), bounds[1].min(y), bounds[2].max(x), bounds[3].max(y)];
        }
        bounds
    }

    /// Left, top, right, bottom in the picture.
    pub(crate) fn bounds(&self) -> [f32; 4] {
        self.bounds_turned(0.0)
    }

    /// The middle of the subject's right eye, which is on the left of an upright picture.
    pub(crate) fn right_eye(&self) -> Point {
        middle(self.at(33), self.at(133))
    }

    /// The middle of the subject's left eye.
    pub(crate) fn left_eye(&self) -> Point {
        middle(self.at(362), self.at(263))
    }
}

pub(crate) fn middle(left: Point, right: Point) -> Point {
    Point::new(f32::midpoint(left.x, right.x), f32::midpoint(left.y, right.y))
}
