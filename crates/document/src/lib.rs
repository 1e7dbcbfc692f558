//! Reading and checking identity documents: machine readable zones, barcodes, text, and whether
//! what they say holds together.
//!
//! Plain functions on pictures and text; what is made of them is the engine's.

pub mod aamva;
pub mod around;
pub mod barcode;
pub mod data_checks;
mod error;
pub mod image_checks;
pub mod mrz;
pub mod page;
mod reader;
mod side;
mod text;
pub mod usability;

pub use error::Error;
pub use reader::Reader;
pub use side::{Judgement, Side, corners};
pub use text::TextLine;
