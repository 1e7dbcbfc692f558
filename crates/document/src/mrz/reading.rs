//! A zone as it was read: the text, how sure each character is, and what was repaired.

use bonafide_imaging::Quad;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::format::Format;
use super::layout::{self, Checked};
use super::{Document, Error, check_digit, parse, states};

/// Why a character differs from the one that the recogniser held for likeliest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Cause {
    /// Such a character does not belong in that place.
    Grammar,
    /// With it the check digits hold.
    CheckDigit,
}

/// A character that was put in place of the one that was read.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repair {
    /// From 0, top to bottom.
    pub line: usize,
    /// From 0, left to right.
    pub column: usize,
    /// What the recogniser held for likeliest.
    pub read: char,
    /// What stands in the text now.
    pub repaired: char,
    /// Why.
    pub cause: Cause,
}

/// Characters of the zone are personal; the place and the cause are not.
impl std::fmt::Debug for Repair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Repair(line {}, column {}, {:?})", self.line, self.column, self.cause)
    }
}

/// A check digit and whether it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckDigit {
    /// What it protects.
    pub checked: Checked,
    /// Whether the printed digit is the computed one.
    pub holds: bool,
}

/// A machine readable zone as read from a picture.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// Its format.
    pub format: Format,
    /// Its lines, top to bottom, each of the format's length.
    pub lines: Vec<String>,
    /// For each character of each line how sure it is, 0 to 1. A repaired character is as sure as
    /// the repair is better than its runner-up.
    pub confidences: Vec<Vec<f32>>,
    /// The characters that were not taken as read.
    pub repairs: Vec<Repair>,
    /// Every check digit of the format.
    pub check_digits: Vec<CheckDigit>,
    /// Where the zone stands in the picture, from its own top left clockwise.
    pub quad: Option<Quad>,
    /// How many quarter turns clockwise bring the picture upright.
    pub rotation: u8,
}

/// Tells the shape, never the text.
impl std::fmt::Debug for Reading {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reading")
            .field("format", &self.format)
            .field("check_digits", &self.check_digits)
            .field("repairs", &self.repairs)
            .field("rotation", &self.rotation)
            .finish_non_exhaustive()
    }
}

impl Reading {
    /// Whether every check digit holds. This does not say that the zone was read right.
    pub fn is_valid(&self) -> bool {
        self.check_digits.iter().all(|digit| digit.holds)
    }

    /// Whether it is a zone at all, and not other print pressed into a zone's grammar: the state that
    /// it names exists, and at least half of its check digits hold.
    pub fn is_credible(&self) -> bool {
        let held = self.check_digits.iter().filter(|digit| digit.holds).count();
        let names_a_state = self
            .lines
            .first()
            .and_then(|line| line.get(2..5))
            .is_some_and(|code| states::is_state_code(code.trim_end_matches('<')));
        self.is_valid() || (names_a_state && 2 * held >= self.check_digits.len())
    }

    /// The confidence of the least sure character, 0 to 1.
    pub fn confidence(&self) -> f32 {
        self.confidences.iter().flatten().copied().fold(1.0, f32::min)
    }

    /// The mean confidence of all characters, 0 to 1.
    pub fn mean_confidence(&self) -> f32 {
        let count = self.confidences.iter().map(Vec::len).sum::<usize>().max(1);
        self.confidences.iter().flatten().sum::<f32>() / count as f32
    }

    /// What the text says; `today` chooses the centuries.
    pub fn document(&self, today: Date) -> Result<Document, Error> {
        let lines: Vec<&str> = self.lines.iter().map(String::as_str).collect();
        parse(&lines, today)
    }
}

/// Every check digit of a format and whether it holds in these lines.
pub(super) fn check_digits(format: Format, lines: &[Vec<u8>]) -> Vec<CheckDigit> {
    let long_number = layout::long_number(format, lines);
    layout::checks(format, long_number)
        .into_iter()
        .map(|check| {
            let covered: Vec<u8> = (check.spans.iter())
                .flat_map(|span| lines[span.line][span.start..span.end].iter().copied())
                .collect();
            let printed = lines[check.line][check.column];
            let is_empty = covered.iter().all(|&character| character == b'<');
            let may_be_left_out = check.checked == Checked::OptionalData && is_empty;
            let holds =
                check_digit(&covered) == Some(printed) || (may_be_left_out && printed == b'<');
            CheckDigit { checked: check.checked, holds }
        })
        .collect()
}
