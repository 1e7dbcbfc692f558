//! The nets together: from a picture to faces, from a face to its description.

use bonafide_domain::evidence::ModelIdentity;
use bonafide_imaging::{Point, Quad, resize, turn};
use bonafide_models::{Digest, Library};
use image::{RgbImage, imageops};

use crate::Error;
use crate::cut::Views;
use crate::description::{Describer, Description, chip};
use crate::detector::{Detection, Detector, distinct};
use crate::mesh::{Mesh, Mesher};
use crate::passive::{AttackDetector, Passive};
use crate::pose::Pose;

/// A face in a picture. All places are in pixels of the upright picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Face {
    /// How likely the detector thinks it is a face, 0 to 1.
    pub score: f32,
    /// The upright box around the face.
    pub quad: Quad,
    /// The box that the detector gave it: somewhat less of the forehead, more of the chin.
    pub found: Quad,
    /// Its shape.
    pub mesh: Mesh,
    /// How the head is held.
    pub pose: Pose,
}

impl Face {
    /// The distance between the middles of the eyes, in pixels.
    pub fn inter_eye_pixels(&self) -> f32 {
        self.mesh.right_eye().distance(self.mesh.left_eye())
    }
}

/// Finds and describes faces. Shared by all threads; a call takes tens of milliseconds.
pub struct FaceReader {
    detector: Detector,
    mesher: Mesher,
    describer: Describer,
    attacks: Option<AttackDetector>,
    pack: Digest,
}

/// A way of looking for faces.
type Look = fn(&FaceReader, &RgbImage) -> Result<Vec<Detection>, Error>;

/// The margins that a picture is looked at with, one after the other until a face is found.
const MARGINS: [f32; 2] = [0.25, 0.0];
/// Longest side of a document while it is turned to find out which way is up, in pixels: four times
/// what the detector looks at, which its tiles need.
const LONGEST_TURNED: f32 = 1024.0;
/// Least certainty of the mesh that it is on a face.
const LEAST_PRESENCE: f32 = 0.5;

impl FaceReader {
    /// The roles of the nets that it needs.
    pub const ROLES: [&str; 3] = [Detector::ROLE, Mesher::ROLE, Describer::ROLE];
    /// The role whose pack descriptions come from.
    pub const DESCRIPTION: &str = Describer::ROLE;

    /// Opens the nets of a library. Fails with [`bonafide_models::Error::Missing`] until the pack
    /// `face-default`, or one that takes its place, is installed.
    pub fn open(library: &Library) -> Result<Self, Error> {
        Ok(Self {
            detector: Detector::open(library)?,
            mesher: Mesher::open(library)?,
            describer: Describer::open(library)?,
            attacks: AttackDetector::open(library)?,
            pack: library.pack_digest(Describer::ROLE)?,
        })
    }

    /// The digest of the pack that describes faces: descriptions of two packs never compare.
    pub fn pack(&self) -> Digest {
        self.pack
    }

    /// The net that finds faces.
    pub fn detection_model(&self) -> &ModelIdentity {
        self.detector.identity()
    }

    /// The net that measures their shape.
    pub fn mesh_model(&self) -> &ModelIdentity {
        self.mesher.identity()
    }

    /// The net that describes them.
    pub fn description_model(&self) -> &ModelIdentity {
        self.describer.identity()
    }

    /// What tells a face from a picture of one, where its pack is installed.
    pub fn attack_detector(&self) -> Option<&AttackDetector> {
        self.attacks.as_ref()
    }

    /// How likely a live face stood before the camera; nothing where no pack is installed that
    /// could tell.
    pub fn passive(&self, picture: &RgbImage, face: &Face) -> Result<Option<Passive>, Error> {
        let Some(attacks) = &self.attacks else { return Ok(None) };
        let likelihood = attacks.likelihood(picture, face)?;
        Ok(Some(Passive { likelihood, by: attacks.identity().clone() }))
    }

    /// The faces of a picture of a person, the largest first.
    pub fn faces(&self, picture: &RgbImage) -> Result<Vec<Face>, Error> {
        self.faces_in(&Views::of(picture))
    }

    /// The same, of a picture that more is to be taken out of.
    pub fn faces_in(&self, views: &Views) -> Result<Vec<Face>, Error> {
        let whole = views.whole();
        let longest = whole.width().max(whole.height()) as f32;
        // Twice as fine as the detector looks: shrinking averages what is finer.
        let (view, times) = views.fine_enough(longest, 2.0 * self.detector.longest() as f32);
        let mut found = self.whole(view)?;
        for detection in &mut found {
            detection.scale_by(2.0_f32.powi(times as i32));
        }
        self.measured(views, &found)
    }

    /// The faces of a picture of a document, the largest first: they may be small, and the
    /// document may lie on its side.
    pub fn portraits(&self, document: &RgbImage) -> Result<Vec<Face>, Error> {
        self.portraits_in(&Views::of(document))
    }

    /// The same, of a picture that more is to be taken out of.
    pub fn portraits_in(&self, views: &Views) -> Result<Vec<Face>, Error> {
        for look in [Self::whole as Look, Self::in_tiles] {
            for found in self.ways_up(views.whole(), look)? {
                let faces = self.measured(views, &found)?;
                if !faces.is_empty() {
                    return Ok(faces);
                }
            }
        }
        Ok(Vec::new())
    }

