//! Where each data element stands, and what each check digit covers.

use serde::{Deserialize, Serialize};

use super::class::Class;
use super::format::Format;

/// A data element of the zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    DocumentCode,
    IssuingState,
    /// Primary and secondary identifier together.
    Names,
    /// Only on the French card, which gives them a place of their own.
    GivenNames,
    IssuingOffice,
    DocumentNumber,
    Nationality,
    DateOfBirth,
    Sex,
    DateOfExpiry,
    OptionalData1,
    OptionalData2,
    CheckDigit(Checked),
}

/// What a check digit protects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Checked {
    /// The document number.
    DocumentNumber,
    /// The date of birth.
    DateOfBirth,
    /// The date of expiry.
    DateOfExpiry,
    /// The optional data of a passport, often a personal number.
    OptionalData,
    /// Several data elements together.
    Composite,
}

/// A run of characters that is one data element.
#[derive(Clone, Copy, Debug)]
pub(super) struct Element {
    pub(super) field: Field,
    pub(super) line: usize,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) class: Class,
}

/// A run of characters of one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) line: usize,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// A check digit: where it stands and what it covers, in the order of reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Check {
    pub(super) checked: Checked,
    pub(super) spans: Vec<Span>,
    pub(super) line: usize,
    pub(super) column: usize,
}

const fn element(field: Field, line: usize, start: usize, end: usize, class: Class) -> Element {
    Element { field, line, start, end, class }
}

const fn digit(checked: Checked, line: usize, column: usize) -> Element {
    element(Field::CheckDigit(checked), line, column, column + 1, Class::CheckDigit)
}

const fn code(first_letters: &'static [u8]) -> Element {
    element(Field::DocumentCode, 0, 0, 2, Class::DocumentCode { first_letters })
}

const CARD: &[u8] = b"IACDP";

const fn state() -> Element {
    element(Field::IssuingState, 0, 2, 5, Class::StateCode)
}

const TD1: &[Element] = &[
    code(CARD),
    state(),
    element(Field::DocumentNumber, 0, 5, 14, Class::Any),
    digit(Checked::DocumentNumber, 0, 14),
    element(Field::OptionalData1, 0, 15, 30, Class::Any),
    element(Field::DateOfBirth, 1, 0, 6, Class::Date),
    digit(Checked::DateOfBirth, 1, 6),
    element(Field::Sex, 1, 7, 8, Class::Sex),
    element(Field::DateOfExpiry, 1, 8, 14, Class::Date),
    digit(Checked::DateOfExpiry, 1, 14),
    element(Field::Nationality, 1, 15, 18, Class::StateCode),
    element(Field::OptionalData2, 1, 18, 29, Class::Any),
    digit(Checked::Composite, 1, 29),
    element(Field::Names, 2, 0, 30, Class::Letters),
];

/// The second line of TD2, TD3, MRV-A and MRV-B is the same up to column 28.
const SECOND_LINE: [Element; 8] = [
    element(Field::DocumentNumber, 1, 0, 9, Class::Any),
    digit(Checked::DocumentNumber, 1, 9),
    element(Field::Nationality, 1, 10, 13, Class::StateCode),
    element(Field::DateOfBirth, 1, 13, 19, Class::Date),
    digit(Checked::DateOfBirth, 1, 19),
    element(Field::Sex, 1, 20, 21, Class::Sex),
    element(Field::DateOfExpiry, 1, 21, 27, Class::Date),
    digit(Checked::DateOfExpiry, 1, 27),
];

const FRENCH_IDENTITY_CARD: &[Element] = &[
    code(CARD),
    state(),
    element(Field::Names, 0, 5, 30, Class::Letters),
    element(Field::IssuingOffice, 0, 30, 36, Class::Any),
    element(Field::DocumentNumber, 1, 0, 12, Class::Any),
    digit(Checked::DocumentNumber, 1, 12),
    element(Field::GivenNames, 1, 13, 27, Class::Letters),
    element(Field::DateOfBirth, 1, 27, 33, Class::Date),
    digit(Checked::DateOfBirth, 1, 33),
    element(Field::Sex, 1, 34, 35, Class::Sex),
    digit(Checked::Composite, 1, 35),
];

