//! A small computation whose result is known: it catches a runtime, or a processor's code path,
//! that computes wrongly.

use serde::Deserialize;

use crate::{Error, Net, Output};

/// The input's size and what another runtime computed from it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Probe {
    /// The input's height in pixels.
    pub height: usize,
    /// The input's width in pixels.
    pub width: usize,
    /// What the bars, which lie between -1 and 1, are multiplied by: a net that takes 0 to 255 says
    /// little about 1.
    #[serde(default = "one")]
    pub scale: f32,
    /// The output's shape.
    pub output: Vec<usize>,
    /// The mean of the output.
    pub mean: f64,
    /// The root of the mean of the output's squares.
    pub root_mean_square: f64,
    /// The mean position in the flat output, weighted by value, as a share of its length:
    /// right numbers in wrong places show here.
    pub centroid: f64,
    /// Single numbers of the output. A net whose output is a place or a description is held to
    /// them, because a mean says little about it.
    #[serde(default)]
    pub numbers: Vec<Number>,
}

/// One number of an output.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Number {
    /// Its position in the flat output.
    pub at: usize,
    /// What it is.
    pub is: f32,
}

fn one() -> f32 {
    1.0
}

/// How far a statistic may lie off, relative to its value; and a single number, as it is. Runtimes differ by less than 1e-6
/// from each other; a wrong kernel differs by far more.
const TOLERANCE: f64 = 1e-3;
/// Longest side of a probe, in pixels: it is to take milliseconds.
const LONGEST_SIDE: usize = 512;
/// Colour planes of the probe.
const PLANES: usize = 3;

impl Probe {
    pub(crate) fn check(&self) -> Result<(), String> {
        let sides = 1..=LONGEST_SIDE;
        if !(sides.contains(&self.height) && sides.contains(&self.width)) {
            return Err(format!("the probe's sides are not between 1 and {LONGEST_SIDE}"));
        }
        if self.scale.is_finite() {
            Ok(())
        } else {
            Err("the probe's scale is no number".to_owned())
        }
    }

    /// Runs the probe on the net of `role`.
    pub(crate) fn run(&self, role: &str, net: &Net) -> Result<(), Error> {
        let output = net.run(&self.bars(), [1, PLANES, self.height, self.width])?;
        let differs = |what, expected: String, found: String| {
            Err(Error::Probe { role: role.to_owned(), what, expected, found })
        };
        if output.shape != self.output {
            let (expected, found) = (format!("{:?}", self.output), format!("{:?}", output.shape));
            return differs("output shape", expected, found);
        }
        let found = Statistics::of(&output);
        for (what, expected, found) in [
            ("mean", self.mean, found.mean),
            ("root mean square", self.root_mean_square, found.root_mean_square),
            ("centroid", self.centroid, found.centroid),
        ] {
            // Written so that a NaN differs too.
            let agrees = (found - expected).abs() <= TOLERANCE * expected.abs();
            if !agrees {
                return differs(what, expected.to_string(), found.to_string());
            }
        }
        for number in &self.numbers {
            let found = output.data.get(number.at).copied().unwrap_or(f32::NAN);
            let agrees = f64::from((found - number.is).abs()) <= TOLERANCE;
            if !agrees {
                let (expected, found) = (number.is.to_string(), found.to_string());
                return differs("single number", expected, found);
            }
        }
        Ok(())
    }

    /// Upright dark bars of four pixels in the middle third of a light page, somewhat like a
    /// word; plane k is fainter by k quarters, so that no two planes are alike.
    fn bars(&self) -> Vec<f32> {
        let (margin_y, margin_x) = (self.height / 3, self.width / 8);
        let mut values = Vec::with_capacity(PLANES * self.height * self.width);
        for plane in 0..PLANES {
            let strength = self.scale * (1.0 - 0.25 * plane as f32);
            for y in 0..self.height {
                let in_line = (margin_y..self.height - margin_y).contains(&y);
                for x in 0..self.width {
                    let in_word = (margin_x..self.width - margin_x).contains(&x);
                    let dark = in_line && in_word && (x / 4) % 2 == 1;
                    values.push(if dark { -strength } else { strength });
                }
            }
        }
        values
    }
}

struct Statistics {
    mean: f64,
    root_mean_square: f64,
    centroid: f64,
}

impl Statistics {
    fn of(output: &Output) -> Self {
        let count = output.data.len() as f64;
        let (mut sum, mut squares, mut moments) = (0.0, 0.0, 0.0);
        for (position, value) in output.data.iter().map(|value| f64::from(*value)).enumerate() {
            sum += value;
            squares += value * value;
            moments += value * position as f64;
        }
        Self {
            mean: sum / count,
            root_mean_square: (squares / count).sqrt(),
            centroid: moments / sum / count,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statistics_of_a_small_output() {
        let output = Output { shape: vec![4], data: vec![0.0, 3.0, 0.0, 1.0] };
        let statistics = Statistics::of(&output);
        assert!((statistics.mean - 1.0).abs() < 1e-12);
        assert!((statistics.root_mean_square - 2.5_f64.sqrt()).abs() < 1e-12);
        // (1 * 3 + 3 * 1) / 4 of 4 positions.
        assert!((statistics.centroid - 0.375).abs() < 1e-12);
    }
}
