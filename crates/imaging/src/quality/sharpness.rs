use image::GrayImage;

use super::measured;
use crate::Quad;

/// How sharp a picture's edges are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sharpness {
    /// Second over first derivative on the strongest edges, along the direction where it is lowest, in 1/pixel of
    /// the measured picture: about the inverse of the width of an edge. 0 where the picture has no edges. Noise is
    /// taken off.
    pub value: f32,
    /// How much stronger the edges are along the best direction than along the worst; 1 where all are alike. A
    /// moving camera weakens those along its movement and leaves the others.
    pub anisotropy: f32,
    /// The direction along which edges are weakest, in degrees from the x axis towards y: that of the movement, if
    /// the camera moved.
    pub degrees: f32,
}

/// The four directions, as the step from a pixel to its neighbour, and the angle.
const DIRECTIONS: [(i32, i32, f32); 4] = [(1, 0, 0.0), (1, 1, 45.0), (0, 1, 90.0), (-1, 1, 135.0)];

/// The share of pixels that counts as the strongest edges.
const STRONGEST: f32 = 0.05;

/// Measures the sharpness of edges.
///
/// The variance of the Laplacian, the usual measure, says as much about the subject as about the lens: a page full
/// of print has more of it than a page with little. The ratio of the second to the first derivative on an edge
/// does not depend on how many edges there are nor on their contrast, only on how wide they are.
///
/// Movement escapes the ratio, because it copies edges instead of widening them; but it makes each copy weaker,
/// along one direction only. So the strengths are compared between directions too.
pub fn sharpness(picture: &GrayImage) -> Sharpness {
    let frame = Quad::frame(picture.width(), picture.height());
    sharpness_within(picture, &[frame])
}

/// Measures the sharpness of the edges that lie within the bounds of `regions`: those of the print, say, and not those of
/// the table's grain beside it, which can be sharp where the print is not.
pub fn sharpness_within(picture: &GrayImage, regions: &[Quad]) -> Sharpness {
    let full_width = picture.width();
    let picture = measured(picture);
    let scale = picture.width() as f32 / full_width.max(1) as f32;
    let regions: Vec<Region> = regions.iter().map(|quad| Region::of(quad, scale)).collect();
    let counted = Mask::of(&picture, &regions);
    let noise = noise(&picture);
    let edges = DIRECTIONS
        .map(|(x, y, degrees)| (strongest_edges(&picture, &counted, noise, x, y), degrees));
    let strengths = edges.map(|(edges, _)| edges.strength);
    let least = strengths.into_iter().fold(f32::INFINITY, f32::min);
    let greatest = strengths.into_iter().fold(0.0, f32::max);
    let weakest = edges.iter().min_by(|(a, _), (b, _)| a.strength.total_cmp(&b.strength));
    Sharpness {
        value: edges.iter().map(|(edges, _)| edges.ratio).fold(f32::INFINITY, f32::min),
        anisotropy: if least > 0.0 { greatest / least } else { 1.0 },
        degrees: weakest.map_or(0.0, |(_, degrees)| *degrees),
    }
}

/// Bounds in pixels of the measured picture: left, top, right, bottom; the last two lie outside.
struct Region([u32; 4]);

impl Region {
    fn of(quad: &Quad, scale: f32) -> Self {
        let [left, top, right, bottom] = quad.bounds().map(|value| (value * scale).max(0.0));
        Self([left as u32, top as u32, right.ceil() as u32, bottom.ceil() as u32])
    }
}

/// Which pixels count.
struct Mask(GrayImage);

impl Mask {
    fn of(picture: &GrayImage, regions: &[Region]) -> Self {
        let (width, height) = picture.dimensions();
        let mut mask = GrayImage::new(width, height);
        for Region([left, top, right, bottom]) in regions {
            for y in *top..(*bottom).min(height) {
                for x in *left..(*right).min(width) {
                    mask.put_pixel(x, y, image::Luma([u8::MAX]));
                }
            }
        }
        Self(mask)
    }

    fn counts(&self, x: i32, y: i32) -> bool {
        self.0.as_raw()[(y * self.0.width() as i32 + x) as usize] > 0
    }
}

/// The strongest edges along one direction.
#[derive(Clone, Copy)]
struct Edges {
    /// Mean first derivative, in luma per pixel.
    strength: f32,
    /// Root mean square of the second over mean of the first derivative, in 1/pixel.
    ratio: f32,
}

