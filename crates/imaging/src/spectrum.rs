//! Patterns that repeat all over a picture: the pixels of a screen, the dots of a printer, and the moiré that a
//! camera makes of either. They are peaks of the Fourier spectrum that stand at the same place wherever one looks,
//! which nothing that a document shows does.

use std::sync::Arc;

use image::GrayImage;
use rustfft::num_complex::Complex32;
use rustfft::{Fft, FftPlanner};

/// A pattern that repeats along two directions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lattice {
    /// The stronger of its two frequencies.
    pub first: Peak,
    /// The stronger one along another direction.
    pub second: Peak,
}

/// A frequency that stands out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Peak {
    /// How far its power is above that of the frequencies around it, in decibels, as the mean over the picture.
    pub strength: f32,
    /// Wavelength in pixels of the picture.
    pub period: f32,
    /// Direction of the wave, 0 to 180 degrees from the x axis towards y.
    pub degrees: f32,
}

/// Side of the tiles that are transformed, in pixels.
const TILE: usize = 128;
const HALF: usize = TILE / 2;

/// Tiles are spread over the picture, at most this many along a side: enough to tell what is everywhere.
const MOST_TILES_ALONG: u32 = 8;
const FEWEST_TILES: usize = 4;

/// Longer waves are what the document shows.
const LONGEST_PERIOD: f32 = 16.0;

/// Two directions at least this far apart make a lattice and not one ruling with its harmonics.
const LEAST_ANGLE: f32 = 30.0;

/// Finds the strongest lattice, at the picture's own resolution: resizing would wipe it out. None for pictures of
/// fewer than four tiles of 128 pixels.
pub fn lattice(picture: &GrayImage) -> Option<Lattice> {
    let tiles = tile_origins(picture);
    if tiles.len() < FEWEST_TILES {
        return None;
    }
    let transform = Transform::new();
    let mut decibels = vec![0.0; TILE * TILE];
    for origin in &tiles {
        let power = transform.power(picture, *origin);
        let share = 10.0 / tiles.len() as f32;
        decibels.iter_mut().zip(power).for_each(|(sum, power)| *sum += share * power.log10());
    }
    let peaks: Vec<Peak> = Frequency::half_plane()
        .filter(|frequency| frequency.tells())
        .map(|frequency| frequency.peak(&decibels))
        .collect();
    let first = strongest(peaks.iter())?;
    let second = strongest(peaks.iter().filter(|peak| peak.angle_to(&first) >= LEAST_ANGLE))?;
    Some(Lattice { first, second })
}

impl Peak {
    fn angle_to(&self, other: &Self) -> f32 {
        let angle = (self.degrees - other.degrees).abs();
        angle.min(180.0 - angle)
    }
}

fn strongest<'a>(peaks: impl Iterator<Item = &'a Peak>) -> Option<Peak> {
    peaks.max_by(|a, b| a.strength.total_cmp(&b.strength)).copied()
}

fn tile_origins(picture: &GrayImage) -> Vec<(u32, u32)> {
    let along = |length: u32| {
        let tile = TILE as u32;
        let count = (length / tile).min(MOST_TILES_ALONG);
        (0..count).map(move |i| {
            if count == 1 { (length - tile) / 2 } else { i * (length - tile) / (count - 1) }
        })
    };
    along(picture.height()).flat_map(|y| along(picture.width()).map(move |x| (x, y))).collect()
}

/// A place in the spectrum, as waves per tile.
#[derive(Clone, Copy)]
struct Frequency {
    x: i32,
    y: i32,
}

impl Frequency {
    /// The other half of a real picture's spectrum mirrors this one.
    fn half_plane() -> impl Iterator<Item = Self> {
        let half = HALF as i32;
        (0..half).flat_map(move |y| (-half..half).map(move |x| Self { x, y }))
    }

    fn radius(self) -> f32 {
        (self.x as f32).hypot(self.y as f32)
    }

    fn of(self, spectrum: &[f32]) -> f32 {
        let wrapped = |n: i32| n.rem_euclid(TILE as i32) as usize;
        spectrum[wrapped(self.y) * TILE + wrapped(self.x)]
    }

    fn peak(self, decibels: &[f32]) -> Peak {
        let degrees = (self.y as f32).atan2(self.x as f32).to_degrees();
        let strength = self.of(decibels) - self.surroundings(decibels);
        Peak { strength, period: TILE as f32 / self.radius(), degrees }
    }

    /// The mean of the frequencies around, beyond those that the window smears a peak over.
    fn surroundings(self, decibels: &[f32]) -> f32 {
        const NEAR: i32 = 3;
        const FAR: i32 = 6;
        let (mut sum, mut count) = (0.0, 0.0);
        for y in -FAR..=FAR {
            for x in (-FAR..=FAR).filter(|x| x.abs().max(y.abs()) > NEAR) {
                sum += Self { x: self.x + x, y: self.y + y }.of(decibels);
                count += 1.0;
            }
        }
        sum / count
    }

    /// Whether a peak here means anything. Upright print peaks on the axes, and JPEG wherever its blocks of eight
    /// pixels do.
    fn tells(self) -> bool {
        const BLOCK: i32 = TILE as i32 / 8;
        let off_axes = self.x.abs() > 2 && self.y.abs() > 2;
        let near_block = |n: i32| (n.abs() + 1) % BLOCK <= 2;
        let of_blocks = near_block(self.x) && near_block(self.y);
        let radius = self.radius();
        off_axes && !of_blocks && radius < HALF as f32 && radius > TILE as f32 / LONGEST_PERIOD
    }
}

