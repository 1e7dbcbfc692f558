//! Weights as TensorFlow.js stores them: a manifest of names and shapes, and one file of numbers,
//! plain or quantised.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Unconvertible;

/// A group of the manifest: the files that follow each other, and what is in them.
#[derive(Deserialize)]
pub(super) struct Group {
    weights: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    name: String,
    shape: Vec<usize>,
    dtype: Number,
    quantization: Option<Quantization>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Number {
    Float32,
    Int32,
}

/// How a number is stored: half precision, or one byte that stands for `scale * byte + min`.
#[derive(Clone, Copy, Deserialize)]
#[serde(tag = "dtype", rename_all = "lowercase")]
enum Quantization {
    Float16,
    Uint8 { scale: f64, min: f64 },
}

/// A constant: its shape and its numbers, the last side running fastest.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Weight {
    pub(super) shape: Vec<usize>,
    pub(super) values: Vec<f32>,
}

/// The weights of a net by name.
pub(super) struct Weights(BTreeMap<String, Weight>);

impl Weights {
    pub(super) fn new(weights: BTreeMap<String, Weight>) -> Self {
        Self(weights)
    }

    /// Reads all groups of a manifest out of one file of numbers, which must hold them exactly.
    pub(super) fn read(groups: &[Group], bytes: &[u8]) -> Result<Self, Unconvertible> {
        let mut rest = bytes;
        let mut weights = BTreeMap::new();
        for entry in groups.iter().flat_map(|group| &group.weights) {
            let count = entry
                .shape
                .iter()
                .try_fold(1_usize, |count, side| count.checked_mul(*side))
                .and_then(|count| count.checked_mul(entry.width()));
            let (own, others) = count
                .and_then(|length| rest.split_at_checked(length))
                .ok_or_else(|| Unconvertible(format!("the file ends within `{}`", entry.name)))?;
            rest = others;
            let weight = Weight { shape: entry.shape.clone(), values: entry.decode(own) };
            weights.insert(entry.name.clone(), weight);
        }
        if rest.is_empty() {
            Ok(Self(weights))
        } else {
            Err(Unconvertible(format!("{} bytes of weights have no name", rest.len())))
        }
    }

    pub(super) fn find(&self, name: &str) -> Option<&Weight> {
        self.0.get(name)
    }

    pub(super) fn get(&self, name: &str) -> Result<&Weight, Unconvertible> {
        self.find(name).ok_or_else(|| Unconvertible(format!("it has no weight `{name}`")))
    }
}

impl Entry {
    /// Bytes a number.
    fn width(&self) -> usize {
        match self.quantization {
            None => 4,
            Some(Quantization::Float16) => 2,
            Some(Quantization::Uint8 { .. }) => 1,
        }
    }

    fn decode(&self, bytes: &[u8]) -> Vec<f32> {
        match self.quantization {
            None => {
                let four = |bytes: &[u8]| <[u8; 4]>::try_from(bytes).expect("a chunk of four");
                bytes
                    .chunks_exact(4)
                    .map(|bytes| match self.dtype {
                        Number::Float32 => f32::from_le_bytes(four(bytes)),
                        Number::Int32 => i32::from_le_bytes(four(bytes)) as f32,
                    })
                    .collect()
            }
            Some(Quantization::Float16) => bytes
                .chunks_exact(2)
                .map(|bytes| half(u16::from_le_bytes([bytes[0], bytes[1]])))
                .collect(),
            Some(Quantization::Uint8 { scale, min }) => {
                bytes.iter().map(|byte| (f64::from(*byte) * scale + min) as f32).collect()
            }
        }
    }
}

impl Weight {
    /// The sides, where there are exactly so many.
    pub(super) fn sides<const N: usize>(&self) -> Result<[usize; N], Unconvertible> {
        <[usize; N]>::try_from(self.shape.as_slice()).map_err(|_| {
            Unconvertible(format!("a weight has the shape {:?}, not {N} sides", self.shape))
        })
    }

    /// Of filters in the order height, width, input, output with odd sides, what is in the middle.
    pub(super) fn centre(&self) -> Result<Self, Unconvertible> {
        let [height, width, inputs, outputs] = self.sides()?;
        let each = inputs * outputs;
        let from = (height / 2 * width + width / 2) * each;
        let values = self.values.get(from..from + each);
        let values = values.ok_or_else(|| Unconvertible::new("filters without a middle"))?.to_vec();
        Ok(Self { shape: vec![1, 1, inputs, outputs], values })
    }

    /// The numbers as integers, as shapes and paddings are stored.
    pub(super) fn integers(&self) -> Vec<i64> {
        self.values.iter().map(|value| *value as i64).collect()
    }
}

/// IEEE 754 binary16.
fn half(bits: u16) -> f32 {
    let sign = if bits & 0x8000 == 0 { 1.0 } else { -1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 0x1f), f32::from(bits & 0x3ff));
    sign * match exponent {
        0 => fraction * 2.0_f32.powi(-24),
        31 if fraction == 0.0 => f32::INFINITY,
        31 => f32::NAN,
        _ => (1024.0 + fraction) * 2.0_f32.powi(exponent - 25),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values of IEEE 754-2019, table 3.5, and neighbours.
    #[test]
    fn halves() {
        for (bits, expected) in [
            (0x0000, 0.0),
            (0x3c00, 1.0),
            (0xc000, -2.0),
            (0x7bff, 65504.0),
            (0x0400, 6.103_515_6e-5),
            (0x0001, 5.960_464_5e-8),
            (0x3555, 0.333_251_95),
        ] {
            assert_eq!(half(bits), expected, "{bits:#x}");
        }
        assert!(half(0x7c01).is_nan() && half(0xfc00) == f32::NEG_INFINITY);
    }

    #[test]
    fn numbers_are_read_as_they_are_stored() {
        let groups: Vec<Group> = serde_json::from_str(
            r#"[{"paths":["w"],"weights":[
                {"name":"plain","shape":[1],"dtype":"float32"},
                {"name":"whole","shape":[],"dtype":"int32"},
                {"name":"short","shape":[2],"dtype":"float32","quantization":{"dtype":"float16","original_dtype":"float32"}},
                {"name":"byte","shape":[2],"dtype":"float32","quantization":{"dtype":"uint8","scale":0.5,"min":-1.0}}]}]"#,
        )
        .unwrap();
        let bytes =
            [&1.5_f32.to_le_bytes()[..], &(-7_i32).to_le_bytes(), &[0, 0x3c, 0, 0xc0, 0, 9]]
                .concat();
        let weights = Weights::read(&groups, &bytes).unwrap();
        assert_eq!(weights.get("plain").unwrap().values, [1.5]);
        assert_eq!(weights.get("whole").unwrap().integers(), [-7]);
        assert_eq!(weights.get("short").unwrap().values, [1.0, -2.0]);
        assert_eq!(weights.get("byte").unwrap().values, [-1.0, 3.5]);
        assert!(weights.get("none").is_err());
        assert!(Weights::read(&groups, &bytes[1..]).is_err());
        assert!(Weights::read(&groups, &[&bytes[..], &[0]].concat()).is_err());
    }
}
