//! The module as a whole: specimens of the standard, national quirks, properties.

mod decide;
mod national;
mod properties;

use jiff::civil::{Date, date};

/// A day on which all of these specimens can be read.
const TODAY: Date = date(2026, 11, 23);

fn valid(document: &super::Document) -> bool {
    document.check_digits.iter().all(|digit| digit.holds)
}
