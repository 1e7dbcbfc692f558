use std::f32::consts::TAU;

use image::{Rgb, RgbImage, imageops};
use rand::RngExt;

use crate::seed::Random;

/// Out of focus: a Gaussian of this standard deviation in pixels.
pub(super) fn blur(picture: RgbImage, deviation: f32) -> RgbImage {
    if deviation <= 0.0 { picture } else { imageops::blur(&picture, deviation.min(50.0)) }
}

/// The mean along a straight path of this length in pixels.
pub(super) fn motion(picture: RgbImage, length: f32, random: &mut Random) -> RgbImage {
    let (sine, cosine) = random.random_range(0.0..TAU).sin_cos();
    if length < 1.0 {
        return picture;
    }
    let steps = length.min(100.0).ceil() as i32;
    let offsets: Vec<(i32, i32)> = (0..=steps)
        .map(|step| {
            let along = step as f32 - steps as f32 / 2.0;
            ((along * cosine).round() as i32, (along * sine).round() as i32)
        })
        .collect();
    let (last_x, last_y) = (picture.width() as i32 - 1, picture.height() as i32 - 1);
    RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        let mut sum = [0_u32; 3];
        for (dx, dy) in &offsets {
            let x = (x as i32 + dx).clamp(0, last_x) as u32;
            let y = (y as i32 + dy).clamp(0, last_y) as u32;
            for (sum, value) in sum.iter_mut().zip(picture.get_pixel(x, y).0) {
                *sum += u32::from(value);
            }
        }
        Rgb(sum.map(|channel| (channel / offsets.len() as u32) as u8))
    })
}
