use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use bonafide_imaging::{Limits, decode};
use image::RgbImage;
use serde::de::DeserializeOwned;

/// Reads a manifest of one JSON object per line; empty lines say nothing.
pub(super) fn read<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>> {
    let file = fs::File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
    let mut rows = Vec::new();
    for (index, line) in BufReader::new(file).lines().enumerate() {
        let line = line.with_context(|| format!("{} cannot be read", path.display()))?;
        if !line.trim().is_empty() {
            let place = || format!("{}, line {}", path.display(), index + 1);
            rows.push(serde_json::from_str(&line).with_context(place)?);
        }
    }
    Ok(rows)
}

/// A path of a manifest: relative to the manifest's own folder.
pub(super) fn beside(manifest: &Path, path: &Path) -> PathBuf {
    manifest.parent().unwrap_or(Path::new(".")).join(path)
}

/// A picture of any size that a decoder takes.
pub(super) fn picture(path: &Path) -> Result<RgbImage> {
    let limits = Limits { shortest_longest_side: 0, ..Limits::default() };
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let picture = decode(&bytes, &limits);
    Ok(picture.with_context(|| format!("{} cannot be decoded", path.display()))?.rgb)
}