/// The elements of a format, in the order of reading, without gaps.
pub(super) fn elements(format: Format) -> Vec<Element> {
    let two_lines = |first_letters, tail: &[Element]| {
        let names = element(Field::Names, 0, 5, format.columns(), Class::Letters);
        [&[code(first_letters), state(), names], &SECOND_LINE[..], tail].concat()
    };
    match format {
        Format::Td1 => TD1.to_vec(),
        Format::FrenchIdentityCard => FRENCH_IDENTITY_CARD.to_vec(),
        Format::Td2 => two_lines(
            CARD,
            &[
                element(Field::OptionalData1, 1, 28, 35, Class::Any),
                digit(Checked::Composite, 1, 35),
            ],
        ),
        Format::Td3 => two_lines(
            b"P",
            &[
                element(Field::OptionalData1, 1, 28, 42, Class::Any),
                element(
                    Field::CheckDigit(Checked::OptionalData),
                    1,
                    42,
                    43,
                    Class::OptionalCheckDigit,
                ),
                digit(Checked::Composite, 1, 43),
            ],
        ),
        Format::MrvA => two_lines(b"V", &[element(Field::OptionalData1, 1, 28, 44, Class::Any)]),
        Format::MrvB => two_lines(b"V", &[element(Field::OptionalData1, 1, 28, 36, Class::Any)]),
    }
}

/// The check digits of a format, in the order in which they stand.
///
/// `long_number` is how many characters of the document number continue in the optional data, for
/// a number that does not fit its nine places (9303-5 §4.2.2, 9303-6 §4.2.2): its check digit then
/// follows it there, and a filler stands in the usual place.
pub(super) fn checks(format: Format, long_number: usize) -> Vec<Check> {
    let single = |checked, line, start, end| Check {
        checked,
        spans: vec![Span { line, start, end }],
        line,
        column: end,
    };
    match format {
        Format::Td1 => vec![
            number_check(Span { line: 0, start: 5, end: 14 }, 15, long_number),
            single(Checked::DateOfBirth, 1, 0, 6),
            single(Checked::DateOfExpiry, 1, 8, 14),
            composite(1, 29, &[(0, 5, 30), (1, 0, 7), (1, 8, 15), (1, 18, 29)]),
        ],
        Format::FrenchIdentityCard => vec![
            single(Checked::DocumentNumber, 1, 0, 12),
            single(Checked::DateOfBirth, 1, 27, 33),
            composite(1, 35, &[(0, 0, 36), (1, 0, 35)]),
        ],
        Format::Td2 => vec![
            number_check(Span { line: 1, start: 0, end: 9 }, 28, long_number),
            single(Checked::DateOfBirth, 1, 13, 19),
            single(Checked::DateOfExpiry, 1, 21, 27),
            composite(1, 35, &[(1, 0, 10), (1, 13, 20), (1, 21, 35)]),
        ],
        Format::Td3 => vec![
            single(Checked::DocumentNumber, 1, 0, 9),
            single(Checked::DateOfBirth, 1, 13, 19),
            single(Checked::DateOfExpiry, 1, 21, 27),
            single(Checked::OptionalData, 1, 28, 42),
            composite(1, 43, &[(1, 0, 10), (1, 13, 20), (1, 21, 43)]),
        ],
        Format::MrvA | Format::MrvB => vec![
            single(Checked::DocumentNumber, 1, 0, 9),
            single(Checked::DateOfBirth, 1, 13, 19),
            single(Checked::DateOfExpiry, 1, 21, 27),
        ],
    }
}

fn composite(line: usize, column: usize, spans: &[(usize, usize, usize)]) -> Check {
    let spans = spans.iter().map(|&(line, start, end)| Span { line, start, end }).collect();
    Check { checked: Checked::Composite, spans, line, column }
}

fn number_check(number: Span, optional_start: usize, continued: usize) -> Check {
    let mut spans = vec![number];
    let mut column = number.end;
    if continued > 0 {
        column = optional_start + continued;
        spans.push(Span { line: number.line, start: optional_start, end: column });
    }
    Check { checked: Checked::DocumentNumber, spans, line: number.line, column }
}

/// How many characters of the document number continue in the optional data: up to the filler that
/// ends them, less the check digit. 0 where the number is not continued.
pub(super) fn long_number(format: Format, lines: &[Vec<u8>]) -> usize {
    let (line, check, optional) = match format {
        Format::Td1 => (0, 14, 15..30),
        Format::Td2 => (1, 9, 28..35),
        _ => return 0,
    };
    let text = &lines[line];
    if text[check] != b'<' || text[check - 1] == b'<' {
        return 0;
    }
    let run = text[optional].iter().take_while(|&&character| character != b'<').count();
    run.saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::{Format, checks, elements};

    #[test]
    fn elements_cover_every_place_once() {
        for format in Format::ALL {
            let mut seen = vec![vec![0; format.columns()]; format.lines()];
            for element in elements(format) {
                for count in &mut seen[element.line][element.start..element.end] {
                    *count += 1;
                }
            }
            assert!(seen.iter().flatten().all(|&count| count == 1), "{format}");
        }
    }

    #[test]
    fn check_digits_stand_where_the_elements_say() {
        for format in Format::ALL {
            for check in checks(format, 0) {
                assert!(
                    elements(format)
                        .iter()
                        .any(|element| element.field == super::Field::CheckDigit(check.checked)
                            && element.line == check.line
                            && element.start == check.column),
                    "{format} {check:?}"
                );
            }
        }
    }
}
