//! What a licence says, as the wire has it (contract appendix B).

use bonafide_domain::extraction::{Address, DateParts, DocumentType, Extraction};
use jiff::civil::Date;

use super::issuer::Country;
use super::licence::{Licence, Sex};

/// What the wire has for a name that the document does not have.
const NO_NAME: &str = "N/A";

/// The fields of `extraction.data` that a symbol gives; `today` is the day of reading.
///
/// No `subType`: a symbol does not tell a learner's permit from a licence.
pub fn extraction(licence: &Licence, today: Date) -> Extraction {
    let name = |name: &Option<String>| Some(name.clone().unwrap_or_else(|| NO_NAME.to_owned()));
    Extraction {
        document_type: Some(document_type(licence)),
        issuing_country: licence.country.map(|country| country.alpha3().to_owned()),
        first_name: name(&licence.given_names),
        last_name: name(&licence.family_name),
        date_of_birth: licence.born_on.map(|date| date.to_string()),
        date_of_birth_parts: licence.born_on.map(DateParts::of),
        expiry_date: licence.expires_on.map(|date| date.to_string()),
        expiry_date_parts: licence.expires_on.map(DateParts::of),
        issuing_date: licence.issued_on.map(|date| date.to_string()),
        issuing_date_parts: licence.issued_on.map(DateParts::of),
        document_number: licence.number.clone(),
        state: state(licence),
        address: address(licence),
        gender: licence.sex.map(|sex| gender(sex).to_owned()),
        place_of_birth: value(licence, *b"DCI"),
        current_age: licence.born_on.and_then(|birth| age(birth, today)),
        dl_categories: categories(licence),
        ..Extraction::default()
    }
}

fn document_type(licence: &Licence) -> DocumentType {
    if licence.kind.is_driving() { DocumentType::DrivingLicense } else { DocumentType::IdCard }
}

fn gender(sex: Sex) -> &'static str {
    match sex {
        Sex::Male => "M",
        Sex::Female => "F",
        Sex::Unspecified => "X",
    }
}

fn value(licence: &Licence, id: [u8; 3]) -> Option<String> {
    licence.elements.value(id).map(str::to_owned)
}

/// The issuer's, and only where it is not known, that of the address.
fn state(licence: &Licence) -> Option<String> {
    let issuer = licence.issuer.map(|issuer| issuer.code.to_owned());
    issuer.filter(|code| !code.is_empty()).or_else(|| value(licence, *b"DAJ"))
}

/// The mailing address, or the residence address where the symbol has only that (`DAL` to `DAP`).
fn address(licence: &Licence) -> Option<Address> {
    let mailing = [*b"DAG", *b"DAH", *b"DAI", *b"DAJ", *b"DAK"];
    let residence = [*b"DAL", *b"DAM", *b"DAN", *b"DAO", *b"DAP"];
    let ids = if licence.elements.value(*b"DAG").is_some() { mailing } else { residence };
    let [line1, line2, city, subdivision, postal_code] = ids.map(|id| value(licence, id));
    line1.as_ref().or(city.as_ref())?;
    let postal_code = postal_code.map(|code| postal_code_of(licence.country, &code));
    let state_and_code: Vec<String> =
        [&subdivision, &postal_code].into_iter().flatten().cloned().collect();
    let parts = [line1.clone(), line2.clone(), city.clone(), Some(state_and_code.join(" "))];
    let parts: Vec<String> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    Some(Address {
        line1,
        line2,
        city,
        subdivision,
        postal_code,
        country: licence.country.map(|country| country.alpha3().to_owned()),
        formatted_address: Some(parts.join(", ")),
    })
}

/// Nine digits are five and four; zeros fill up what is not known (annex D, `DAK`).
fn postal_code_of(country: Option<Country>, code: &str) -> String {
    let digits: String = code.chars().filter(char::is_ascii_digit).collect();
    let is_zip = country == Some(Country::UnitedStates) && digits.len() == 9;
    match digits.split_at_checked(5) {
        Some((five, "0000")) if is_zip => five.to_owned(),
        Some((five, four)) if is_zip => format!("{five}-{four}"),
        _ => code.to_owned(),
    }
}

/// The vehicle class: `DCA` since 2003, before it `DAR`.
fn categories(licence: &Licence) -> Option<Vec<String>> {
    let class = licence.elements.value(*b"DCA").or_else(|| licence.elements.value(*b"DAR"))?;
    let classes = class.split([',', ';', '/', ' ']).filter(|class| !class.is_empty());
    licence.kind.is_driving().then(|| classes.map(str::to_owned).collect())
}

fn age(birth: Date, today: Date) -> Option<String> {
    let birthday_is_ahead = (today.month(), today.day()) < (birth.month(), birth.day());
    let years = today.year() - birth.year() - i16::from(birthday_is_ahead);
    (years >= 0).then(|| years.to_string())
}
