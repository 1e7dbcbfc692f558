use serde::{Deserialize, Serialize};

/// Whose rules a licence follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Country {
    /// Dates are `MMDDCCYY`, heights in inches.
    #[serde(rename = "USA")]
    Usa,
    /// Dates are `CCYYMMDD`, heights in centimetres.
    #[serde(rename = "CAN")]
    Canada,
}

/// A real issuer of licences, since AAMVA cards cannot do without one; all else on the card is fictional.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Jurisdiction {
    /// Issuer identification number.
    pub issuer: u32,
    /// Two letters, as in `DAJ`.
    pub code: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Its country.
    pub country: Country,
    /// A city there.
    pub city: &'static str,
    /// A postal code there, without spaces.
    pub postal_code: &'static str,
}

const fn state(
    issuer: u32,
    code: &'static str,
    name: &'static str,
    city: &'static str,
    postal_code: &'static str,
) -> Jurisdiction {
    Jurisdiction { issuer, code, name, country: Country::Usa, city, postal_code }
}

const fn province(
    issuer: u32,
    code: &'static str,
    name: &'static str,
    city: &'static str,
    postal_code: &'static str,
) -> Jurisdiction {
    Jurisdiction { issuer, code, name, country: Country::Canada, city, postal_code }
}

/// Issuers to draw from (numbers as AAMVA assigns them).
pub const JURISDICTIONS: &[Jurisdiction] = &[
    state(636_000, "VA", "Virginia", "Richmond", "232200000"),
    state(636_001, "NY", "New York", "Albany", "122070000"),
    state(636_010, "FL", "Florida", "Tallahassee", "323010000"),
    state(636_014, "CA", "California", "Sacramento", "958140000"),
    state(636_015, "TX", "Texas", "Austin", "787010000"),
    state(636_020, "CO", "Colorado", "Denver", "802020000"),
    state(636_029, "OR", "Oregon", "Salem", "973010000"),
    state(636_045, "WA", "Washington", "Olympia", "985010000"),
    province(636_012, "ON", "Ontario", "Toronto", "M5H2N2"),
    province(636_013, "NS", "Nova Scotia", "Halifax", "B3J3A5"),
    province(636_028, "BC", "British Columbia", "Victoria", "V8W1P6"),
];
