//! What a zone says, as the wire has it (contract appendix B).

use bonafide_domain::extraction::{DateParts, DocumentType, Extraction};
use jiff::civil::Date;

use super::date::PartialDate;
use super::parse::{Document, Sex};
use super::quirks::alpha3;

/// What the wire has for a name that the document does not have.
const NO_NAME: &str = "N/A";

/// The fields of `extraction.data` that a zone gives; `today` is the day of reading.
pub fn extraction(document: &Document, today: Date) -> Extraction {
    let birth = parts(document.date_of_birth);
    let expiry = parts(document.date_of_expiry);
    let issue = parts(document.date_of_issue);
    let [optional1, optional2] = &document.optional_data;
    Extraction {
        document_type: Some(document_type(document)),
        sub_type: sub_type(document).map(str::to_owned),
        issuing_country: alpha3(&document.issuing_state).map(str::to_owned),
        first_name: Some(name(&document.names.secondary)),
        last_name: Some(name(&document.names.primary)),
        date_of_birth: document.date_of_birth.date().map(|date| date.to_string()),
        date_of_birth_parts: birth,
        expiry_date: document.date_of_expiry.date().map(|date| date.to_string()),
        expiry_date_parts: expiry,
        issuing_date: document.date_of_issue.date().map(|date| date.to_string()),
        issuing_date_parts: issue,
        document_number: present(&document.document_number),
        personal_number: document.personal_number.clone(),
        optional_mrz_field1: present(optional1),
        optional_mrz_field2: present(optional2),
        gender: Some(gender(document.sex).to_owned()),
        nationality: alpha3(&document.nationality).map(str::to_owned),
        current_age: document.date_of_birth.date().and_then(|birth| age(birth, today)),
        ..Extraction::default()
    }
}

fn present(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

fn name(text: &str) -> String {
    present(text).unwrap_or_else(|| NO_NAME.to_owned())
}

fn gender(sex: Sex) -> &'static str {
    match sex {
        Sex::Female => "F",
        Sex::Male => "M",
        Sex::Unspecified => "X",
    }
}

/// By the first letter of the document code (ICAO 9303-4 to -7, document code).
fn document_type(document: &Document) -> DocumentType {
    match document.document_code.bytes().next() {
        Some(b'P') => DocumentType::Passport,
        Some(b'V') => DocumentType::Visa,
        Some(b'I' | b'A' | b'C') => DocumentType::IdCard,
        Some(b'D') => DocumentType::DrivingLicense,
        _ => DocumentType::Unsupported,
    }
}

/// Codes whose second letter has a meaning that is widely kept to; the others stay unknown.
fn sub_type(document: &Document) -> Option<&'static str> {
    match (document.document_code.as_str(), document.issuing_state.as_str()) {
        ("ID", _) => Some("NATIONAL_ID"),
        ("IP", _) => Some("PASSPORT_CARD_ID"),
        ("IR" | "AR" | "CR", _) | ("C1" | "C2", "USA") => Some("RESIDENT_PERMIT_ID"),
        ("IV" | "AV" | "CV", _) => Some("VISA"),
        _ => None,
    }
}

/// The parts that are known; `None` where none is.
fn parts(date: PartialDate) -> Option<DateParts> {
    let parts = DateParts {
        year: date.year.map(|year| format!("{year:04}")),
        month: date.month.map(|month| format!("{month:02}")),
        day: date.day.map(|day| format!("{day:02}")),
    };
    Some(parts).filter(|parts| *parts != DateParts::default())
}

fn age(birth: Date, today: Date) -> Option<String> {
    let birthday_is_ahead = (today.month(), today.day()) < (birth.month(), birth.day());
    let years = today.year() - birth.year() - i16::from(birthday_is_ahead);
    (years >= 0).then(|| years.to_string())
}
