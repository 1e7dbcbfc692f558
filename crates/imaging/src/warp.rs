use image::ImageBuffer;

use crate::{Homography, Point, Quad, Samples};

/// What the quad holds, as an upright rectangle of this size (sides of 0 become 1).
///
/// Bilinear; where the source is finer than the target each target pixel averages several samples. Beyond the
/// picture its border is repeated. A quad that encloses nothing gives a picture of its first corner's colour.
pub fn warp<P: Samples>(
    picture: &ImageBuffer<P, Vec<u8>>,
    quad: &Quad,
    width: u32,
    height: u32,
) -> ImageBuffer<P, Vec<u8>> {
    let (width, height) = (width.max(1), height.max(1));
    if picture.width() == 0 || picture.height() == 0 {
        return ImageBuffer::new(width, height);
    }
    let map = Homography::rectangle_to_quad(width as f32, height as f32, quad);
    let across = samples_per_pixel(quad.width() / width as f32);
    let down = samples_per_pixel(quad.height() / height as f32);
    let source = Source::of(picture);
    ImageBuffer::from_fn(width, height, |x, y| {
        let mut sum = [0.0; 3];
        for step_y in 0..down {
            for step_x in 0..across {
                let target = Point::new(
                    x as f32 + (step_x as f32 + 0.5) / across as f32,
                    y as f32 + (step_y as f32 + 0.5) / down as f32,
                );
                let at = map.map_or(quad.0[0], |map| map.map(target));
                add(&mut sum, source.sample::<P>(at));
            }
        }
        let count = (across * down) as f32;
        let mean = sum.map(|channel| (channel / count + 0.5) as u8);
        *P::from_slice(&mean[..usize::from(P::CHANNEL_COUNT)])
    })
}

/// Enough samples that none of the source is skipped, up to a bound that keeps a huge quad affordable.
fn samples_per_pixel(source_pixels_per_target_pixel: f32) -> u32 {
    source_pixels_per_target_pixel.round().clamp(1.0, 8.0) as u32
}

fn add(sum: &mut [f32; 3], value: [f32; 3]) {
    for (sum, value) in sum.iter_mut().zip(value) {
        *sum += value;
    }
}

/// A picture's bytes: a sample reads four pixels, and asking the picture for each costs more than the rest.
struct Source<'a> {
    bytes: &'a [u8],
    width: usize,
    last: (f32, f32),
}

impl<'a> Source<'a> {
    /// Of a picture that has at least one pixel.
    fn of<P: Samples>(picture: &'a ImageBuffer<P, Vec<u8>>) -> Self {
        let last = ((picture.width() - 1) as f32, (picture.height() - 1) as f32);
        Self { bytes: picture.as_raw(), width: picture.width() as usize, last }
    }

    /// The picture's value between pixel centres; unused channels are 0.
    fn sample<P: Samples>(&self, at: Point) -> [f32; 3] {
        let channels = usize::from(P::CHANNEL_COUNT);
        let mut value = [0.0; 3];
        let x = (at.x - 0.5).clamp(0.0, self.last.0);
        let y = (at.y - 0.5).clamp(0.0, self.last.1);
        let (left, top) = (x as usize, y as usize);
        let (share_x, share_y) = (x - left as f32, y - top as f32);
        let next_x = if x < self.last.0 { channels } else { 0 };
        let next_y = if y < self.last.1 { self.width * channels } else { 0 };
        let first = (top * self.width + left) * channels;
        for (at, weight) in [
            (first, (1.0 - share_x) * (1.0 - share_y)),
            (first + next_x, share_x * (1.0 - share_y)),
            (first + next_y, (1.0 - share_x) * share_y),
            (first + next_x + next_y, share_x * share_y),
        ] {
            for (value, &channel) in value.iter_mut().zip(&self.bytes[at..at + channels]) {
                *value += weight * f32::from(channel);
            }
        }
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_files::textured;
    use crate::{gray, turn};
    use image::{GrayImage, Luma};
    use proptest::prelude::*;

    #[test]
    fn the_whole_frame_in_its_own_size_is_the_picture() {
        let picture = textured(37, 23);
        assert_eq!(warp(&picture, &Quad::frame(37, 23), 37, 23), picture);
        let gray = gray(&picture);
        assert_eq!(warp(&gray, &Quad::frame(37, 23), 37, 23), gray);
    }

    #[test]
    fn a_quad_that_begins_elsewhere_turns_the_picture() {
        let picture = textured(30, 20);
        let [a, b, c, d] = Quad::frame(30, 20).0;
        assert_eq!(warp(&picture, &Quad([c, d, a, b]), 30, 20), turn(&picture, 2));
        assert_eq!(warp(&picture, &Quad([d, a, b, c]), 20, 30), turn(&picture, 1));
    }

    #[test]
    fn a_part_is_cut_out() {
        let picture = textured(50, 40);
        let part = warp(&picture, &Quad::rectangle(10.0, 5.0, 20.0, 15.0), 20, 15);
        assert!(
            part.enumerate_pixels().all(|(x, y, pixel)| pixel == picture.get_pixel(x + 10, y + 5))
        );
    }

    #[test]
    fn shrinking_averages() {
        let stripes = GrayImage::from_fn(64, 64, |x, _| Luma([if x % 2 == 0 { 0 } else { 200 }]));
        let small = warp(&stripes, &Quad::frame(64, 64), 16, 16);
        assert!(small.pixels().all(|pixel| pixel[0] == 100), "aliased stripes");
    }

    proptest! {
        #[test]
        fn no_quad_panics(corners in proptest::array::uniform8(-1e6_f32..1e6), width in 0_u32..12, height in 0_u32..12) {
            let quad = Quad([0, 1, 2, 3].map(|i| Point::new(corners[2 * i], corners[2 * i + 1])));
            let out = warp(&textured(9, 9), &quad, width, height);
            prop_assert_eq!(out.dimensions(), (width.max(1), height.max(1)));
        }
    }
}
