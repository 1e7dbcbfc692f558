//! The overlay: what was found where, drawn over the pictures, front above back.

use std::sync::Arc;

use anyhow::Result;
use bonafide_domain::credential::Classifier;
use bonafide_engine::RunResult;
use bonafide_imaging::{self as imaging, Limits};
use image::{Rgb, RgbImage, imageops};

/// A colour for each kind of signal, by the first word of its name.
const COLOURS: [(&str, Rgb<u8>); 5] = [
    ("mrz", Rgb([0, 150, 70])),
    ("barcode", Rgb([0, 90, 220])),
    ("text", Rgb([150, 150, 150])),
    ("page", Rgb([240, 150, 0])),
    ("", Rgb([220, 30, 30])),
];
/// Long pictures are drawn smaller, so that the overlay can be looked at.
const WIDTH: u32 = 1200;

/// Draws the overlay.
pub(super) fn draw(
    pictures: &[(Classifier, Arc<[u8]>)],
    results: &[RunResult],
    limits: Limits,
) -> Result<RgbImage> {
    let limits = Limits { shortest_longest_side: 1, ..limits };
    let mut sheets = Vec::new();
    for (classifier, bytes) in pictures {
        let picture = imaging::decode(bytes, &limits)?.rgb;
        let scale = f64::from(WIDTH) / f64::from(picture.width());
        let height = (f64::from(picture.height()) * scale).round().max(1.0) as u32;
        let mut sheet = imaging::resize(&picture, WIDTH, height);
        for (signal, corners) in regions(results, classifier.as_str()) {
            let corners = corners.map(|[x, y]| [x * scale as f32, y * scale as f32]);
            outline(&mut sheet, corners, colour(signal));
        }
        sheets.push(sheet);
    }
    let height = sheets.iter().map(RgbImage::height).sum();
    let mut page = RgbImage::new(WIDTH, height);
    let mut top = 0;
    for sheet in &sheets {
        imageops::replace(&mut page, sheet, 0, i64::from(top));
        top += sheet.height();
    }
    Ok(page)
}

/// The regions of a part: the signal's name and the corners.
fn regions<'a>(
    results: &'a [RunResult],
    part: &'a str,
) -> impl Iterator<Item = (&'a str, [[f32; 2]; 4])> {
    results
        .iter()
        .filter_map(|result| result.record.as_ref())
        .flat_map(|record| &record.evidence)
        .filter_map(|signal| Some((signal.signal.as_str(), signal.region.as_ref()?)))
        .filter(move |(_, region)| region.part == part)
        .map(|(name, region)| (name, region.corners))
}

fn colour(signal: &str) -> Rgb<u8> {
    let (_, colour) = COLOURS
        .iter()
        .find(|(prefix, _)| signal.split('.').any(|word| word == *prefix) || prefix.is_empty())
        .expect("the last colour fits every name");
    *colour
}

/// Draws a quadrilateral, three pixels thick.
fn outline(picture: &mut RgbImage, corners: [[f32; 2]; 4], colour: Rgb<u8>) {
    for index in 0..4 {
        let [x0, y0] = corners[index];
        let [x1, y1] = corners[(index + 1) % 4];
        let steps = (x1 - x0).abs().max((y1 - y0).abs()).ceil().clamp(1.0, 10_000.0) as u32;
        for step in 0..=steps {
            let t = step as f32 / steps as f32;
            dot(picture, x0 + (x1 - x0) * t, y0 + (y1 - y0) * t, colour);
        }
    }
}

fn dot(picture: &mut RgbImage, x: f32, y: f32, colour: Rgb<u8>) {
    for dy in -1..=1 {
        for dx in -1..=1 {
            let (x, y) = (x as i64 + dx, y as i64 + dy);
            if let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y))
                && let Some(pixel) = picture.get_pixel_mut_checked(x, y)
            {
                *pixel = colour;
            }
        }
    }
}
