//! Machine-readable zones: ICAO Doc 9303, parts 3 to 7.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{Issue, Person, Sex, transliteration::capitals};

/// The five layouts of a machine-readable zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Format {
    /// Card, three lines of 30 (ICAO Doc 9303-5).
    #[serde(rename = "TD1")]
    Td1,
    /// Larger card, two lines of 36 (Doc 9303-6).
    #[serde(rename = "TD2")]
    Td2,
    /// Passport, two lines of 44 (Doc 9303-4).
    #[serde(rename = "TD3")]
    Td3,
    /// Full-page visa, two lines of 44 (Doc 9303-7).
    #[serde(rename = "MRV-A")]
    MrvA,
    /// Small visa, two lines of 36 (Doc 9303-7).
    #[serde(rename = "MRV-B")]
    MrvB,
}

impl Format {
    /// Characters in a line.
    pub fn line_length(self) -> usize {
        match self {
            Self::Td1 => 30,
            Self::Td2 | Self::MrvB => 36,
            Self::Td3 | Self::MrvA => 44,
        }
    }

    fn document_code(self) -> &'static str {
        match self {
            Self::Td1 | Self::Td2 => "I",
            Self::Td3 => "P",
            Self::MrvA | Self::MrvB => "V",
        }
    }
}

/// The issuing state of every drawn travel document: the fictional one of ICAO Doc 9303-3 §5.
pub const ISSUING_STATE: &str = "UTO";

/// The lines of a machine-readable zone, check digits included.
pub fn emit(format: Format, person: &Person, issue: &Issue) -> Vec<String> {
    let parts = Parts::of(person, issue);
    match format {
        Format::Td1 => parts.three_lines(),
        Format::Td2 | Format::Td3 => parts.two_lines_with_composite(format),
        Format::MrvA | Format::MrvB => parts.two_lines_of_a_visa(format),
    }
}

/// Check digit of ICAO Doc 9303-3 §4.9: weights 7, 3, 1, modulo 10.
pub fn check_digit(data: &str) -> char {
    let sum: u32 =
        data.bytes().map(value).zip([7, 3, 1].into_iter().cycle()).map(|(v, w)| v * w).sum();
    (b'0' + (sum % 10) as u8) as char
}

fn value(character: u8) -> u32 {
    match character {
        b'0'..=b'9' => (character - b'0') as u32,
        b'A'..=b'Z' => (character - b'A') as u32 + 10,
        _ => 0,
    }
}

struct Parts {
    surname: String,
    given_names: String,
    nationality: String,
    number: String,
    optional_data: String,
    born: String,
    expires: String,
    sex: char,
}

impl Parts {
    fn of(person: &Person, issue: &Issue) -> Self {
        let alphanumeric = |text: &str| -> String {
            text.to_ascii_uppercase().chars().filter(char::is_ascii_alphanumeric).collect()
        };
        Self {
            surname: capitals(&person.surname).replace(' ', "<"),
            given_names: capitals(&person.given_names).replace(' ', "<"),
            nationality: fill(&alphanumeric(&person.nationality), 3),
            number: with_check_digit(&fill(&alphanumeric(&issue.number), 9)),
            optional_data: alphanumeric(&issue.optional_data),
            born: with_check_digit(&date(person.born_on)),
            expires: with_check_digit(&date(issue.expires_on)),
            sex: match person.sex {
                Sex::Unspecified => '<',
                stated => stated.letter(),
            },
        }
    }

    fn three_lines(&self) -> Vec<String> {
        let first =
            fill(&format!("I<{ISSUING_STATE}{}{}", self.number, fill(&self.optional_data, 15)), 30);
        let second = format!(
            "{}{}{}{}{}",
            self.born,
            self.sex,
            self.expires,
            self.nationality,
            fill("", 11)
        );
        let composite =
            check_digit(&[&first[5..30], &second[0..7], &second[8..15], &second[18..29]].concat());
        vec![first, format!("{second}{composite}"), self.names(30)]
    }

    fn two_lines_with_composite(&self, format: Format) -> Vec<String> {
        let optional = match format {
            Format::Td3 => with_check_digit(&fill(&self.optional_data, 14)),
            _ => fill(&self.optional_data, 7),
        };
        let second = self.second_line(&optional);
        let composite = check_digit(&[&second[0..10], &second[13..20], &second[21..]].concat());
        vec![self.first_line(format), format!("{second}{composite}")]
    }

    fn two_lines_of_a_visa(&self, format: Format) -> Vec<String> {
        let optional = fill(&self.optional_data, format.line_length() - 28);
        vec![self.first_line(format), self.second_line(&optional)]
    }

    fn first_line(&self, format: Format) -> String {
        let start = format!("{}{ISSUING_STATE}", fill(format.document_code(), 2));
        format!("{start}{}", self.names(format.line_length() - start.len()))
    }

    fn second_line(&self, optional: &str) -> String {
        format!(
            "{}{}{}{}{}{optional}",
            self.number, self.nationality, self.born, self.sex, self.expires
        )
    }

    /// Both identifiers; where they are too long the secondary one is cut first, but keeps a character
    /// (Doc 9303-4 §4.2.2).
    fn names(&self, length: usize) -> String {
        if self.given_names.is_empty() {
            return fill(&self.surname, length);
        }
        let surname = &self.surname[..self.surname.len().min(length - 3)];
        fill(&format!("{surname}<<{}", self.given_names), length)
    }
}

/// Left-aligned in `length` characters, cut or padded with fillers.
fn fill(text: &str, length: usize) -> String {
    let cut = &text[..text.len().min(length)];
    format!("{cut:<<length$}")
}

fn with_check_digit(data: &str) -> String {
    format!("{data}{}", check_digit(data))
}

fn date(date: Date) -> String {
    format!("{:02}{:02}{:02}", date.year().rem_euclid(100), date.month(), date.day())
}

#[cfg(test)]
#[path = "mrz_tests.rs"]
mod tests;
