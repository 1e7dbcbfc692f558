//! From the bytes of a symbol to what they say.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::date::{self, Order};
use super::elements::{ElementId, Elements};
use super::envelope;
use super::error::Error;
use super::irregularity::Irregularity;
use super::issuer::{Country, Issuer};
use super::mandatory;
use super::version::Version;

/// More than the largest PDF417 symbol holds (ISO/IEC 15438: 2,710 digits).
const LONGEST_MESSAGE: usize = 4096;

/// What kind of card, by the type of its subfile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    /// `DL`.
    DrivingLicence,
    /// `EN`: a licence that is also a travel document.
    EnhancedDrivingLicence,
    /// `ID`.
    IdentificationCard,
}

impl Kind {
    pub(super) fn of(subfile_type: [u8; 2]) -> Option<Self> {
        match &subfile_type {
            b"DL" => Some(Self::DrivingLicence),
            b"EN" => Some(Self::EnhancedDrivingLicence),
            b"ID" => Some(Self::IdentificationCard),
            _ => None,
        }
    }

    /// Whether it licenses to drive.
    pub const fn is_driving(self) -> bool {
        !matches!(self, Self::IdentificationCard)
    }
}

/// The holder's sex (ANSI D20).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sex {
    /// `1` or `M`.
    Male,
    /// `2` or `F`.
    Female,
    /// `9`, `0` or `X`.
    Unspecified,
}

/// What a card's symbol says.
#[derive(Clone, PartialEq)]
pub struct Licence {
    /// The edition.
    pub version: Version,
    /// The jurisdiction's own edition, where the header has one.
    pub jurisdiction_version: Option<u8>,
    /// Issuer identification number.
    pub issuer_number: u32,
    /// Who that is; `None` for a number that AAMVA has not assigned.
    pub issuer: Option<&'static Issuer>,
    /// What kind of card.
    pub kind: Kind,
    /// Family name.
    pub family_name: Option<String>,
    /// First and middle names.
    pub given_names: Option<String>,
    /// Whether the symbol says that a name was cut off.
    pub is_name_truncated: bool,
    /// The customer's number, which is that of the licence.
    pub number: Option<String>,
    /// The day of birth.
    pub born_on: Option<Date>,
    /// The day of issue.
    pub issued_on: Option<Date>,
    /// The last day of validity.
    pub expires_on: Option<Date>,
    /// The holder's sex.
    pub sex: Option<Sex>,
    /// Country of issue as element `DCG` states it, or else the issuer's.
    pub country: Option<Country>,
    /// All elements, as encoded.
    pub elements: Elements,
    /// Where the symbol departs from its edition, in the order of reading.
    pub irregularities: Vec<Irregularity>,
}

/// Everything in it is personal, but for the frame.
impl std::fmt::Debug for Licence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Licence")
            .field("version", &self.version)
            .field("issuer_number", &self.issuer_number)
            .field("kind", &self.kind)
            .field("elements", &self.elements)
            .field("irregularities", &self.irregularities)
            .finish_non_exhaustive()
    }
}

