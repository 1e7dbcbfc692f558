//! A document under construction: SVG in millimetres, drawn and labelled in one go.

use std::fmt::Write as _;
use std::sync::{Arc, LazyLock};

use bonafide_imaging::Quad;
use image::RgbImage;
use resvg::{tiny_skia, usvg};

use crate::drawn::{Barcode, Drawn, Field, Labels, Mrz, MrzLine, Side};
use crate::{Error, Issue, Person, mrz, ocr_b, pdf417};

/// Size of a document and how finely it is drawn.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sheet {
    /// In millimetres.
    pub(crate) width: f32,
    /// In millimetres.
    pub(crate) height: f32,
    pub(crate) pixels_per_millimetre: f32,
}

impl Sheet {
    /// ISO/IEC 7810 ID-1, the size of a card.
    pub(crate) const ID_1: Self = Self { width: 85.6, height: 53.98, pixels_per_millimetre: 18.0 };
    /// ID-2, the size of a TD2 card and of a small visa.
    pub(crate) const ID_2: Self = Self { width: 105.0, height: 74.0, pixels_per_millimetre: 14.0 };
    /// ID-3, the size of a passport's page.
    pub(crate) const ID_3: Self = Self { width: 125.0, height: 88.0, pixels_per_millimetre: 12.0 };
}

/// Looks of a text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Text<'a> {
    /// Size of the em square, in millimetres.
    pub(crate) size: f32,
    pub(crate) bold: bool,
    pub(crate) colour: &'a str,
}

impl Text<'static> {
    pub(crate) const CAPTION: Self = Self { size: 1.75, bold: false, colour: "#4a5568" };
    pub(crate) const VALUE: Self = Self { size: 3.0, bold: true, colour: "#17191f" };
}

pub(crate) struct Page {
    sheet: Sheet,
    svg: String,
    fields: Vec<(String, String)>,
    mrz: Option<(mrz::Format, Vec<String>)>,
    barcode: Option<String>,
}