/// The Fourier transform of tiles.
struct Transform {
    fft: Arc<dyn Fft<f32>>,
    window: Vec<f32>,
}

impl Transform {
    fn new() -> Self {
        let window = (0..TILE)
            .map(|i| 0.5 - 0.5 * (std::f32::consts::TAU * (i as f32 + 0.5) / TILE as f32).cos())
            .collect();
        Self { fft: FftPlanner::new().plan_fft_forward(TILE), window }
    }

    /// Power by frequency. A floor stands in for the rounding noise that a flat tile lacks.
    fn power(&self, picture: &GrayImage, origin: (u32, u32)) -> Vec<f32> {
        const FLOOR: f32 = 10.0;
        let mut rows = self.windowed(picture, origin);
        self.fft.process(&mut rows);
        let mut columns: Vec<Complex32> =
            (0..TILE * TILE).map(|i| rows[(i % TILE) * TILE + i / TILE]).collect();
        self.fft.process(&mut columns);
        (0..TILE * TILE).map(|i| FLOOR + columns[(i % TILE) * TILE + i / TILE].norm_sqr()).collect()
    }

    /// The tile without its mean and fading towards its sides, which would else be edges.
    fn windowed(&self, picture: &GrayImage, (left, top): (u32, u32)) -> Vec<Complex32> {
        let luma = |i: usize| {
            let pixel = picture.get_pixel(left + (i % TILE) as u32, top + (i / TILE) as u32);
            f32::from(pixel[0])
        };
        let mean = (0..TILE * TILE).map(luma).sum::<f32>() / (TILE * TILE) as f32;
        (0..TILE * TILE)
            .map(|i| (luma(i) - mean) * self.window[i % TILE] * self.window[i / TILE])
            .map(|value| Complex32::new(value, 0.0))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Luma;

    /// A number without pattern for each place (the finalizer of `SplitMix64`).
    fn scattered(x: u32, y: u32) -> u64 {
        let mut n = (u64::from(y) << 32 | u64::from(x)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        n = (n ^ (n >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        n = (n ^ (n >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        n ^ (n >> 31)
    }

    /// A page of strokes here and there, with sensor noise.
    fn page() -> GrayImage {
        GrayImage::from_fn(600, 450, |x, y| {
            let stroke =
                if scattered(x / 3, y / 3).is_multiple_of(4) && (y / 3) % 7 < 5 { 60 } else { 190 };
            Luma([stroke + (scattered(x, y) % 16) as u8])
        })
    }

    /// What a grid of dots with this pitch, turned by an angle, makes of a picture that is seen through it.
    fn through_grid(picture: &GrayImage, pitch: f32, degrees: f32) -> GrayImage {
        let (sin, cos) = degrees.to_radians().sin_cos();
        GrayImage::from_fn(picture.width(), picture.height(), |x, y| {
            let (x, y) = (x as f32, y as f32);
            let wave = |along: f32| 0.85 + 0.15 * (std::f32::consts::TAU * along / pitch).cos();
            let dimmed = wave(x * cos + y * sin) * wave(y * cos - x * sin);
            Luma([(f32::from(picture.get_pixel(x as u32, y as u32)[0]) * dimmed) as u8])
        })
    }

    #[test]
    fn print_alone_has_no_lattice() {
        let lattice = lattice(&page()).expect("large enough");
        assert!(lattice.second.strength < 6.0, "{lattice:?}");
    }

    #[test]
    fn a_grid_is_found_with_its_pitch_and_angle() {
        for (pitch, degrees) in [(3.1, 9.0), (5.3, 20.0), (7.7, 40.0)] {
            let lattice = lattice(&through_grid(&page(), pitch, degrees)).expect("large enough");
            assert!(lattice.second.strength > 12.0, "pitch {pitch}: {lattice:?}");
            assert!(
                (lattice.first.period / pitch - 1.0).abs() < 0.06,
                "pitch {pitch}: {lattice:?}"
            );
            let turn = (lattice.first.degrees - degrees).rem_euclid(90.0);
            assert!(turn.min(90.0 - turn) < 4.0, "pitch {pitch}: {lattice:?}");
        }
    }

    #[test]
    fn one_ruling_is_no_lattice() {
        let page = page();
        let ruled = GrayImage::from_fn(600, 450, |x, y| {
            let wave = (std::f32::consts::TAU * (x as f32 + 0.6 * y as f32) / 6.0).cos();
            Luma([(f32::from(page.get_pixel(x, y)[0]) * (0.85 + 0.15 * wave)) as u8])
        });
        let lattice = lattice(&ruled).expect("large enough");
        assert!(lattice.first.strength > 12.0 && lattice.second.strength < 6.0, "{lattice:?}");
    }

    #[test]
    fn flat_and_small_pictures_are_no_trouble() {
        assert_eq!(lattice(&GrayImage::new(0, 0)), None);
        assert_eq!(lattice(&GrayImage::new(127, 4000)), None);
        let flat = lattice(&GrayImage::from_pixel(256, 256, Luma([200]))).expect("large enough");
        assert!(flat.first.strength.abs() < 1e-3, "{flat:?}");
    }
}
