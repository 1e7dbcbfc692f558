//! How many PDF417 symbols are read, and how fast:
//! `cargo run --release -p bonafide-document --example pdf417_table [LICENCES]`
//!
//! First the public symbols beside the checkout, then the backs of drawn licences at several sizes and
//! degradations: blur, JPEG and perspective, as the measuring notes have them.

#![allow(clippy::print_stdout, reason = "it prints a table for people")]

use std::path::Path;
use std::time::Instant;

use bonafide_document::barcode::{Barcode, read_pdf417};
use bonafide_imaging::{Point, Quad, gray, warp};
use bonafide_specimen::aamva::Version;
use bonafide_specimen::{Drawn, Issue, JURISDICTIONS, Licence, Person};
use image::codecs::jpeg::JpegEncoder;
use image::{GrayImage, imageops};
use jiff::civil::date;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let licences = std::env::args().nth(1).map_or(Ok(8), |count| count.parse())?;
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/testdata/pdf417");
    if data.is_dir() {
        public_symbols(&data)?;
    } else {
        println!("skipped: the public symbols are not beside the checkout");
    }
    drawn_licences(licences)
}

fn public_symbols(data: &Path) -> Result<(), Failure> {
    let mut times = Vec::new();
    let (mut read, mut exact) = (0, 0);
    for set in ["pdf417-1", "pdf417-2"] {
        let mut pictures: Vec<_> = std::fs::read_dir(data.join(set))?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<Result<_, _>>()?;
        pictures.retain(|path| path.extension().is_some_and(|extension| extension == "png"));
        pictures.sort();
        for path in pictures {
            let picture = on_white(&image::open(&path)?.into_rgba8());
            let (barcode, milliseconds) = timed(|| read_pdf417(&picture));
            times.push(milliseconds);
            let truth = std::fs::read(path.with_extension("txt")).ok();
            let bytes = barcode.as_ref().map(|barcode| barcode.bytes.as_slice());
            read += usize::from(bytes.is_some());
            exact += usize::from(bytes.is_some() && bytes == truth.as_deref());
            let verdict = match (bytes, truth.as_deref()) {
                (None, _) => "not read",
                (Some(_), None) => "read, no text beside it",
                (Some(bytes), Some(truth)) if bytes == truth => "exact",
                _ => "differs",
            };
            println!(
                "{set}/{} {verdict} {milliseconds:.1} ms",
                path.file_name().unwrap_or_default().display()
            );
        }
    }
    println!(
        "public symbols: {read} of {} read, {exact} exact; {}",
        times.len(),
        percentiles(&mut times)
    );
    Ok(())
}

/// Some of the pictures are transparent.
fn on_white(picture: &image::RgbaImage) -> GrayImage {
    GrayImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [r, g, b, alpha] = picture.get_pixel(x, y).0.map(f32::from);
        let luma = 0.2126 * r + 0.7152 * g + 0.0722 * b;
        image::Luma([(luma * alpha / 255.0 + 255.0 - alpha).round() as u8])
    })
}

struct Level {
    blur: f32,
    quality: u8,
    perspective: f32,
}

const LEVELS: [Level; 3] = [
    Level { blur: 0.4, quality: 92, perspective: 0.0 },
    Level { blur: 0.8, quality: 80, perspective: 0.05 },
    Level { blur: 1.2, quality: 65, perspective: 0.08 },
];

fn drawn_licences(count: u64) -> Result<(), Failure> {
    let backs: Vec<Drawn> = (0..count).map(back).collect::<Result<_, _>>()?;
    let mut all = Vec::new();
    for pixels_per_module in [4.0, 3.0, 2.5, 2.0, 1.6, 1.3] {
        print!("{pixels_per_module} px/module:");
        for level in &LEVELS {
            let mut times = Vec::new();
            let mut exact = 0;
            for (seed, back) in (0..).zip(&backs) {
                let picture = degraded(back, pixels_per_module, level, seed)?;
                let (barcode, milliseconds) = timed(|| read_pdf417(&picture));
                times.push(milliseconds);
                exact += u32::from(barcode.is_some_and(|barcode| says(&barcode, back)));
            }
            all.extend(&times);
            print!("  {exact}/{count} ({})", percentiles(&mut times));
        }
        println!();
    }
    println!("drawn licences: {}", percentiles(&mut all));
    Ok(())
}

fn back(seed: u64) -> Result<Drawn, bonafide_specimen::Error> {
    let today = date(2026, 11, 23);
    let jurisdiction = JURISDICTIONS[seed as usize % JURISDICTIONS.len()];
    let person = Person::generate(today, seed);
    let issue = Issue::generate(today, seed);
    Licence::new(person, issue, jurisdiction, Version::V10).draw_back(seed)
}

fn says(barcode: &Barcode, back: &Drawn) -> bool {
    back.labels.barcode.as_ref().is_some_and(|truth| truth.payload.as_bytes() == barcode.bytes)
}

/// The back at this size, warped, blurred and compressed.
fn degraded(
    back: &Drawn,
    pixels_per_module: f32,
    level: &Level,
    seed: u64,
) -> Result<GrayImage, Failure> {
    let symbol = back.labels.barcode.as_ref().ok_or("a back has a symbol")?.quad;
    let scale = pixels_per_module / module(symbol.width());
    let (width, height) = (back.picture.width() as f32, back.picture.height() as f32);
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(1);
    let mut jitter = |side: f32| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 40) as f32 / (1_u64 << 24) as f32 - 0.5) * side * level.perspective
    };
    let corners = Quad::frame(back.picture.width(), back.picture.height()).0;
    let quad = Quad(corners.map(|at| Point::new(at.x + jitter(width), at.y + jitter(height))));
    let small = warp(&back.picture, &quad, (width * scale) as u32, (height * scale) as u32);
    let blurred = imageops::blur(&small, level.blur);
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, level.quality).encode_image(&blurred)?;
    Ok(gray(&image::load_from_memory(&jpeg)?.into_rgb8()))
}

/// The width of a module: the number of columns that makes it a whole number of pixels.
fn module(symbol_width: f32) -> f32 {
    let modules = |columns: u8| f32::from(columns) * 17.0 + 69.0;
    let off = |columns: &u8| {
        (symbol_width / modules(*columns))
            .fract()
            .min(1.0 - (symbol_width / modules(*columns)).fract())
    };
    let columns = (13..=15).min_by(|a, b| off(a).total_cmp(&off(b))).unwrap_or(13);
    symbol_width / modules(columns)
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, f32) {
    let start = Instant::now();
    let result = work();
    (result, start.elapsed().as_secs_f32() * 1000.0)
}

fn percentiles(times: &mut [f32]) -> String {
    times.sort_by(f32::total_cmp);
    let at = |share: f32| times[((times.len() - 1) as f32 * share) as usize];
    format!("p50 {:.0} p95 {:.0} max {:.0} ms", at(0.5), at(0.95), at(1.0))
}
