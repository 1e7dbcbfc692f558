use image::GrayImage;

use super::measured;

/// How a picture uses the range from black to white. Luma is 0 to 255.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Exposure {
    /// Mean luma.
    pub mean: f32,
    /// Share of pixels too dark to tell apart, 0 to 1.
    pub crushed: f32,
    /// Share of pixels too bright to tell apart, 0 to 1. White paper of a scan counts too.
    pub blown: f32,
    /// Luma that 5 % of the pixels do not reach.
    pub dark: u8,
    /// Luma that 5 % of the pixels exceed.
    pub bright: u8,
}

impl Exposure {
    /// The luma between dark and bright, 0 to 255: little of it means fog, darkness or overexposure.
    pub fn contrast(&self) -> u8 {
        self.bright.saturating_sub(self.dark)
    }
}

/// Sensors and JPEG leave some noise, so that "black" and "white" are ranges.
const CRUSHED_UP_TO: usize = 12;
const BLOWN_FROM: usize = 250;

/// Measures the exposure.
pub fn exposure(picture: &GrayImage) -> Exposure {
    let picture = measured(picture);
    let mut histogram = [0_u32; 256];
    for pixel in picture.pixels() {
        histogram[usize::from(pixel[0])] += 1;
    }
    let count = picture.pixels().len().max(1) as f32;
    let share = |bins: &[u32]| bins.iter().sum::<u32>() as f32 / count;
    let sum: f64 = histogram.iter().enumerate().map(|(luma, &n)| luma as f64 * f64::from(n)).sum();
    Exposure {
        mean: (sum / f64::from(count)) as f32,
        crushed: share(&histogram[..=CRUSHED_UP_TO]),
        blown: share(&histogram[BLOWN_FROM..]),
        dark: quantile(&histogram, 0.05 * count),
        bright: quantile(&histogram, 0.95 * count),
    }
}

/// The luma at which this many pixels are reached.
fn quantile(histogram: &[u32; 256], pixels: f32) -> u8 {
    let mut counted = 0.0;
    let reached = histogram.iter().position(|&count| {
        counted += count as f32;
        counted > pixels
    });
    reached.unwrap_or(0) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Luma;

    #[test]
    fn shares_and_quantiles_of_a_known_picture() {
        // A tenth black, a fifth white, the rest a ramp of mid-tones.
        let picture = GrayImage::from_fn(100, 100, |x, _| {
            Luma([match x {
                0..10 => 0,
                80..100 => 255,
                _ => 90 + x as u8,
            }])
        });
        let exposure = exposure(&picture);
        assert!(
            (exposure.crushed - 0.1).abs() < 1e-6 && (exposure.blown - 0.2).abs() < 1e-6,
            "{exposure:?}"
        );
        assert_eq!((exposure.dark, exposure.bright, exposure.contrast()), (0, 255, 255));
        let mean = (f64::from((100..170).sum::<u32>()) + 20.0 * 255.0) / 100.0;
        assert!((f64::from(exposure.mean) - mean).abs() < 0.01, "{exposure:?}");
    }

    #[test]
    fn flat_and_empty_pictures_have_no_contrast() {
        assert_eq!(exposure(&GrayImage::from_pixel(9, 9, Luma([77]))).contrast(), 0);
        assert_eq!(exposure(&GrayImage::new(0, 0)).contrast(), 0);
    }
}
