//! Cutting a face out of a picture that may be far finer than what a net looks at.

use bonafide_imaging::{Quad, resize_part, warp};
use image::RgbImage;

/// Source pixels for each pixel of the cut that warping gets to see. Warping averages what is finer
/// sample by sample, which costs more than the nets; resampling does it first, and cheaply.
const FINENESS: f32 = 2.0;

/// A picture, and itself halved as often as is of use: three cuts of a face and the look for it would
/// each read all of its pixels.
pub struct Views<'a> {
    whole: &'a RgbImage,
    halves: Vec<RgbImage>,
}

/// A picture is halved for as long as its longer side has twice as many pixels.
const LEAST_LONGEST: u32 = 512;

impl<'a> Views<'a> {
    /// Of a picture.
    pub fn of(whole: &'a RgbImage) -> Self {
        let mut views = Self { whole, halves: Vec::new() };
        loop {
            let smallest = views.halves.last().unwrap_or(whole);
            let (width, height) = smallest.dimensions();
            if width.max(height) < 2 * LEAST_LONGEST || width.min(height) < 2 {
                return views;
            }
            let half = halved(smallest);
            views.halves.push(half);
        }
    }

    /// The picture itself.
    pub fn whole(&self) -> &'a RgbImage {
        self.whole
    }

    /// The smallest view that has, for each of `wanted` pixels along some length, one where the picture
    /// has `pixels` of them; and how often it was halved.
    pub(crate) fn fine_enough(&self, pixels: f32, wanted: f32) -> (&RgbImage, u32) {
        let mut times = 0;
        while (times as usize) < self.halves.len()
            && pixels / 2.0_f32.powi(times as i32 + 1) >= wanted
        {
            times += 1;
        }
        let view = if times == 0 { self.whole } else { &self.halves[times as usize - 1] };
        (view, times)
    }
}

/// The means of two by two pixels; the last one of an odd side is left away.
fn halved(picture: &RgbImage) -> RgbImage {
    let (width, height) = (picture.width() / 2, picture.height() / 2);
    let stride = picture.width() as usize * 3;
    let mut bytes = Vec::with_capacity(3 * width as usize * height as usize);
    for rows in picture.as_raw().chunks_exact(2 * stride) {
        let (upper, lower) = rows.split_at(stride);
        for (above, below) in upper.as_chunks::<6>().0.iter().zip(lower.as_chunks::<6>().0) {
            bytes.extend((0..3).map(|channel| {
                let sum: u16 =
                    [above[channel], above[channel + 3], below[channel], below[channel + 3]]
                        .into_iter()
                        .map(u16::from)
                        .sum();
                ((sum + 2) / 4) as u8
            }));
        }
    }
    RgbImage::from_raw(width, height, bytes).expect("three bytes for each of four pixels")
}

/// What a quad holds, as a square of this side.
pub(crate) fn cut(views: &Views, quad: &Quad, side: u32) -> RgbImage {
    let (picture, times) = views.fine_enough(quad.width(), FINENESS * side as f32);
    let scale = 0.5_f32.powi(times as i32);
    cut_out(picture, &quad.scaled(scale, scale), side)
}

fn cut_out(picture: &RgbImage, quad: &Quad, side: u32) -> RgbImage {
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
            let quick = cut(&Views::of(&picture), &quad, 100);
            let plain = warp(&picture, &quad, 100, 100);
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
            assert_eq!(cut(&Views::of(&picture), &quad, 4).dimensions(), (4, 4));
        }
    }

    #[test]
    fn a_large_picture_gives_about_what_warping_it_gives() {
        let picture = RgbImage::from_fn(2101, 1303, |x, y| {
            Rgb([(x / 10) as u8, (y / 8) as u8, ((x / 90 + y / 70) % 2 * 200) as u8])
        });
        let views = Views::of(&picture);
        assert_eq!(
            views.halves.iter().map(RgbImage::dimensions).collect::<Vec<_>>(),
            [(1050, 651), (525, 325)]
        );
        let quad = Quad::rectangle(300.0, 100.0, 1000.0, 1000.0);
        let (quick, plain) = (cut(&views, &quad, 100), warp(&picture, &quad, 100, 100));
        let differences =
            quick.as_raw().iter().zip(plain.as_raw()).map(|(a, b)| u32::from(a.abs_diff(*b)));
        let mean = differences.sum::<u32>() as f32 / 30_000.0;
        assert!(mean < 4.0, "{mean}");
    }

    #[test]
    fn halving_takes_means_and_only_as_far_as_asked() {
        let picture = RgbImage::from_fn(5, 3, |x, y| Rgb([(10 * x + y) as u8, 0, 255]));
        let half = halved(&picture);
        // 0, 10, 1, 11 and 20, 30, 21, 31; the last column and row have no neighbour.
        assert_eq!(half.as_raw()[..], [6, 0, 255, 26, 0, 255]);
        let large = RgbImage::new(4096, 10);
        let views = Views::of(&large);
        assert_eq!(views.fine_enough(400.0, 300.0).1, 0);
        assert_eq!(views.fine_enough(400.0, 200.0).1, 1);
        assert_eq!(views.fine_enough(f32::NAN, 200.0).1, 0);
        assert_eq!(views.fine_enough(1e9, 1.0).1, views.halves.len() as u32);
    }
}
