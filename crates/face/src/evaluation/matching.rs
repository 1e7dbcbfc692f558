use serde::Serialize;

use super::Rate;

/// Distances of mated pairs (one subject) and of non-mated pairs (two).
#[derive(Debug, Clone, Default)]
pub struct Comparisons {
    mated: Vec<f32>,
    non_mated: Vec<f32>,
}

/// A threshold and the errors at it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct OperatingPoint {
    /// Distances up to this one match.
    pub threshold: f32,
    /// False match rate: of the non-mated pairs.
    pub fmr: Rate,
    /// False non-match rate: of the mated pairs.
    pub fnmr: Rate,
}

impl Comparisons {
    /// From the distances.
    pub fn new(mut mated: Vec<f32>, mut non_mated: Vec<f32>) -> Self {
        mated.sort_by(f32::total_cmp);
        non_mated.sort_by(f32::total_cmp);
        Self { mated, non_mated }
    }

    /// Every pair of samples, each with its subject.
    pub fn of_pairs<S: PartialEq>(samples: &[(S, crate::Description)]) -> Self {
        let (mut mated, mut non_mated) = (Vec::new(), Vec::new());
        for (index, (subject, description)) in samples.iter().enumerate() {
            for (other_subject, other) in &samples[index + 1..] {
                let distance = description.distance(other);
                let pairs = if subject == other_subject { &mut mated } else { &mut non_mated };
                pairs.push(distance);
            }
        }
        Self::new(mated, non_mated)
    }

    /// How many mated and non-mated pairs there are.
    pub fn counts(&self) -> (usize, usize) {
        (self.mated.len(), self.non_mated.len())
    }

    /// How likely a mated pair is nearer than a non-mated one; ties count half. None without pairs
    /// of either kind.
    pub fn area_under_curve(&self) -> Option<f64> {
        let pairs = self.mated.len() as f64 * self.non_mated.len() as f64;
        let beyond: f64 = self
            .mated
            .iter()
            .map(|mated| {
                let nearer = self.non_mated.partition_point(|other| other < mated);
                let not_further = self.non_mated.partition_point(|other| other <= mated);
                (self.non_mated.len() - not_further) as f64 + (not_further - nearer) as f64 / 2.0
            })
            .sum();
        (pairs > 0.0).then(|| beyond / pairs)
    }

    /// The errors at a threshold.
    pub fn at(&self, threshold: f32) -> OperatingPoint {
        let matching = |pairs: &[f32]| pairs.partition_point(|distance| *distance <= threshold);
        let mated = self.mated.len();
        OperatingPoint {
            threshold,
            fmr: Rate::new(matching(&self.non_mated), self.non_mated.len()),
            fnmr: Rate::new(mated - matching(&self.mated), mated),
        }
    }

    /// The largest threshold whose false match rate is at most this one. None without non-mated
    /// pairs.
    pub fn at_false_match_rate(&self, rate: f64) -> Option<OperatingPoint> {
        let allowed = (rate * self.non_mated.len() as f64).floor() as usize;
        // Just below the first pair that would be one too many.
        let first = self.non_mated.get(allowed).or(self.non_mated.last())?;
        Some(self.at(first.next_down()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_set_counted_by_hand() {
        let set = Comparisons::new(vec![0.3, 0.4, 0.7], vec![0.6, 0.7, 0.9, 0.8]);
        // Mated 0.3 and 0.4 are nearer than all four; 0.7 than two, and ties with one.
        assert_eq!(set.area_under_curve(), Some((4.0 + 4.0 + 2.5) / 12.0));
        let point = set.at(0.6);
        assert_eq!((point.fmr.count, point.fnmr.count), (1, 1));
        let point = set.at_false_match_rate(0.25).unwrap();
        assert_eq!((point.fmr.count, point.fnmr.count), (1, 1));
        assert!(point.threshold < 0.7 && point.threshold >= 0.6);
        assert_eq!(set.at_false_match_rate(0.0).unwrap().fmr.count, 0);
    }

    #[test]
    fn nothing_has_no_rates() {
        let none = Comparisons::default();
        assert_eq!((none.area_under_curve(), none.at_false_match_rate(0.01)), (None, None));
        assert_eq!(none.at(0.5).fmr.value(), None);
    }
}
