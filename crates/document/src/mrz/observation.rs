//! What a recogniser saw: for each place of each line, how likely each character is.

/// The characters of a machine readable zone.
pub const ALPHABET: &[u8; 37] = b"<0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// One place: a probability for each character of [`ALPHABET`].
#[derive(Clone, Copy)]
pub struct Symbol([f32; ALPHABET.len()]);

/// What stands in the zone is personal.
impl std::fmt::Debug for Symbol {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Symbol(redacted)")
    }
}

/// The lines of a zone, all of one length.
pub type Observation = Vec<Vec<Symbol>>;

/// Characters that recognisers take for one another in OCR-B print.
const LOOKALIKES: [&[u8]; 15] = [
    b"0OQD", b"1I", b"1L", b"IL", b"1T", b"IT", b"5S", b"8B", b"2Z", b"6G", b"7T", b"4A", b"<K",
    b"<C", b"UV",
];

/// How likely a recogniser that is sure of one character is nevertheless wrong: taking it for a
/// character that looks like it, or for any other.
const MISTAKEN_FOR_LOOKALIKE: f32 = 0.005;
const MISTAKEN: f32 = 0.0002;
/// O and 0 differ by little in OCR-B, and in some prints of it by nothing.
const MISTAKEN_O_FOR_0: f32 = 0.1;

impl Symbol {
    /// From one weight per character of [`ALPHABET`], not necessarily summing to one.
    pub fn from_weights(weights: [f32; ALPHABET.len()]) -> Self {
        let sum: f32 = weights.iter().sum();
        let usable = sum.is_finite() && sum > 0.0;
        Self(if usable { weights.map(|w| w / sum) } else { [1.0 / weights.len() as f32; 37] })
    }

    /// A place of which nobody doubts what stands there.
    pub fn certain(character: u8) -> Option<Self> {
        let index = ALPHABET.iter().position(|&c| c == character)?;
        let mut weights = [0.0; ALPHABET.len()];
        weights[index] = 1.0;
        Some(Self(weights))
    }

    /// What two looks at one place saw, each counting as much as the other.
    pub(crate) fn mean(a: &Self, b: &Self) -> Self {
        Self(std::array::from_fn(|index| f32::midpoint(a.0[index], b.0[index])))
    }

    /// The likeliest character.
    pub fn best(&self) -> u8 {
        self.ranked()[0].0
    }

    /// The probability of `character`.
    pub fn probability(&self, character: u8) -> f32 {
        ALPHABET.iter().position(|&c| c == character).map_or(0.0, |index| self.0[index])
    }

    /// The cost (negative logarithm of the probability) of each character, the recogniser's
    /// own mistakes taken into account.
    pub(super) fn costs(&self) -> [(u8, f32); ALPHABET.len()] {
        let best = self.best();
        std::array::from_fn(|index| {
            let character = ALPHABET[index];
            let floor = match (best, character) {
                (b'O', b'0') | (b'0', b'O') => MISTAKEN_O_FOR_0,
                _ if look_alike(best, character) => MISTAKEN_FOR_LOOKALIKE,
                _ => MISTAKEN,
            };
            (character, -self.0[index].max(floor).ln())
        })
    }

    fn ranked(&self) -> Vec<(u8, f32)> {
        let mut ranked: Vec<_> = ALPHABET.iter().copied().zip(self.0).collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
        ranked
    }
}

fn look_alike(a: u8, b: u8) -> bool {
    LOOKALIKES.iter().any(|group| group.contains(&a) && group.contains(&b))
}
