//! What the surface of a head looks like: its colour at each place, and how much it shines. Features
//! are painted on as seen from the front, and bend with the surface.

use super::solid::{Material, Solid};
use super::vector::{Vector, bump, mix, noise, scale, step};

const LASHES: Vector = [0.03, 0.02, 0.02];
const SCLERA: Vector = [0.62, 0.60, 0.58];
const FRAME: Vector = [0.02, 0.018, 0.02];
const BETWEEN_LIPS: Vector = [0.05, 0.015, 0.015];

/// A colour and how much it shines.
type Paint = (Vector, f32);

impl Solid<'_> {
    /// The paint of a place on the surface.
    pub(super) fn paint(&self, p: Vector, material: Material) -> Paint {
        let s = self.sitter;
        match material {
            Material::Clothes => {
                (scale(s.clothes, 1.0 + 0.06 * noise(scale(p, 20.0), s.texture)), 0.02)
            }
            Material::Hair => {
                let strand = noise([p[0] * 40.0, p[1] * 5.0, p[2] * 9.0], s.texture);
                (scale(s.hair, 1.0 + 0.35 * strand), 0.15)
            }
            Material::Skin => self.skin_paint(p),
        }
    }

    fn skin_paint(&self, p: Vector) -> Paint {
        let s = self.sitter;
        let mottle = 0.05 * noise(scale(p, 7.0), s.texture);
        let pores = 0.035 * noise(scale(p, 31.0), s.texture ^ 0x9);
        let skin = scale(s.skin, 1.0 + mottle + pores);
        // Behind the cheeks there is nothing painted.
        if p[2] > -0.25 {
            return (skin, 0.12);
        }
        let (x, y) = (p[0].abs(), p[1]);
        let skin = self.aged(self.blushing(skin, p), x, y);
        let skin = self.bearded(skin, p);
        if let Some(frame) = self.glasses(x, y) {
            return frame;
        }
        let skin = self.brow(skin, p);
        if let Some(eye) = self.eye_paint(p) {
            return eye;
        }
        let skin = self.nose_shades(self.lids(skin, x, y), x, y);
        (self.lips(skin, x, y), 0.16)
    }

    /// Cheeks and nose are redder, and may have freckles.
    fn blushing(&self, skin: Vector, p: Vector) -> Vector {
        let (s, x, y) = (self.sitter, p[0].abs(), p[1]);
        let cheek = 0.25 * bump(x - 0.36, 0.14) * bump(y - 0.22, 0.13);
        let blush = cheek + 0.18 * bump(x, 0.09) * bump(y - 0.28, 0.08);
        let fade = 1.0 - 0.35 * blush;
        let skin = [skin[0] * (1.0 + 0.10 * blush), skin[1] * fade, skin[2] * fade];
        let freckle =
            step(0.35, 0.6, noise(scale(p, 26.0), s.texture ^ 0x4d)) * bump(y - 0.18, 0.2);
        mix(skin, [skin[0] * 0.6, skin[1] * 0.42, skin[2] * 0.35], s.freckles * freckle)
    }

    /// Lines on the forehead, beside the eyes and below them.
    fn aged(&self, skin: Vector, x: f32, y: f32) -> Vector {
        let s = self.sitter;
        let [eye_x, eye_y] = s.eye();
        let mut depth = 0.0;
        for line in 0..3 {
            let wave = 0.015 * (x * 9.0 + line as f32).sin();
            let at = eye_y - 0.30 - 0.075 * line as f32 + wave;
            depth += bump(y - at, 0.009) * (1.0 - step(0.25, 0.4, x));
        }
        let outer = x - eye_x;
        depth += bump(outer - 0.20, 0.05)
            * bump((y - eye_y + 0.02).abs() - 0.25 * (outer - 0.14), 0.008);
        depth += bump(outer, 0.12) * bump(y - eye_y - 0.105 - 0.3 * outer * outer, 0.014);
        scale(skin, 1.0 - 0.30 * s.wrinkles * depth)
    }

    fn bearded(&self, skin: Vector, p: Vector) -> Vector {
        let (s, x, y) = (self.sitter, p[0].abs(), p[1]);
        let mouth_y = s.mouth_y();
        let hairs = noise(scale(p, 60.0), s.texture);
        let around = step(0.0, 0.16, y - mouth_y + 0.24 - 0.25 * x);
        let lips = bump(x, 0.10) * bump(y - mouth_y, 0.06);
        let beard = s.beard * around * (1.0 - lips) * (0.75 + 0.25 * hairs);
        let under_nose = bump(y - mouth_y + 0.10 - 0.10 * x, 0.045) * (1.0 - step(0.20, 0.27, x));
        let moustache = s.moustache * under_nose * (0.9 + 0.3 * hairs);
        mix(skin, s.hair, beard.max(moustache).clamp(0.0, 0.95))
    }

    fn glasses(&self, x: f32, y: f32) -> Option<Paint> {
        let s = self.sitter;
        let ([eye_x, eye_y], thick) = (s.eye(), s.glasses);
        if thick <= 0.0 {
            return None;
        }
        let across = (x - eye_x * 1.03).abs() / 0.185;
        let down = (y - eye_y - 0.03).abs() / 0.135;
        let rim = ((across.powi(4) + down.powi(4)).powf(0.25) - 1.0).abs() < 0.085 * thick;
        let bridge = x < eye_x - 0.15 && (y - eye_y + 0.02).abs() < 0.016 * thick;
        let arm = x > eye_x + 0.17 && (y - eye_y + 0.03).abs() < 0.02 * thick;
        (rim || bridge || arm).then_some((FRAME, 0.6))
    }

    fn brow(&self, skin: Vector, p: Vector) -> Vector {
        let (s, x, y) = (self.sitter, p[0].abs(), p[1]);
        let arch = s.eye()[1] - 0.165 - 0.03 * s.brow_height - 0.05 * bump(x - 0.34, 0.12)
            + 0.02 * s.eye_tilt;
        let inner = -0.06 * s.brow_length;
        let along = step(0.10 + inner, 0.15 + inner, x) * (1.0 - step(0.42, 0.49, x));
        let thick = 0.026 * s.brow_thickness * (1.2 - 0.9 * (x - 0.12).max(0.0));
        let hairs = 0.8 + 0.3 * noise([p[0] * 90.0, y * 40.0, 0.0], s.texture);
        let cover = along * bump(y - arch, thick) * 1.25 * hairs;
        mix(skin, scale(s.hair, 0.7), cover.min(0.95))
    }

    /// The opening between the lids, at a place beside the middle of the eye: its upper and lower
    /// edge, and its half width.
    fn opening(&self, beside: f32) -> [f32; 3] {
        let s = self.sitter;
        let (open, half) = (self.expression.eyes_open, 0.118 * s.eye_size);
        let curve = (1.0 - (beside / half).powi(2)).max(0.0);
        let upper = -0.058 * s.eye_size * curve.powf(0.8) * open + 0.022 * (1.0 - open) * curve;
        let lower = 0.036 * s.eye_size * curve * open + 0.026 * (1.0 - open) * curve;
        [upper, lower, half]
    }

    /// A place in the coordinates of its eye.
    fn in_eye(&self, x: f32, y: f32) -> (f32, f32) {
        let [eye_x, eye_y] = self.sitter.eye();
        (x - eye_x, y - eye_y + (x - eye_x) * 0.12 * self.sitter.eye_tilt)
    }

    fn eye_paint(&self, p: Vector) -> Option<Paint> {
        let s = self.sitter;
        let (dx, dy) = self.in_eye(p[0].abs(), p[1]);
        let [upper, lower, half] = self.opening(dx);
        let seen = dx.abs() < half && dy > upper && dy < lower && self.expression.eyes_open > 0.06;
        if !seen {
            return None;
        }
        let shade = 0.45 * bump(dy - upper, 0.02) + 0.25 * (dx / half).abs().powi(3);
        let mut eye = scale(SCLERA, 1.0 - shade);
        let radius = dx.hypot(dy + 0.006) / (0.056 * s.eye_size.sqrt());
        if radius < 1.0 {
            let iris = scale(s.iris, 1.0 - 0.6 * step(0.75, 1.0, radius));
            eye = mix(iris, [0.01; 3], 1.0 - step(0.36, 0.44, radius));
        }
        // The light is mirrored on the same side of both eyes.
        let glint = p[0] - s.eye()[0] * p[0].signum() + 0.018;
        if glint.hypot(dy + 0.022) < 0.012 {
            eye = [0.95; 3];
        }
        Some((mix(eye, LASHES, 0.85 * bump(dy - upper, 0.011)), 0.5))
    }

    /// Lashes, the fold above the eye and the shade below it.
    fn lids(&self, skin: Vector, x: f32, y: f32) -> Vector {
        let (dx, dy) = self.in_eye(x, y);
        let [upper, _, half] = self.opening(dx);
        if dx.abs() >= half * 1.2 {
            return skin;
        }
        // Closing stretches the lid until its fold is gone, and lays the lashes on the cheek: what is
        // left of the fold looks like the edge of an open lid.
        let open = self.expression.eyes_open;
        let width = 0.011 + 0.007 * (1.0 - open);
        let lashes = if dx.abs() < half * 1.06 { bump(dy - upper, width) } else { 0.0 };
        let curve = (1.0 - (dx / half).powi(2)).max(0.25);
        let fold = 0.28 * open * bump(dy + 0.088 * self.sitter.eye_size * curve, 0.014);
        let below = 0.10 * open * bump(dy - 0.085, 0.03);
        mix(scale(skin, 1.0 - fold - below), LASHES, 0.85 * lashes)
    }

    fn nose_shades(&self, skin: Vector, x: f32, y: f32) -> Vector {
        let (tip, width) = (self.sitter.nose_tip_y(), self.sitter.nose_width);
        let nostril = 0.75 * bump(x - 0.06 * width, 0.028) * bump(y - tip - 0.075, 0.018);
        let wing = 0.25 * bump(x - 0.155 * width, 0.018) * bump(y - tip - 0.01, 0.05);
        let furrow = 0.14 * bump(x - 0.19 - 0.22 * (y - tip), 0.02) * bump(y - tip - 0.12, 0.09);
        scale(skin, (1.0 - nostril) * (1.0 - wing) * (1.0 - furrow))
    }

    fn lips(&self, skin: Vector, x: f32, y: f32) -> Vector {
        let s = self.sitter;
        let (middle, thick, open) = (s.mouth_y(), s.lip_thickness, self.expression.mouth_open);
        let bow = (1.0 - (x / (0.235 * s.mouth_width)).powi(2)).max(0.0);
        let upper = middle - 0.058 * thick * bow.powf(0.7) + 0.012 * bump(x, 0.03);
        let lower = middle + 0.085 * thick * bow.powf(0.7) + 0.09 * open;
        let mut colour = skin;
        if bow > 0.0 {
            let inside = step(0.0, 0.014, y - upper) * step(0.0, 0.018, lower - y);
            colour = mix(colour, s.lips, 0.85 * inside);
            let gap = 0.010 + 0.05 * open * bow;
            let line = middle + 0.008 - 0.012 * bump(x, 0.04) + gap * 0.4;
            let dark = (1.0 - step(gap * 0.6, gap * 1.4, (y - line).abs())) * step(0.0, 0.1, bow);
            colour = mix(colour, BETWEEN_LIPS, 0.85 * dark);
        }
        scale(colour, 1.0 - 0.18 * bump(x, 0.12) * bump(y - middle - 0.16 * thick, 0.03))
    }
}
