//! The head as a solid: how far a point is from its surface (a signed distance, roughly).

use super::shape::Sitter;
use super::vector::{Vector, dot, length, minus, scale};
use super::view::Expression;

/// Of what a surface is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Material {
    Skin,
    Hair,
    Clothes,
}

/// A sitter with the look that they have on.
pub(super) struct Solid<'a> {
    pub(super) sitter: &'a Sitter,
    pub(super) expression: Expression,
}

impl Solid<'_> {
    /// Distance to the nearest surface, and of what it is.
    pub(super) fn distance(&self, p: Vector) -> (f32, Material) {
        let clothes = ellipsoid(p, [0.0, 2.25, 0.35], [1.55, 0.75, 0.62]);
        [
            (self.skin(p), Material::Skin),
            (self.hair(p), Material::Hair),
            (clothes, Material::Clothes),
        ]
        .into_iter()
        .min_by(|left, right| left.0.total_cmp(&right.0))
        .expect("there are three")
    }

    fn skin(&self, p: Vector) -> f32 {
        let s = self.sitter;
        // Faces are symmetric here.
        let q = [p[0].abs(), p[1], p[2]];
        let w = s.face_width;
        let skull = ellipsoid(q, [0.0, -0.28, 0.12], [0.70 * w, 0.80, 0.82]);
        let jaw = [0.565 * w * s.jaw_width, 0.76 * s.face_length, 0.60];
        let mut d = union(skull, ellipsoid(q, [0.0, 0.22, -0.10], jaw), 0.22);
        d = union(d, ellipsoid(q, [0.40 * w, 0.16, -0.36], [0.19, 0.17 * s.cheeks, 0.20]), 0.22);
        d = carve(d, ellipsoid(q, [0.50 * w, 0.42, -0.42], [0.16, 0.20, 0.10 * s.hollow]), 0.12);
        let chin = [0.0, 0.22 + 0.61 * s.face_length, -0.50];
        d = union(d, ellipsoid(q, chin, [0.19 * s.chin, 0.13, 0.14]), 0.16);
        d = self.eyes(d, q);
        d = self.nose(d, q);
        d = self.mouth(d, q);
        let ear = ellipsoid(q, [0.70 * w, 0.02, 0.12], [0.07, 0.20, 0.13]);
        let neck = capsule(q, [0.0, 0.62, 0.20], [0.0, 1.75, 0.34], [0.36, 0.42]);
        union(union(d, ear, 0.05), neck, 0.12)
    }

    /// Brow, socket and the ball behind the lids.
    fn eyes(&self, d: f32, q: Vector) -> f32 {
        let [x, y] = self.sitter.eye();
        let brow_end = [0.44 * self.sitter.face_width, y - 0.14, -0.50];
        let brow = capsule(q, [0.12, y - 0.17, -0.66], brow_end, [0.055, 0.05]);
        let d = carve(
            union(d, brow, 0.13),
            ellipsoid(q, [x, y + 0.02, -0.80], [0.17, 0.11, 0.14]),
            0.12,
        );
        union(d, ellipsoid(q, [x, y, -0.545], [0.125, 0.10, 0.115]), 0.03)
    }

    fn nose(&self, d: f32, q: Vector) -> f32 {
        let s = self.sitter;
        let (top, tip, width) = (s.eye()[1] - 0.06, s.nose_tip_y(), s.nose_width);
        let end = [0.0, tip, -0.86 - 0.05 * s.nose_depth];
        let bridge = capsule(q, [0.0, top, -0.66], end, [0.055 * width, 0.085 * width]);
        let wing = ellipsoid(q, [0.10 * width, tip + 0.02, -0.74], [0.065 * width, 0.055, 0.08]);
        let nostril = ellipsoid(q, [0.055 * width, tip + 0.075, -0.83], [0.03, 0.022, 0.05]);
        carve(union(union(d, bridge, 0.09), wing, 0.05), nostril, 0.02)
    }

    /// Lips, and the groove between them.
    fn mouth(&self, d: f32, q: Vector) -> f32 {
        let s = self.sitter;
        let (y, width, thick) = (s.mouth_y(), 0.21 * s.mouth_width, s.lip_thickness);
        let upper = ellipsoid(q, [0.0, y - 0.035, -0.665], [width, 0.045 * thick, 0.075]);
        let lower = ellipsoid(q, [0.0, y + 0.05, -0.655], [width * 0.85, 0.05 * thick, 0.075]);
        let open = 0.012 + 0.09 * self.expression.mouth_open;
        let groove = ellipsoid(q, [0.0, y + 0.005, -0.76], [width * 0.92, open, 0.09]);
        carve(union(union(d, upper, 0.05), lower, 0.05), groove, 0.02)
    }

    fn hair(&self, p: Vector) -> f32 {
        let s = self.sitter;
        let thick = 0.06 * s.hair_volume;
        let radii = [0.70 * s.face_width + thick, 0.80 + thick, 0.80 + thick];
        let shell = ellipsoid(p, [0.0, -0.30, 0.14], radii);
        // What lies before a slanted plane is face.
        let line = -0.50 + 0.14 * s.hairline;
        let arch = 0.18 * (1.0 - (p[0] / 0.6).powi(2)).max(-0.6);
        let face = -(p[2] + 0.05) * 0.62 + (p[1] - line) * 0.79 - arch + 0.02;
        let cap = carve(shell, -face, 0.05);
        if !s.long_hair {
            return cap;
        }
        let q = [p[0].abs(), p[1], p[2]];
        let start = [0.60 * s.face_width, -0.2, 0.25];
        union(cap, capsule(q, start, [0.66, 1.15, 0.22], [0.20, 0.24]), 0.18)
    }
}

fn ellipsoid(p: Vector, centre: Vector, radii: Vector) -> f32 {
    let q = minus(p, centre);
    let once: Vector = std::array::from_fn(|axis| q[axis] / radii[axis]);
    let twice: Vector = std::array::from_fn(|axis| once[axis] / radii[axis]);
    let (a, b) = (length(once), length(twice));
    if b < 1e-6 { -radii[0].min(radii[1]).min(radii[2]) } else { a * (a - 1.0) / b }
}

/// A rod between two points, with a radius at each.
fn capsule(p: Vector, from: Vector, to: Vector, radii: [f32; 2]) -> f32 {
    let (along, q) = (minus(to, from), minus(p, from));
    let share = (dot(q, along) / dot(along, along)).clamp(0.0, 1.0);
    length(minus(q, scale(along, share))) - (radii[0] + (radii[1] - radii[0]) * share)
}

/// Both solids, with a soft seam.
fn union(a: f32, b: f32, soft: f32) -> f32 {
    let share = (0.5 + 0.5 * (b - a) / soft).clamp(0.0, 1.0);
    b + (a - b) * share - soft * share * (1.0 - share)
}

/// The first solid without the second.
fn carve(a: f32, b: f32, soft: f32) -> f32 {
    -union(-a, b, soft)
}