fn strongest_edges(
    picture: &GrayImage,
    counted: &Mask,
    noise: f64,
    step_x: i32,
    step_y: i32,
) -> Edges {
    let derivatives = derivatives(picture, counted, step_x, step_y);
    let weakest_counted = threshold(&derivatives);
    let (mut count, mut first_sum, mut second_squares) = (0_u64, 0_u64, 0_u64);
    for &(first, second) in derivatives.iter().filter(|(first, _)| *first >= weakest_counted) {
        count += 1;
        first_sum += u64::from(first);
        second_squares += u64::from(second).pow(2);
    }
    if first_sum == 0 {
        return Edges { strength: 0.0, ratio: 0.0 };
    }
    let second_square = second_squares as f64 / count as f64 - NOISE_GAIN * noise.powi(2);
    // The first derivative spans two steps; along a diagonal a step is longer than a pixel.
    let step = f64::from(step_x).hypot(f64::from(step_y));
    let first = first_sum as f64 / (2.0 * step * count as f64);
    let second = second_square.max(0.0).sqrt() / step.powi(2);
    Edges { strength: (first / UNIT) as f32, ratio: (second / first) as f32 }
}

/// Derivatives are of luma times this.
const UNIT: f64 = 4.0;

/// Mean square of the second derivative of noise, over the noise's own: each of its three values is a sum of pixels
/// weighted 1, 2 and 1, and they are weighted 1, 2 and 1 again.
const NOISE_GAIN: f64 = 36.0;

/// |I(+1) - I(-1)| and |I(+1) - 2 I(0) + I(-1)| at every pixel that counts and has all neighbours, each I averaged over three
/// pixels across the direction: noise goes down and an edge stays as sharp as it is.
fn derivatives(picture: &GrayImage, counted: &Mask, step_x: i32, step_y: i32) -> Vec<(u16, u16)> {
    let (width, height) = (picture.width() as i32, picture.height() as i32);
    let at = |x: i32, y: i32| i32::from(picture.as_raw()[(y * width + x) as usize]);
    let averaged =
        |x: i32, y: i32| at(x - step_y, y + step_x) + 2 * at(x, y) + at(x + step_y, y - step_x);
    let mut derivatives = Vec::with_capacity((width * height) as usize);
    for y in 2..height - 2 {
        for x in (2..width - 2).filter(|x| counted.counts(*x, y)) {
            let (before, after) =
                (averaged(x - step_x, y - step_y), averaged(x + step_x, y + step_y));
            let first = (after - before).unsigned_abs();
            let second = (after - 2 * averaged(x, y) + before).unsigned_abs();
            derivatives.push((first as u16, second as u16));
        }
    }
    derivatives
}

/// The first derivative that only the strongest share reaches; at least 1.
fn threshold(derivatives: &[(u16, u16)]) -> u16 {
    let mut histogram = vec![0_usize; 256 * UNIT as usize];
    for &(first, _) in derivatives {
        histogram[usize::from(first)] += 1;
    }
    let wanted = (derivatives.len() as f32 * STRONGEST) as usize;
    let mut counted = 0;
    for (first, count) in histogram.iter().enumerate().skip(1).rev() {
        counted += count;
        if counted > wanted {
            return first as u16;
        }
    }
    1
}

