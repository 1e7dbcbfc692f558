//! Machine readable zones: parse, check, repair and emit (ICAO Doc 9303 parts 3 to 7).
//!
//! Pure: no pictures, no clock, no IO. [`crate::reader`] finds the zone in a picture and hands what
//! the recogniser saw, with its doubts, to [`decide`], which weighs it with the grammar and the
//! check digits. What the holder's data mean is [`parse`]'s.
//!
//! Check digits that hold do not prove a right reading: names and the document code are not covered
//! by any, and a check digit is blind to some swaps. Read [`Reading::is_valid`] together with
//! [`Reading::confidence`] and [`Reading::repairs`].

mod check_digit;
mod class;
mod date;
mod decide;
mod emit;
mod extraction;
mod format;
mod lattice;
mod layout;
mod names;
mod observation;
mod parse;
mod quirks;
mod reading;
mod states;

#[cfg(test)]
mod tests;

pub use check_digit::check_digit;
pub use date::PartialDate;
pub use decide::decide;
pub use emit::{EmitError, Fields, emit};
pub use extraction::extraction;
pub use format::Format;
pub use layout::Checked;
pub use names::Names;
pub use observation::{ALPHABET, Observation, Symbol};
pub use parse::{Document, Error, Sex, parse};
pub use reading::{Cause, CheckDigit, Reading, Repair};
pub use states::is_state_code;
