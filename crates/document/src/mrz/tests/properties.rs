//! What holds for every zone.

use jiff::civil::Date;
use proptest::prelude::*;

use super::super::layout;
use super::super::{Fields, Format, Names, PartialDate, Sex, emit, parse};
use super::{TODAY, valid};

/// A card with a number, other fields fixed.
pub(super) fn card(state: &str, number: &str) -> Fields {
    Fields {
        format: Format::Td1,
        document_code: "ID".into(),
        issuing_state: state.into(),
        names: Names { primary: "MUSTER".into(), secondary: "MAX".into(), may_be_truncated: false },
        document_number: number.into(),
        nationality: state.into(),
        date_of_birth: Date::constant(1990, 2, 1).into(),
        sex: Sex::Male,
        date_of_expiry: Date::constant(2031, 5, 6).into(),
        optional_data: [String::new(), String::new()],
    }
}

fn a_date(years: std::ops::Range<i16>) -> impl Strategy<Value = PartialDate> {
    (years, 1_i8..=12, 1_i8..=28, 0..4).prop_map(|(year, month, day, known)| match known {
        0 => PartialDate { year: Some(year), month: Some(month), day: None },
        1 => PartialDate { year: Some(year), month: None, day: None },
        _ => PartialDate { year: Some(year), month: Some(month), day: Some(day) },
    })
}

fn fields() -> impl Strategy<Value = Fields> {
    let format = prop::sample::select(Format::ALL.to_vec());
    let sex = prop::sample::select(vec![Sex::Female, Sex::Male, Sex::Unspecified]);
    let texts = ("[A-Z]{1,8}( [A-Z]{1,3})?", "([A-Z]{1,6})?", "[A-Z]{3}", "[A-Z]{3}");
    let numbers = ("[A-Z0-9]{5,12}", "([A-Z0-9]{6})?", "([A-Z0-9]{1,11})?");
    (format, sex, texts, numbers, a_date(1930..2025), a_date(2000..2060)).prop_map(
        |(
            format,
            sex,
            (primary, secondary, issuing_state, nationality),
            numbers,
            birth,
            expiry,
        )| {
            let (number, first, second) = numbers;
            let is_french = format == Format::FrenchIdentityCard;
            let can_continue = format == Format::Td1;
            let number_length = if is_french { 12 } else { 9 };
            let code = match format {
                Format::Td3 => "P",
                Format::MrvA | Format::MrvB => "V",
                Format::FrenchIdentityCard => "ID",
                _ => "I",
            };
            Fields {
                format,
                document_code: code.into(),
                issuing_state: if is_french { "FRA".into() } else { issuing_state },
                names: Names { primary, secondary, may_be_truncated: false },
                document_number: if can_continue {
                    number
                } else {
                    number.chars().take(number_length).collect()
                },
                nationality: if is_french { String::new() } else { nationality },
                date_of_birth: birth,
                sex,
                date_of_expiry: if is_french { PartialDate::default() } else { expiry },
                optional_data: [first, if can_continue { second } else { String::new() }],
            }
        },
    )
}

fn as_strs(lines: &[String]) -> Vec<&str> {
    lines.iter().map(String::as_str).collect()
}

proptest! {
    #[test]
    fn what_is_emitted_is_read_back(fields in fields()) {
        let lines = emit(&fields).unwrap();
        prop_assert_eq!(lines.len(), fields.format.lines());
        prop_assert!(lines.iter().all(|line| line.len() == fields.format.columns()));
        let document = parse(&as_strs(&lines), TODAY).unwrap();
        prop_assert!(valid(&document));
        prop_assert_eq!(document.format, fields.format);
        prop_assert_eq!(document.document_code, fields.document_code);
        prop_assert_eq!(document.issuing_state, fields.issuing_state);
        prop_assert_eq!(document.names, fields.names);
        prop_assert_eq!(document.document_number, fields.document_number);
        prop_assert_eq!(document.nationality, fields.nationality);
        prop_assert_eq!(document.date_of_birth, fields.date_of_birth);
        prop_assert_eq!(document.sex, fields.sex);
        prop_assert_eq!(document.date_of_expiry, fields.date_of_expiry);
        prop_assert_eq!(document.optional_data, fields.optional_data);
    }

    /// Weights 7, 3 and 1 have no common factor with 10: every wrong digit shows.
    #[test]
    fn a_wrong_digit_in_a_protected_place_fails(fields in fields(), pick: prop::sample::Index, by in 1..10_u8) {
        let lines = emit(&fields).unwrap();
        let mut bytes: Vec<Vec<u8>> = lines.iter().map(|line| line.clone().into_bytes()).collect();
        let long_number = layout::long_number(fields.format, &bytes);
        let protected: Vec<(usize, usize)> = layout::checks(fields.format, long_number)
            .iter()
            .flat_map(|check| &check.spans)
            .flat_map(|span| (span.start..span.end).map(|column| (span.line, column)))
            .filter(|&(line, column)| bytes[line][column].is_ascii_digit())
            .collect();
        prop_assume!(!protected.is_empty());
        let (line, column) = *pick.get(&protected);
        let digit = &mut bytes[line][column];
        *digit = b'0' + (*digit - b'0' + by) % 10;
        let lines: Vec<&str> = bytes.iter().map(|line| std::str::from_utf8(line).unwrap()).collect();
        prop_assert!(!valid(&parse(&lines, TODAY).unwrap()));
    }

    #[test]
    fn any_text_is_read_or_refused(lines in prop::collection::vec(".{0,50}", 0..4)) {
        if let Ok(document) = parse(&as_strs(&lines), TODAY) {
            prop_assert_eq!(lines.len(), document.format.lines());
        }
    }

    #[test]
    fn any_text_in_the_alphabet_is_read(
        format in prop::sample::select(Format::ALL.to_vec()),
        text in "[A-Z0-9<]{90}",
    ) {
        let lines: Vec<&str> = (0..format.lines())
            .map(|line| &text[line * format.columns()..][..format.columns()])
            .collect();
        let document = parse(&lines, TODAY).unwrap();
        prop_assert_eq!(document.format.lines(), format.lines());
        let extraction = super::super::extraction(&document, TODAY);
        prop_assert!(extraction.document_type.is_some());
    }
}
