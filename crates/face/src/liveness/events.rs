//! Movements as they are found in the frames of a burst.

use super::challenge::Action;
use super::frame::FrameFace;

/// Least turn to a side, in degrees from the person's own way of looking ahead.
pub(super) const LEAST_TURN_DEGREES: f32 = 15.0;
/// Least nod downwards, in degrees.
pub(super) const LEAST_NOD_DEGREES: f32 = 10.0;
/// An eye is closed when it is open by no more than this share of its own median: persons differ
/// too much for one number.
pub(super) const MOST_CLOSED_SHARE: f32 = 0.6;
/// A face has come nearer when it is larger by this factor than at the beginning.
pub(super) const LEAST_APPROACH: f32 = 1.25;
/// Eyes are measured only while the head looks this much ahead: turned ones look closed.
const MOST_BLINK_YAW_DEGREES: f32 = 12.0;
const MOST_BLINK_PITCH_DEGREES: f32 = 8.0;

/// How a person looks when nothing is asked of them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rest {
    yaw: f32,
    pitch: f32,
    eye_opening: f32,
    size: f32,
}

impl Rest {
    /// From the first frames' pose and size, and the median of the eyes of all that look ahead.
    pub(super) fn of(faces: &[&FrameFace]) -> Self {
        const FIRST: usize = 3;
        let first = &faces[..faces.len().min(FIRST)];
        let median_of = |value: fn(&FrameFace) -> f32, faces: &[&FrameFace]| {
            median(faces.iter().map(|face| value(face)).collect())
        };
        let mut rest = Self {
            yaw: median_of(|face| face.pose.yaw_degrees, first),
            pitch: median_of(|face| face.pose.pitch_degrees, first),
            eye_opening: 0.0,
            size: median_of(|face| face.size, first),
        };
        let ahead: Vec<&FrameFace> =
            faces.iter().copied().filter(|face| rest.looks_ahead(face)).collect();
        rest.eye_opening = median_of(|face| face.eye_opening, &ahead);
        rest
    }

    /// The yaw from rest, in degrees.
    pub(super) fn turn(&self, face: &FrameFace) -> f32 {
        face.pose.yaw_degrees - self.yaw
    }

    fn nod(&self, face: &FrameFace) -> f32 {
        face.pose.pitch_degrees - self.pitch
    }

    fn looks_ahead(&self, face: &FrameFace) -> bool {
        self.turn(face).abs() <= MOST_BLINK_YAW_DEGREES
            && self.nod(face).abs() <= MOST_BLINK_PITCH_DEGREES
    }

    /// What a frame shows, if it is a movement; the turn first, because it disturbs the others.
    fn movement(&self, face: &FrameFace) -> Option<Action> {
        let turn = self.turn(face);
        if turn.abs() >= LEAST_TURN_DEGREES {
            return Some(if turn > 0.0 { Action::TurnLeft } else { Action::TurnRight });
        }
        if self.nod(face) <= -LEAST_NOD_DEGREES {
            return Some(Action::Nod);
        }
        if self.looks_ahead(face) && face.eye_opening <= MOST_CLOSED_SHARE * self.eye_opening {
            return Some(Action::Blink);
        }
        (face.size >= LEAST_APPROACH * self.size).then_some(Action::MoveCloser)
    }
}

/// The movements in order, each once however many frames it lasts. A blink while being near is
/// part of being near, unless blinking was asked for: people blink.
pub(super) fn movements(rest: &Rest, faces: &[&FrameFace], asked: &[Action]) -> Vec<Action> {
    let mut found: Vec<Action> = Vec::new();
    for face in faces {
        let Some(action) = rest.movement(face) else { continue };
        let casual = action == Action::Blink && !asked.contains(&Action::Blink);
        if !casual && found.last() != Some(&action) {
            found.push(action);
        }
    }
    found
}

/// Whether the asked movements were made in their order. Between them nothing else may have been
/// made but blinks, which people cannot help, and passing through what was asked for just before.
pub(super) fn follows(found: &[Action], asked: &[Action]) -> bool {
    let mut next = 0;
    for action in found {
        if asked.get(next) == Some(action) {
            next += 1;
        } else if *action != Action::Blink && !asked[..next].ends_with(&[*action]) {
            return false;
        }
    }
    next == asked.len()
}

pub(super) fn median(mut values: Vec<f32>) -> f32 {
    values.sort_by(f32::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}