    /// What is found in the document as it lies and turned by quarters, the likeliest way first:
    /// the detector takes many a face that stands on its head for an upright one, with less
    /// certainty, and what is described then is nobody's face.
    fn ways_up(&self, document: &RgbImage, look: Look) -> Result<Vec<Vec<Detection>>, Error> {
        // Turning what the detector shrinks anyway is cheaper than turning all of it.
        let longest = document.width().max(document.height());
        let scale = (LONGEST_TURNED / longest.max(1) as f32).min(1.0);
        let smaller = |length: u32| (length as f32 * scale).round() as u32;
        let small = resize(document, smaller(document.width()), smaller(document.height()));
        let mut ways = Vec::new();
        for quarter_turns in 0..4 {
            let mut found = look(self, &turn(&small, quarter_turns))?;
            for detection in &mut found {
                turn_back(detection, quarter_turns, small.dimensions());
                detection.scale_by(1.0 / scale);
            }
            ways.push(found);
        }
        ways.retain(|found| !found.is_empty());
        ways.sort_by(|left, right| right[0].score.total_cmp(&left[0].score));
        Ok(ways)
    }

    /// The upright picture of a face, 150 by 150 pixels; none where its mesh is a single point.
    #[expect(clippy::unused_self, reason = "what is described and the description are one room's")]
    pub fn chip(&self, views: &Views, face: &Face) -> Option<RgbImage> {
        chip(views, &face.mesh)
    }

    /// The description of a face whose chip this is; none where its mesh is a single point.
    pub fn describe(
        &self,
        views: &Views,
        face: &Face,
        chip: &RgbImage,
    ) -> Result<Option<Description>, Error> {
        self.describer.describe(views, &face.mesh, chip)
    }

    fn whole(&self, picture: &RgbImage) -> Result<Vec<Detection>, Error> {
        for margin in MARGINS {
            let found = self.detector.detect(picture, margin)?;
            if !found.is_empty() {
                return Ok(found);
            }
        }
        Ok(Vec::new())
    }

    /// Looks at three overlapping squares along the longer side.
    fn in_tiles(&self, picture: &RgbImage) -> Result<Vec<Detection>, Error> {
        let (width, height) = picture.dimensions();
        let side = width.min(height);
        let mut found = Vec::new();
        for step in 0..3 {
            let (left, top) = ((width - side) * step / 2, (height - side) * step / 2);
            let tile = imageops::crop_imm(picture, left, top, side, side).to_image();
            for mut detection in self.detector.detect(&tile, 0.0)? {
                detection.move_by(left as f32, top as f32);
                found.push(detection);
            }
        }
        Ok(distinct(found))
    }

    fn measured(&self, views: &Views, found: &[Detection]) -> Result<Vec<Face>, Error> {
        let mut faces = Vec::new();
        for detection in found {
            let mesh = self.mesher.mesh(views, detection)?;
            if mesh.presence < LEAST_PRESENCE {
                continue;
            }
            let quad = around(mesh.bounds());
            let (score, found) = (detection.score, around(detection.bounds));
            faces.push(Face { score, quad, found, pose: Pose::of(&mesh), mesh });
        }
        faces.sort_by(|left, right| right.quad.area().total_cmp(&left.quad.area()));
        Ok(faces)
    }
}

/// The upright box with these bounds: left, top, right, bottom.
fn around([left, top, right, bottom]: [f32; 4]) -> Quad {
    Quad::rectangle(left, top, right - left, bottom - top)
}

impl Detection {
    fn scale_by(&mut self, factor: f32) {
        self.bounds = self.bounds.map(|side| side * factor);
        self.points = self.points.map(|point| Point::new(point.x * factor, point.y * factor));
    }

    fn move_by(&mut self, x: f32, y: f32) {
        let [left, top, right, bottom] = self.bounds;
        self.bounds = [left + x, top + y, right + x, bottom + y];
        self.points = self.points.map(|point| Point::new(point.x + x, point.y + y));
    }
}

/// Takes places in a picture that was turned clockwise back to the picture of this size.
fn turn_back(detection: &mut Detection, quarter_turns: u8, (width, height): (u32, u32)) {
    let (width, height) = (width as f32, height as f32);
    let back = |point: Point| match quarter_turns % 4 {
        0 => point,
        1 => Point::new(point.y, height - point.x),
        2 => Point::new(width - point.x, height - point.y),
        _ => Point::new(width - point.y, point.x),
    };
    let [left, top, right, bottom] = detection.bounds;
    let (one, other) = (back(Point::new(left, top)), back(Point::new(right, bottom)));
    detection.bounds =
        [one.x.min(other.x), one.y.min(other.y), one.x.max(other.x), one.y.max(other.y)];
    detection.points = detection.points.map(back);
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{Rgb, RgbImage};

    /// Guards against bounds that were taken for a place and a size: a face's box then began where
    /// it should and reached far beyond it, and the second person in a selfie counted as small.
    #[test]
    fn the_box_around_a_face_ends_where_the_face_ends() {
        assert_eq!(around([20.0, 30.0, 70.0, 90.0]).bounds(), [20.0, 30.0, 70.0, 90.0]);
    }

    #[test]
    fn places_are_turned_back_as_pictures_are_turned() {
        let mut picture = RgbImage::new(40, 20);
        picture.put_pixel(7, 3, Rgb([255; 3]));
        for quarter_turns in 0..4 {
            let turned = turn(&picture, quarter_turns);
            let (x, y, _) = turned.enumerate_pixels().find(|(.., pixel)| pixel[0] > 0).unwrap();
            let centre = Point::new(x as f32 + 0.5, y as f32 + 0.5);
            let mut detection = Detection {
                bounds: [centre.x - 1.0, centre.y - 2.0, centre.x + 1.0, centre.y + 2.0],
                points: [centre; 6],
                score: 1.0,
            };
            turn_back(&mut detection, quarter_turns, picture.dimensions());
            assert_eq!(detection.points[0], Point::new(7.5, 3.5), "{quarter_turns}");
            let [left, top, right, bottom] = detection.bounds;
            assert_eq!((left + right, top + bottom), (15.0, 7.0));
        }
    }
}
