//! The rows of print in a straightened patch.

use std::ops::Range;

use image::GrayImage;

use super::regularity::regularity;
use super::strokes::{Map, smooth, strokes};

/// Rows of print that begin and end together.
pub(super) struct Rows {
    /// From the upper to the lower edge of each, top to bottom, in pixels.
    pub(super) rows: Vec<Range<f32>>,
    /// From the left end to the right.
    pub(super) columns: Range<f32>,
    /// How evenly the most regular of the rows is spaced, 0 to 1.
    pub(super) regularity: f32,
}

/// A row has at least this share of the strongest row's print.
const FAINTEST: f32 = 0.35;
/// Rows, in multiples of the patch's width, are at least and at most so high.
const HEIGHTS: Range<f32> = 0.008..0.08;

/// The rows of a patch that is hardly wider than they are.
pub(super) fn rows(patch: &GrayImage) -> Option<Rows> {
    let width = patch.width() as f32;
    let reach = (width / 60.0) as usize;
    let print = strokes(patch, reach);
    let profile = smoothed(&row_means(&print), (width / 400.0).round().max(1.0) as usize);
    let strongest = profile.iter().copied().fold(0.0, f32::max);
    let rows: Vec<Range<f32>> = runs(&profile, FAINTEST * strongest, 0)
        .into_iter()
        .map(|run| run.start as f32..run.end as f32)
        .filter(|row| HEIGHTS.contains(&((row.end - row.start) / width)))
        .collect();
    let columns = columns(&print, &rows, reach)?;
    let regularity = (rows.iter())
        .map(|row| regularity(&column_sums(&print, row, &columns)))
        .fold(0.0, f32::max);
    Some(Rows { rows, columns, regularity })
}

fn row_means(print: &Map) -> Vec<f32> {
    (0..print.height).map(|y| print.row(y).iter().sum::<f32>() / print.width as f32).collect()
}

fn smoothed(profile: &[f32], reach: usize) -> Vec<f32> {
    let map = Map { width: profile.len(), height: 1, values: profile.to_vec() };
    smooth(&map, reach, 0).values
}

/// Stretches above a threshold, those joined that are at most `gap` apart.
fn runs(profile: &[f32], threshold: f32, gap: usize) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (index, _) in profile.iter().enumerate().filter(|(_, value)| **value > threshold) {
        match runs.last_mut() {
            Some(run) if index <= run.end + gap => run.end = index + 1,
            _ => runs.push(index..index + 1),
        }
    }
    runs
}

fn column_sums(print: &Map, row: &Range<f32>, columns: &Range<f32>) -> Vec<f32> {
    let columns = columns.start as usize..columns.end as usize;
    let mut sums = vec![0.0; columns.len()];
    for y in row.start as usize..row.end as usize {
        sums.iter_mut().zip(&print.row(y)[columns.clone()]).for_each(|(sum, value)| *sum += value);
    }
    sums
}

/// From the first to the last print of the rows taken together.
fn columns(print: &Map, rows: &[Range<f32>], reach: usize) -> Option<Range<f32>> {
    let whole = 0.0..print.width as f32;
    let mut profile = vec![0.0; print.width];
    for row in rows {
        let sums = column_sums(print, row, &whole);
        profile.iter_mut().zip(sums).for_each(|(sum, value)| *sum += value);
    }
    let profile = smoothed(&profile, reach);
    let mut sorted = profile.clone();
    sorted.sort_by(f32::total_cmp);
    let usual = *sorted.get(sorted.len() / 2)?;
    let runs = runs(&profile, 0.3 * usual, 4 * reach);
    let longest = runs.into_iter().max_by_key(ExactSizeIterator::len)?;
    Some(longest.start as f32..longest.end as f32)
}
