//! From lines of text to what they say.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::date::PartialDate;
use super::format::Format;
use super::layout::{self, Field};
use super::names::{Names, words};
use super::observation::ALPHABET;
use super::quirks::Register;
use super::reading::{CheckDigit, check_digits};

/// Why lines are no machine readable zone. Tells places, never characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No format has this shape.
    #[error(
        "{lines} lines, the first of {columns} characters, are no machine readable zone: it has 3 lines of 30, or 2 of 36 or 44 characters"
    )]
    Shape {
        /// How many lines there are.
        lines: usize,
        /// How many characters the first one has.
        columns: usize,
    },
    /// A line is not as long as the first.
    #[error("line {line} is not as long as the first")]
    UnequalLines {
        /// From 1.
        line: usize,
    },
    /// Only A to Z, 0 to 9 and `<` are allowed.
    #[error("line {line} has a character other than A to Z, 0 to 9 and < in column {column}")]
    Character {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
    },
}

/// The holder's sex as the document states it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sex {
    /// `F`.
    Female,
    /// `M`.
    Male,
    /// Anything else: the standard has a filler, some documents an X.
    Unspecified,
}

/// What a zone says. Texts are without fillers at the end.
#[derive(Clone, PartialEq, Eq)]
pub struct Document {
    /// The zone's format.
    pub format: Format,
    /// One or two characters: `P`, `ID`, `V`, ...
    pub document_code: String,
    /// As printed: three letters, or fewer.
    pub issuing_state: String,
    /// The holder's names.
    pub names: Names,
    /// Complete, also where it continues in the optional data.
    pub document_number: String,
    /// As printed; empty on the French identity card.
    pub nationality: String,
    /// May be incomplete.
    pub date_of_birth: PartialDate,
    /// As stated.
    pub sex: Sex,
    /// Incomplete where the format has none or the document does not expire.
    pub date_of_expiry: PartialDate,
    /// Year and month, only of the French identity card, whose number begins with them.
    pub date_of_issue: PartialDate,
    /// What is left to the issuer; the second only in TD1.
    pub optional_data: [String; 2],
    /// The holder's number in the state's register, where the state prints it in the zone.
    pub personal_number: Option<String>,
    /// Every check digit of the format and whether it holds.
    pub check_digits: Vec<CheckDigit>,
}

/// Everything in it is personal, but for the format and the check digits.
impl std::fmt::Debug for Document {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Document")
            .field("format", &self.format)
            .field("check_digits", &self.check_digits)
            .finish_non_exhaustive()
    }
}

/// Reads the lines of a zone, top to bottom; `today` chooses the centuries of the dates.
///
/// A zone whose check digits fail is read all the same: see [`Document::check_digits`].
pub fn parse(lines: &[&str], today: Date) -> Result<Document, Error> {
    let lines = checked_lines(lines)?;
    let columns = lines.first().map_or(0, Vec::len);
    let shape = Error::Shape { lines: lines.len(), columns };
    let first_line = lines.first().ok_or(shape)?;
    let format = Format::of_shape(lines.len(), columns, first_line).ok_or(shape)?;
    Ok(document(&Zone { format, lines: &lines }, today))
}

fn checked_lines(lines: &[&str]) -> Result<Vec<Vec<u8>>, Error> {
    for (number, line) in (1..).zip(lines) {
        if let Some(index) = line.bytes().position(|c| !ALPHABET.contains(&c)) {
            return Err(Error::Character { line: number, column: index + 1 });
        }
        if line.len() != lines[0].len() {
            return Err(Error::UnequalLines { line: number });
        }
    }
    Ok(lines.iter().map(|line| line.as_bytes().to_vec()).collect())
}

struct Zone<'a> {
    format: Format,
    lines: &'a [Vec<u8>],
}

impl Zone<'_> {
    fn text(&self, field: Field) -> String {
        let element = layout::elements(self.format).into_iter().find(|e| e.field == field);
        let characters = element.map_or(&[][..], |e| &self.lines[e.line][e.start..e.end]);
        characters.iter().copied().map(char::from).collect()
    }

    fn trimmed(&self, field: Field) -> String {
        self.text(field).trim_end_matches('<').to_owned()
    }

    fn names(&self) -> Names {
        let mut names = Names::from_field(&self.text(Field::Names));
        if self.format == Format::FrenchIdentityCard {
            let given_names = self.text(Field::GivenNames);
            names.may_be_truncated |= !given_names.ends_with('<');
            names.secondary = words(&given_names);
        }
        names
    }

    /// The document number and the first optional data, each with what belongs to it.
    fn number_and_optional_data(&self) -> (String, String) {
        let number = self.text(Field::DocumentNumber);
        let optional = self.text(match self.format {
            Format::FrenchIdentityCard => Field::IssuingOffice,
            _ => Field::OptionalData1,
        });
        let continued = layout::long_number(self.format, self.lines);
        let (number, optional) = if continued > 0 {
            let check_digit = 1;
            (number + &optional[..continued], &optional[continued + check_digit..])
        } else {
            (number, optional.as_str())
        };
        let trim = |text: &str| text.trim_end_matches('<').to_owned();
        let optional = if continued > 0 { optional.trim_start_matches('<') } else { optional };
        (trim(&number), trim(optional))
    }
}

fn document(zone: &Zone<'_>, today: Date) -> Document {
    let format = zone.format;
    let (document_number, first_optional) = zone.number_and_optional_data();
    let optional_data = [first_optional, zone.trimmed(Field::OptionalData2)];
    let issuing_state = zone.trimmed(Field::IssuingState);
    let date_of_birth = zone.text(Field::DateOfBirth);
    let personal_number = Register {
        format,
        issuing_state: &issuing_state,
        date_of_birth: &date_of_birth,
        optional_data: [&optional_data[0], &optional_data[1]],
    }
    .personal_number();
    Document {
        document_code: zone.trimmed(Field::DocumentCode),
        names: zone.names(),
        nationality: zone.trimmed(Field::Nationality),
        date_of_birth: PartialDate::of_birth(date_of_birth.as_bytes(), today),
        sex: match zone.text(Field::Sex).as_str() {
            "F" => Sex::Female,
            "M" => Sex::Male,
            _ => Sex::Unspecified,
        },
        date_of_expiry: PartialDate::of_expiry(zone.text(Field::DateOfExpiry).as_bytes(), today),
        date_of_issue: date_of_issue(format, &document_number, today),
        check_digits: check_digits(format, zone.lines),
        format,
        issuing_state,
        document_number,
        optional_data,
        personal_number,
    }
}

/// The number of the French identity card begins with the year and the month of issue.
fn date_of_issue(format: Format, document_number: &str, today: Date) -> PartialDate {
    match format {
        Format::FrenchIdentityCard => {
            let year_and_month = document_number.get(..4).unwrap_or_default();
            PartialDate::of_birth(year_and_month.as_bytes(), today)
        }
        _ => PartialDate::default(),
    }
}
