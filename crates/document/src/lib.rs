//! Reading and checking identity documents: machine readable zones, barcodes, text, and whether
//! what they say holds together.
//!
//! Plain functions on pictures and text; what is made of them is the engine's.

mod error;
pub mod barcode;
pub mod mrz;
mod reader;
mod text;

pub use error::Error;
pub use reader::Reader;
