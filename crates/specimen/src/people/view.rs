use image::{Rgb, RgbImage};

use super::shape::Sitter;
use super::solid::{Material, Solid};
use super::vector::{Vector, add, dot, length, noise, scale, unit};

/// The look on a face.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Expression {
    /// 1 is open, 0 is closed.
    pub eyes_open: f32,
    /// 0 is closed, 1 is wide open.
    pub mouth_open: f32,
}

/// How a head is held, lit and seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct View {
    /// Turned, in degrees; positive to the subject's left, the right of the picture.
    pub yaw_degrees: f32,
    /// Nodded, in degrees; positive upwards. A head at 5 looks into the camera.
    pub pitch_degrees: f32,
    /// Tilted, in degrees; positive clockwise.
    pub roll_degrees: f32,
    /// Height of the head as a share of the picture's height.
    pub size: f32,
    /// Where the head's middle is, from the picture's, as shares of the picture's height.
    pub offset: [f32; 2],
    /// Where the light comes from, in degrees to the right and up.
    pub light_degrees: [f32; 2],
    /// Factor of the exposure.
    pub brightness: f32,
    /// The look.
    pub expression: Expression,
    /// Colour of the wall behind.
    pub background: [f32; 3],
    /// Deviation of the camera's noise, in levels of 255.
    pub noise: f32,
    /// Where the noise begins: no two frames of a camera have the same.
    pub grain: u32,
}

impl Default for View {
    /// A good selfie.
    fn default() -> Self {
        Self {
            yaw_degrees: 0.0,
            pitch_degrees: 5.0,
            roll_degrees: 0.0,
            size: 0.6,
            offset: [0.0, 0.0],
            light_degrees: [-35.0, 35.0],
            brightness: 1.0,
            expression: Expression { eyes_open: 1.0, mouth_open: 0.0 },
            background: [0.35, 0.38, 0.42],
            noise: 1.6,
            grain: 0,
        }
    }
}

/// Distance of the camera from the head, in head units.
const CAMERA: f32 = 7.0;
/// The head turns about the neck.
const PIVOT: Vector = [0.0, 0.55, 0.25];
/// Nothing of a person is further than this from the middle of the head.
const NEAREST: f32 = CAMERA - 2.2;
const FURTHEST: f32 = CAMERA + 2.0;

impl Sitter {
    /// A picture of the sitter.
    pub fn picture(&self, view: &View, width: u32, height: u32) -> RgbImage {
        let scene = Scene::new(self, view);
        // The picture's height in head units at the head's distance.
        let (span, tall) = (2.0 / view.size.max(0.01), height.max(1) as f32);
        RgbImage::from_fn(width, height, |column, row| {
            let across = (column as f32 + 0.5 - width as f32 / 2.0) / tall;
            let down = (row as f32 + 0.5) / tall - 0.5;
            let ray =
                unit([(across - view.offset[0]) * span, (down - view.offset[1]) * span, CAMERA]);
            let light = scene.seen(ray).unwrap_or_else(|| wall(view, across, down));
            let place = [column as f32 * 0.9, row as f32 * 0.9, 0.5];
            let grain = noise(place, view.grain.wrapping_add(1)) * view.noise;
            Rgb(light.map(|light| {
                (255.0 * encoded(light * view.brightness) + grain).clamp(0.0, 255.0) as u8
            }))
        })
    }
}

fn wall(view: &View, across: f32, down: f32) -> Vector {
    let clouds = 0.25 * noise([across * 3.0, down * 2.5, 0.0], 5);
    scale(view.background, 1.0 + clouds - 0.3 * down)
}

/// sRGB's transfer curve (IEC 61966-2-1).
fn encoded(linear: f32) -> f32 {
    let linear = linear.clamp(0.0, 1.0);
    if linear <= 0.003_130_8 { 12.92 * linear } else { 1.055 * linear.powf(1.0 / 2.4) - 0.055 }
}

struct Scene<'a> {
    solid: Solid<'a>,
    /// Where the head's axes point in the picture's space.
    axes: [Vector; 3],
    camera: Vector,
    light: Vector,
    fill: Vector,
}

