//! What makes a face this person's: 128 numbers by dlib's residual net.

use bonafide_imaging::{Point, Quad};
use bonafide_models::{self as models, Library};
use image::{RgbImage, imageops};

use crate::Error;
use crate::cut::{Views, cut};
use crate::mesh::Mesh;
use crate::nets::PictureNet;
use crate::similarity::Thresholds;
use crate::similarity_map::SimilarityMap;

/// How many numbers a description has.
pub const NUMBERS: usize = 128;

/// A face as the net describes it. Two of the same pack compare by their distance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Description(pub [f32; NUMBERS]);

impl Description {
    /// The Euclidean distance: the comparison score, where smaller is more alike. Pictures of one
    /// person lie mostly below 0.55, of two persons above 0.6.
    pub fn distance(&self, other: &Self) -> f32 {
        let square = |(left, right): (&f32, &f32)| (left - right) * (left - right);
        self.0.iter().zip(&other.0).map(square).sum::<f32>().sqrt()
    }

    /// The mean of several; zero of none.
    pub fn centroid<'a>(all: impl IntoIterator<Item = &'a Self>) -> Self {
        let (mut sum, mut count) = ([0.0; NUMBERS], 0.0);
        for description in all {
            for (sum, number) in sum.iter_mut().zip(description.0) {
                *sum += number;
            }
            count += 1.0;
        }
        Self(sum.map(|number| number / f32::max(count, 1.0)))
    }
}

/// Side of the picture that dlib's net looks at, and that quality is measured on.
const CHIP: u32 = 150;
/// Share of the chip's inner part that is left around it on each side.
const PADDING: f32 = 0.25;

/// The points of the mesh that lie where the net's own five points do: the outer and inner corners
/// of the subject's left eye, of the right eye, and the base of the nose.
const ALIGNED: [usize; 5] = [263, 362, 33, 133, 2];
/// Where these points are in the inner part of a chip of side 1 (dlib, `get_face_chip_details`).
const TEMPLATE: [(f32, f32); 5] = [
    (0.859_567_46, 0.213_498_15),
    (0.646_060_5, 0.228_967_44),
    (0.120_575_06, 0.213_727_45),
    (0.334_085_06, 0.229_064_24),
    (0.490_112_3, 0.627_797_53),
];

/// Side of the pictures of nets that are aligned as for `ArcFace` (Deng et al., 2018).
const SMALL_CHIP: u32 = 112;
/// Where the middles of the subject's right and left eye, the tip of the nose and the right and left
/// corner of the mouth are in them, in pixels.
const SMALL_TEMPLATE: [(f32, f32); 5] = [
    (38.2946, 51.6963),
    (73.5318, 51.5014),
    (56.0252, 71.7366),
    (41.5493, 92.3655),
    (70.7299, 92.2041),
];
/// The points of the mesh of nose and mouth.
const NOSE: usize = 1;
const MOUTH: [usize; 2] = [61, 291];
/// The distance that two selfies match up to: descriptions of other nets are scaled to it, so that
/// one set of thresholds serves them all. It is right at this one only.
const MATCH_AT: f32 = Thresholds::SELFIES.accept;

pub(crate) struct Describer {
    net: PictureNet,
    family: Family,
}

/// A net that describes faces.
#[derive(Clone, Copy)]
enum Family {
    Dlib,
    /// Described by the direction alone, in this length.
    Arcface {
        length: f32,
    },
}

impl Family {
    fn of(library: &Library) -> Result<Self, Error> {
        match library.entry(Describer::ROLE)?.family {
            None | Some(models::Family::Dlib) => Ok(Self::Dlib),
            Some(models::Family::Arcface { match_from }) => {
                // The distance of two directions with this cosine.
                let apart = (2.0 - 2.0 * match_from).sqrt();
                Ok(Self::Arcface { length: MATCH_AT / apart })
            }
            Some(_) => Err(Error::OtherFamily { role: Describer::ROLE }),
        }
    }

    fn side(self) -> u32 {
        match self {
            Self::Dlib => CHIP,
            Self::Arcface { .. } => SMALL_CHIP,
        }
    }
}

impl Describer {
    pub(crate) const ROLE: &str = "face-description";

