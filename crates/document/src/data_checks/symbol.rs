//! The licence's symbol by itself.

use super::dates::Dates;
use super::findings::{Fault, Findings};
use super::{Inputs, Symbol};
use crate::aamva::{Country, ElementId, Error, Irregularity, Licence};

/// Elements that no licence goes without: number, birth and expiry.
const CORE: [ElementId; 3] =
    [ElementId::new(*b"DAQ"), ElementId::new(*b"DBB"), ElementId::new(*b"DBA")];

/// Checks the symbol and gives the licence that it holds.
pub(super) fn check<'a>(
    symbol: &Symbol<'a>,
    inputs: &Inputs<'_>,
    findings: &mut Findings,
) -> Option<&'a Licence> {
    findings.look_at(symbol.part, Some(&symbol.quad));
    let licence = match symbol.licence {
        Ok(licence) => licence,
        // Other documents have symbols too.
        Err(Error::NoHeader | Error::TooLong { .. }) => {
            findings.note("aamva.header.present", false);
            return None;
        }
        // The error correction held, so that this is what was printed.
        Err(_) => {
            findings.expect("aamva.header.readable", false, Fault::Datapoints);
            return None;
        }
    };
    findings.note("aamva.version", f64::from(licence.version.0));
    findings.note("aamva.version.published", licence.version.is_published());
    issuer(licence, findings);
    mandatory(licence, findings);
    let dates =
        Dates { birth: licence.born_on, issue: licence.issued_on, expiry: licence.expires_on };
    edition(licence, findings);
    dates.check("aamva", inputs.today, findings);
    dates.check_expiry("aamva", inputs.today, inputs.expiry_limit_days, findings);
    Some(licence)
}

/// The number must be assigned, and to a jurisdiction of the country that the card states. The holder's address may
/// lie elsewhere.
fn issuer(licence: &Licence, findings: &mut Findings) {
    findings.expect("aamva.issuer.known", licence.issuer.is_some(), Fault::Datapoints);
    let Some(issuer) = licence.issuer else { return };
    if let Some(country) = licence.elements.value(*b"DCG") {
        let agrees = country.eq_ignore_ascii_case(issuer.country.alpha3());
        findings.expect("aamva.issuer.matches_country", agrees, Fault::Datapoints);
    }
    if let Some(state) = licence.elements.value(*b"DAJ") {
        findings.note("aamva.issuer.matches_address", state.eq_ignore_ascii_case(issuer.code));
    }
    if let Some(code) = licence.elements.value(*b"DAK") {
        findings.note("aamva.postal_code.shape", has_shape(code, licence.country));
    }
}

fn has_shape(postal_code: &str, country: Option<Country>) -> bool {
    let code: Vec<u8> = postal_code.bytes().filter(|c| !b" -".contains(c)).collect();
    match country {
        Some(Country::Canada) => {
            let is_right = |(at, c): (usize, &u8)| {
                if at % 2 == 0 { c.is_ascii_alphabetic() } else { c.is_ascii_digit() }
            };
            // Padded with zeros by some to the length of a ZIP code.
            let padding = code.get(6..).unwrap_or_default();
            code.len() >= 6
                && code.iter().take(6).enumerate().all(is_right)
                && padding.iter().all(|&c| c == b'0')
        }
        _ => matches!(code.len(), 5 | 9) && code.iter().all(u8::is_ascii_digit),
    }
}

/// Genuine cards leave out elements that the standard demands, and have wrong offsets: only what no card can go
/// without counts against them.
fn mandatory(licence: &Licence, findings: &mut Findings) {
    for irregularity in &licence.irregularities {
        let name = irregularity.name();
        let told = irregularity.element().map_or(name.to_owned(), |id| format!("{name} {id}"));
        findings.note("aamva.irregularity", told);
    }
    let lacks = |irregularity: &Irregularity| match irregularity {
        Irregularity::Missing(id) => CORE.contains(id),
        Irregularity::NoDate(id) => *id == ElementId::new(*b"DBB"),
        _ => false,
    };
    let has_core = licence.family_name.is_some() && !licence.irregularities.iter().any(lacks);
    findings.expect("aamva.mandatory_elements.present", has_core, Fault::Datapoints);
}

/// A card cannot follow an edition that came after it. Some issuers state the day of first issue: told, not counted.
fn edition(licence: &Licence, findings: &mut Findings) {
    if let Some((published, issue)) = licence.version.year().zip(licence.issued_on) {
        findings.note("aamva.version.published_before_issue", published <= issue.year());
    }
}
