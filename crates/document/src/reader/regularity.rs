//! How evenly the characters of a row are spaced. A zone is printed in OCR-B, all of whose
//! characters are equally wide (ICAO 9303-3 §4.2); other text on documents is proportional.

/// The fewest and the most characters that a row of a zone may seem to have, ends cut off or
/// margins included.
const CHARACTERS: std::ops::Range<f32> = 24.0..52.0;
/// A rhythm is taken for one when so many characters on it still shows.
const BEATS: usize = 4;

/// The mean correlation of the row's print with itself, one to four characters on: near 0 for other
/// text. `profile` is the amount of print in each column.
pub(super) fn regularity(profile: &[f32]) -> f32 {
    let length = profile.len();
    let shortest = (length as f32 / CHARACTERS.end).floor() as usize;
    let longest = (length as f32 / CHARACTERS.start).ceil() as usize;
    if shortest < 3 {
        return 0.0;
    }
    let detail = without_trend(profile, longest);
    let energy: f32 = detail.iter().map(|value| value * value).sum();
    if energy <= f32::EPSILON {
        return 0.0;
    }
    let last_lag = BEATS * longest;
    let correlation: Vec<f32> = (0..=last_lag)
        .map(|lag| {
            let overlap = detail.iter().zip(detail.iter().skip(lag));
            let share = length as f32 / length.saturating_sub(lag).max(1) as f32;
            overlap.map(|(a, b)| a * b).sum::<f32>() / energy * share
        })
        .collect();
    // Tenths of pixels, since four beats multiply what a whole pixel is off.
    (shortest * 10..=longest * 10)
        .map(|tenths| {
            let beat = |count: usize| correlation[(tenths * count + 5) / 10 % (last_lag + 1)];
            (1..=BEATS).map(beat).sum::<f32>() / BEATS as f32
        })
        .fold(0.0, f32::max)
}

/// What is left of a profile when its mean over a character or so is taken away.
fn without_trend(profile: &[f32], reach: usize) -> Vec<f32> {
    let mut sums = vec![0.0; profile.len() + 1];
    for (index, value) in profile.iter().enumerate() {
        sums[index + 1] = sums[index] + value;
    }
    (0..profile.len())
        .map(|index| {
            let (start, end) =
                (index.saturating_sub(reach), (index + reach + 1).min(profile.len()));
            profile[index] - (sums[end] - sums[start]) / (end - start) as f32
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::regularity;

    fn strokes(positions: impl Iterator<Item = f32>) -> Vec<f32> {
        let mut profile = vec![0.0; 1000];
        for position in positions {
            for offset in 0..5 {
                profile[position as usize + offset] += 1.0;
            }
        }
        profile
    }

    #[test]
    fn even_spacing_stands_out() {
        let even = regularity(&strokes((0..44).map(|i| i as f32 * 22.5)));
        let uneven =
            regularity(&strokes((0..44).map(|i| i as f32 * 22.0 + (i * i * 7 % 23) as f32)));
        assert!(even > 0.6, "{even}");
        assert!(uneven < 0.4, "{uneven}");
    }

    #[test]
    fn nothing_has_no_rhythm() {
        assert_eq!(regularity(&[]), 0.0);
        assert_eq!(regularity(&[1.0; 800]), 0.0);
        assert_eq!(regularity(&[0.0; 10]), 0.0);
    }
}
