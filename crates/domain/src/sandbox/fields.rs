//! The fields of `extraction.data` that an instruction may set (contract appendix B).

use serde_json::Value;

/// What a field of `extraction.data` holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A text of 1 to 255 characters.
    Text,
    /// One of these words.
    Word(&'static [&'static str]),
    /// ISO 3166-1 alpha-3, or an ICAO 9303-3 §5 code.
    Country,
    /// `YYYY-MM-DD`.
    Date,
    /// An object with any of these keys, each a text.
    Object(&'static [&'static str]),
    /// Up to 32 texts.
    Texts,
}

use Shape::{Country, Date, Object, Text, Texts, Word};

const PARTS: Shape = Object(&["year", "month", "day"]);
const ADDRESS: Shape = Object(&[
    "line1",
    "line2",
    "line3",
    "line4",
    "line5",
    "country",
    "postalCode",
    "subdivision",
    "city",
    "formattedAddress",
]);

/// The fields and what they hold.
pub const EXTRACTION_FIELDS: &[(&str, Shape)] = &[
    ("type", Word(&["PASSPORT", "DRIVING_LICENSE", "ID_CARD", "VISA", "UNSUPPORTED"])),
    ("subType", Text),
    ("issuingCountry", Country),
    ("firstName", Text),
    ("lastName", Text),
    ("dateOfBirth", Date),
    ("dateOfBirthParts", PARTS),
    ("expiryDate", Date),
    ("expiryDateParts", PARTS),
    ("issuingDate", Date),
    ("issuingDateParts", PARTS),
    ("documentNumber", Text),
    ("state", Text),
    ("personalNumber", Text),
    ("optionalMrzField1", Text),
    ("optionalMrzField2", Text),
    ("address", ADDRESS),
    ("issuingAuthority", Text),
    ("issuingPlace", Text),
    ("gender", Word(&["M", "F", "X"])),
    ("nationality", Country),
    ("placeOfBirth", Text),
    ("currentAge", Text),
    ("curp", Text),
    ("voterIdNumber", Text),
    ("issuingNumber", Text),
    ("cpf", Text),
    ("rgNumber", Text),
    ("registrationNumber", Text),
    ("taxNumber", Text),
    ("dni", Text),
    ("pesel", Text),
    ("laborIdentificationNumber", Text),
    ("documentCopy", Text),
    ("citizenship", Text),
    ("maritalStatus", Text),
    ("religion", Text),
    ("lastNameAtBirth", Text),
    ("remarks", Text),
    ("disability", Word(&["YES", "NO"])),
    ("residentPermitType", Text),
    ("residentPermitRemarks", Text),
    ("personalIdentificationNumber", Text),
    ("documentIdentificationNumber", Text),
    ("mothersName", Text),
    ("fathersName", Text),
    ("dlCategories", Texts),
    ("passportNumber", Text),
    ("durationOfStay", Text),
    ("numberOfEntries", Text),
    ("visaCategory", Text),
    ("nfcValidationResult", Text),
    ("additionalLanguage", Text),
];

/// The longest text of a field, in characters.
pub(super) const MAX_TEXT: usize = 255;
/// The most texts of a list.
pub(super) const MAX_TEXTS: usize = 32;

/// What a field holds; none for one that is not known.
pub(super) fn shape_of(field: &str) -> Option<Shape> {
    EXTRACTION_FIELDS.iter().find(|(name, _)| *name == field).map(|(_, shape)| *shape)
}

impl Shape {
    /// Why a value does not fit, if it does not.
    pub(super) fn refuse(self, value: &Value) -> Option<String> {
        let fits = match self {
            Text => is_text(value),
            Word(words) => value.as_str().is_some_and(|text| words.contains(&text)),
            Country => value.as_str().is_some_and(is_country),
            Date => value.as_str().is_some_and(is_date),
            Object(keys) => value.as_object().is_some_and(|members| {
                members.iter().all(|(key, value)| keys.contains(&key.as_str()) && is_text(value))
            }),
            Texts => value
                .as_array()
                .is_some_and(|items| items.len() <= MAX_TEXTS && items.iter().all(is_text)),
        };
        (!fits).then(|| match self {
            Text => format!("must be a string of 1 to {MAX_TEXT} characters, or null"),
            Word(words) => format!("must be one of {}, or null", words.join(", ")),
            Country => "must be an ISO 3166-1 alpha-3 code such as AUT, or null".to_owned(),
            Date => "must be a date such as 1990-01-31, or null".to_owned(),
            Object(keys) => {
                format!(
                    "must be an object of strings with keys out of {}, or null",
                    keys.join(", ")
                )
            }
            Texts => format!("must be an array of at most {MAX_TEXTS} strings, or null"),
        })
    }
}

fn is_text(value: &Value) -> bool {
    value.as_str().is_some_and(|text| (1..=MAX_TEXT).contains(&text.chars().count()))
}

fn is_country(text: &str) -> bool {
    (1..=3).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

fn is_date(text: &str) -> bool {
    text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok()
}
