use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt, SeedableRng};

/// A generator whose sequence is the same on every machine.
pub(crate) type Random = Xoshiro256PlusPlus;

/// A sequence of its own for each purpose, so that drawing one thing more does not move another.
pub(crate) fn random(seed: u64, purpose: &str) -> Random {
    let purpose = purpose.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ byte as u64).wrapping_mul(0x100_0000_01b3)
    });
    Random::seed_from_u64(seed ^ purpose)
}

/// One of `choices`, which is never empty.
pub(crate) fn pick<'a, T: ?Sized>(random: &mut Random, choices: &[&'a T]) -> &'a T {
    choices[random.random_range(0..choices.len())]
}
