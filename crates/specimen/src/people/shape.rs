use rand::RngExt;

use super::vector::{Vector, mix, scale};
use crate::seed::{Random, random};

/// Somebody who does not exist, as a camera sees them: what makes one head differ from another.
/// Lengths are factors around 1, positions offsets around 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Sitter {
    pub(super) face_width: f32,
    pub(super) jaw_width: f32,
    pub(super) face_length: f32,
    pub(super) cheeks: f32,
    /// How hollow the cheeks are.
    pub(super) hollow: f32,
    pub(super) chin: f32,
    pub(super) nose_length: f32,
    pub(super) nose_width: f32,
    pub(super) nose_depth: f32,
    pub(super) eye_distance: f32,
    pub(super) eye_height: f32,
    pub(super) eye_size: f32,
    pub(super) eye_tilt: f32,
    pub(super) brow_height: f32,
    pub(super) brow_thickness: f32,
    pub(super) brow_length: f32,
    pub(super) mouth_width: f32,
    pub(super) mouth_height: f32,
    pub(super) lip_thickness: f32,
    pub(super) hairline: f32,
    pub(super) hair_volume: f32,
    pub(super) long_hair: bool,
    pub(super) beard: f32,
    pub(super) moustache: f32,
    pub(super) wrinkles: f32,
    pub(super) freckles: f32,
    /// Thickness of the frame; 0 is no glasses.
    pub(super) glasses: f32,
    pub(super) skin: Vector,
    pub(super) hair: Vector,
    pub(super) iris: Vector,
    pub(super) lips: Vector,
    pub(super) clothes: Vector,
    /// Where the noise of skin and hair begins.
    pub(super) texture: u32,
}

const SKINS: [Vector; 6] = [
    [0.80, 0.56, 0.44],
    [0.72, 0.47, 0.34],
    [0.58, 0.34, 0.22],
    [0.36, 0.19, 0.11],
    [0.20, 0.10, 0.06],
    [0.76, 0.55, 0.40],
];
const HAIRS: [Vector; 6] = [
    [0.02, 0.015, 0.012],
    [0.06, 0.035, 0.02],
    [0.15, 0.08, 0.04],
    [0.36, 0.23, 0.10],
    [0.30, 0.30, 0.30],
    [0.22, 0.07, 0.03],
];
const GREY: Vector = [0.42, 0.42, 0.42];
const IRISES: [Vector; 5] = [
    [0.10, 0.05, 0.02],
    [0.16, 0.09, 0.03],
    [0.10, 0.20, 0.32],
    [0.12, 0.20, 0.10],
    [0.2, 0.22, 0.24],
];
const CLOTHES: [Vector; 5] = [
    [0.05, 0.08, 0.16],
    [0.20, 0.05, 0.06],
    [0.05, 0.12, 0.08],
    [0.25, 0.25, 0.27],
    [0.02, 0.02, 0.025],
];
const ROUGE: Vector = [0.5, 0.05, 0.1];

fn one(random: &mut Random, of: &[Vector]) -> Vector {
    of[random.random_range(0..of.len())]
}

impl Sitter {
    /// The person of this seed.
    pub fn generate(seed: u64) -> Self {
        let random = &mut random(seed, "sitter");
        let skin = one(random, &SKINS);
        let skin = scale(skin, random.random_range(0.85..1.15));
        let masculine = random.random_ratio(1, 2);
        let manly = f32::from(u8::from(masculine));
        let age = random.random_range(0.0..1.0_f32);
        let rouge = if masculine { 0.0 } else { random.random_range(0.1..0.9) };
        let mut now_and_then = |often: f64, range: std::ops::Range<f32>| {
            if random.random_bool(often) { random.random_range(range) } else { 0.0 }
        };
        let freckles = now_and_then(0.25, 0.4..1.0);
        let glasses = now_and_then(0.3, 0.5..1.5);
        let beard = now_and_then(0.4, 0.3..1.0) * manly;
        let moustache = now_and_then(0.35, 0.6..1.2) * manly;
        Self {
            face_width: random.random_range(0.80..1.20),
            jaw_width: random.random_range(0.78..1.12) + 0.1 * manly,
            face_length: random.random_range(0.82..1.15),
            cheeks: random.random_range(0.3..1.6),
            hollow: random.random_range(0.01..1.2),
            chin: random.random_range(0.5..1.5),
            nose_length: random.random_range(0.8..1.35),
            nose_width: random.random_range(0.7..1.7),
            nose_depth: random.random_range(-1.0..2.6),
            eye_distance: random.random_range(0.82..1.16),
            eye_height: random.random_range(-1.0..1.0),
            eye_size: random.random_range(0.72..1.3),
            eye_tilt: random.random_range(-1.5..2.2),
            brow_height: random.random_range(-1.6..2.0),
            brow_thickness: random.random_range(0.5..1.3) + 0.6 * manly,
            brow_length: random.random_range(-1.0..1.2),
            mouth_width: random.random_range(0.72..1.32),
            mouth_height: random.random_range(-0.03..0.09),
            lip_thickness: random.random_range(0.95..1.6) - 0.5 * manly,
            hairline: random.random_range(-1.2..2.2),
            hair_volume: random.random_range(0.4..3.0),
            long_hair: !masculine && random.random_ratio(4, 5),
            beard,
            moustache,
            wrinkles: (age - 0.4).max(0.0) * 1.8,
            freckles,
            glasses,
            skin,
            hair: if age > 0.75 { GREY } else { one(random, &HAIRS) },
            iris: one(random, &IRISES),
            lips: mix([skin[0] * 0.85, skin[1] * 0.55, skin[2] * 0.55], ROUGE, rouge),
            clothes: one(random, &CLOTHES),
            texture: random.random(),
        }
    }

    /// The same person with their glasses off.
    #[must_use]
    pub fn without_glasses(&self) -> Self {
        Self { glasses: 0.0, ..self.clone() }
    }

    /// Distance of an eye from the middle, and its height.
    pub(super) fn eye(&self) -> [f32; 2] {
        [0.285 * self.eye_distance, -0.04 + 0.05 * self.eye_height]
    }

    pub(super) fn nose_tip_y(&self) -> f32 {
        self.eye()[1] + 0.32 * self.nose_length
    }

    pub(super) fn mouth_y(&self) -> f32 {
        0.50 + self.mouth_height
    }
}
