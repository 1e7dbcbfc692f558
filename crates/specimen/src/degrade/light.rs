use std::f32::consts::TAU;

use bonafide_imaging::{Point, Quad};
use image::RgbImage;
use rand::RngExt;

use crate::seed::Random;

/// A shadow with a soft edge falls over part of the picture.
pub(super) fn shadow(picture: &mut RgbImage, strength: f32, random: &mut Random) {
    if strength <= 0.0 {
        return;
    }
    let (width, height) = (picture.width() as f32, picture.height() as f32);
    let (sine, cosine) = random.random_range(0.0..TAU).sin_cos();
    let edge = random.random_range(-0.2..0.2_f32) * width;
    let softness = random.random_range(0.05..0.3_f32) * width;
    for (x, y, pixel) in picture.enumerate_pixels_mut() {
        let beyond = (x as f32 - width / 2.0) * cosine + (y as f32 - height / 2.0) * sine - edge;
        let depth = (beyond / softness + 0.5).clamp(0.0, 1.0);
        let light = 1.0 - strength.min(1.0) * depth;
        pixel.0 = pixel.0.map(|value| (f32::from(value) * light + 0.5) as u8);
    }
}

/// A lamp is reflected somewhere on the page: a bright lobe with a wide skirt.
pub(super) fn glare(picture: &mut RgbImage, page: &Quad, strength: f32, random: &mut Random) {
    if strength <= 0.0 {
        return;
    }
    let centre = inside(page, random.random_range(0.2..0.8), random.random_range(0.2..0.8));
    let radius = page.width() * random.random_range(0.07..0.16_f32);
    let flatness = random.random_range(1.0..2.2_f32);
    let (sine, cosine) = random.random_range(0.0..TAU).sin_cos();
    for (x, y, pixel) in picture.enumerate_pixels_mut() {
        let (dx, dy) = (x as f32 - centre.x, y as f32 - centre.y);
        let (along, across) = (dx * cosine + dy * sine, (dy * cosine - dx * sine) * flatness);
        let distance = (along * along + across * across) / (radius * radius);
        let light = 255.0 * strength * ((-distance).exp() + 0.25 * (-distance / 6.0).exp());
        if light >= 0.5 {
            pixel.0 = pixel.0.map(|value| (f32::from(value) + light).min(255.0) as u8);
        }
    }
}

/// The point at these shares of a quad's width and height.
fn inside(quad: &Quad, across: f32, down: f32) -> Point {
    let between = |a: Point, b: Point, share: f32| {
        Point::new(a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share)
    };
    let [a, b, c, d] = quad.0;
    between(between(a, b, across), between(d, c, across), down)
}
