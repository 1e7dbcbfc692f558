//! What is tried, and in which order.

use bonafide_imaging::{Homography, Quad, resize, warp};
use image::GrayImage;

use super::sharpen::Sharpening;
use super::symbol::{self, Turns};
use super::{Barcode, locate};

/// A whole picture beyond this is looked at smaller: a symbol that fills a useful part of it still has
/// several pixels for each module.
const WHOLE_PICTURE_PIXELS: f32 = 3e6;

/// Places looked at more closely.
const CANDIDATES: usize = 3;

/// A place is not enlarged beyond this.
const PLACE_PIXELS: f32 = 3e6;

/// One way to look at a place: how much larger, and how sharpened.
struct Step {
    scale: f32,
    sharpening: Option<Sharpening>,
}

const fn step(scale: f32, sharpening: Option<Sharpening>) -> Step {
    Step { scale, sharpening }
}

const fn sharpened(scale: f32, rows: u32, reach: u32, amount: f32) -> Step {
    step(scale, Some(Sharpening { rows, reach, amount }))
}

/// From the cheapest to the most specialised.
const STEPS: &[Step] = &[
    step(1.0, None),
    step(2.0, None),
    sharpened(2.0, 1, 4, 2.0),
    sharpened(3.0, 2, 6, 3.0),
    sharpened(3.0, 3, 8, 5.0),
    step(0.5, None),
];

pub(super) fn read(picture: &GrayImage) -> Option<Barcode> {
    whole(picture).or_else(|| {
        locate::candidates(picture, CANDIDATES).iter().find_map(|place| look_closely(picture, place))
    })
}

fn whole(picture: &GrayImage) -> Option<Barcode> {
    let (width, height) = (picture.width() as f32, picture.height() as f32);
    let scale = (WHOLE_PICTURE_PIXELS / (width * height)).sqrt().min(1.0);
    let smaller = resize(picture, (width * scale) as u32, (height * scale) as u32);
    let mut barcode = symbol::read(&smaller, Turns::Quarter)?;
    barcode.quad = barcode.quad.scaled(1.0 / scale, 1.0 / scale);
    Some(barcode)
}

fn look_closely(picture: &GrayImage, place: &Quad) -> Option<Barcode> {
    let largest = (PLACE_PIXELS / (place.width() * place.height())).sqrt();
    STEPS.iter().find_map(|step| {
        let scale = step.scale.min(largest);
        let (width, height) = (place.width() * scale, place.height() * scale);
        let straight = warp(picture, place, width as u32, height as u32);
        let straight = step.sharpening.map_or(straight.clone(), |how| how.apply(&straight));
        let mut barcode = symbol::read(&straight, Turns::Half)?;
        let back = Homography::rectangle_to_quad(width, height, place)?;
        barcode.quad = back.map_quad(&barcode.quad);
        Some(barcode)
    })
}