impl<'a> Scene<'a> {
    fn new(sitter: &'a Sitter, view: &View) -> Self {
        let [yaw, pitch, roll] =
            [view.yaw_degrees, view.pitch_degrees, view.roll_degrees].map(f32::to_radians);
        let turned = |[x, y, z]: Vector| {
            let (y, z) = (pitch.cos() * y + pitch.sin() * z, pitch.cos() * z - pitch.sin() * y);
            let (x, z) = (yaw.cos() * x - yaw.sin() * z, yaw.cos() * z + yaw.sin() * x);
            [roll.cos() * x - roll.sin() * y, roll.cos() * y + roll.sin() * x, z]
        };
        let axes = [turned([1.0, 0.0, 0.0]), turned([0.0, 1.0, 0.0]), turned([0.0, 0.0, 1.0])];
        let to_head = |v: Vector| axes.map(|axis| dot(axis, v));
        let [right, up] = view.light_degrees.map(f32::to_radians);
        Self {
            solid: Solid { sitter, expression: view.expression },
            camera: add(to_head(add([0.0, 0.0, -CAMERA], scale(PIVOT, -1.0))), PIVOT),
            light: to_head(unit([right.sin() * up.cos(), -up.sin(), -right.cos() * up.cos()])),
            fill: to_head(unit([-right.sin() - 0.3, -0.2, -0.9])),
            axes,
        }
    }

    /// The light that comes along a ray; none where it meets nobody.
    fn seen(&self, ray: Vector) -> Option<Vector> {
        let ray = self.axes.map(|axis| dot(axis, ray));
        let mut reach = NEAREST;
        for _ in 0..90 {
            let p = add(self.camera, scale(ray, reach));
            let (distance, material) = self.solid.distance(p);
            if distance < 0.0012 {
                return Some(self.shade(p, ray, material));
            }
            // The distance is a rough one: full steps would jump over thin things.
            reach += distance * 0.8;
            if reach > FURTHEST {
                break;
            }
        }
        None
    }

    fn shade(&self, p: Vector, ray: Vector, material: Material) -> Vector {
        let normal = self.normal(p);
        let (colour, shine) = self.solid.paint(p, material);
        let shadow = self.shadow(add(p, scale(normal, 0.012)));
        // Light reaches a little around edges.
        let lit = |light: Vector| ((dot(normal, light) + 0.25) / 1.25).max(0.0);
        let key = lit(self.light) * (0.35 + 0.65 * shadow);
        let amount = 0.62 * key + 0.20 * lit(self.fill) + 0.24 * self.openness(p, normal);
        let half = unit(add(self.light, scale(ray, -1.0)));
        let glint = dot(normal, half).max(0.0).powi(28) * shine * shadow;
        // Where little light falls on skin, more of it has come through, and that is red.
        let red = if material == Material::Skin { 0.12 * (1.0 - key) } else { 0.0 };
        let tint = [1.0 + red, 1.0, 1.0 - red / 3.0];
        std::array::from_fn(|channel| colour[channel] * tint[channel] * amount * 1.25 + glint * 0.5)
    }

    fn normal(&self, p: Vector) -> Vector {
        const STEP: f32 = 0.004;
        let along = |axis: usize| {
            let mut offset = [0.0; 3];
            offset[axis] = STEP;
            let ahead = self.solid.distance(add(p, offset)).0;
            ahead - self.solid.distance(add(p, scale(offset, -1.0))).0
        };
        let gradient = [along(0), along(1), along(2)];
        if length(gradient) > 0.0 { unit(gradient) } else { [0.0, 0.0, -1.0] }
    }

    /// Folds get less of the light that comes from everywhere.
    fn openness(&self, p: Vector, normal: Vector) -> f32 {
        let hidden: f32 = (1..=3)
            .map(|step| {
                let reach = 0.07 * step as f32;
                (reach - self.solid.distance(add(p, scale(normal, reach))).0).max(0.0) * 1.6
            })
            .sum();
        (1.0 - hidden).clamp(0.25, 1.0)
    }

    /// 1 in the light, 0 in the shadow.
    fn shadow(&self, from: Vector) -> f32 {
        let (mut reach, mut clear) = (0.03, 1.0_f32);
        for _ in 0..14 {
            let distance = self.solid.distance(add(from, scale(self.light, reach))).0;
            if distance < 0.001 {
                return 0.0;
            }
            clear = clear.min(9.0 * distance / reach);
            reach += distance.max(0.02);
            if reach > 0.9 {
                break;
            }
        }
        clear.clamp(0.0, 1.0)
    }
}
