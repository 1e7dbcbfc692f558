//! Text in pictures: where its lines are, and what they say.

mod recogniser;

pub(crate) use recogniser::{FRAME_WIDTH, Frame, Recogniser, STRIP_HEIGHT};
