//! Whether a person is there: active liveness. The server asks for movements in an order that
//! nobody can foresee, and judges the frames alone; what a client says about them counts for
//! nothing.
//!
//! What this is made against (ISO/IEC 30107-3, presentation attacks): printed and displayed flat
//! pictures, and recordings of other challenges. Against rigid masks it has only the blink, where
//! one is asked for. Injected streams (virtual cameras) are outside of it. Its error rates on real
//! attacks are not known.

mod challenge;
mod events;
mod frame;
mod judge;
mod parallax;

#[cfg(test)]
mod tests;

pub use challenge::{Action, Challenge};
pub use frame::{Fingerprint, Frame, FrameFace};
pub use judge::{Finding, Verdict, judge};
