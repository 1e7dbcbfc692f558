//! One face among many, on one thread. Descriptions are drawn: their lengths and distances are about
//! those of real ones, and a scan's time depends on little else.

use std::fmt;
use std::time::Instant;

use bonafide_face::Description;
use bonafide_face::search::Gallery;
use serde::Serialize;

use crate::statistics::{median, percentile};

#[derive(Serialize)]
pub(crate) struct Report {
    templates: usize,
    searches: usize,
    found: usize,
    median_milliseconds: Option<f64>,
    p95_milliseconds: Option<f64>,
    megabytes: f64,
}

const SEARCHES: usize = 200;
/// For many comparisons at once, the threshold is stricter than for one.
const THRESHOLD: f32 = 0.45;
/// Deviation of a number from its mean among persons, which gives distances of about 0.8.
const DEVIATION: f32 = 0.05;

pub(crate) fn measure(templates: usize) -> Report {
    let mut random = Random(1);
    let mut gallery = Gallery::default();
    for key in 0..templates as u64 {
        gallery.insert(key, &random.person());
    }
    let (mut times, mut found) = (Vec::new(), 0);
    for search in 0..SEARCHES as u64 {
        // Every second one is there, a little changed.
        let key = search * 7919 % templates.max(1) as u64;
        let query = if search % 2 == 0 { random.person() } else { random.near(&nth(key)) };
        let before = Instant::now();
        let hits = gallery.nearest(&query, THRESHOLD, 10);
        times.push(before.elapsed().as_secs_f64() * 1e3);
        found += usize::from(hits.first().is_some_and(|hit| search % 2 == 1 && hit.key == key));
    }
    Report {
        templates: gallery.len(),
        searches: SEARCHES,
        found,
        median_milliseconds: median(times.iter().copied()),
        p95_milliseconds: percentile(&times, 0.95),
        megabytes: (templates * 128) as f64 / 1e6,
    }
}

/// The person that was added under this key, drawn again.
fn nth(key: u64) -> Description {
    let mut random = Random(1);
    // Twelve numbers for each of 128.
    random.skip(key * 12 * 128);
    random.person()
}

/// A linear congruential generator that can skip ahead.
struct Random(u64);

const FACTOR: u64 = 6_364_136_223_846_793_005;
const INCREMENT: u64 = 1_442_695_040_888_963_407;

impl Random {
    fn uniform(&mut self) -> f32 {
        self.0 = self.0.wrapping_mul(FACTOR).wrapping_add(INCREMENT);
        (self.0 >> 40) as f32 / (1 << 24) as f32
    }

    fn skip(&mut self, mut steps: u64) {
        let (mut factor, mut increment) = (FACTOR, INCREMENT);
        while steps > 0 {
            if steps & 1 == 1 {
                self.0 = self.0.wrapping_mul(factor).wrapping_add(increment);
            }
            increment = increment.wrapping_mul(factor.wrapping_add(1));
            factor = factor.wrapping_mul(factor);
            steps >>= 1;
        }
    }

    /// About normally distributed: the sum of twelve.
    fn normal(&mut self) -> f32 {
        (0..12).map(|_| self.uniform()).sum::<f32>() - 6.0
    }

    fn person(&mut self) -> Description {
        Description(std::array::from_fn(|_| self.normal() * DEVIATION))
    }

    fn near(&mut self, person: &Description) -> Description {
        Description(person.0.map(|number| number + self.normal() * DEVIATION / 4.0))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "Search among {} drawn templates ({:.0} MB): median {:.1} ms, p95 {:.1} ms over {} \
             searches; {} of {} who are there were found",
            self.templates,
            self.megabytes,
            self.median_milliseconds.unwrap_or(f64::NAN),
            self.p95_milliseconds.unwrap_or(f64::NAN),
            self.searches,
            self.found,
            self.searches / 2
        )
    }
}
