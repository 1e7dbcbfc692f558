use image::RgbImage;
use rand::RngExt;

use super::shape::Sitter;
use super::view::View;
use crate::seed::{Random, random};

/// A movement that a challenge may ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Movement {
    /// To the subject's left and back.
    TurnLeft,
    /// To the subject's right and back.
    TurnRight,
    /// Chin down and back.
    Nod,
    /// Eyes closed and open again.
    Blink,
    /// Nearer to the camera.
    MoveCloser,
}

/// One frame of a burst.
#[derive(Debug, Clone)]
pub struct BurstFrame {
    /// Since the burst began.
    pub at_milliseconds: u32,
    /// The picture.
    pub picture: RgbImage,
}

/// Frames before the first movement, in which the head is at rest.
const RESTING: usize = 3;
/// How far each movement is carried out in its three frames.
const COURSE: [f32; 3] = [0.5, 1.0, 0.3];

/// The views of somebody who does these movements, with the small movements that nobody can help.
pub(super) fn views(movements: &[Movement], seed: u64) -> Vec<(u32, View)> {
    let random = &mut random(seed, "burst");
    let mut views = Vec::new();
    let mut add = |random: &mut Random, doing: Option<(Movement, f32)>| {
        let index = views.len() as u32;
        let mut view = View {
            yaw_degrees: random.random_range(-1.5..1.5),
            pitch_degrees: 5.0 + random.random_range(-1.2..1.2),
            roll_degrees: random.random_range(-1.0..1.0),
            offset: [random.random_range(-0.01..0.01), random.random_range(-0.01..0.01)],
            size: 0.5,
            grain: random.random(),
            ..View::default()
        };
        if let Some((movement, amount)) = doing {
            view.carry_out(movement, amount);
        }
        views.push((index * 320 + random.random_range(0..60), view));
    };
    for _ in 0..RESTING {
        add(random, None);
    }
    for movement in movements {
        for amount in COURSE {
            add(random, Some((*movement, amount)));
        }
    }
    views
}

impl View {
    fn carry_out(&mut self, movement: Movement, amount: f32) {
        match movement {
            Movement::TurnLeft => self.yaw_degrees += 28.0 * amount,
            Movement::TurnRight => self.yaw_degrees -= 28.0 * amount,
            Movement::Nod => self.pitch_degrees -= 20.0 * amount,
            Movement::Blink => self.expression.eyes_open *= 1.0 - amount,
            Movement::MoveCloser => self.size *= 1.0 + 0.45 * amount,
        }
    }
}

/// A person who does these movements before a camera: a bona fide presentation. Glasses are taken
/// off for it: through drawn ones the face mesh does not see whether the eyes are closed. Even so it sees
/// the drawn blink of about every second person only.
pub fn burst(sitter: &Sitter, movements: &[Movement], side: u32, seed: u64) -> Vec<BurstFrame> {
    let sitter = sitter.without_glasses();
    views(movements, seed)
        .into_iter()
        .map(|(at_milliseconds, view)| BurstFrame {
            at_milliseconds,
            picture: sitter.picture(&view, side, side),
        })
        .collect()
}
