use serde::{Deserialize, Serialize};

/// How many of how many, with the 95 % interval of the rate by Clopper and Pearson (1934). The
/// interval takes the trials for independent; pairs of the same subjects are not, so that it is
/// narrower than the truth there.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// How many.
    pub count: usize,
    /// Of how many.
    pub of: usize,
    /// Lower and upper end of the interval.
    pub interval: [f64; 2],
}

impl Rate {
    /// The rate of `count` among `of` trials.
    pub fn new(count: usize, of: usize) -> Self {
        Self { count, of, interval: clopper_pearson(count, of) }
    }

    /// The rate itself, 0 to 1; none without trials.
    pub fn value(&self) -> Option<f64> {
        (self.of > 0).then(|| self.count as f64 / self.of as f64)
    }
}

/// Clopper and Pearson's exact 95 % interval of a rate.
pub fn clopper_pearson(count: usize, of: usize) -> [f64; 2] {
    const TAIL: f64 = 0.025;
    let count = count.min(of);
    let tails = Binomial::new(of);
    let low = if count == 0 { 0.0 } else { root(|rate| tails.at_least(count, rate) - TAIL) };
    let high = if count == of { 1.0 } else { root(|rate| TAIL - tails.at_most(count, rate)) };
    [low, high]
}

/// Where a rising function of 0 to 1 becomes positive.
fn root(rising: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if rising(middle) < 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

/// The binomial distribution of so many trials.
struct Binomial {
    /// ln(i!) for i up to the number of trials.
    log_factorials: Vec<f64>,
}

impl Binomial {
    fn new(trials: usize) -> Self {
        let mut log_factorials = vec![0.0];
        for number in 1..=trials {
            log_factorials.push(log_factorials[number - 1] + (number as f64).ln());
        }
        Self { log_factorials }
    }

    fn at_least(&self, count: usize, rate: f64) -> f64 {
        (count..self.log_factorials.len()).map(|of| self.exactly(of, rate)).sum()
    }

    fn at_most(&self, count: usize, rate: f64) -> f64 {
        (0..=count).map(|of| self.exactly(of, rate)).sum()
    }

    fn exactly(&self, count: usize, rate: f64) -> f64 {
        let trials = self.log_factorials.len() - 1;
        let power = |exponent: usize, base: f64| {
            if exponent == 0 { 0.0 } else { exponent as f64 * base.ln() }
        };
        let choices = self.log_factorials[trials]
            - self.log_factorials[count]
            - self.log_factorials[trials - count];
        (choices + power(count, rate) + power(trials - count, 1.0 - rate)).exp()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 0 of n is `1 - 0.025^(1/n)`; 81 of 263 is in Newcombe 1998, table I, method 5.
    #[test]
    fn intervals_agree_with_published_ones() {
        let close =
            |[a, b]: [f64; 2], [c, d]: [f64; 2]| (a - c).abs() < 5e-5 && (b - d).abs() < 5e-5;
        assert!(
            close(clopper_pearson(81, 263), [0.2527, 0.3676]),
            "{:?}",
            clopper_pearson(81, 263)
        );
        assert!(close(clopper_pearson(0, 20), [0.0, 1.0 - 0.025_f64.powf(0.05)]));
        assert!(close(clopper_pearson(20, 20), [0.025_f64.powf(0.05), 1.0]));
        assert_eq!(clopper_pearson(0, 0), [0.0, 1.0]);
    }
}
