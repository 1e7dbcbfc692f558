use bonafide_imaging::{Homography, Point, Quad};
use image::{Rgb, RgbImage};
use rand::RngExt;

use super::surface::{Surface, Texture};
use crate::seed::{Random, random};

/// How a document lies before the camera.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Placement {
    /// Turned by up to this angle, either way.
    pub tilt_degrees: f32,
    /// Each corner moves by up to this share of the document's height; at most 0.3.
    pub perspective: f32,
    /// Width of the surface seen on each side, as a share of the document's width.
    pub margin: f32,
    /// What it lies on.
    pub surface: Surface,
}

/// A picture of a document that lies somewhere, and where its pixels went.
pub(super) struct Placed {
    pub(super) picture: RgbImage,
    pub(super) map: Homography,
}

impl Placement {
    /// Seen from straight above, on a table.
    pub fn straight(margin: f32) -> Self {
        Self { tilt_degrees: 0.0, perspective: 0.0, margin, surface: Surface::Table }
    }

    pub(super) fn apply(self, document: &RgbImage, seed: u64) -> Placed {
        let random = &mut random(seed, "placement");
        let texture = Texture::new(self.surface, random);
        let size = (document.width() as f32, document.height() as f32);
        let quad = self.outline(size, random);
        let [left, top, right, bottom] = quad.bounds();
        let margin = self.margin.clamp(0.0, 2.0) * size.0;
        let quad = quad.moved(margin - left, margin - top);
        let map = Homography::rectangle_to_quad(size.0, size.1, &quad)
            .expect("corners move by less than half a side, so that the outline stays convex");
        let back = Homography::quad_to_rectangle(&quad, size.0, size.1)
            .expect("what maps one way maps back");
        let canvas = (right - left + 2.0 * margin, bottom - top + 2.0 * margin);
        // On paper it is a print, which casts none.
        let depth = if self.surface == Surface::Paper { 0.0 } else { 0.35 };
        let picture = RgbImage::from_fn(canvas.0 as u32, canvas.1 as u32, |x, y| {
            let seen = Point::new(x as f32 + 0.5, y as f32 + 0.5);
            let on_document = back.map(seen);
            let outside = distance_outside(on_document, size);
            let cover = (0.5 - outside).clamp(0.0, 1.0);
            if cover >= 1.0 {
                return sample(document, on_document);
            }
            // The document's own shadow on the surface, a few millimetres wide.
            let shade = 1.0 - depth * (-outside.max(0.0) / (0.008 * size.0)).exp();
            let ground = texture.at(seen.x, seen.y).map(|channel| channel * shade);
            blend(ground, sample(document, on_document), cover)
        });
        Placed { picture, map }
    }

    fn outline(self, (width, height): (f32, f32), random: &mut Random) -> Quad {
        let mut within = |reach: f32| reach * random.random_range(-1.0..=1.0_f32);
        let (sine, cosine) = within(self.tilt_degrees).to_radians().sin_cos();
        let reach = self.perspective.clamp(0.0, 0.3) * height.min(width);
        Quad(Quad::rectangle(-width / 2.0, -height / 2.0, width, height).0.map(|corner| {
            let (x, y) = (corner.x + within(reach), corner.y + within(reach));
            Point::new(x * cosine - y * sine, x * sine + y * cosine)
        }))
    }
}

/// Signed distance in pixels to a rectangle with the corners of a card, rounded to 3.2 % of its width.
fn distance_outside(at: Point, (width, height): (f32, f32)) -> f32 {
    let radius = 0.032 * width;
    let x = (at.x - width / 2.0).abs() - (width / 2.0 - radius);
    let y = (at.y - height / 2.0).abs() - (height / 2.0 - radius);
    x.max(0.0).hypot(y.max(0.0)) + x.max(y).min(0.0) - radius
}

/// Between pixel centres, bilinear.
fn sample(picture: &RgbImage, at: Point) -> Rgb<u8> {
    let (last_x, last_y) = ((picture.width() - 1) as f32, (picture.height() - 1) as f32);
    let (x, y) = ((at.x - 0.5).clamp(0.0, last_x), (at.y - 0.5).clamp(0.0, last_y));
    let (left, top) = (x as u32, y as u32);
    let (right, bottom) = ((left + 1).min(last_x as u32), (top + 1).min(last_y as u32));
    let (share_x, share_y) = (x - left as f32, y - top as f32);
    let between = |a: &Rgb<u8>, b: &Rgb<u8>, channel: usize| {
        let (a, b) = (f32::from(a.0[channel]), f32::from(b.0[channel]));
        a + (b - a) * share_x
    };
    let corners = [(left, top), (right, top), (left, bottom), (right, bottom)];
    let [a, b, c, d] = corners.map(|(x, y)| picture.get_pixel(x, y));
    Rgb([0, 1, 2].map(|channel| {
        let (upper, lower) = (between(a, b, channel), between(c, d, channel));
        (upper + (lower - upper) * share_y + 0.5) as u8
    }))
}

fn blend(ground: [f32; 3], document: Rgb<u8>, cover: f32) -> Rgb<u8> {
    Rgb([0, 1, 2].map(|channel| {
        (ground[channel] * (1.0 - cover) + f32::from(document.0[channel]) * cover + 0.5) as u8
    }))
}
