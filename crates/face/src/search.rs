//! Who of many is this: an exact scan over all descriptions in memory, in a byte a number.
//!
//! A scan needs no training, no parameters and no rebuilding, and what is removed is gone. The
//! first half of the numbers decides about nearly everybody: distances only grow with the rest.

use std::collections::HashMap;
use std::hash::Hash;

use crate::Description;
use crate::description::NUMBERS;

/// Numbers are bytes in units of 1/256, with 0 in the middle; what is beyond ±0.5 is cut, which
/// only happens to a few numbers of odd faces. A distance is off by 0.03 at most for numbers within.
const UNIT: f32 = 256.0;
const MIDDLE: f32 = 128.0;
const HALF: usize = NUMBERS / 2;

/// The largest distance at which a face that is looked for among many counts as found: stricter than
/// for a pair, since each of the many is a chance to err.
pub const REPEATED: f32 = 0.45;

type Bytes = [u8; HALF];

/// Somebody found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit<K> {
    /// Whom the description was added for.
    pub key: K,
    /// The distance, as exact as bytes are; compare again with the template before deciding.
    pub distance: f32,
}

/// Descriptions of many, each under a key.
#[derive(Debug, Clone)]
pub struct Gallery<K> {
    keys: Vec<K>,
    rows: HashMap<K, usize>,
    first: Vec<Bytes>,
    second: Vec<Bytes>,
}

impl<K> Default for Gallery<K> {
    fn default() -> Self {
        Self { keys: Vec::new(), rows: HashMap::new(), first: Vec::new(), second: Vec::new() }
    }
}

impl<K: Copy + Eq + Hash> Gallery<K> {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there is nobody.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Adds a description, or replaces the one of this key.
    pub fn insert(&mut self, key: K, description: &Description) {
        let (first, second) = halves(description);
        if let Some(row) = self.rows.get(&key) {
            (self.first[*row], self.second[*row]) = (first, second);
        } else {
            self.rows.insert(key, self.keys.len());
            self.keys.push(key);
            self.first.push(first);
            self.second.push(second);
        }
    }

    /// Removes a description; nothing of it stays in memory. Whether it was there.
    pub fn remove(&mut self, key: &K) -> bool {
        let Some(row) = self.rows.remove(key) else { return false };
        let last = self.keys.len() - 1;
        self.keys.swap_remove(row);
        for half in [&mut self.first, &mut self.second] {
            half.swap(row, last);
            half[last] = [0; HALF];
            half.pop();
        }
        if let Some(moved) = self.keys.get(row) {
            self.rows.insert(*moved, row);
        }
        true
    }

    /// Everybody up to this distance, the nearest first, at most `most`.
    pub fn nearest(&self, description: &Description, distance: f32, most: usize) -> Vec<Hit<K>> {
        let (first, second) = halves(description);
        let (first, second) = (widened(&first), widened(&second));
        let limit = (f64::from(distance.max(0.0)) * f64::from(UNIT)).powi(2) as u32;
        let mut hits = Vec::new();
        for (row, half) in self.first.iter().enumerate() {
            let square = squares(&first, half);
            if square <= limit {
                let square = square + squares(&second, &self.second[row]);
                if square <= limit {
                    let distance = (square as f32).sqrt() / UNIT;
                    hits.push(Hit { key: self.keys[row], distance });
                }
            }
        }
        hits.sort_by(|left, right| left.distance.total_cmp(&right.distance));
        hits.truncate(most);
        hits
    }
}

fn halves(description: &Description) -> (Bytes, Bytes) {
    let byte = |number: f32| (number * UNIT + MIDDLE).round().clamp(0.0, 255.0) as u8;
    (
        std::array::from_fn(|index| byte(description.0[index])),
        std::array::from_fn(|index| byte(description.0[HALF + index])),
    )
}

fn widened(bytes: &Bytes) -> [i16; HALF] {
    bytes.map(i16::from)
}

/// The sum of squared differences. Written in two steps and in pairs, which is how processors
/// multiply and add vectors of 16 bits: half the time of the plain sum.
fn squares(query: &[i16; HALF], bytes: &Bytes) -> u32 {
    let differences: [i16; HALF] =
        std::array::from_fn(|index| query[index] - i16::from(bytes[index]));
    let square = |number: i16| i32::from(number) * i32::from(number);
    let mut sums = [0_i32; 4];
    for eight in differences.chunks_exact(8) {
        for (lane, sum) in sums.iter_mut().enumerate() {
            *sum += square(eight[2 * lane]) + square(eight[2 * lane + 1]);
        }
    }
    sums.iter().sum::<i32>() as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn described(seed: u64) -> Description {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        Description(std::array::from_fn(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            ((state >> 40) as f32 / (1 << 24) as f32 - 0.5) * 0.4
        }))
    }

    fn gallery(count: u64) -> Gallery<u64> {
        let mut gallery = Gallery::default();
        (0..count).for_each(|key| gallery.insert(key, &described(key)));
        gallery
    }

    #[test]
    fn somebody_is_found_until_removed() {
        let mut gallery = gallery(100);
        let hits = gallery.nearest(&described(42), 0.3, 5);
        assert_eq!(hits.iter().map(|hit| hit.key).collect::<Vec<_>>(), [42]);
        assert!(hits[0].distance < 0.01);
        assert!(gallery.remove(&42) && !gallery.remove(&42));
        assert!(gallery.nearest(&described(42), 0.3, 5).is_empty());
        assert_eq!(gallery.nearest(&described(99), 0.3, 5)[0].key, 99, "the one that was moved");
        assert_eq!(gallery.len(), 99);
    }

    #[test]
    fn a_key_has_one_description() {
        let mut gallery = gallery(3);
        gallery.insert(1, &described(7));
        assert_eq!(gallery.len(), 3);
        assert!(gallery.nearest(&described(1), 0.3, 5).is_empty());
        assert_eq!(gallery.nearest(&described(7), 0.3, 5)[0].key, 1);
    }

    proptest! {
        /// The scan finds what comparing with everybody finds, but for what lies at the very limit.
        #[test]
        fn the_scan_is_exact(seed: u64, limit in 0.2_f32..1.6) {
            let gallery = gallery(200);
            let query = described(seed);
            let hits = gallery.nearest(&query, limit, 200);
            prop_assert!(hits.is_sorted_by(|a, b| a.distance <= b.distance));
            for key in 0..200 {
                let distance = query.distance(&described(key));
                let hit = hits.iter().find(|hit| hit.key == key);
                if let Some(hit) = hit {
                    prop_assert!((hit.distance - distance).abs() < 0.03);
                } else {
                    prop_assert!(distance > limit - 0.03);
                }
            }
        }
    }
}
