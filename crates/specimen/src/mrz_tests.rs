use jiff::civil::date;
use proptest::prelude::*;

use super::*;

/// The holder of ICAO's published examples.
fn anna() -> (Person, Issue) {
    let person = Person {
        surname: "Eriksson".to_owned(),
        given_names: "Anna Maria".to_owned(),
        sex: Sex::Female,
        born_on: date(1974, 8, 12),
        birth_place: "Zenith".to_owned(),
        nationality: "UTO".to_owned(),
        height_centimetres: 170,
        eyes: "BLU".to_owned(),
        address: "1 Mill Street, Zenith".to_owned(),
    };
    let issue = Issue {
        number: "L898902C3".to_owned(),
        optional_data: "ZE184226B".to_owned(),
        issued_on: date(2002, 4, 16),
        expires_on: date(2012, 4, 15),
    };
    (person, issue)
}

#[test]
fn a_passport_reads_as_in_doc_9303_4() {
    let (person, issue) = anna();
    assert_eq!(
        emit(Format::Td3, &person, &issue),
        [
            "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
            "L898902C36UTO7408122F1204159ZE184226B<<<<<10"
        ]
    );
}

#[test]
fn cards_read_as_in_doc_9303_5_and_6() {
    let (person, issue) = anna();
    let issue = Issue { number: "D23145890".to_owned(), optional_data: String::new(), ..issue };
    assert_eq!(
        emit(Format::Td1, &person, &issue),
        [
            "I<UTOD231458907<<<<<<<<<<<<<<<",
            "7408122F1204159UTO<<<<<<<<<<<6",
            "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"
        ]
    );
    assert_eq!(
        emit(Format::Td2, &person, &issue),
        ["I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6"]
    );
}

#[test]
fn visas_have_no_composite_check_digit() {
    let (person, issue) = anna();
    let issue =
        Issue { number: "L8988901C".to_owned(), optional_data: "6ZE184226B".to_owned(), ..issue };
    let full = emit(Format::MrvA, &person, &issue);
    assert_eq!(full[0], "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<");
    assert_eq!(full[1], "L8988901C4UTO7408122F12041596ZE184226B<<<<<<");
    assert_eq!(emit(Format::MrvB, &person, &issue)[1], "L8988901C4UTO7408122F12041596ZE18422");
}

#[test]
fn long_names_are_cut_and_keep_both_identifiers() {
    let (mut person, issue) = anna();
    person.surname = "Montescudo della Rocca Grünfels von Weißbrunn".to_owned();
    let lines = emit(Format::Td1, &person, &issue);
    assert_eq!(lines[2], "MONTESCUDO<DELLA<ROCCA<GRUE<<A");
}

/// Weights of the digit, over the positions that Doc 9303-4 names, written out here a second time.
fn digit_holds(line: &str, positions: &[(usize, usize)], digit_at: usize) -> bool {
    let data: String = positions.iter().map(|(from, to)| &line[from - 1..*to]).collect();
    let weighted = data.chars().enumerate().map(|(index, character)| {
        let value = if character == '<' { 0 } else { character.to_digit(36).unwrap() };
        value * [7, 3, 1][index % 3]
    });
    line[digit_at - 1..digit_at] == (weighted.sum::<u32>() % 10).to_string()
}

proptest! {
    #[test]
    fn every_check_digit_holds(seed: u64) {
        let today = date(2026, 11, 23);
        let (person, issue) = (Person::generate(today, seed), Issue::generate(today, seed));
        let td3 = &emit(Format::Td3, &person, &issue)[1];
        prop_assert!(digit_holds(td3, &[(1, 9)], 10));
        prop_assert!(digit_holds(td3, &[(14, 19)], 20));
        prop_assert!(digit_holds(td3, &[(22, 27)], 28));
        prop_assert!(digit_holds(td3, &[(29, 42)], 43));
        prop_assert!(digit_holds(td3, &[(1, 10), (14, 20), (22, 43)], 44));
        let td2 = &emit(Format::Td2, &person, &issue)[1];
        prop_assert!(digit_holds(td2, &[(1, 10), (14, 20), (22, 35)], 36));
        let td1 = emit(Format::Td1, &person, &issue).concat();
        prop_assert!(digit_holds(&td1, &[(6, 30), (31, 37), (39, 45), (49, 59)], 60));
    }

    #[test]
    fn lines_hold_the_mrz_alphabet_and_have_their_length(seed: u64, surname in "\\PC{0,60}", given_names in "\\PC{0,60}", number in "\\PC{0,14}") {
        let today = date(2026, 11, 23);
        let person = Person { surname, given_names, ..Person::generate(today, seed) };
        let issue = Issue { number, ..Issue::generate(today, seed) };
        for format in [Format::Td1, Format::Td2, Format::Td3, Format::MrvA, Format::MrvB] {
            for line in emit(format, &person, &issue) {
                prop_assert_eq!(line.len(), format.line_length());
                prop_assert!(line.chars().all(|c| c == '<' || c.is_ascii_digit() || c.is_ascii_uppercase()));
            }
        }
    }
}