impl Page {
    pub(crate) fn new(sheet: Sheet) -> Self {
        let svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w} {h}\" width=\"{w}\" height=\"{h}\" font-family=\"Noto Sans\">",
            w = sheet.width,
            h = sheet.height
        );
        Self { sheet, svg, fields: Vec::new(), mrz: None, barcode: None }
    }

    /// Adds elements as they are.
    pub(crate) fn add(&mut self, elements: &str) {
        self.svg.push_str(elements);
    }

    /// Adds text with its left end at `at`, on the baseline.
    pub(crate) fn text(&mut self, at: (f32, f32), look: Text, text: &str) {
        self.text_with(at, look, "", text);
    }

    /// Adds a caption and, below it, the value that the labels will know under `name`; neither where it is empty.
    pub(crate) fn field(&mut self, at: (f32, f32), name: &str, caption: &str, value: &str) {
        if value.is_empty() {
            return;
        }
        self.text(at, Text::CAPTION, caption);
        self.value((at.0, at.1 + 3.5), Text::VALUE, name, value);
    }

    /// Adds a value that the labels will know under `name`.
    pub(crate) fn value(&mut self, at: (f32, f32), look: Text, name: &str, value: &str) {
        self.text_with(at, look, &format!(" id=\"field-{name}\""), value);
        self.fields.push((name.to_owned(), value.to_owned()));
    }

    fn text_with(&mut self, (x, y): (f32, f32), look: Text, attributes: &str, text: &str) {
        let weight = if look.bold { 700 } else { 400 };
        let _ = write!(
            self.svg,
            "<text x=\"{x}\" y=\"{y}\" font-size=\"{}\" font-weight=\"{weight}\" fill=\"{}\"{attributes}>{}</text>",
            look.size,
            look.colour,
            escaped(text)
        );
    }

    /// Adds the machine-readable zone: `baselines` from top to bottom, in millimetres, centred across the sheet.
    pub(crate) fn mrz(&mut self, format: mrz::Format, lines: &[String], baselines: &[f32]) {
        let left = (self.sheet.width - format.line_length() as f32 * ocr_b::PITCH) / 2.0;
        for (index, (line, baseline)) in lines.iter().zip(baselines).enumerate() {
            self.svg.push_str(&ocr_b::line(&format!("mrz-{index}"), left, *baseline, line));
        }
        self.mrz = Some((format, lines.to_vec()));
    }

    /// Adds a PDF417 symbol on white, centred in the box (left, top, width, height in millimetres) with modules of
    /// whole pixels, as many as fit.
    pub(crate) fn pdf417(&mut self, area: [f32; 4], payload: &str) -> Result<(), Error> {
        let symbol = pdf417::encode(payload)?;
        self.svg.push_str(&symbol.svg("barcode", area, self.sheet.pixels_per_millimetre));
        self.barcode = Some(payload.to_owned());
        Ok(())
    }

    /// Draws the page and finds out where everything went.
    pub(crate) fn draw(self, side: Side, person: &Person, issue: &Issue) -> Drawn {
        let svg = self.svg + "</svg>";
        let tree = usvg::Tree::from_str(&svg, &OPTIONS)
            .expect("pages are well-formed SVG: they hold escaped text and numbers only");
        let scale = self.sheet.pixels_per_millimetre;
        let quad = |id: &str| {
            let bounds = tree.node_by_id(id)?.abs_stroke_bounding_box();
            let quad = Quad::rectangle(bounds.x(), bounds.y(), bounds.width(), bounds.height());
            Some(quad.scaled(scale, scale))
        };
        let fields = self.fields.into_iter().filter_map(|(name, text)| {
            let quad = quad(&format!("field-{name}"))?;
            Some(Field { name, text, quad })
        });
        let lines = |lines: Vec<String>| {
            let lines = lines.into_iter().enumerate();
            lines
                .filter_map(|(index, text)| {
                    Some(MrzLine { quad: quad(&format!("mrz-{index}"))?, text })
                })
                .collect()
        };
        let picture = raster(&tree, self.sheet);
        let labels = Labels {
            side,
            person: person.clone(),
            issue: issue.clone(),
            page: Quad::frame(picture.width(), picture.height()),
            fields: fields.collect(),
            mrz: self.mrz.map(|(format, text)| Mrz { format, lines: lines(text) }),
            barcode: self
                .barcode
                .and_then(|payload| Some(Barcode { payload, quad: quad("barcode")? })),
            portrait: quad("portrait"),
        };
        Drawn { picture, labels }
    }
}

/// Text that XML takes as it is; control characters, which XML refuses, are left out.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars().filter(|character| !character.is_control()) {
        match character {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            other => escaped.push(other),
        }
    }
    escaped
}

fn raster(tree: &usvg::Tree, sheet: Sheet) -> RgbImage {
    let scale = sheet.pixels_per_millimetre;
    let (width, height) = ((sheet.width * scale) as u32, (sheet.height * scale) as u32);
    let mut pixels = tiny_skia::Pixmap::new(width, height)
        .expect("sheets are some thousand pixels wide at most, and not empty");
    pixels.fill(tiny_skia::Color::WHITE);
    resvg::render(tree, tiny_skia::Transform::from_scale(scale, scale), &mut pixels.as_mut());
    RgbImage::from_fn(width, height, |x, y| {
        let pixel = pixels.pixel(x, y).expect("within the pixels just drawn");
        image::Rgb([pixel.red(), pixel.green(), pixel.blue()])
    })
}

static OPTIONS: LazyLock<usvg::Options<'static>> = LazyLock::new(|| {
    let mut fonts = usvg::fontdb::Database::new();
    for font in [notosans::REGULAR_TTF, notosans::BOLD_TTF, notosans::ITALIC_TTF] {
        fonts.load_font_data(font.to_vec());
    }
    usvg::Options {
        font_family: "Noto Sans".to_owned(),
        fontdb: Arc::new(fonts),
        ..usvg::Options::default()
    }
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_from_outside_stays_text() {
        assert_eq!(escaped("a<b>&\u{0}\u{1f}\""), "a&lt;b&gt;&amp;\"");
    }
}
