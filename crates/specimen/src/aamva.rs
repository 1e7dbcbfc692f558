//! The payload of a licence's PDF417 symbol: AAMVA DL/ID Card Design Standard, annex D.

use std::fmt::Write as _;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::jurisdiction::{Country, Jurisdiction};
use crate::transliteration::capitals;
use crate::{Issue, Person, Sex};

/// Editions of the standard that a licence can be drawn after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Version {
    /// The 2013 edition, version 08.
    V08,
    /// The 2016 edition, version 09.
    V09,
    /// The 2020 edition, version 10.
    V10,
}

impl Version {
    /// The two digits of the header.
    pub fn digits(self) -> &'static str {
        match self {
            Self::V08 => "08",
            Self::V09 => "09",
            Self::V10 => "10",
        }
    }
}

/// Bytes from the compliance indicator to the number of entries, both included.
const HEADER_LENGTH: usize = 21;

/// Bytes of one subfile designator.
const DESIGNATOR_LENGTH: usize = 10;

/// A complete payload with a `DL` and a jurisdiction subfile.
pub fn payload(person: &Person, issue: &Issue, from: Jurisdiction, version: Version) -> String {
    let first = from.code.as_bytes()[0] as char;
    let subfiles = [
        ("DL".to_owned(), licence_subfile(person, issue, from, version)),
        (format!("Z{first}"), format!("Z{first}Z{first}ASPECIMEN\r")),
    ];
    let mut designators = String::new();
    let mut offset = HEADER_LENGTH + DESIGNATOR_LENGTH * subfiles.len();
    for (kind, subfile) in &subfiles {
        let _ = write!(designators, "{kind}{offset:04}{:04}", subfile.len());
        offset += subfile.len();
    }
    let header =
        format!("@\n\x1e\rANSI {:06}{}00{:02}", from.issuer, version.digits(), subfiles.len());
    let [(_, licence), (_, own)] = subfiles;
    header + &designators + &licence + &own
}

fn licence_subfile(person: &Person, issue: &Issue, from: Jurisdiction, version: Version) -> String {
    let given = capitals(&person.given_names);
    let (first, middle) = given.split_once(' ').unwrap_or((&given, "NONE"));
    let (street, _) = person.address.split_once(',').unwrap_or((&person.address, ""));
    let mut elements = vec![
        ("DAQ", issue.number.clone()),
        ("DCS", capitals(&person.surname)),
        ("DDE", "N".to_owned()),
        ("DAC", first.to_owned()),
        ("DDF", "N".to_owned()),
        ("DAD", middle.to_owned()),
        ("DDG", "N".to_owned()),
        ("DCA", class(from.country).to_owned()),
        ("DCB", "NONE".to_owned()),
        ("DCD", "NONE".to_owned()),
        ("DBD", date(issue.issued_on, from.country)),
        ("DBB", date(person.born_on, from.country)),
        ("DBA", date(issue.expires_on, from.country)),
        ("DBC", sex(person.sex).to_owned()),
        ("DAU", height(person.height_centimetres, from.country)),
        ("DAY", person.eyes.clone()),
        ("DAG", street.to_ascii_uppercase()),
        ("DAI", from.city.to_ascii_uppercase()),
        ("DAJ", from.code.to_owned()),
        ("DAK", format!("{:<11}", from.postal_code)),
        ("DCF", discriminator(issue)),
        ("DCG", country(from.country).to_owned()),
        ("DDA", "N".to_owned()),
        ("DDB", date(revision(version), from.country)),
    ];
    if version == Version::V10 {
        elements.push(("DDK", "1".to_owned()));
    }
    let lines: Vec<String> = elements.iter().map(|(id, value)| format!("{id}{value}")).collect();
    format!("DL{}\r", lines.join("\n"))
}

/// The class for cars.
pub(crate) fn class(country: Country) -> &'static str {
    match country {
        Country::Usa => "D",
        Country::Canada => "5",
    }
}

/// The document discriminator: here, day of issue and number.
pub(crate) fn discriminator(issue: &Issue) -> String {
    format!("{}{}", date(issue.issued_on, Country::Canada), issue.number)
}

/// The day of the card's design: that of the standard's edition.
fn revision(version: Version) -> Date {
    match version {
        Version::V08 => Date::constant(2013, 8, 1),
        Version::V09 => Date::constant(2016, 10, 1),
        Version::V10 => Date::constant(2020, 9, 1),
    }
}

fn date(date: Date, country: Country) -> String {
    let (year, month, day) = (date.year(), date.month(), date.day());
    match country {
        Country::Usa => format!("{month:02}{day:02}{year:04}"),
        Country::Canada => format!("{year:04}{month:02}{day:02}"),
    }
}

fn sex(sex: Sex) -> &'static str {
    match sex {
        Sex::Male => "1",
        Sex::Female => "2",
        Sex::Unspecified => "9",
    }
}

/// Inches in the United States, centimetres in Canada.
fn height(centimetres: u16, country: Country) -> String {
    match country {
        Country::Usa => format!("{:03} in", (f32::from(centimetres) / 2.54).round()),
        Country::Canada => format!("{centimetres:03} cm"),
    }
}

fn country(country: Country) -> &'static str {
    match country {
        Country::Usa => "USA",
        Country::Canada => "CAN",
    }
}

#[cfg(test)]
#[path = "aamva_tests.rs"]
mod tests;
