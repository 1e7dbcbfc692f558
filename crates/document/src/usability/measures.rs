use bonafide_domain::evidence::Signal;
use bonafide_imaging::quality::{self, Chroma, Exposure, Glare, Sharpness};
use bonafide_imaging::{Point, Quad, gray};
use image::{GrayImage, RgbImage};

use super::thresholds;
use crate::page::{self, Page};
use crate::side::{Side, corners};

/// Everything that is measured on one side.
pub(super) struct Measures {
    pub(super) page: Page,
    pub(super) share_outside: f32,
    /// Upper bound where the page's scale is not known.
    pub(super) pixels_per_millimetre: f32,
    pub(super) sharpness: Sharpness,
    pub(super) exposure: Exposure,
    pub(super) chroma: Chroma,
    pub(super) glare: Glare,
    /// How many lines of text a reflection touches.
    pub(super) glaring_lines: usize,
}

impl Measures {
    pub(super) fn of(side: &Side, picture: &RgbImage) -> Self {
        let (width, height) = picture.dimensions();
        let print: Vec<Quad> = side.print.iter().map(|line| line.quad).collect();
        let page = page::locate(width, height, side.mrz, &print);
        let (cut, origin) = page.cut(picture);
        let luma = gray(&cut);
        let mut glare = quality::glare(&cut);
        for highlight in &mut glare.highlights {
            highlight.quad = highlight.quad.moved(origin.x, origin.y);
        }
        Self {
            page,
            share_outside: page.share_outside(width, height),
            pixels_per_millimetre: page.pixels_per_millimetre.unwrap_or_else(|| at_most(picture)),
            sharpness: sharpness(&luma, &print, origin),
            exposure: quality::exposure(&luma),
            chroma: quality::chroma(&cut),
            glaring_lines: print
                .iter()
                .filter(|line| !is_proved(line, side) && is_touched(line, &glare))
                .count(),
            glare,
        }
    }

    pub(super) fn signals(&self, side: &Side) -> Vec<Signal> {
        let measured = |name: &str, value: f32, threshold: f32| {
            Signal::new(name, value)
                .against(f64::from(threshold))
                .within(side.part, corners(&self.page.quad))
        };
        let mut signals = vec![
            Signal::new("usability.page", self.page.source.as_str())
                .within(side.part, corners(&self.page.quad)),
            measured("usability.page_share_outside", self.share_outside, thresholds::MOST_OUTSIDE),
            measured(
                "usability.pixels_per_millimetre",
                self.pixels_per_millimetre,
                thresholds::LEAST_PIXELS_PER_MILLIMETRE,
            ),
            measured("usability.sharpness", self.sharpness.value, thresholds::LEAST_SHARPNESS),
            measured(
                "usability.edge_anisotropy",
                self.sharpness.anisotropy,
                thresholds::MOST_ANISOTROPY,
            ),
            measured(
                "usability.brightest_luma",
                f32::from(self.exposure.bright),
                f32::from(thresholds::LEAST_BRIGHT),
            ),
            measured(
                "usability.luma_contrast",
                f32::from(self.exposure.contrast()),
                f32::from(thresholds::LEAST_CONTRAST),
            ),
            measured(
                "usability.colour_spread",
                self.chroma.spread,
                thresholds::LEAST_COLOUR_SPREAD,
            ),
            Signal::new("usability.text_lines", side.lines_of_text())
                .against(crate::side::FEWEST_LINES as f64),
            Signal::new("usability.legible", side.is_legible()),
            Signal::new("usability.glare_touched_lines", self.glaring_lines),
        ];
        if let Some(worst) = self.glare.highlights.first() {
            signals.push(
                Signal::new("usability.glare_share", self.glare.share)
                    .within(side.part, corners(&worst.quad)),
            );
        }
        signals
    }
}

/// Of the print alone, where enough of it was found: the grain of a table beside it can be sharp where the print is not.
fn sharpness(page: &GrayImage, print: &[Quad], origin: Point) -> Sharpness {
    if print.len() < crate::side::FEWEST_LINES {
        return quality::sharpness(page);
    }
    let lines: Vec<Quad> = print.iter().map(|line| line.moved(-origin.x, -origin.y)).collect();
    quality::sharpness_within(page, &lines)
}

/// The resolution if the smallest sheet there is filled the picture's longest side.
fn at_most(picture: &RgbImage) -> f32 {
    const SMALLEST_SHEET_MILLIMETRES: f32 = 85.6;
    picture.width().max(picture.height()) as f32 / SMALLEST_SHEET_MILLIMETRES
}

/// Whether the line is one of a zone whose check digits hold: nothing can be hidden there, and the
/// white that zones are printed on is no reflection.
fn is_proved(line: &Quad, side: &Side) -> bool {
    let zone = side.mrz.filter(|zone| zone.is_valid()).and_then(|zone| zone.quad);
    zone.is_some_and(|zone| {
        let [left, top, right, bottom] = zone.bounds();
        let [x0, y0, x1, y1] = line.bounds();
        let (x, y) = (f32::midpoint(x0, x1), f32::midpoint(y0, y1));
        (left..=right).contains(&x) && (top..=bottom).contains(&y)
    })
}

/// Whether a reflection reaches into the line or cuts off its beginning or end, where its text would go on.
fn is_touched(line: &Quad, glare: &Glare) -> bool {
    let [left, top, right, bottom] = line.bounds();
    let height = bottom - top;
    glare.highlights.iter().any(|highlight| {
        let spot = highlight.quad.bounds();
        let across = (right + height).min(spot[2]) - (left - height).max(spot[0]);
        let down = bottom.min(spot[3]) - top.max(spot[1]);
        across > height && down > height / 2.0
    })
}
