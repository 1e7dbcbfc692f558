//! Fine-line grounds: bands of waves and rosettes, different for each seed.

use std::f32::consts::TAU;
use std::fmt::Write as _;

use rand::RngExt;

use crate::page::Sheet;
use crate::seed::random;

/// Colours of one fictional authority's documents.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Palette {
    hue: f32,
}

impl Palette {
    /// One of the hues that leave black print legible.
    pub(crate) fn choose(seed: u64) -> Self {
        Self { hue: random(seed, "palette").random_range(0.0..360.0) }
    }

    /// The paper.
    pub(crate) fn ground(self) -> String {
        format!("hsl({:.0}, 38%, 95%)", self.hue)
    }

    /// The other end of the paper's gradient.
    pub(crate) fn ground_end(self) -> String {
        format!("hsl({:.0}, 42%, 88%)", self.turned(35.0))
    }

    /// Fine lines.
    pub(crate) fn line(self) -> String {
        format!("hsl({:.0}, 38%, 62%)", self.turned(15.0))
    }

    /// Headings.
    pub(crate) fn strong(self) -> String {
        format!("hsl({:.0}, 58%, 28%)", self.hue)
    }

    fn turned(self, degrees: f32) -> f32 {
        (self.hue + degrees) % 360.0
    }
}

/// The whole ground of a sheet.
pub(crate) fn ground(sheet: Sheet, palette: Palette, seed: u64) -> String {
    let random = &mut random(seed, "guilloche");
    let mut svg = format!(
        "<defs><linearGradient id=\"ground\" x1=\"0\" y1=\"0\" x2=\"1\" y2=\"1\">\
         <stop offset=\"0\" stop-color=\"{}\"/><stop offset=\"1\" stop-color=\"{}\"/></linearGradient></defs>\
         <rect width=\"{}\" height=\"{}\" fill=\"url(#ground)\"/>\
         <g fill=\"none\" stroke=\"{}\" stroke-width=\"0.11\" stroke-opacity=\"0.55\">",
        palette.ground(),
        palette.ground_end(),
        sheet.width,
        sheet.height,
        palette.line()
    );
    let cycles = random.random_range(2.0..4.0);
    let beat = random.random_range(5.0..9.0);
    let bands = 26;
    for band in 0..bands {
        let share = band as f32 / bands as f32;
        svg.push_str(&wave(sheet, share, cycles, beat));
    }
    let petals = random.random_range(9..16) as f32;
    let centre = (sheet.width * random.random_range(0.62..0.78), sheet.height * 0.4);
    for ring in 0..10 {
        let radius = sheet.height * (0.33 - 0.024 * ring as f32);
        svg.push_str(&rosette(centre, radius, petals, ring as f32));
    }
    svg + "</g>"
}

fn wave(sheet: Sheet, share: f32, cycles: f32, beat: f32) -> String {
    let points = (0..=160).map(|step| {
        let along = step as f32 / 160.0;
        let swing = (TAU * (cycles * along + share)).sin() * 0.045
            + (TAU * (beat * along - 2.0 * share)).sin() * 0.016;
        (along * sheet.width, (share + 0.02 + swing) * sheet.height)
    });
    path(points)
}

fn rosette(centre: (f32, f32), radius: f32, petals: f32, ring: f32) -> String {
    let points = (0..=720).map(|step| {
        let angle = TAU * step as f32 / 720.0;
        let reach = radius * (0.86 + 0.14 * (petals * angle + ring * 0.5).sin());
        (centre.0 + reach * angle.cos(), centre.1 + reach * angle.sin())
    });
    path(points)
}

fn path(points: impl Iterator<Item = (f32, f32)>) -> String {
    let mut path = "<path d=\"".to_owned();
    for (index, (x, y)) in points.enumerate() {
        let _ = write!(path, "{}{x:.2} {y:.2}", if index == 0 { 'M' } else { 'L' });
    }
    path + "\"/>"
}

/// The word SPECIMEN across the sheet, faint.
pub(crate) fn watermark(sheet: Sheet, palette: Palette) -> String {
    format!(
        "<text transform=\"translate({} {}) rotate(-18)\" text-anchor=\"middle\" font-size=\"{}\" font-weight=\"700\" letter-spacing=\"{}\" fill=\"{}\" fill-opacity=\"0.12\">SPECIMEN</text>",
        sheet.width * 0.69,
        sheet.height * 0.5,
        sheet.width * 0.08,
        sheet.width * 0.009,
        palette.strong()
    )
}
