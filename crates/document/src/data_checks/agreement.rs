//! The zone against the symbol: enhanced licences and some identification cards have both.

use super::findings::{Fault, Findings};
use super::{Symbol, Zone};
use crate::aamva::{self, Licence};
use crate::mrz::{self, Checked, Document};

/// Compares what both say. Numbers differ on genuine cards (the zone may number the card, the symbol the licence),
/// so they are only noted.
pub(super) fn check(
    (zone, document): (&Zone<'_>, &Document),
    (symbol, licence): (&Symbol<'_>, &Licence),
    findings: &mut Findings,
) {
    findings.look_at(zone.part, zone.reading.quad.as_ref());
    let fault = if zone.part == symbol.part { Fault::Datapoints } else { Fault::Sides };
    let dates = [
        ("birth", Checked::DateOfBirth, document.date_of_birth.date(), licence.born_on),
        ("expiry", Checked::DateOfExpiry, document.date_of_expiry.date(), licence.expires_on),
    ];
    for (name, checked, in_zone, in_symbol) in dates {
        let Some((in_zone, in_symbol)) = in_zone.zip(in_symbol) else { continue };
        let signal = format!("agreement.{name}");
        // A misread date is the check digit's fault, not a contradiction.
        if digit_holds(document, checked) {
            findings.expect(signal, in_zone == in_symbol, fault);
        } else {
            findings.note(signal, in_zone == in_symbol);
        }
    }
    if let Some(family) = &licence.family_name {
        findings.expect(
            "agreement.family_name",
            names_agree(&document.names.primary, family),
            fault,
        );
    }
    if let (Some(given), false) = (&licence.given_names, document.names.secondary.is_empty()) {
        findings.expect(
            "agreement.given_names",
            names_agree(&document.names.secondary, given),
            fault,
        );
    }
    if let Some(sex) = licence.sex {
        findings.note("agreement.sex", sexes_agree(document.sex, sex));
    }
    if let Some(number) = &licence.number {
        findings.note(
            "agreement.document_number",
            letters_and_digits(number) == document.document_number,
        );
    }
}

fn digit_holds(document: &Document, checked: Checked) -> bool {
    document.check_digits.iter().any(|digit| digit.checked == checked && digit.holds)
}

fn sexes_agree(in_zone: mrz::Sex, in_symbol: aamva::Sex) -> bool {
    use aamva::Sex as Symbol;
    use mrz::Sex as Zone;
    matches!(
        (in_zone, in_symbol),
        (Zone::Female, Symbol::Female)
            | (Zone::Male, Symbol::Male)
            | (Zone::Unspecified, Symbol::Unspecified)
    )
}

fn letters_and_digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase()
}

/// Whether two names may be one: a word of the one begins or is, but for a misread letter in every four, a word of
/// the other. No check digit covers names, and both may be cut off or written in another transliteration.
fn names_agree(in_zone: &str, in_symbol: &str) -> bool {
    let zone = words(in_zone);
    let symbol = words(in_symbol);
    zone.is_empty()
        || symbol.is_empty()
        || zone.iter().any(|a| symbol.iter().any(|b| words_agree(a, b)))
        || words_agree(&zone.concat(), &symbol.concat())
}

fn words(name: &str) -> Vec<Vec<char>> {
    name.split(|c: char| c.is_whitespace() || c == '-')
        .map(|word| word.to_uppercase().chars().filter(|c| c.is_alphanumeric()).collect::<Vec<_>>())
        .filter(|word| !word.is_empty())
        .collect()
}

fn words_agree(a: &[char], b: &[char]) -> bool {
    let shorter = a.len().min(b.len());
    let whole = distance(a, b);
    let beginning = distance(&a[..shorter], &b[..shorter]);
    whole.min(beginning) <= shorter / 4
}

/// Edits between two words (Levenshtein).
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::names_agree;

    #[test]
    fn the_same_name_in_two_hands() {
        assert!(names_agree("VAN DER BERG", "VANDERBERG"));
        assert!(names_agree("MUELLER", "MULLER"));
        assert!(names_agree("O BRIEN", "O'BRIEN"));
        assert!(names_agree("CHRISTOPHE", "CHRISTOPHER JAMES"));
        assert!(names_agree("SM1TH", "SMITH"));
        assert!(!names_agree("SMITH", "JONES"));
        assert!(!names_agree("ANNA", "BERTA"));
    }
}
