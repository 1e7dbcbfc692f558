//! What is tried, and in which order.

use bonafide_imaging::{Homography, Quad, resize, warp};
use image::{GrayImage, Luma, imageops};

use super::sharpen::Sharpening;
use super::symbol::{self, Turns};
use super::{Barcode, locate};

/// A picture beyond this is looked at smaller: a symbol that fills a useful part of it still has several
/// pixels for each module.
const WHOLE_PICTURE_PIXELS: f32 = 6e6;

/// Places looked at more closely.
const CANDIDATES: usize = 3;

/// A place is not enlarged beyond this.
const PLACE_PIXELS: f32 = 3e6;

/// White added on each side, as a share of the longer one: a symbol that was cut out without its quiet zone
/// gets one back.
const MARGIN: f32 = 0.03;

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

/// How much smaller a picture is looked at before its places are.
const SMALLER: [f32; 2] = [0.5, 0.25];

/// From the cheapest to the most specialised: chosen on drawn licences of 1.3 to 4 pixels for each module, where
/// stronger and wider sharpening than this read nothing more.
const STEPS: &[Step] =
    &[step(2.0, None), sharpened(2.0, 1, 2, 2.0), sharpened(3.0, 1, 3, 3.0), step(1.0, None)];

pub(super) fn read(picture: &GrayImage) -> Option<Barcode> {
    if picture.width() == 0 || picture.height() == 0 {
        return None;
    }
    whole(picture, 1.0).or_else(|| {
        let margin = (picture.width().max(picture.height()) as f32 * MARGIN).ceil();
        let framed = framed(picture, margin as u32);
        let mut barcode = smaller(&framed).or_else(|| closely(&framed))?;
        barcode.quad = barcode.quad.moved(-margin, -margin);
        Some(barcode)
    })
}

fn framed(picture: &GrayImage, margin: u32) -> GrayImage {
    let (width, height) = (picture.width() + 2 * margin, picture.height() + 2 * margin);
    let mut framed = GrayImage::from_pixel(width, height, Luma([255]));
    imageops::replace(&mut framed, picture, margin.into(), margin.into());
    framed
}

fn whole(picture: &GrayImage, scale: f32) -> Option<Barcode> {
    let (width, height) = (picture.width() as f32, picture.height() as f32);
    let scale = (WHOLE_PICTURE_PIXELS / (width * height)).sqrt().min(scale);
    let smaller = resize(picture, (width * scale) as u32, (height * scale) as u32);
    let mut barcode = symbol::read(&smaller, Turns::Quarter)?;
    barcode.quad = barcode.quad.scaled(1.0 / scale, 1.0 / scale);
    Some(barcode)
}

/// Symbols whose modules are wider than what the decoder compares a pixel with.
fn smaller(picture: &GrayImage) -> Option<Barcode> {
    SMALLER.iter().find_map(|&scale| whole(picture, scale))
}

fn closely(picture: &GrayImage) -> Option<Barcode> {
    locate::candidates(picture, CANDIDATES)
        .iter()
        .find_map(|place| STEPS.iter().find_map(|step| attempt(picture, place, step)))
}

fn attempt(picture: &GrayImage, place: &Quad, step: &Step) -> Option<Barcode> {
    let largest = (PLACE_PIXELS / (place.width() * place.height())).sqrt();
    let (straight, back) = straightened(picture, place, step.scale.min(largest))?;
    let sharp = step.sharpening.map(|sharpening| sharpening.apply(&straight));
    let mut barcode = symbol::read(sharp.as_ref().unwrap_or(&straight), Turns::Half)?;
    barcode.quad = back.map_quad(&barcode.quad);
    Some(barcode)
}

/// The place upright and resized, and the way back. It is enlarged before it is turned: resizing keeps narrow
/// bars steeper than warping does.
fn straightened(picture: &GrayImage, place: &Quad, scale: f32) -> Option<(GrayImage, Homography)> {
    let [left, top, right, bottom] = place.bounds();
    let (left, top) = (left.max(0.0) as u32, top.max(0.0) as u32);
    let right = (right.ceil().max(0.0) as u32).min(picture.width());
    let bottom = (bottom.ceil().max(0.0) as u32).min(picture.height());
    let (width, height) = (right.checked_sub(left)?, bottom.checked_sub(top)?);
    let around = imageops::crop_imm(picture, left, top, width, height).to_image();
    let (scaled_width, scaled_height) = (width as f32 * scale, height as f32 * scale);
    let around = resize(&around, scaled_width as u32, scaled_height as u32);
    let within = place.moved(-(left as f32), -(top as f32)).scaled(scale, scale);
    let straight = warp(&around, &within, within.width() as u32, within.height() as u32);
    let back = Homography::rectangle_to_quad(within.width(), within.height(), place)?;
    Some((straight, back))
}
