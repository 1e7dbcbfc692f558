//! Where faces are: `BlazeFace` (Bazarevsky et al., 2019) for the back camera, or a net that takes its
//! place.

use bonafide_imaging::{Point, resize};
use bonafide_models::{self as models, Library};
use image::{RgbImage, imageops};

use crate::Error;
use crate::nets::PictureNet;
use crate::yunet;

/// Least score of a face, 0 to 1.
pub(crate) const LEAST_SCORE: f32 = 0.5;
/// Two boxes that share more than this part of their union are one face.
const MOST_OVERLAP: f32 = 0.3;
/// Most faces that are looked at further, the likeliest first.
const MOST_FACES: usize = 16;

/// A face that was found, in pixels of the picture.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Detection {
    /// Left, top, right, bottom.
    pub(crate) bounds: [f32; 4],
    /// The subject's right eye and left eye, nose tip, mouth, right ear and left ear.
    pub(crate) points: [Point; 6],
    /// 0 to 1.
    pub(crate) score: f32,
}

pub(crate) struct Detector {
    net: PictureNet,
    family: Family,
}

/// A net that finds faces.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    BlazeFace,
    Yunet,
}

/// Longest side of a picture for `BlazeFace`, in pixels; and of one for `YuNet`, where that does not take
/// another one only.
const LONGEST: u32 = 256;
const LONGEST_FOR_YUNET: u32 = 640;
/// What the net sees around a picture to know that it ends there, on both sides together, in pixels.
/// More is nothing but black, at the price of faces: boxes found with all of the margin and with this
/// much of it share 95 % of their union in 19 of 20 pictures.
const EDGES: u32 = 16;

/// Numbers for each anchor: the score's logit; centre, width and height; six points.
const NUMBERS: usize = 17;

impl Detector {
    pub(crate) const ROLE: &str = "face-detection";

    pub(crate) fn open(library: &Library) -> Result<Self, Error> {
        let net = PictureNet::open(library, Self::ROLE)?;
        let family = match library.entry(Self::ROLE)?.family {
            None | Some(models::Family::Blazeface) => Family::BlazeFace,
            Some(models::Family::Yunet) => Family::Yunet,
            Some(_) => return Err(Error::OtherFamily { role: Self::ROLE }),
        };
        let detector = Self { net, family };
        let (step, longest) = (detector.net.side, detector.longest());
        let is_usable = step.is_multiple_of(32) && longest.is_multiple_of(step);
        if is_usable { Ok(detector) } else { Err(Error::OtherInput { role: Self::ROLE }) }
    }

    /// Longest side of the net's picture, in pixels.
    pub(crate) fn longest(&self) -> u32 {
        match (self.net.is_free(), self.family) {
            (false, _) => self.net.side,
            (true, Family::BlazeFace) => LONGEST,
            (true, Family::Yunet) => LONGEST_FOR_YUNET,
        }
    }

    pub(crate) fn identity(&self) -> &bonafide_domain::evidence::ModelIdentity {
        &self.net.identity
    }

    /// The faces of a picture, the likeliest first. `margin` is the room that is left around it, as
    /// a share of its longer side: without it a face that fills the picture is larger than the net
    /// knows faces, and is missed.
    pub(crate) fn detect(&self, picture: &RgbImage, margin: f32) -> Result<Vec<Detection>, Error> {
        let longest = picture.width().max(picture.height());
        if longest == 0 {
            return Ok(Vec::new());
        }
        let scale = self.longest() as f32 / (longest as f32 * (1.0 + 2.0 * margin));
        let canvas = Canvas::new(picture, scale, self.net.side, self.longest());
        let found = match self.family {
            Family::BlazeFace => self.blazeface(&canvas)?,
            Family::Yunet => {
                let lengths = yunet::lengths(canvas.picture.dimensions());
                let outputs = self.net.run_for(&canvas.picture, yunet::OUTPUTS, lengths)?;
                yunet::found(&canvas, &outputs)
            }
        };
        Ok(distinct(found))
    }

    fn blazeface(&self, canvas: &Canvas) -> Result<Vec<Detection>, Error> {
        let anchors = anchors(canvas.picture.dimensions());
        let output = self.net.run(&[&canvas.picture], anchors.len() * NUMBERS)?;
        let found = output.chunks_exact(NUMBERS).zip(&anchors).filter_map(|(numbers, anchor)| {
            let score = 1.0 / (1.0 + (-numbers[0]).exp());
            (score >= LEAST_SCORE).then(|| canvas.detection(numbers, *anchor, score))
        });
        Ok(found.collect())
    }
}

/// The centres of the anchors in pixels of the net's picture: two for each cell of 16 pixels, six
/// for each cell of 32.
fn anchors((width, height): (u32, u32)) -> Vec<Point> {
    let mut anchors = Vec::new();
    for (stride, count) in [(16, 2), (32, 6)] {
        for row in 0..height / stride {
            for column in 0..width / stride {
                let centre = |cell: u32| (cell as f32 + 0.5) * stride as f32;
                anchors.extend([Point::new(centre(column), centre(row))].repeat(count));
            }
        }
    }
    anchors
}

/// A picture in the middle of a black one.
pub(crate) struct Canvas {
    pub(crate) picture: RgbImage,
    scale: [f32; 2],
    offset: [f32; 2],
}

