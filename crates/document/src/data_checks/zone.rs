//! The machine readable zone by itself.

use super::dates::Dates;
use super::findings::{Fault, Findings};
use super::{Inputs, Zone};
use crate::mrz::{Cause, Checked, Document, Format, PartialDate, Reading, is_state_code};

/// A code that is none counts against the document only where it was read this surely: no check digit covers it.
const SURE: f32 = 0.9;

/// Where the zone has the issuer's code, in all formats.
const ISSUER: Place = Place { line: 0, column: 2 };

/// The first of three characters.
struct Place {
    line: usize,
    column: usize,
}

/// Checks the zone and gives what it says.
pub(super) fn check(
    zone: &Zone<'_>,
    inputs: &Inputs<'_>,
    findings: &mut Findings,
) -> Option<Document> {
    let reading = zone.reading;
    findings.look_at(zone.part, reading.quad.as_ref());
    let document = reading.document(inputs.today).ok()?;
    check_digits(reading, findings);
    codes(reading, &document, findings);
    let dates = Dates {
        birth: document.date_of_birth.date(),
        issue: document.date_of_issue.date(),
        expiry: document.date_of_expiry.date(),
    };
    for (name, date) in [("birth", document.date_of_birth), ("expiry", document.date_of_expiry)] {
        findings.expect(format!("mrz.dates.{name}_possible"), is_possible(date), Fault::Datapoints);
    }
    dates.check("mrz", inputs.today, findings);
    dates.check_expiry("mrz", inputs.today, inputs.expiry_limit_days, findings);
    Some(document)
}

/// A digit that holds only thanks to a repair was not read but inferred; it is told and does not decide.
fn check_digits(reading: &Reading, findings: &mut Findings) {
    for digit in &reading.check_digits {
        let signal = format!("mrz.check_digit.{}", name(digit.checked));
        findings.expect(signal, digit.holds, Fault::CheckDigit);
    }
    let repairs = |cause| reading.repairs.iter().filter(|repair| repair.cause == cause).count();
    findings.note("mrz.repairs.check_digit", repairs(Cause::CheckDigit));
    findings.note("mrz.repairs.grammar", repairs(Cause::Grammar));
    findings.note("mrz.confidence", reading.confidence());
}

fn name(checked: Checked) -> &'static str {
    match checked {
        Checked::DocumentNumber => "document_number",
        Checked::DateOfBirth => "date_of_birth",
        Checked::DateOfExpiry => "date_of_expiry",
        Checked::OptionalData => "optional_data",
        Checked::Composite => "composite",
    }
}

/// Issuer and nationality must be codes that there are (ICAO 9303-3 §5).
fn codes(reading: &Reading, document: &Document, findings: &mut Findings) {
    code(reading, "mrz.issuing_state.known", &document.issuing_state, &ISSUER, findings);
    let nationality = match document.format {
        Format::Td1 => Place { line: 1, column: 15 },
        // It has none.
        Format::FrenchIdentityCard => return,
        _ => Place { line: 1, column: 10 },
    };
    // Romanian cards have part of the personal number there.
    if document.nationality.bytes().any(|c| c.is_ascii_digit()) {
        return findings.note("mrz.nationality.known", false);
    }
    code(reading, "mrz.nationality.known", &document.nationality, &nationality, findings);
}

fn code(reading: &Reading, signal: &str, code: &str, place: &Place, findings: &mut Findings) {
    let characters = reading
        .confidences
        .get(place.line)
        .and_then(|line| line.get(place.column..place.column + 3));
    let is_sure =
        characters.is_some_and(|three| three.iter().all(|&confidence| confidence >= SURE));
    let is_known = is_state_code(code);
    if is_sure {
        findings.expect(signal, is_known, Fault::Datapoints);
    } else {
        findings.note(signal, is_known);
    }
}

/// A date may leave out its day, or day and month, but not the month alone, and must be in the calendar.
fn is_possible(date: PartialDate) -> bool {
    match (date.year, date.month, date.day) {
        (Some(_), Some(_), Some(_)) => date.date().is_some(),
        (_, month, day) => month.is_some() || day.is_none(),
    }
}
