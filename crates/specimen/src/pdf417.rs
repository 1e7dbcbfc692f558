use std::fmt::Write as _;

use rxing::{
    BarcodeFormat, EncodeHints, Writer, pdf417::PDF417Writer, pdf417::encoder::Dimensions,
};

use crate::Error;

/// Modules of quiet zone on each side; the standard asks for two (ISO/IEC 15438 §5.8.3).
const QUIET_ZONE: usize = 4;

/// Height of a row in modules, as the encoder gives it; AAMVA D-20 annex D asks for three at least.
const ROW_HEIGHT: usize = 4;

/// Dark modules of each row, from top to bottom, without quiet zone.
pub(crate) struct Symbol {
    rows: Vec<Vec<bool>>,
}

/// A symbol of error correction level 5 and 13 data columns.
pub(crate) fn encode(payload: &str) -> Result<Symbol, Error> {
    let hints = EncodeHints {
        ErrorCorrection: Some("5".to_owned()),
        Margin: Some("0".to_owned()),
        CharacterSet: Some("ISO-8859-1".to_owned()),
        Pdf417Dimensions: Some(Dimensions::new(13, 13, 3, 60)),
        ..EncodeHints::default()
    };
    let matrix = PDF417Writer::new()
        .encode_with_hints(payload, &BarcodeFormat::PDF_417, 2, 1, &hints)
        .map_err(|source| Error::Barcode { bytes: payload.len(), source })?;
    let row = |y| (0..matrix.width()).map(|x| matrix.get(x, y)).collect();
    Ok(Symbol { rows: (0..matrix.height()).step_by(ROW_HEIGHT).map(row).collect() })
}

impl Symbol {
    /// White ground with the symbol in its middle; modules are whole pixels, so that no edge is blurred.
    pub(crate) fn svg(&self, id: &str, area: [f32; 4], pixels_per_millimetre: f32) -> String {
        let [left, top, width, height] = area;
        let (columns, rows) = (self.rows[0].len(), self.rows.len() * ROW_HEIGHT);
        let fitting = |millimetres: f32, modules: usize| {
            (millimetres * pixels_per_millimetre / (modules + 2 * QUIET_ZONE) as f32).floor()
        };
        let module = fitting(width, columns).min(fitting(height, rows)).max(1.0);
        let start = |from: f32, span: f32, modules: usize| {
            ((from + span / 2.0) * pixels_per_millimetre - modules as f32 * module / 2.0).round()
        };
        let (x, y) = (start(left, width, columns), start(top, height, rows));
        format!(
            "<rect x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\
             <path id=\"{id}\" shape-rendering=\"crispEdges\" fill=\"#101010\" transform=\"scale({}) translate({x} {y}) scale({module})\" d=\"{}\"/>",
            1.0 / pixels_per_millimetre,
            self.path()
        )
    }

    /// One rectangle for each run of dark modules in each row.
    fn path(&self) -> String {
        let mut path = String::new();
        for (index, row) in self.rows.iter().enumerate() {
            let mut column = 0;
            for run in row.chunk_by(|a, b| a == b) {
                if run[0] {
                    let (y, length) = (index * ROW_HEIGHT, run.len());
                    let _ = write!(path, "M{column} {y}h{length}v{ROW_HEIGHT}h-{length}z");
                }
                column += run.len();
            }
        }
        path
    }
}

#[cfg(test)]
#[path = "pdf417_tests.rs"]
mod tests;
