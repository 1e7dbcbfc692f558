//! What the PDF417 symbol of a North American licence says (AAMVA DL/ID Card Design Standard, annex D).
//!
//! All editions: those before the standard (version 00), DL/ID-2000 (01) to 2025 (11). Issuers take the standard
//! lightly, so that reading is tolerant: wrong offsets, other separators, lower case and rubbish at the end do not
//! stop it. Each departure is told as an [`Irregularity`]; what it means for the document is judged elsewhere.
//!
//! Pure: no pictures, no clock, no IO.

mod date;
mod elements;
mod envelope;
mod error;
mod extraction;
mod irregularity;
mod issuer;
mod licence;
mod mandatory;
mod version;

#[cfg(test)]
mod tests;

pub use elements::{ElementId, Elements};
pub use error::Error;
pub use extraction::extraction;
pub use irregularity::Irregularity;
pub use issuer::{Country, Issuer};
pub use licence::{Kind, Licence, Sex, parse};
pub use version::Version;
