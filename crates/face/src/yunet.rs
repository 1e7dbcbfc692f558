//! Where faces are, by a net that an operator may bring: `YuNet` (Wu et al., 2023). For each cell of 8,
//! 16 and 32 pixels it has the likelihoods of a face and of anything, a box, and five points.
//!
//! Its own file is to be had from no package registry, so that it has not been run here: what is
//! tested is the reading of outputs that were made up.

use bonafide_imaging::Point;

use crate::detector::{Canvas, Detection, LEAST_SCORE};
use crate::mesh::middle;

/// Pixels of a cell, of each scale.
const STRIDES: [u32; 3] = [8, 16, 32];

/// The names of the outputs; of each scale: the face's likelihood, anything's, the box, the points.
pub(crate) const OUTPUTS: [&str; 12] = [
    "cls_8", "obj_8", "bbox_8", "kps_8", "cls_16", "obj_16", "bbox_16", "kps_16", "cls_32",
    "obj_32", "bbox_32", "kps_32",
];
/// Numbers of a cell in each of these outputs.
const NUMBERS: [usize; 4] = [1, 1, 4, 10];

/// How many numbers each output has for a picture of this size.
pub(crate) fn lengths((width, height): (u32, u32)) -> [usize; 12] {
    std::array::from_fn(|output| {
        let stride = STRIDES[output / 4];
        (width / stride * (height / stride)) as usize * NUMBERS[output % 4]
    })
}

/// The faces in outputs of these lengths, in the order of [`OUTPUTS`].
pub(crate) fn found(canvas: &Canvas, outputs: &[Vec<f32>; 12]) -> Vec<Detection> {
    let mut found = Vec::new();
    for (stride, outputs) in STRIDES.into_iter().zip(outputs.as_chunks::<4>().0) {
        let columns = (canvas.picture.width() / stride).max(1);
        let [face, thing, boxes, points] = outputs;
        for (cell, (face, thing)) in face.iter().zip(thing).enumerate() {
            // Written so that what is no number is no face.
            let score = (face.clamp(0.0, 1.0) * thing.clamp(0.0, 1.0)).sqrt();
            if score >= LEAST_SCORE {
                let (column, row) = (cell as u32 % columns, cell as u32 / columns);
                let corner = Point::new(column as f32, row as f32);
                let own = (&boxes[4 * cell..4 * cell + 4], &points[10 * cell..10 * cell + 10]);
                found.push(detection(canvas, corner, stride as f32, own, score));
            }
        }
    }
    found
}

/// A cell's face: its centre from the cell's corner and its sides' logarithms, in cells; its points from
/// the corner, in cells too.
fn detection(
    canvas: &Canvas,
    corner: Point,
    stride: f32,
    (own, points): (&[f32], &[f32]),
    score: f32,
) -> Detection {
    let (x, y) = ((corner.x + own[0]) * stride, (corner.y + own[1]) * stride);
    let (half_width, half_height) = (own[2].exp() * stride / 2.0, own[3].exp() * stride / 2.0);
    let from = canvas.in_picture(x - half_width, y - half_height);
    let to = canvas.in_picture(x + half_width, y + half_height);
    let at = |index: usize| {
        let (x, y) = (points[2 * index] + corner.x, points[2 * index + 1] + corner.y);
        canvas.in_picture(x * stride, y * stride)
    };
    let [right_eye, left_eye] = [at(0), at(1)];
    Detection {
        bounds: [from.x, from.y, to.x, to.y],
        // It has no ears; nothing rests on them.
        points: [right_eye, left_eye, at(2), middle(at(3), at(4)), right_eye, left_eye],
        score,
    }
}

#[cfg(test)]
mod tests {
    use image::RgbImage;

    use super::*;

    #[test]
    fn a_cell_that_has_a_face_tells_where() {
        // A picture that fills the canvas: places are the same in both.
        let canvas = Canvas::new(&RgbImage::new(64, 64), 1.0, 64, 64);
        let mut outputs = lengths((64, 64)).map(|length| vec![0.0; length]);
        assert_eq!(outputs[0].len(), 64);
        assert_eq!(outputs[7].len(), 160);
        // Of 16 pixels, the cell in column 2 and row 1: its number is 6.
        (outputs[4][6], outputs[5][6]) = (0.81, 1.0);
        outputs[6][24..28].copy_from_slice(&[0.5, 0.25, 2.0_f32.ln(), 1.5_f32.ln()]);
        outputs[7][60..70].copy_from_slice(&[0.25, 0.0, 0.75, 0.0, 0.5, 0.5, 0.0, 1.0, 1.0, 1.0]);
        // Hardly a face, and none at all.
        (outputs[0][3], outputs[1][3]) = (0.3, 0.3);
        (outputs[0][4], outputs[1][4]) = (f32::NAN, 1.0);

        let found = found(&canvas, &outputs);
        let [face] = &found[..] else { panic!("{found:?}") };
        assert_eq!(face.bounds, [24.0, 8.0, 56.0, 32.0]);
        assert!((face.score - 0.9).abs() < 1e-6);
        let points = [(36.0, 16.0), (44.0, 16.0), (40.0, 24.0), (40.0, 32.0)];
        assert_eq!(face.points[..4], points.map(|(x, y)| Point::new(x, y)));
    }
}
