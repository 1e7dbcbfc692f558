//! Where a picture has print: thin dark strokes side by side.

use image::GrayImage;

/// A map of one number per pixel.
pub(super) struct Map {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) values: Vec<f32>,
}

impl Map {
    pub(super) fn row(&self, y: usize) -> &[f32] {
        &self.values[y * self.width..(y + 1) * self.width]
    }

    fn from_rows(width: usize, height: usize, row: impl Fn(usize) -> Vec<f32>) -> Self {
        let values = (0..height).flat_map(row).collect();
        Self { width, height, values }
    }
}

/// Fainter strokes, as a share of the strongest nearby, are background print.
const FAINT: f32 = 0.4;
/// Fainter strokes, in steps of 8 bits, are noise.
const NOISE: f32 = 14.0;

/// How much darker each pixel is than what is within `reach` pixels to both sides of it (a black-hat
/// transform along the rows): high on strokes, zero on surfaces and at single edges.
pub(super) fn strokes(picture: &GrayImage, reach: usize) -> Map {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let pixels = picture.as_raw();
    Map::from_rows(width, height, |y| {
        let row = &pixels[y * width..(y + 1) * width];
        let closed = running(&running(row, reach, u8::max), reach, u8::min);
        closed.iter().zip(row).map(|(&closed, &own)| f32::from(closed - own.min(closed))).collect()
    })
}

/// The extreme of each place and `reach` places to both sides (van Herk 1992: three comparisons a
/// place whatever the reach).
fn running(row: &[u8], reach: usize, extreme: fn(u8, u8) -> u8) -> Vec<u8> {
    let window = 2 * reach + 1;
    let (Some(&first), Some(&last)) = (row.first(), row.last()) else { return Vec::new() };
    let at = |index: usize| match index.checked_sub(reach) {
        None => first,
        Some(index) => row.get(index).copied().unwrap_or(last),
    };
    let padded = (row.len() + 2 * reach).next_multiple_of(window);
    let mut forward: Vec<u8> = (0..padded).map(at).collect();
    let mut backward = forward.clone();
    for index in 1..padded {
        if index % window != 0 {
            forward[index] = extreme(forward[index], forward[index - 1]);
        }
    }
    for index in (0..padded - 1).rev() {
        if (index + 1) % window != 0 {
            backward[index] = extreme(backward[index], backward[index + 1]);
        }
    }
    (0..row.len()).map(|index| extreme(backward[index], forward[index + window - 1])).collect()
}

/// Which pixels are strokes: 1 where they stand out from noise and are not faint beside the
/// strongest within `reach` pixels, else 0. What counts is then how much print there is, and not
/// how dark it is.
pub(super) fn marks(strokes: &Map, reach: usize) -> Map {
    let rows: Vec<Vec<u8>> = (0..strokes.height)
        .map(|y| {
            let row: Vec<u8> = strokes.row(y).iter().map(|&value| value as u8).collect();
            running(&row, reach, u8::max)
        })
        .collect();
    let mut strongest = vec![0; strokes.values.len()];
    for x in 0..strokes.width {
        let column: Vec<u8> = rows.iter().map(|row| row[x]).collect();
        for (y, value) in running(&column, reach, u8::max).into_iter().enumerate() {
            strongest[y * strokes.width + x] = value;
        }
    }
    let values = (strokes.values.iter().zip(strongest))
        .map(|(&value, strongest)| {
            let limit = (FAINT * f32::from(strongest)).max(NOISE);
            if value > limit { 1.0 } else { 0.0 }
        })
        .collect();
    Map { width: strokes.width, height: strokes.height, values }
}

/// The mean over a rectangle of `2 * reach_x + 1` by `2 * reach_y + 1` pixels around each.
pub(super) fn smooth(map: &Map, reach_x: usize, reach_y: usize) -> Map {
    let across: Vec<Vec<f32>> =
        (0..map.height).map(|y| running_mean(map.row(y), reach_x)).collect();
    let mut sums = vec![0.0_f32; map.width];
    let add = |row: &[f32], sign: f32, sums: &mut Vec<f32>| {
        sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += sign * value);
    };
    let mut values = Vec::with_capacity(map.values.len());
    for row in across.iter().take(reach_y) {
        add(row, 1.0, &mut sums);
    }
    for y in 0..map.height {
        if let Some(row) = across.get(y + reach_y) {
            add(row, 1.0, &mut sums);
        }
        if let Some(row) = y.checked_sub(reach_y + 1).and_then(|y| across.get(y)) {
            add(row, -1.0, &mut sums);
        }
        let count = (y + reach_y).min(map.height - 1) - y.saturating_sub(reach_y) + 1;
        values.extend(sums.iter().map(|sum| sum / count as f32));
    }
    Map { width: map.width, height: map.height, values }
}

fn running_mean(row: &[f32], reach: usize) -> Vec<f32> {
    let mut sum: f32 = row.iter().take(reach).sum();
    (0..row.len())
        .map(|index| {
            sum += row.get(index + reach).unwrap_or(&0.0);
            if let Some(left) = index.checked_sub(reach + 1) {
                sum -= row[left];
            }
            let count = (index + reach).min(row.len() - 1) - index.saturating_sub(reach) + 1;
            sum / count as f32
        })
        .collect()
}
