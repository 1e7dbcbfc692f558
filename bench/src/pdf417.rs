//! PDF417 symbols, and whether their content is that of the text file beside each.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result};
use bonafide_document::barcode::read_pdf417;
use bonafide_imaging::{Limits, decode, gray};
use serde::Serialize;

use crate::statistics::{Rate, median, percentile};

#[derive(Serialize)]
struct Symbol {
    file: String,
    decoded: bool,
    /// `None` where no text is kept for the symbol.
    exact: Option<bool>,
    wall_milliseconds: f64,
}

#[derive(Serialize)]
pub(crate) struct Report {
    decoded: Rate,
    exact: Rate,
    median_milliseconds: f64,
    percentile_95_milliseconds: f64,
    symbols: Vec<Symbol>,
}

/// Reads every picture below `folder`. Decoding the file does not count.
pub(crate) fn measure(folder: &Path) -> Result<Report> {
    let mut symbols = Vec::new();
    for path in pictures(folder)? {
        symbols.push(read(folder, &path).with_context(|| path.display().to_string())?);
    }
    let texts: Vec<bool> = symbols.iter().filter_map(|symbol| symbol.exact).collect();
    let times: Vec<f64> = symbols.iter().map(|symbol| symbol.wall_milliseconds).collect();
    Ok(Report {
        decoded: Rate::new(symbols.iter().filter(|symbol| symbol.decoded).count(), symbols.len()),
        exact: Rate::new(texts.iter().filter(|exact| **exact).count(), texts.len()),
        median_milliseconds: median(times.iter().copied()).unwrap_or_default(),
        percentile_95_milliseconds: percentile(&times, 0.95).unwrap_or_default(),
        symbols,
    })
}

fn pictures(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut pictures = Vec::new();
    for set in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        for file in fs::read_dir(set?.path())? {
            let path = file?.path();
            if path.extension().is_some_and(|extension| extension == "png" || extension == "jpg") {
                pictures.push(path);
            }
        }
    }
    pictures.sort();
    Ok(pictures)
}

fn read(folder: &Path, path: &Path) -> Result<Symbol> {
    let limits = Limits { shortest_longest_side: 0, ..Limits::default() };
    let picture = gray(&decode(&fs::read(path)?, &limits)?.rgb);
    let before = Instant::now();
    let barcode = read_pdf417(&picture);
    let wall_milliseconds = before.elapsed().as_secs_f64() * 1e3;
    let text = fs::read(path.with_extension("txt")).ok();
    Ok(Symbol {
        file: path.strip_prefix(folder)?.display().to_string(),
        exact: text.map(|text| barcode.as_ref().is_some_and(|code| same(&code.bytes, &text))),
        decoded: barcode.is_some(),
        wall_milliseconds,
    })
}

/// A symbol holds bytes, the file holds UTF-8: beyond ASCII the bytes are Latin-1, the symbology's
/// default (ISO/IEC 15438).
fn same(bytes: &[u8], text: &[u8]) -> bool {
    let latin_1: String = bytes.iter().copied().map(char::from).collect();
    bytes == text || latin_1.as_bytes() == text
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "PDF417: decoded {}, as in the text file {}; median {:.1} ms, 95th percentile {:.1} ms",
            self.decoded, self.exact, self.median_milliseconds, self.percentile_95_milliseconds
        )?;
        for symbol in self.symbols.iter().filter(|symbol| symbol.exact != Some(true)) {
            let outcome = match (symbol.decoded, symbol.exact) {
                (false, _) => "not decoded",
                (true, None) => "decoded; no text is kept for it",
                (true, _) => "differs from its text",
            };
            writeln!(f, "  {:<24}{outcome}", symbol.file)?;
        }
        Ok(())
    }
}
