//! Cutting a face out of a picture that may be far finer than what a net looks at.

use bonafide_imaging::{Quad, resize_part, warp};
use image::RgbImage;

/// Source pixels for each pixel of the cut that warping gets to see. Warping averages what is finer
/// sample by sample, which costs more than the nets; resampling does it first, and cheaply.
const FINENESS: f32 = 2.0;

/// What a quad holds, as a square of this side.
pub(crate) fn cut(picture: &RgbImage, quad: &Quad, side: u32) -> RgbImage {
    let factor = FINENESS * side as f32 / quad.width().max(1.0);
    let [left, top, right, bottom] = quad.bounds();
    let (width, height) = (picture.width() as f32, picture.height() as f32);
    let (left, top) = (left.floor().clamp(0.0, width), top.floor().clamp(0.0, height));
    let (right, bottom) = (right.ceil().clamp(left, width), bottom.ceil().clamp(top, height));
    let (across, down) = (right - left, bottom - top);
    // Written so that a quad that is no number is warped, which copes with it.
    let is_finer = factor < 0.8 && across >= 2.0 && down >= 2.0;
    if !is_finer {
        return warp(picture, quad, side, side);
    }
    let fewer = |length: f32| (length * factor).round().max(1.0);
    let part = [left as u32, top as u32, right as u32, bottom as u32];
    let small = resize_part(picture, part, fewer(across) as u32, fewer(down) as u32);
    let quad = quad.moved(-left, -top).scaled(fewer(across) / across, fewer(down) / down);
    warp(&small, &quad, side, side)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    #[test]
    fn a_fine_picture_gives_about_what_warping_it_gives() {
        let picture = RgbImage::from_fn(900, 700, |x, y| {
            Rgb([(x / 4) as u8, (y / 3) as u8, ((x / 40 + y / 30) % 2 * 200) as u8])
        });
        for quad in [
            Quad::rectangle(100.0, 50.0, 700.0, 650.0),
            Quad::rectangle(-80.0, 300.0, 520.0, 900.0),
        ] {
            let (quick, plain) = (cut(&picture, &quad, 100), warp(&picture, &quad, 100, 100));
            let differences =
                quick.as_raw().iter().zip(plain.as_raw()).map(|(a, b)| u32::from(a.abs_diff(*b)));
            let mean = differences.sum::<u32>() as f32 / 30_000.0;
            assert!(mean < 4.0, "{mean}");
        }
    }

    #[test]
    fn no_quad_panics() {
        let picture = RgbImage::new(9, 9);
        for quad in [
            Quad::rectangle(0.0, 0.0, 0.0, 0.0),
            Quad::rectangle(-1e6, -1e6, 1e6, 1e6),
            Quad::rectangle(f32::NAN, 0.0, 5.0, 5.0),
            Quad::rectangle(500.0, 500.0, 9000.0, 9000.0),
        ] {
            assert_eq!(cut(&picture, &quad, 4).dimensions(), (4, 4));
        }
    }
}
