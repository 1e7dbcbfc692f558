//! Error rates, in the words of ISO/IEC 19795-1 (comparison) and ISO/IEC 30107-3 (presentation
//! attack detection).

mod interval;
mod matching;
mod presentation;

pub use interval::{Rate, clopper_pearson};
pub use matching::{Comparisons, OperatingPoint};
pub use presentation::{Presentation, PresentationRates, Presentations};