    pub(crate) fn open(library: &Library) -> Result<Self, Error> {
        let net = PictureNet::open(library, Self::ROLE)?;
        let family = Family::of(library)?;
        if net.side == family.side() {
            Ok(Self { net, family })
        } else {
            Err(Error::OtherInput { role: Self::ROLE })
        }
    }

    pub(crate) fn identity(&self) -> &bonafide_domain::evidence::ModelIdentity {
        &self.net.identity
    }

    /// The mean of what the net says about a face and about its mirror image; none where the mesh is a
    /// single point. The chip is that of the face.
    pub(crate) fn describe(
        &self,
        views: &Views,
        mesh: &Mesh,
        chip: &RgbImage,
    ) -> Result<Option<Description>, Error> {
        let Family::Arcface { length } = self.family else {
            return self.mean(chip).map(|mean| Some(Description(mean)));
        };
        let Some(chip) = small_chip(views, mesh) else { return Ok(None) };
        Ok(Some(Description(in_length(&self.mean(&chip)?, length))))
    }

    fn mean(&self, chip: &RgbImage) -> Result<[f32; NUMBERS], Error> {
        let mirrored = imageops::flip_horizontal(chip);
        let output = self.net.run(&[chip, &mirrored], NUMBERS)?;
        let (straight, mirrored) = output.split_at(NUMBERS);
        Ok(std::array::from_fn(|i| f32::midpoint(straight[i], mirrored[i])))
    }
}

/// The face upright in a picture of 150 by 150 pixels; none where the mesh is a single point.
pub(crate) fn chip(views: &Views, mesh: &Mesh) -> Option<RgbImage> {
    let from = ALIGNED.map(|number| mesh.at(number));
    let to = TEMPLATE.map(|(x, y)| {
        let placed = |share: f32| (share + PADDING) / (1.0 + 2.0 * PADDING) * CHIP as f32;
        Point::new(placed(x), placed(y))
    });
    aligned(views, &from, &to, CHIP)
}

fn small_chip(views: &Views, mesh: &Mesh) -> Option<RgbImage> {
    let [right, left] = MOUTH.map(|number| mesh.at(number));
    let from = [mesh.right_eye(), mesh.left_eye(), mesh.at(NOSE), right, left];
    aligned(views, &from, &SMALL_TEMPLATE.map(|(x, y)| Point::new(x, y)), SMALL_CHIP)
}

fn aligned(views: &Views, from: &[Point; 5], to: &[Point; 5], side: u32) -> Option<RgbImage> {
    let map = SimilarityMap::between(from, to)?.inverse();
    Some(cut(views, &map.map_quad(&Quad::frame(side, side)), side))
}

/// The same direction in another length; what has no direction stays as it is.
fn in_length(numbers: &[f32; NUMBERS], length: f32) -> [f32; NUMBERS] {
    let own = numbers.iter().map(|number| number * number).sum::<f32>().sqrt();
    if own > 0.0 { numbers.map(|number| number * length / own) } else { *numbers }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two directions with the cosine that a pack says matches are as far apart as two selfies may be.
    #[test]
    fn a_cosine_becomes_the_distance_of_the_thresholds() {
        let cosine = 0.363_f32;
        let length = MATCH_AT / (2.0 - 2.0 * cosine).sqrt();
        let (mut one, mut other) = ([0.0; NUMBERS], [0.0; NUMBERS]);
        one[0] = 7.0;
        (other[0], other[1]) = (0.2 * cosine, 0.2 * (1.0 - cosine * cosine).sqrt());
        let [one, other] = [one, other].map(|numbers| Description(in_length(&numbers, length)));
        assert!((one.distance(&other) - MATCH_AT).abs() < 1e-6, "{}", one.distance(&other));
        assert_eq!(in_length(&[0.0; NUMBERS], length), [0.0; NUMBERS]);
    }

    #[test]
    fn distance_and_centroid() {
        let (mut a, mut b) = ([0.0; NUMBERS], [0.0; NUMBERS]);
        (a[0], b[1]) = (3.0, 4.0);
        let (a, b) = (Description(a), Description(b));
        assert_eq!(a.distance(&b), 5.0);
        assert_eq!(Description::centroid([&a, &b]).0[..2], [1.5, 2.0]);
        assert_eq!(Description::centroid([]).0, [0.0; NUMBERS]);
    }
}
