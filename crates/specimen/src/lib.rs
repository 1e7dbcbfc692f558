//! Drawn identity documents of people who do not exist, with ground truth, for tests, demonstrations and the sandbox.
//!
//! A [`Person`] and an [`Issue`] come from a seed; a [`Passport`], [`IdCard`], [`LargeIdCard`], [`Visa`] or [`Licence`]
//! made of them draws itself as a [`Drawn`]: a picture and its labels. [`degrade`] then treats the picture as cameras,
//! copiers and screens do, and moves the labels along.
//!
//! Designs are fictional, travel documents are those of ICAO's fictional state `UTO`, and every sheet carries a faint
//! SPECIMEN. The same seed gives the same bytes. The MRZ and AAMVA writers here share no code with the readers of the
//! product, so that each can find the other's mistakes.

pub mod aamva;
mod degrade;
mod documents;
mod drawn;
mod error;
mod guilloche;
mod issue;
mod jurisdiction;
pub mod mrz;
mod ocr_b;
mod page;
mod pdf417;
pub mod people;
mod person;
mod portrait;
mod seed;
mod transliteration;

pub use degrade::{Degradation, Placement, Reproduction, Surface, degrade};
pub use documents::{IdCard, LargeIdCard, Licence, Passport, Visa};
pub use drawn::{Barcode, Drawn, Field, Labels, Mrz, MrzLine, Side};
pub use error::Error;
pub use issue::Issue;
pub use jurisdiction::{Country, JURISDICTIONS, Jurisdiction};
pub use person::{Person, Sex};
