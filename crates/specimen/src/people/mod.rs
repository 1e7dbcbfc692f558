//! Drawn people: a head with parameters, as a solid that is lit and seen by a camera. Nobody's
//! likeness, in unlimited numbers; the same seed is the same person.
//!
//! Head space: x to the right of the picture, y down, z away from the camera; the face looks to -z.
//! The unit is half the height of the head. Colours are linear.

mod attack;
mod burst;
mod on_document;
mod paint;
mod shape;
mod solid;
mod vector;
mod view;

pub use attack::{flat_burst, mask_burst, replayed_burst};
pub use burst::{BurstFrame, Movement, burst};
pub use shape::Sitter;
pub use view::{Expression, View};
