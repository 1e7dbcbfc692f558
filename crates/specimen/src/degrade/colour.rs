use image::RgbImage;
use rand::RngExt;

use crate::seed::Random;

/// Colour and amount of the light.
pub(super) fn light(picture: &mut RgbImage, warmth: f32, exposure: f32) {
    if warmth == 0.0 && exposure == 0.0 {
        return;
    }
    let warmth = warmth.clamp(-1.0, 1.0);
    let gain = exposure.exp2();
    let gains = [gain * (1.0 + 0.12 * warmth), gain, gain * (1.0 - 0.3 * warmth)];
    for pixel in picture.pixels_mut() {
        for (value, gain) in pixel.0.iter_mut().zip(gains) {
            *value = (f32::from(*value) * gain + 0.5).min(255.0) as u8;
        }
    }
}

/// Noise of a sensor: a part that is always there, and one that grows with the root of the light.
pub(super) fn noise(picture: &mut RgbImage, deviation: f32, random: &mut Random) {
    if deviation <= 0.0 {
        return;
    }
    for value in picture.iter_mut() {
        let light = f32::from(*value);
        let spread = deviation * (0.4 + 0.6 * (light / 255.0).sqrt());
        *value = (light + spread * normal(random) + 0.5).clamp(0.0, 255.0) as u8;
    }
}

/// About normal, of deviation 1: a sum of four bytes, cheap enough for millions of samples.
fn normal(random: &mut Random) -> f32 {
    let bytes = random.random::<u32>().to_le_bytes();
    let sum: f32 = bytes.iter().map(|byte| f32::from(*byte)).sum();
    (sum - 510.0) / 147.8
}
