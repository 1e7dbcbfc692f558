//! The few numbers that a comparison needs.

use serde::Serialize;

/// The middle value; the mean of the two middle ones where there is none. `None` of nothing.
pub(crate) fn median(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len().is_multiple_of(2) {
        Some(f64::midpoint(*values.get(middle.checked_sub(1)?)?, *values.get(middle)?))
    } else {
        values.get(middle).copied()
    }
}

/// The value below which a share of the values lies (nearest rank). `None` of nothing.
pub(crate) fn percentile(values: &[f64], share: f64) -> Option<f64> {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    let rank = (share * values.len() as f64).ceil() as usize;
    values.get(rank.max(1) - 1).copied()
}

/// How many of how many, with Wilson's 95 % interval of the rate.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(crate) struct Rate {
    pub(crate) count: usize,
    pub(crate) of: usize,
    pub(crate) interval: [f64; 2],
}

impl Rate {
    pub(crate) fn new(count: usize, of: usize) -> Self {
        Self { count, of, interval: wilson(count as f64, of as f64) }
    }
}

impl std::fmt::Display for Rate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [low, high] = self.interval.map(|share| share * 100.0);
        f.pad(&format!("{}/{} ({low:.0}-{high:.0} %)", self.count, self.of))
    }
}

/// E. B. Wilson, 1927: it keeps its promise for few trials and for rates near 0 and 1.
fn wilson(count: f64, of: f64) -> [f64; 2] {
    const Z: f64 = 1.959_964;
    if of == 0.0 {
        return [0.0, 1.0];
    }
    let rate = count / of;
    let centre = rate + Z * Z / (2.0 * of);
    let spread = Z * (rate * (1.0 - rate) / of + Z * Z / (4.0 * of * of)).sqrt();
    let scale = 1.0 + Z * Z / of;
    [((centre - spread) / scale).max(0.0), ((centre + spread) / scale).min(1.0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_and_percentiles() {
        assert_eq!(median([]), None);
        assert_eq!(median([3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median([4.0, 1.0, 2.0, 3.0]), Some(2.5));
        assert_eq!(percentile(&[], 0.95), None);
        let hundred: Vec<f64> = (1..=100).map(f64::from).collect();
        assert_eq!(percentile(&hundred, 0.95), Some(95.0));
        assert_eq!(percentile(&[7.0], 0.5), Some(7.0));
    }

    /// Values of the literature: Newcombe 1998, table I (81 of 263, 0 of 20).
    #[test]
    fn intervals_agree_with_published_ones() {
        let close = |left: [f64; 2], right: [f64; 2]| {
            left.iter().zip(right).all(|(left, right)| (left - right).abs() < 5e-5)
        };
        assert!(close(Rate::new(81, 263).interval, [0.2553, 0.3662]));
        assert!(close(Rate::new(0, 20).interval, [0.0, 0.1611]));
        assert_eq!(Rate::new(0, 0), Rate { count: 0, of: 0, interval: [0.0, 1.0] });
    }
}
