//! What makes a face this person's: 128 numbers by dlib's residual net.

use bonafide_imaging::{Point, Quad};
use bonafide_models::Library;
use image::{RgbImage, imageops};

use crate::Error;
use crate::cut::cut;
use crate::mesh::Mesh;
use crate::nets::PictureNet;
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

/// Side of the picture that the net looks at.
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

pub(crate) struct Describer(PictureNet);

impl Describer {
    pub(crate) const ROLE: &str = "face-description";

    pub(crate) fn open(library: &Library) -> Result<Self, Error> {
        let net = PictureNet::open(library, Self::ROLE)?;
        if net.side == CHIP { Ok(Self(net)) } else { Err(Error::OtherInput { role: Self::ROLE }) }
    }

    pub(crate) fn identity(&self) -> &bonafide_domain::evidence::ModelIdentity {
        &self.0.identity
    }

    /// The face upright in a picture of 150 by 150 pixels; none where the mesh is a single point.
    pub(crate) fn chip(&self, picture: &RgbImage, mesh: &Mesh) -> Option<RgbImage> {
        let side = self.0.side;
        let from = ALIGNED.map(|number| mesh.at(number));
        let to = TEMPLATE.map(|(x, y)| {
            let placed = |share: f32| (share + PADDING) / (1.0 + 2.0 * PADDING) * side as f32;
            Point::new(placed(x), placed(y))
        });
        let map = SimilarityMap::between(&from, &to)?.inverse();
        Some(cut(picture, &map.map_quad(&Quad::frame(side, side)), side))
    }

    /// The mean of what the net says about the chip and about its mirror image.
    pub(crate) fn describe(&self, chip: &RgbImage) -> Result<Description, Error> {
        let mirrored = imageops::flip_horizontal(chip);
        let output = self.0.run(&[chip, &mirrored], NUMBERS)?;
        let (straight, mirrored) = output.split_at(NUMBERS);
        Ok(Description(std::array::from_fn(|i| f32::midpoint(straight[i], mirrored[i]))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
