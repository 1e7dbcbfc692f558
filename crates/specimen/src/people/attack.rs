//! Presentation attacks, drawn: good enough to try what a check reacts to, and no measure of how well
//! it does on real ones.

use bonafide_imaging::{Homography, Point, Quad};
use image::{Rgb, RgbImage};

use super::burst::{BurstFrame, Movement, views};
use super::shape::Sitter;
use super::vector::noise;
use super::view::{Expression, View};

/// A flat picture that is turned, nodded and brought nearer as the movements ask. It cannot blink.
pub fn flat_burst(
    photograph: &RgbImage,
    movements: &[Movement],
    side: u32,
    seed: u64,
) -> Vec<BurstFrame> {
    views(movements, seed)
        .into_iter()
        .map(|(at_milliseconds, view)| BurstFrame {
            at_milliseconds,
            picture: held(photograph, &view, side),
        })
        .collect()
}

/// A burst that was recorded earlier, on a screen that is held before the camera: its pixels beat
/// with the camera's, its blacks glow, and the hand trembles.
pub fn replayed_burst(recorded: &[BurstFrame], side: u32, seed: u64) -> Vec<BurstFrame> {
    let trembling = views(&[], seed).into_iter().map(|(_, view)| view).cycle();
    recorded
        .iter()
        .zip(trembling)
        .enumerate()
        .map(|(index, (frame, view))| {
            let grain = view.grain.wrapping_add(index as u32);
            let mut picture = held(&frame.picture, &View { grain, ..view }, side);
            for (x, y, pixel) in picture.enumerate_pixels_mut() {
                let beat = 5.0 * (x as f32 * 0.9).sin() * (y as f32 * 0.7).cos();
                *pixel = Rgb(pixel.0.map(|level| (14.0 + f32::from(level) * 0.92 + beat) as u8));
            }
            BurstFrame { at_milliseconds: frame.at_milliseconds, picture }
        })
        .collect()
}

/// A rigid head of somebody, turned by hand: its eyes stay as they are.
pub fn mask_burst(
    sitter: &Sitter,
    movements: &[Movement],
    side: u32,
    seed: u64,
) -> Vec<BurstFrame> {
    let rigid = Expression { eyes_open: 1.0, mouth_open: 0.0 };
    views(movements, seed)
        .into_iter()
        .map(|(at_milliseconds, view)| BurstFrame {
            at_milliseconds,
            picture: sitter.picture(&View { expression: rigid, ..view }, side, side),
        })
        .collect()
}

/// Height of the sheet in the frame when it is not moved.
const SHEET: f32 = 0.9;
/// Distance of the camera, in heights of the sheet.
const CAMERA: f32 = 2.5;

/// The photograph on a sheet before the camera, held as a view says.
fn held(photograph: &RgbImage, view: &View, side: u32) -> RgbImage {
    let size = (photograph.width() as f32, photograph.height() as f32);
    let proportion = size.0 / size.1.max(1.0);
    let resting = View::default();
    let (yaw, pitch) =
        (view.yaw_degrees.to_radians(), (view.pitch_degrees - resting.pitch_degrees).to_radians());
    let corner = |x: f32, y: f32| {
        let (x, y) = (x * proportion, y);
        let (y, z) = (pitch.cos() * y, -pitch.sin() * y);
        let (x, z) = (yaw.cos() * x - yaw.sin() * z, z * yaw.cos() + yaw.sin() * x);
        let scale = SHEET * view.size / 0.5 * CAMERA / (CAMERA + z) * side as f32;
        let middle = [0.5 + view.offset[0], 0.5 + view.offset[1]].map(|share| share * side as f32);
        Point::new(middle[0] + x * scale, middle[1] + y * scale)
    };
    let quad = Quad([corner(-0.5, -0.5), corner(0.5, -0.5), corner(0.5, 0.5), corner(-0.5, 0.5)]);
    let map = Homography::quad_to_rectangle(&quad, size.0, size.1);
    RgbImage::from_fn(side, side, |x, y| {
        let place = [x as f32 * 0.9, y as f32 * 0.9, 0.5];
        let grain = noise(place, view.grain.wrapping_add(1)) * view.noise;
        let wall = 120.0 + 20.0 * noise([x as f32 * 0.01, y as f32 * 0.01, 0.0], 3);
        let seen = map.map(|map| map.map(Point::new(x as f32 + 0.5, y as f32 + 0.5)));
        let on_sheet = seen.and_then(|at| sampled(photograph, at));
        Rgb(on_sheet.unwrap_or([wall; 3]).map(|level| (level + grain).clamp(0.0, 255.0) as u8))
    })
}

/// The photograph between pixel centres; none beyond its edge.
fn sampled(photograph: &RgbImage, at: Point) -> Option<[f32; 3]> {
    let (x, y) = (at.x - 0.5, at.y - 0.5);
    let (last_x, last_y) =
        (photograph.width().checked_sub(1)?, photograph.height().checked_sub(1)?);
    let inside = (0.0..=last_x as f32).contains(&x) && (0.0..=last_y as f32).contains(&y);
    if !inside {
        return None;
    }
    let (left, top) = (x as u32, y as u32);
    let (share_x, share_y) = (x - left as f32, y - top as f32);
    let pixel =
        |x: u32, y: u32| photograph.get_pixel(x.min(last_x), y.min(last_y)).0.map(f32::from);
    let corners =
        [pixel(left, top), pixel(left + 1, top), pixel(left, top + 1), pixel(left + 1, top + 1)];
    Some(std::array::from_fn(|channel| {
        let upper = corners[0][channel] * (1.0 - share_x) + corners[1][channel] * share_x;
        let lower = corners[2][channel] * (1.0 - share_x) + corners[3][channel] * share_x;
        upper * (1.0 - share_y) + lower * share_y
    }))
}