/// Reads the message of a licence's symbol. Takes any bytes.
pub fn parse(bytes: &[u8]) -> Result<Licence, Error> {
    if bytes.len() > LONGEST_MESSAGE {
        return Err(Error::TooLong { bytes: bytes.len(), limit: LONGEST_MESSAGE });
    }
    let mut irregularities = Vec::new();
    let envelope = envelope::open(bytes, &mut irregularities)?;
    let elements = Elements::read(envelope.subfile, &mut irregularities);
    if elements.is_empty() {
        return Err(Error::NoElements);
    }
    let missing = mandatory::elements(envelope.version, envelope.kind)
        .filter(|id| !elements.has(*id))
        .map(Irregularity::Missing);
    irregularities.extend(missing);
    let issuer = Issuer::find(envelope.issuer_number);
    let stated = elements.value(*b"DCG").and_then(Country::of_alpha3);
    let country = stated.or(issuer.map(|issuer| issuer.country));
    let mut reading = Reading {
        elements: &elements,
        order: Order::expected(envelope.version, country),
        irregularities: &mut irregularities,
    };
    let [born_on, issued_on, expires_on] = [*b"DBB", *b"DBD", *b"DBA"].map(|id| reading.date(id));
    let sex = reading.sex();
    let (family_name, given_names) = names(&elements);
    Ok(Licence {
        version: envelope.version,
        jurisdiction_version: envelope.jurisdiction_version,
        issuer_number: envelope.issuer_number,
        issuer,
        kind: envelope.kind,
        family_name,
        given_names,
        is_name_truncated: [*b"DDE", *b"DDF", *b"DDG"]
            .iter()
            .any(|id| elements.value(*id).is_some_and(|value| value.eq_ignore_ascii_case("T"))),
        number: first(&elements, &[*b"DAQ", *b"DBJ"]).map(str::to_owned),
        born_on,
        issued_on,
        expires_on,
        sex,
        country,
        elements,
        irregularities,
    })
}

/// Values of a closed vocabulary; what is outside of it is told.
struct Reading<'a> {
    elements: &'a Elements,
    order: Order,
    irregularities: &'a mut Vec<Irregularity>,
}

impl Reading<'_> {
    fn date(&mut self, id: [u8; 3]) -> Option<Date> {
        let value = self.elements.value(id)?;
        let Some((date, order)) = date::read(value) else {
            self.irregularities.push(Irregularity::NoDate(ElementId::new(id)));
            return None;
        };
        if order != self.order {
            self.irregularities.push(Irregularity::DateOrder(ElementId::new(id)));
        }
        Some(date)
    }

    fn sex(&mut self) -> Option<Sex> {
        let value = self.elements.value(*b"DBC")?;
        let sex = match value.to_ascii_uppercase().as_str() {
            "1" | "M" | "MALE" => Some(Sex::Male),
            "2" | "F" | "FEMALE" => Some(Sex::Female),
            "0" | "9" | "X" | "U" => Some(Sex::Unspecified),
            _ => None,
        };
        if sex.is_none() {
            self.irregularities.push(Irregularity::Vocabulary(ElementId::new(*b"DBC")));
        }
        sex
    }
}

fn first<'a>(elements: &'a Elements, ids: &[[u8; 3]]) -> Option<&'a str> {
    ids.iter().find_map(|id| elements.value(*id))
}

/// Family and given names. `DCS` since 2003, with `DCT` or `DAC` and `DAD`; before, `DAB`, `DAC` and `DAD`, or all
/// in `DAA`: last, first, middle.
fn names(elements: &Elements) -> (Option<String>, Option<String>) {
    let whole: Vec<String> = elements.value(*b"DAA").map(parts).unwrap_or_default();
    let family =
        first(elements, &[*b"DCS", *b"DAB"]).map(str::to_owned).or_else(|| whole.first().cloned());
    let apart: Vec<String> =
        [*b"DAC", *b"DAD"].iter().filter_map(|id| elements.value(*id)).flat_map(parts).collect();
    let together = elements.value(*b"DCT").map(parts).unwrap_or_default();
    // The whole name may end in a suffix, which is told apart only by its element.
    let suffix = first(elements, &[*b"DCU", *b"DAE"]);
    let of_whole =
        whole.iter().skip(1).filter(|part| Some(part.as_str()) != suffix).cloned().collect();
    let given = [apart, together, of_whole].into_iter().find(|names| !names.is_empty());
    (family.filter(|name| !name.is_empty()), given.map(|names| names.join(" ")))
}

/// Names between commas, or `$` and `@`, which stand for them on magnetic stripes.
fn parts(value: &str) -> Vec<String> {
    value
        .split([',', '$', '@'])
        .map(|part| part.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|part| !part.is_empty())
        .collect()
}
