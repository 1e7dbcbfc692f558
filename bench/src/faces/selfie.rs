//! Processor time of one selfie: detection, two meshes, the mirrored description, and everything
//! between them, from a decoded picture.

use std::fmt;
use std::fs;

use anyhow::Result;
use bonafide_face::{FaceReader, Views};
use bonafide_imaging::{Limits, decode, fit_width};
use image::RgbImage;
use serde::Serialize;

use super::Labelled;
use crate::processor;
use crate::statistics::{median, percentile};

#[derive(Serialize)]
pub(crate) struct Report {
    selfies: usize,
    median_milliseconds: Option<f64>,
    p95_milliseconds: Option<f64>,
    /// Part of it that is not a net: resizing, warping, decoding boxes.
    comparison_nanoseconds: f64,
}

/// Pictures are enlarged to this width, which cameras have, so that resizing costs what it does.
const WIDTH: u32 = 1280;
const PICTURES: usize = 24;
const COMPARISONS: usize = 1_000_000;

pub(crate) fn measure(reader: &FaceReader, pictures: &[Labelled], rounds: usize) -> Result<Report> {
    let step = (pictures.len() / PICTURES).max(1);
    let mut times = Vec::new();
    let mut descriptions = Vec::new();
    for picture in pictures.iter().step_by(step) {
        let limits = Limits { shortest_longest_side: 0, ..Limits::default() };
        let selfie = fit_width(&decode(&fs::read(&picture.path)?, &limits)?.rgb, WIDTH);
        let mut own = Vec::new();
        for _ in 0..rounds.max(1) {
            let before = processor::milliseconds();
            let description = describe(reader, &selfie)?;
            let after = processor::milliseconds();
            if let (Some(before), Some(after), Some(description)) = (before, after, description) {
                own.push(after - before);
                descriptions.push(description);
            }
        }
        times.extend(median(own));
    }
    Ok(Report {
        selfies: times.len(),
        median_milliseconds: median(times.iter().copied()),
        p95_milliseconds: percentile(&times, 0.95),
        comparison_nanoseconds: comparison(&descriptions),
    })
}

fn describe(reader: &FaceReader, selfie: &RgbImage) -> Result<Option<bonafide_face::Description>> {
    let views = Views::of(selfie);
    let faces = reader.faces_in(&views)?;
    let Some(face) = faces.first() else { return Ok(None) };
    let Some(chip) = reader.chip(&views, face) else { return Ok(None) };
    Ok(reader.describe(&views, face, &chip)?)
}

fn comparison(descriptions: &[bonafide_face::Description]) -> f64 {
    let (Some(one), Some(before)) = (descriptions.first(), processor::milliseconds()) else {
        return f64::NAN;
    };
    let mut sum = 0.0;
    for other in descriptions.iter().cycle().take(COMPARISONS) {
        sum += std::hint::black_box(one).distance(std::hint::black_box(other));
    }
    std::hint::black_box(sum);
    processor::milliseconds().map_or(f64::NAN, |after| (after - before) * 1e6 / COMPARISONS as f64)
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "One selfie of {WIDTH} pixels' width (detection, two meshes, mirrored description): median \
             {:.1} ms, p95 {:.1} ms of processor time over {} pictures; one comparison {:.0} ns",
            self.median_milliseconds.unwrap_or(f64::NAN),
            self.p95_milliseconds.unwrap_or(f64::NAN),
            self.selfies,
            self.comparison_nanoseconds
        )
    }
}
