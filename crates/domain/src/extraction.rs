//! The data read from an identity document, as `extraction.data` on the wire (contract appendix B).
//!
//! Everything here is personal data: it is sealed at rest and never logged.

use serde::{Deserialize, Serialize};

use crate::wire_enum::wire_enum;

wire_enum! {
    /// What kind of document it is.
    pub enum DocumentType {
        Passport = "PASSPORT",
        DrivingLicense = "DRIVING_LICENSE",
        IdCard = "ID_CARD",
        Visa = "VISA",
        Unsupported = "UNSUPPORTED",
    }
}

/// The fields read. A field that was not read is absent, never empty; a name that the document
/// does not have is `N/A` (contract appendix B).
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Extraction {
    /// The kind of document.
    #[serde(skip_serializing_if = "Option::is_none", rename = "type")]
    pub document_type: Option<DocumentType>,
    /// Finer kind, such as `NATIONAL_ID`; absent when unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub_type: Option<String>,
    /// ISO 3166-1 alpha-3.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuing_country: Option<String>,
    /// Given names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// Surname.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// `YYYY-MM-DD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_of_birth: Option<String>,
    /// Its components as printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_of_birth_parts: Option<DateParts>,
    /// `YYYY-MM-DD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiry_date: Option<String>,
    /// Its components as printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiry_date_parts: Option<DateParts>,
    /// `YYYY-MM-DD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuing_date: Option<String>,
    /// Its components as printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuing_date_parts: Option<DateParts>,
    /// The number of the document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document_number: Option<String>,
    /// US, CA and AU: the subdivision's suffix.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// The holder's number in the state's register.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub personal_number: Option<String>,
    /// First optional data element of the MRZ.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub optional_mrz_field1: Option<String>,
    /// Second optional data element of the MRZ.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub optional_mrz_field2: Option<String>,
    /// The holder's address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
    /// Who issued it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuing_authority: Option<String>,
    /// Where it was issued.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuing_place: Option<String>,
    /// `M`, `F` or `X`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gender: Option<String>,
    /// ISO 3166-1 alpha-3.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nationality: Option<String>,
    /// As printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place_of_birth: Option<String>,
    /// Whole years on the day of reading, as a string (contract §15, row 28).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current_age: Option<String>,
    /// Vehicle categories of a driving licence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dl_categories: Option<Vec<String>>,
    /// On a visa: the passport that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passport_number: Option<String>,
}

/// Tells how many fields there are, never what stands in them.
impl std::fmt::Debug for Extraction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Extraction(redacted)")
    }
}

/// The components of a date; one that is missing on the document is absent.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DateParts {
    /// Four digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub year: Option<String>,
    /// Two digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub month: Option<String>,
    /// Two digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day: Option<String>,
}

impl DateParts {
    /// The components of a complete date.
    pub fn of(date: jiff::civil::Date) -> Self {
        Self {
            year: Some(format!("{:04}", date.year())),
            month: Some(format!("{:02}", date.month())),
            day: Some(format!("{:02}", date.day())),
        }
    }

    /// `YYYY-MM-DD`, if all three components are there.
    pub fn complete(&self) -> Option<String> {
        Some(format!("{}-{}-{}", self.year.as_ref()?, self.month.as_ref()?, self.day.as_ref()?))
    }
}

/// An address as contract appendix B has it.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Address {
    /// Street and number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line1: Option<String>,
    /// Further part of the street address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line2: Option<String>,
    /// City.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// Subdivision code without the country.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subdivision: Option<String>,
    /// Postal code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    /// ISO 3166-1 alpha-3.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// The whole address on one line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub formatted_address: Option<String>,
}
