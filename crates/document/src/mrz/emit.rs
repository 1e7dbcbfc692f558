//! From what a document says to the lines of its zone.

use super::check_digit::check_digit;
use super::date::PartialDate;
use super::format::Format;
use super::layout::{self, Field};
use super::names::Names;
use super::observation::ALPHABET;
use super::parse::Sex;

/// What the zone of a document shall say. All texts in the characters of the zone, without
/// fillers at the end; names with spaces between words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fields {
    /// The zone's format.
    pub format: Format,
    /// One or two characters.
    pub document_code: String,
    /// Up to three letters.
    pub issuing_state: String,
    /// The holder's names; cut off where they are too long.
    pub names: Names,
    /// Up to 9 characters, 12 on the French card; in TD1 and TD2 a longer number continues in the
    /// optional data.
    pub document_number: String,
    /// Up to three letters; left out on the French card.
    pub nationality: String,
    /// Unknown parts become fillers.
    pub date_of_birth: PartialDate,
    /// Unspecified becomes a filler.
    pub sex: Sex,
    /// Left out on the French card.
    pub date_of_expiry: PartialDate,
    /// The second only in TD1. On the French card the first is the issuing office.
    pub optional_data: [String; 2],
}

/// Why fields do not make a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EmitError {
    /// A text is too long for its place.
    #[error("the {field} is longer than its place in the zone")]
    TooLong {
        /// Which one.
        field: &'static str,
    },
    /// A text has a character that the zone does not have.
    #[error("the {field} has a character other than A to Z, 0 to 9 and <")]
    Character {
        /// Which one.
        field: &'static str,
    },
}

/// The lines of a zone, top to bottom, check digits computed.
pub fn emit(fields: &Fields) -> Result<Vec<String>, EmitError> {
    let format = fields.format;
    let mut zone = Blank { format, lines: vec![vec![b'<'; format.columns()]; format.lines()] };
    let sex = match fields.sex {
        Sex::Female => "F",
        Sex::Male => "M",
        Sex::Unspecified => "<",
    };
    zone.write(Field::DocumentCode, "document code", &fields.document_code)?;
    zone.write(Field::IssuingState, "issuing state", &fields.issuing_state)?;
    zone.write(Field::Nationality, "nationality", &fields.nationality)?;
    zone.write(Field::DateOfBirth, "date of birth", &fields.date_of_birth.printed())?;
    zone.write(Field::Sex, "sex", sex)?;
    zone.write(Field::DateOfExpiry, "date of expiry", &fields.date_of_expiry.printed())?;
    zone.write_names(&fields.names)?;
    let continued = zone.write_number_and_optional_data(fields)?;
    zone.compute_check_digits(continued);
    Ok(zone.lines.into_iter().map(|line| line.into_iter().map(char::from).collect()).collect())
}

struct Blank {
    format: Format,
    lines: Vec<Vec<u8>>,
}

impl Blank {
    fn place(&mut self, field: Field) -> Option<&mut [u8]> {
        let element = layout::elements(self.format).into_iter().find(|e| e.field == field)?;
        Some(&mut self.lines[element.line][element.start..element.end])
    }

    fn length(&mut self, field: Field) -> usize {
        self.place(field).map_or(0, |place| place.len())
    }

    /// Fields that the format does not have are left out.
    fn write(&mut self, field: Field, name: &'static str, text: &str) -> Result<(), EmitError> {
        let Some(place) = self.place(field) else { return Ok(()) };
        if text.bytes().any(|c| !ALPHABET.contains(&c)) {
            return Err(EmitError::Character { field: name });
        }
        let start = place.get_mut(..text.len()).ok_or(EmitError::TooLong { field: name })?;
        start.copy_from_slice(text.as_bytes());
        Ok(())
    }

    fn write_names(&mut self, names: &Names) -> Result<(), EmitError> {
        let length = self.length(Field::Names);
        if self.format != Format::FrenchIdentityCard {
            return self.write(Field::Names, "name", &names.to_field(length));
        }
        let given_names_length = self.length(Field::GivenNames);
        let part = |text: &str, length: usize| {
            Names { primary: text.to_owned(), ..Names::default() }.to_field(length)
        };
        self.write(Field::Names, "surname", &part(&names.primary, length))?;
        let given_names = names.secondary.replace(' ', "<<");
        self.write(Field::GivenNames, "given names", &part(&given_names, given_names_length))
    }

    /// How many characters of the number had to continue in the optional data.
    fn write_number_and_optional_data(&mut self, fields: &Fields) -> Result<usize, EmitError> {
        let [first, second] = &fields.optional_data;
        let number = fields.document_number.as_str();
        let length = self.length(Field::DocumentNumber);
        let can_continue = matches!(self.format, Format::Td1 | Format::Td2);
        let first_field = match self.format {
            Format::FrenchIdentityCard => Field::IssuingOffice,
            _ => Field::OptionalData1,
        };
        self.write(Field::OptionalData2, "second optional data", second)?;
        match number.split_at_checked(length) {
            Some((start, rest)) if can_continue && !rest.is_empty() => {
                self.write(Field::DocumentNumber, "document number", start)?;
                let check_digit_to_come = "0";
                let text = [rest, check_digit_to_come, "<", first].concat();
                let text = text.trim_end_matches('<');
                self.write(first_field, "document number with optional data", text)?;
                Ok(rest.len())
            }
            _ => {
                self.write(Field::DocumentNumber, "document number", number)?;
                self.write(first_field, "optional data", first)?;
                Ok(0)
            }
        }
    }

    fn compute_check_digits(&mut self, long_number: usize) {
        for check in layout::checks(self.format, long_number) {
            let covered: Vec<u8> = (check.spans.iter())
                .flat_map(|span| self.lines[span.line][span.start..span.end].iter().copied())
                .collect();
            self.lines[check.line][check.column] =
                check_digit(&covered).expect("only characters of the zone were written");
        }
    }
}
