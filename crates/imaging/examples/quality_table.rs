//! Prints the quality measures of pictures, as they are and made worse step by step: how the thresholds in
//! `bonafide-document` were found, and how to check them on other pictures.
//!
//! `cargo run -p bonafide-imaging --example quality_table -- PICTURE...`
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a table is what this program is for"
)]

use bonafide_imaging::{Limits, decode, fit_width, gray, quality, spectrum};
use image::{Rgb, RgbImage, imageops};

fn main() {
    println!(
        "{:24} {:14} {:>6} {:>5} {:>5} {:>5} | {:>5} {:>5} {:>5} {:>4} | {:>5} {:>5} | {:>6} {:>3} | {:>5} {:>5}",
        "picture",
        "made",
        "width",
        "sharp",
        "angle",
        "anis",
        "mean",
        "crush",
        "blown",
        "contr",
        "chrom",
        "sprd",
        "glare",
        "n",
        "rule",
        "grid"
    );
    for path in std::env::args().skip(1) {
        let any_size = Limits { shortest_longest_side: 0, ..Limits::default() };
        let Some(picture) =
            std::fs::read(&path).ok().and_then(|bytes| decode(&bytes, &any_size).ok())
        else {
            eprintln!("{path}: no picture");
            continue;
        };
        let name = path.rsplit('/').next().unwrap_or(&path);
        let picture =
            if picture.rgb.width() > 1000 { fit_width(&picture.rgb, 1000) } else { picture.rgb };
        for (made, change) in CHANGES {
            print_row(name, made, &change(&picture));
        }
    }
}

fn print_row(name: &str, made: &str, picture: &RgbImage) {
    let luma = gray(picture);
    let sharpness = quality::sharpness(&luma);
    let exposure = quality::exposure(&luma);
    let chroma = quality::chroma(picture);
    let glare = quality::glare(picture);
    let lattice = spectrum::lattice(&luma);
    let [ruling, grid] =
        lattice.map_or([0.0; 2], |found| [found.first.strength, found.second.strength]);
    println!(
        "{name:24} {made:14} {:6} {:5.3} {:5.0} {:5.2} | {:5.0} {:5.2} {:5.2} {:5} | {:5.1} {:5.1} | {:6.4} {:3} | {:5.1} {:5.1}",
        picture.width(),
        sharpness.value,
        sharpness.degrees,
        sharpness.anisotropy,
        exposure.mean,
        exposure.crushed,
        exposure.blown,
        exposure.contrast(),
        chroma.mean,
        chroma.spread,
        glare.share,
        glare.highlights.len(),
        ruling,
        grid,
    );
}

type Change = fn(&RgbImage) -> RgbImage;

const CHANGES: [(&str, Change); 11] = [
    ("original", Clone::clone),
    ("blur 1", |picture| imageops::blur(picture, 1.0)),
    ("blur 1.5", |picture| imageops::blur(picture, 1.5)),
    ("blur 2.5", |picture| imageops::blur(picture, 2.5)),
    ("blur 4", |picture| imageops::blur(picture, 4.0)),
    ("moved 5", |picture| moved(picture, 5)),
    ("moved 9", |picture| moved(picture, 9)),
    ("moved 15", |picture| moved(picture, 15)),
    ("light / 4", |picture| toned(picture, |value| value / 4.0)),
    ("light x 2.5", |picture| toned(picture, |value| value * 2.5)),
    ("grey", |picture| image::DynamicImage::ImageLuma8(gray(picture)).into_rgb8()),
];

fn moved(picture: &RgbImage, length: u32) -> RgbImage {
    RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        let mut sum = [0; 3];
        for step in 0..length {
            let pixel = picture.get_pixel((x + step).min(picture.width() - 1), y);
            (0..3).for_each(|channel| sum[channel] += u32::from(pixel[channel]));
        }
        Rgb(sum.map(|channel| (channel / length) as u8))
    })
}

fn toned(picture: &RgbImage, tone: fn(f32) -> f32) -> RgbImage {
    let mut picture = picture.clone();
    picture.iter_mut().for_each(|value| *value = tone(f32::from(*value)).min(255.0) as u8);
    picture
}
