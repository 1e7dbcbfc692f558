//! Measures Bonafide beside others, in the same run and on the same inputs. `cargo xtask bench`
//! sets up what this needs.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a measurement is printed")]

#[cfg(feature = "documents")]
mod check_digits;
#[cfg(feature = "documents")]
mod documents;
#[cfg(feature = "documents")]
mod engine;
#[cfg(feature = "documents")]
mod mrz;
#[cfg(feature = "documents")]
mod pdf417;
#[cfg(feature = "documents")]
mod peer;
mod processor;
#[cfg(feature = "documents")]
mod reader;
#[cfg(feature = "screening")]
mod screening;
#[cfg(feature = "documents")]
mod statistics;

use anyhow::Result;
use clap::Parser;

#[derive(Parser)]
enum Arguments {
    /// MRZ beside other engines, and PDF417
    #[cfg(feature = "documents")]
    Documents(documents::Documents),
    /// Watchlist screening beside logic-v2
    #[cfg(feature = "screening")]
    Screening(screening::Screening),
}

fn main() -> Result<()> {
    match Arguments::parse() {
        #[cfg(feature = "documents")]
        Arguments::Documents(options) => documents::run(&options),
        #[cfg(feature = "screening")]
        Arguments::Screening(options) => screening::run(&options),
    }
}