impl Canvas {
    /// Each side of the canvas is a multiple of `step`, which divides the longest.
    pub(crate) fn new(picture: &RgbImage, scale: f32, step: u32, longest: u32) -> Self {
        let fitted = |length: u32| ((length as f32 * scale).round() as u32).clamp(1, longest);
        let (width, height) = (fitted(picture.width()), fitted(picture.height()));
        let around = |length: u32| (length + EDGES).next_multiple_of(step).min(longest);
        let (left, top) = ((around(width) - width) / 2, (around(height) - height) / 2);
        let mut canvas = RgbImage::new(around(width), around(height));
        let small = resize(picture, width, height);
        imageops::replace(&mut canvas, &small, i64::from(left), i64::from(top));
        Self {
            picture: canvas,
            scale: [picture.width() as f32 / width as f32, picture.height() as f32 / height as f32],
            offset: [left as f32, top as f32],
        }
    }

    pub(crate) fn in_picture(&self, x: f32, y: f32) -> Point {
        Point::new((x - self.offset[0]) * self.scale[0], (y - self.offset[1]) * self.scale[1])
    }

    fn detection(&self, numbers: &[f32], anchor: Point, score: f32) -> Detection {
        let [x, y] = [numbers[1] + anchor.x, numbers[2] + anchor.y];
        let [half_width, half_height] = [numbers[3] / 2.0, numbers[4] / 2.0];
        let from = self.in_picture(x - half_width, y - half_height);
        let to = self.in_picture(x + half_width, y + half_height);
        Detection {
            bounds: [from.x, from.y, to.x, to.y],
            points: std::array::from_fn(|index| {
                let at = 5 + 2 * index;
                self.in_picture(numbers[at] + anchor.x, numbers[at + 1] + anchor.y)
            }),
            score,
        }
    }
}

/// The likeliest box of each face, the likeliest face first.
pub(crate) fn distinct(mut found: Vec<Detection>) -> Vec<Detection> {
    found.retain(|detection| {
        let [left, top, right, bottom] = detection.bounds;
        // Written so that a NaN goes too.
        right - left > 1.0 && bottom - top > 1.0
    });
    found.sort_by(|left, right| right.score.total_cmp(&left.score));
    let mut kept: Vec<Detection> = Vec::new();
    for detection in found {
        if kept.len() < MOST_FACES
            && kept.iter().all(|other| overlap(&other.bounds, &detection.bounds) <= MOST_OVERLAP)
        {
            kept.push(detection);
        }
    }
    kept
}

/// Intersection over union.
fn overlap(left: &[f32; 4], right: &[f32; 4]) -> f32 {
    let area = |[x0, y0, x1, y1]: [f32; 4]| (x1 - x0).max(0.0) * (y1 - y0).max(0.0);
    let shared = area([
        left[0].max(right[0]),
        left[1].max(right[1]),
        left[2].min(right[2]),
        left[3].min(right[3]),
    ]);
    shared / (area(*left) + area(*right) - shared)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_are_those_of_the_published_net() {
        let anchors = anchors((256, 256));
        assert_eq!(anchors.len(), 896);
        assert_eq!(
            (anchors[0], anchors[1], anchors[2].x),
            (Point::new(8.0, 8.0), Point::new(8.0, 8.0), 24.0)
        );
        assert_eq!(
            (anchors[512], anchors[517].x, anchors[518].x),
            (Point::new(16.0, 16.0), 16.0, 48.0)
        );
    }

    fn found(left: f32, score: f32) -> Detection {
        Detection {
            bounds: [left, 0.0, left + 100.0, 100.0],
            points: [Point::new(0.0, 0.0); 6],
            score,
        }
    }

    #[test]
    fn boxes_of_one_face_are_one() {
        let kept = distinct(vec![
            found(0.0, 0.6),
            found(10.0, 0.9),
            found(300.0, 0.7),
            found(f32::NAN, 1.0),
        ]);
        assert_eq!(kept.iter().map(|face| face.score).collect::<Vec<_>>(), [0.9, 0.7]);
    }

    #[test]
    fn no_picture_makes_a_canvas_that_the_net_does_not_take() {
        for (width, height) in [(1, 1), (1, 9000), (9000, 1), (256, 256), (640, 480)] {
            for margin in [0.0, 0.25] {
                let longest = width.max(height) as f32 * (1.0 + 2.0 * margin);
                let canvas =
                    Canvas::new(&RgbImage::new(width, height), 256.0 / longest, 32, LONGEST);
                let (across, down) = canvas.picture.dimensions();
                for side in [across, down] {
                    assert!(side % 32 == 0 && (32..=LONGEST).contains(&side), "{width} {height}");
                }
            }
        }
    }

    #[test]
    fn places_come_back_to_the_picture() {
        let picture = RgbImage::new(1000, 500);
        let canvas = Canvas::new(&picture, 256.0 / 1500.0, 32, LONGEST);
        assert_eq!(canvas.picture.dimensions(), (192, 128), "171 by 85 pixels and what is around");
        let centre = canvas.in_picture(96.0, 64.0);
        assert!((centre.x - 500.0).abs() < 4.0 && (centre.y - 250.0).abs() < 4.0, "{centre:?}");
        let width = canvas.in_picture(196.0, 0.0).x - canvas.in_picture(96.0, 0.0).x;
        assert!((width - 100.0 * 1500.0 / 256.0).abs() < 5.0, "{width}");
    }
}
