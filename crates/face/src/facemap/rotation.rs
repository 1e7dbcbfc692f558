use sha2::{Digest as _, Sha256};

use crate::Description;
use crate::description::NUMBERS;

/// A secret turn of the space of descriptions, one for each tenant.
///
/// Distances stay what they are, so thresholds hold; but a template that leaks cannot be compared
/// with another tenant's, nor with one made under a new turn. That holds while the secret is one:
/// a turn can be undone by whoever knows it, so a turned template is still biometric data, and this
/// is not irreversible in the sense of ISO/IEC 24745.
pub struct Rotation {
    id: [u8; 8],
    /// Orthonormal rows.
    rows: Vec<[f32; NUMBERS]>,
}

impl Rotation {
    /// The turn that a secret stands for; always the same one.
    pub fn from_secret(secret: &[u8; 32]) -> Self {
        let id =
            Sha256::new().chain_update(b"bonafide rotation id").chain_update(secret).finalize();
        let mut numbers = Normal { secret, counter: 0, block: Vec::new() };
        let mut rows: Vec<[f64; NUMBERS]> = Vec::with_capacity(NUMBERS);
        while rows.len() < NUMBERS {
            let mut row: [f64; NUMBERS] = std::array::from_fn(|_| numbers.next());
            // Twice: once leaves what rounding took (Giraud et al., 2005).
            for _ in 0..2 {
                for other in &rows {
                    let share = dot(&row, other);
                    row.iter_mut().zip(other).for_each(|(number, other)| *number -= share * other);
                }
            }
            let length = dot(&row, &row).sqrt();
            if length > 1e-6 {
                rows.push(row.map(|number| number / length));
            }
        }
        let mut short = [0; 8];
        short.copy_from_slice(&id[..8]);
        let rows = rows.into_iter().map(|row| row.map(|number| number as f32)).collect();
        Self { id: short, rows }
    }

    /// What tells this turn from others, and nothing about it.
    pub fn id(&self) -> [u8; 8] {
        self.id
    }

    /// The description, turned.
    pub fn apply(&self, description: &Description) -> Description {
        let turned = |row: &[f32; NUMBERS]| -> f32 {
            row.iter().zip(&description.0).map(|(row, number)| row * number).sum()
        };
        Description(std::array::from_fn(|index| turned(&self.rows[index])))
    }
}

fn dot(left: &[f64; NUMBERS], right: &[f64; NUMBERS]) -> f64 {
    left.iter().zip(right).map(|(left, right)| left * right).sum()
}

/// Normally distributed numbers out of a secret, the same on every machine.
struct Normal<'a> {
    secret: &'a [u8; 32],
    counter: u64,
    block: Vec<u8>,
}

impl Normal<'_> {
    /// By Box and Muller (1958).
    fn next(&mut self) -> f64 {
        let (one, other) = (self.uniform(), self.uniform());
        (-2.0 * one.ln()).sqrt() * (std::f64::consts::TAU * other).cos()
    }

    /// Above 0 and up to 1.
    fn uniform(&mut self) -> f64 {
        if self.block.len() < 4 {
            let hash = Sha256::new()
                .chain_update(b"bonafide rotation")
                .chain_update(self.secret)
                .chain_update(self.counter.to_be_bytes());
            self.block = hash.finalize().to_vec();
            self.counter += 1;
        }
        let rest = self.block.split_off(4);
        let bytes = std::mem::replace(&mut self.block, rest);
        let bytes = <[u8; 4]>::try_from(bytes).expect("split off after four");
        (f64::from(u32::from_be_bytes(bytes)) + 1.0) / 4_294_967_296.0
    }
}
