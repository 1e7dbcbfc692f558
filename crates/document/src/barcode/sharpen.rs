//! Bars that blur has flattened, steepened again before they are cut into black and white.

use image::{GrayImage, Luma};

/// How to treat a straightened symbol.
#[derive(Clone, Copy)]
pub(super) struct Sharpening {
    /// Rows averaged above and below. Rows of a symbol are at least three modules high, bars do not change
    /// along them: averaging there takes noise away and no detail.
    pub(super) rows: u32,
    /// Half the width of the neighbourhood that a pixel is held against, in pixels.
    pub(super) reach: u32,
    /// How much of the difference to the neighbourhood is added.
    pub(super) amount: f32,
}

impl Sharpening {
    /// Averages down the bars and adds contrast across them.
    pub(super) fn apply(self, picture: &GrayImage) -> GrayImage {
        let (width, height) = picture.dimensions();
        let mut sharp = GrayImage::new(width, height);
        for y in 0..height {
            let row = self.mean_of_rows(picture, y);
            let background = box_blur(&box_blur(&row, self.reach as usize), self.reach as usize);
            for (x, (&value, &around)) in (0..).zip(row.iter().zip(&background)) {
                let steeper = value + self.amount * (value - around);
                sharp.put_pixel(x, y, Luma([steeper.clamp(0.0, 255.0) as u8]));
            }
        }
        sharp
    }

    fn mean_of_rows(self, picture: &GrayImage, y: u32) -> Vec<f32> {
        let width = picture.width() as usize;
        let first = y.saturating_sub(self.rows) as usize;
        let last = (y + self.rows).min(picture.height() - 1) as usize;
        let share = 1.0 / (last - first + 1) as f32;
        let mut mean = vec![0.0; width];
        for row in picture.as_raw()[first * width..(last + 1) * width].chunks_exact(width) {
            for (mean, &value) in mean.iter_mut().zip(row) {
                *mean += f32::from(value) * share;
            }
        }
        mean
    }
}

/// The mean of up to `2 * reach + 1` neighbours, fewer at the ends.
fn box_blur(row: &[f32], reach: usize) -> Vec<f32> {
    let mut sums = Vec::with_capacity(row.len() + 1);
    sums.push(0.0_f64);
    for &value in row {
        sums.push(sums[sums.len() - 1] + f64::from(value));
    }
    (0..row.len())
        .map(|x| {
            let (first, end) = (x.saturating_sub(reach), (x + reach + 1).min(row.len()));
            ((sums[end] - sums[first]) / (end - first) as f64) as f32
        })
        .collect()
}
