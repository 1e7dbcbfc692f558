//! How a head is held, and whether eyes and mouth are open, by the shape of its mesh.

use bonafide_imaging::Point;

use crate::mesh::Mesh;

/// The angles of a head, in degrees; all 0 for a face that looks straight into the camera.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pose {
    /// Turned, positive to the subject's left, which is the right of an unmirrored picture.
    pub yaw_degrees: f32,
    /// Nodded, positive upwards.
    pub pitch_degrees: f32,
    /// Tilted, positive clockwise in the picture.
    pub roll_degrees: f32,
}

/// Where the sides of the head are (near the ears), the top of the forehead and the chin.
const EARS: [usize; 2] = [234, 454];
const FOREHEAD: usize = 10;
const CHIN: usize = 152;

/// The outline of each eye: corner, two points above, corner, two points below.
const EYES: [[usize; 6]; 2] = [[33, 160, 158, 133, 153, 144], [362, 385, 387, 263, 373, 380]];
/// The inner edges of the lips, above and below.
const LIPS: [usize; 2] = [13, 14];

impl Pose {
    pub(crate) fn of(mesh: &Mesh) -> Self {
        let across = normalised(mesh.between(EARS[0], EARS[1]));
        let roll = across[1].atan2(across[0]);
        // Yaw and pitch in the head's own upright frame, so that a tilt does not mix them.
        let across = turned_back(across, roll);
        let down = turned_back(mesh.between(FOREHEAD, CHIN), roll);
        let down = normalised(minus(down, across, dot(down, across)));
        let away = cross(across, down);
        Self {
            yaw_degrees: (-away[0]).atan2(away[2]).to_degrees(),
            pitch_degrees: away[1].clamp(-1.0, 1.0).asin().to_degrees(),
            roll_degrees: roll.to_degrees(),
        }
    }
}

/// How far open an eye is: its height over its width, the smaller of the two eyes. About 0.27 for
/// an open eye, but between persons it varies from 0.18 to 0.35.
pub(crate) fn eye_opening(mesh: &Mesh) -> f32 {
    let opening = |[outer, above, above_too, inner, below_too, below]: [usize; 6]| {
        let height = mesh.distance(above, below) + mesh.distance(above_too, below_too);
        height / (2.0 * mesh.distance(outer, inner)).max(f32::MIN_POSITIVE)
    };
    let [right, left] = EYES.map(opening);
    right.min(left)
}

/// How far open the mouth is: the gap between the lips over the height of the face.
pub(crate) fn mouth_opening(mesh: &Mesh) -> f32 {
    mesh.distance(LIPS[0], LIPS[1]) / mesh.distance(FOREHEAD, CHIN).max(f32::MIN_POSITIVE)
}

/// The height of the face in pixels of the picture, which a turn to the side does not change.
pub(crate) fn face_height(mesh: &Mesh) -> f32 {
    mesh.distance(FOREHEAD, CHIN)
}

impl Mesh {
    fn distance(&self, from: usize, to: usize) -> f32 {
        self.at(from).distance(self.at(to))
    }

    fn between(&self, from: usize, to: usize) -> [f32; 3] {
        let (start, end): (Point, Point) = (self.at(from), self.at(to));
        [end.x - start.x, end.y - start.y, self.depths[to] - self.depths[from]]
    }
}

fn turned_back([x, y, z]: [f32; 3], radians: f32) -> [f32; 3] {
    let (sin, cos) = radians.sin_cos();
    [cos * x + sin * y, cos * y - sin * x, z]
}

fn dot(left: [f32; 3], right: [f32; 3]) -> f32 {
    left.iter().zip(right).map(|(left, right)| left * right).sum()
}

fn minus(from: [f32; 3], direction: [f32; 3], amount: f32) -> [f32; 3] {
    std::array::from_fn(|i| from[i] - amount * direction[i])
}

fn cross(a: [f32; 3], b: [f32; 3]) -> [f32; 3] {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

fn normalised(vector: [f32; 3]) -> [f32; 3] {
    let length = dot(vector, vector).sqrt().max(f32::MIN_POSITIVE);
    vector.map(|side| side / length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mesh::POINTS;

    /// A mesh whose points lie on a head of radius 100 and are turned by these angles.
    fn head(yaw: f32, pitch: f32, roll: f32) -> Mesh {
        let mut points = vec![[0.0, 0.0, -100.0]; POINTS];
        points[EARS[0]] = [-100.0, 0.0, 0.0];
        points[EARS[1]] = [100.0, 0.0, 0.0];
        points[FOREHEAD] = [0.0, -100.0, -60.0];
        points[CHIN] = [0.0, 100.0, -60.0];
        let [yaw, pitch, roll] = [yaw, pitch, roll].map(f32::to_radians);
        let turned = points.iter().map(|[x, y, z]| {
            // Nod, then turn, then tilt. A face that looks up has its forehead away.
            let (y, z) = (pitch.cos() * y + pitch.sin() * z, pitch.cos() * z - pitch.sin() * y);
            // A face that turns to the right of the picture has its nose, nearer, on the right.
            let (x, z) = (yaw.cos() * x - yaw.sin() * z, yaw.cos() * z + yaw.sin() * x);
            [roll.cos() * x - roll.sin() * y, roll.cos() * y + roll.sin() * x, z]
        });
        let turned: Vec<[f32; 3]> = turned.collect();
        Mesh {
            points: turned.iter().map(|[x, y, _]| Point::new(*x, *y)).collect(),
            depths: turned.iter().map(|[_, _, z]| *z).collect(),
            radians: 0.0,
            presence: 1.0,
        }
    }

    #[test]
    fn angles_are_found_again() {
        for (yaw, pitch, roll) in [
            (0.0, 0.0, 0.0),
            (25.0, 0.0, 0.0),
            (-40.0, 0.0, 0.0),
            (0.0, 20.0, 0.0),
            (0.0, -15.0, 0.0),
            (0.0, 0.0, 30.0),
            (20.0, 0.0, -60.0),
        ] {
            let pose = Pose::of(&head(yaw, pitch, roll));
            let found = [pose.yaw_degrees, pose.pitch_degrees, pose.roll_degrees];
            for (found, angle) in found.into_iter().zip([yaw, pitch, roll]) {
                assert!((found - angle).abs() < 0.1, "{pose:?} for {yaw} {pitch} {roll}");
            }
        }
    }

    #[test]
    fn looking_up_takes_the_chin_nearer() {
        let mesh = head(0.0, 20.0, 0.0);
        assert!(mesh.depths[CHIN] < mesh.depths[FOREHEAD]);
        // And the nose, the nearest point, up in the picture.
        assert!(mesh.points[0].y < 0.0);
    }
}
