use rand::RngExt;

use crate::seed::Random;

/// What the document lies on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surface {
    /// A table with a grain; the seed chooses its wood.
    Table,
    /// White paper.
    Paper,
}

/// A surface as it looks under one document.
pub(super) struct Texture {
    surface: Surface,
    colour: [f32; 3],
    /// Cosine and sine of the grain's direction.
    grain: (f32, f32),
    lattice: u32,
}

impl Texture {
    pub(super) fn new(surface: Surface, random: &mut Random) -> Self {
        const WOODS: [[f32; 3]; 5] = [
            [148.0, 108.0, 72.0],
            [98.0, 68.0, 48.0],
            [186.0, 158.0, 122.0],
            [92.0, 96.0, 104.0],
            [64.0, 58.0, 56.0],
        ];
        let (sine, cosine) = random.random_range(-0.5..0.5_f32).sin_cos();
        Self {
            surface,
            colour: WOODS[random.random_range(0..WOODS.len())],
            grain: (cosine, sine),
            lattice: random.random(),
        }
    }

    /// The colour at a place, in pixels.
    pub(super) fn at(&self, x: f32, y: f32) -> [f32; 3] {
        let along = x * self.grain.0 + y * self.grain.1;
        let across = y * self.grain.0 - x * self.grain.1;
        match self.surface {
            Surface::Table => {
                let bend = 26.0 * self.noise(along / 420.0, across / 150.0);
                let grain = self.noise(along / 160.0, (across + bend) / 5.0) - 0.5;
                let plank = self.noise(along / 900.0, (across + bend) / 60.0) - 0.5;
                self.colour.map(|channel| channel * (1.0 + 0.28 * grain + 0.35 * plank))
            }
            Surface::Paper => {
                let fibre = self.noise(x / 3.0, y / 3.0) - 0.5;
                [243.0 + 4.0 * fibre; 3]
            }
        }
    }

    /// Smooth value noise from 0 to 1 on a lattice of unit cells.
    fn noise(&self, x: f32, y: f32) -> f32 {
        let (left, top) = (x.floor(), y.floor());
        let (share_x, share_y) = (smooth(x - left), smooth(y - top));
        let value = |dx: i32, dy: i32| {
            self.hash((left as i32).wrapping_add(dx), (top as i32).wrapping_add(dy))
        };
        let upper = value(0, 0) + (value(1, 0) - value(0, 0)) * share_x;
        let lower = value(0, 1) + (value(1, 1) - value(0, 1)) * share_x;
        upper + (lower - upper) * share_y
    }

    fn hash(&self, x: i32, y: i32) -> f32 {
        let mut bits = (x as u32).wrapping_mul(0x9e37_79b1)
            ^ (y as u32).wrapping_mul(0x85eb_ca77)
            ^ self.lattice;
        bits = (bits ^ (bits >> 15)).wrapping_mul(0x2c1b_3c6d);
        bits = (bits ^ (bits >> 12)).wrapping_mul(0x297a_2d39);
        ((bits ^ (bits >> 15)) >> 8) as f32 / (1 << 24) as f32
    }
}

fn smooth(share: f32) -> f32 {
    share * share * (3.0 - 2.0 * share)
}