/// Standard deviation of the noise, in luma: by the response to the difference of two Laplacians, which edges and
/// shades hardly cause (Immerkær, "Fast Noise Variance Estimation", 1996). By its median, so that print in less than
/// half of the picture does not count at all.
fn noise(picture: &GrayImage) -> f64 {
    /// Of a normal distribution, the standard deviation over the median magnitude; and the gain of the mask.
    const DEVIATION: f64 = 1.4826;
    const MASK_GAIN: f64 = 6.0;
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let luma = picture.as_raw();
    let mut responses = Vec::with_capacity(luma.len());
    for y in 1..height.saturating_sub(1) {
        for x in 1..width.saturating_sub(1) {
            let row = |y: usize| {
                let at = |x: usize| i32::from(luma[y * width + x]);
                at(x - 1) - 2 * at(x) + at(x + 1)
            };
            responses.push((row(y - 1) - 2 * row(y) + row(y + 1)).unsigned_abs() as u16);
        }
    }
    if responses.is_empty() {
        return 0.0;
    }
    let middle = responses.len() / 2;
    DEVIATION * f64::from(*responses.select_nth_unstable(middle).1) / MASK_GAIN
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Luma;
    use image::imageops::blur;

    /// Dark strokes of 4 pixels on light ground, without a period.
    fn print() -> GrayImage {
        GrayImage::from_fn(600, 400, |x, y| {
            let (stroke, line) = (x / 4, y / 4);
            let scattered = (stroke + 1).wrapping_mul(2_654_435_761).wrapping_mul(line + 7) >> 13;
            Luma([if scattered % 3 == 0 && line % 8 < 5 { 40 } else { 210 }])
        })
    }

    fn moved_sideways(picture: &GrayImage, length: u32) -> GrayImage {
        GrayImage::from_fn(picture.width(), picture.height(), |x, y| {
            let sum: u32 = (0..length)
                .map(|step| u32::from(picture.get_pixel((x + step).min(picture.width() - 1), y)[0]))
                .sum();
            Luma([(sum / length) as u8])
        })
    }

    #[test]
    fn blur_lowers_it_step_by_step() {
        let values = [0.6, 1.5, 2.5, 4.0].map(|sigma| sharpness(&blur(&print(), sigma)).value);
        assert!(values.is_sorted_by(|a, b| *a > 1.2 * *b), "{values:?}");
    }

    #[test]
    fn contrast_and_amount_of_print_hardly_matter() {
        let full = blur(&print(), 1.2);
        let mut faint = full.clone();
        faint.pixels_mut().for_each(|pixel| pixel[0] = 80 + pixel[0] / 2);
        let mut sparse = full.clone();
        sparse
            .enumerate_pixels_mut()
            .filter(|(_, y, _)| *y > 160)
            .for_each(|(_, _, pixel)| pixel[0] = 210);
        let [full, faint, sparse] = [full, faint, sparse].map(|picture| sharpness(&picture).value);
        assert!((faint / full - 1.0).abs() < 0.15, "{full} {faint}");
        assert!((sparse / full - 1.0).abs() < 0.25, "{full} {sparse}");
    }

    /// Uniform noise of this mean square deviation, without pattern.
    fn noisy(picture: &GrayImage, deviation: f32) -> GrayImage {
        let mut state = 1_u32;
        let mut picture = picture.clone();
        for pixel in picture.pixels_mut() {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let uniform = (state >> 8) as f32 / (1 << 24) as f32 - 0.5;
            pixel[0] = (f32::from(pixel[0]) + uniform * deviation * 12.0_f32.sqrt()) as u8;
        }
        picture
    }

    #[test]
    fn noise_does_not_pass_for_sharpness() {
        let blurred = blur(&print(), 4.0);
        let [still, noisy] =
            [&blurred, &noisy(&blurred, 4.0)].map(|picture| sharpness(picture).value);
        assert!(noisy < 1.5 * still, "{still} {noisy}");
    }

    #[test]
    fn movement_is_seen_along_its_direction() {
        let still = sharpness(&blur(&print(), 0.8));
        let moved = sharpness(&moved_sideways(&blur(&print(), 0.8), 11));
        assert!(still.anisotropy < 1.5, "{still:?}");
        assert!(moved.anisotropy > 2.0 && moved.degrees.abs() < 1.0, "{moved:?}");
    }

    /// Guards that a sharp table does not hide blurred print.
    #[test]
    fn only_edges_within_the_regions_count() {
        let mut picture = blur(&print(), 4.0);
        image::imageops::replace(&mut picture, &print(), 0, 200);
        let upper = sharpness_within(&picture, &[Quad::rectangle(0.0, 0.0, 600.0, 180.0)]).value;
        let lower = sharpness_within(&picture, &[Quad::rectangle(0.0, 210.0, 600.0, 180.0)]).value;
        assert!(lower > 3.0 * upper, "{upper} {lower}");
    }

    #[test]
    fn no_picture_is_too_small_or_too_flat() {
        for (width, height) in [(0, 0), (1, 1), (2, 9), (50, 50)] {
            assert!(
                sharpness(&GrayImage::from_pixel(width, height, Luma([128]))).value.abs() < 1e-9
            );
        }
    }
}
