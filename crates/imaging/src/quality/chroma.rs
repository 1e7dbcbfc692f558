use image::RgbImage;

use super::measured;

/// How much colour a picture has, in units of the CIE a*b* plane: 2 is just noticeable, 100 is garish.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Chroma {
    /// Mean distance from grey.
    pub mean: f32,
    /// Mean distance from the picture's own mean colour. A black and white picture under coloured light has a
    /// `mean`, but no `spread`.
    pub spread: f32,
}

/// Measures the colour of those pixels that are neither black nor white, which can have none.
pub fn chroma(picture: &RgbImage) -> Chroma {
    let picture = measured(picture);
    let colours: Vec<[f32; 2]> = picture
        .pixels()
        .filter(|pixel| can_have_colour(pixel.0))
        .map(|pixel| lab_colour(pixel.0))
        .collect();
    let count = colours.len().max(1) as f32;
    let [sum_a, sum_b] =
        colours.iter().fold([0.0; 2], |sum, colour| [sum[0] + colour[0], sum[1] + colour[1]]);
    let centre = [sum_a / count, sum_b / count];
    let mean_distance = |from: [f32; 2]| {
        let distance =
            |colour: &[f32; 2]| f64::from((colour[0] - from[0]).hypot(colour[1] - from[1]));
        (colours.iter().map(distance).sum::<f64>() / f64::from(count)) as f32
    };
    Chroma { mean: mean_distance([0.0; 2]), spread: mean_distance(centre) }
}

fn can_have_colour(pixel: [u8; 3]) -> bool {
    let brightest = pixel.into_iter().max().unwrap_or(0);
    let darkest = pixel.into_iter().min().unwrap_or(0);
    brightest > 30 && darkest < 245
}

/// a* and b* of CIE L*a*b* (ISO/CIE 11664-4) for sRGB under D65.
fn lab_colour(pixel: [u8; 3]) -> [f32; 2] {
    let [red, green, blue] = pixel.map(|channel| linear(f32::from(channel) / 255.0));
    let x = (0.412_4 * red + 0.357_6 * green + 0.180_5 * blue) / 0.950_5;
    let y = 0.212_6 * red + 0.715_2 * green + 0.072_2 * blue;
    let z = (0.019_3 * red + 0.119_2 * green + 0.950_5 * blue) / 1.089;
    let [x, y, z] = [x, y, z].map(lab_curve);
    [500.0 * (x - y), 200.0 * (y - z)]
}

/// sRGB's transfer curve (IEC 61966-2-1).
fn linear(channel: f32) -> f32 {
    if channel <= 0.040_45 { channel / 12.92 } else { ((channel + 0.055) / 1.055).powf(2.4) }
}

fn lab_curve(t: f32) -> f32 {
    const KNEE: f32 = 6.0 / 29.0;
    if t > KNEE.powi(3) { t.cbrt() } else { t / (3.0 * KNEE * KNEE) + 4.0 / 29.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    #[test]
    fn known_colours_have_their_published_coordinates() {
        // sRGB red, green, blue under D65 (Lindbloom's calculator, rounded).
        for (pixel, [a, b]) in [
            ([255, 0, 0], [80.1, 67.2]),
            ([0, 255, 0], [-86.2, 83.2]),
            ([0, 0, 255], [79.2, -107.9]),
            ([128, 128, 128], [0.0, 0.0]),
        ] {
            let colour = lab_colour(pixel);
            assert!(
                (colour[0] - a).abs() < 0.3 && (colour[1] - b).abs() < 0.3,
                "{pixel:?}: {colour:?}"
            );
        }
    }

    #[test]
    fn grey_has_none_and_tinted_grey_has_no_spread() {
        let grey = RgbImage::from_fn(80, 60, |x, y| Rgb([((x * 3 + y) % 256) as u8; 3]));
        let chroma_of_grey = chroma(&grey);
        assert!(chroma_of_grey.mean < 0.1 && chroma_of_grey.spread < 0.1, "{chroma_of_grey:?}");
        let mut tinted = grey;
        tinted.pixels_mut().for_each(|pixel| pixel[2] = (f32::from(pixel[2]) * 0.8) as u8);
        let chroma_of_tinted = chroma(&tinted);
        assert!(
            chroma_of_tinted.mean > 5.0 && chroma_of_tinted.spread < 0.6 * chroma_of_tinted.mean
        );
    }

    #[test]
    fn colours_spread() {
        let flag = RgbImage::from_fn(90, 60, |x, _| {
            Rgb([[200, 40, 40], [240, 220, 60], [30, 60, 180]][(x / 30) as usize])
        });
        let chroma = chroma(&flag);
        assert!(chroma.mean > 40.0 && chroma.spread > 40.0, "{chroma:?}");
        assert!(super::chroma(&RgbImage::new(0, 0)).mean.abs() < 1e-9);
    }
}
