//! Deciding between what was seen, the grammar and the check digits.

use super::super::{ALPHABET, Cause, Observation, Symbol, decide};

const PASSPORT: [&str; 2] = [
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
    "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
];

fn seen(lines: &[&str]) -> Observation {
    lines.iter().map(|line| line.bytes().map(|c| Symbol::certain(c).unwrap()).collect()).collect()
}

fn doubt(weights: &[(u8, f32)]) -> Symbol {
    let mut all = [0.0; ALPHABET.len()];
    for &(character, weight) in weights {
        all[ALPHABET.iter().position(|&c| c == character).unwrap()] = weight;
    }
    Symbol::from_weights(all)
}

#[test]
fn what_is_clear_is_taken_as_read() {
    let reading = decide(&seen(&PASSPORT)).unwrap();
    assert_eq!(reading.lines, PASSPORT);
    assert!(reading.is_valid());
    assert!(reading.repairs.is_empty());
    assert!(reading.confidence() > 0.9);
}

#[test]
fn a_letter_in_a_date_is_repaired_by_the_grammar() {
    let mut seen = seen(&PASSPORT);
    seen[1][15] = Symbol::certain(b'O').unwrap();
    let reading = decide(&seen).unwrap();
    assert_eq!(reading.lines, PASSPORT);
    let [repair] = reading.repairs[..] else { panic!("one repair, not {:?}", reading.repairs) };
    assert_eq!((repair.line, repair.column), (1, 15));
    assert_eq!((repair.read, repair.repaired, repair.cause), ('O', '0', Cause::Grammar));
}

#[test]
fn a_doubt_in_the_number_is_settled_by_the_check_digits() {
    let mut seen = seen(&PASSPORT);
    seen[1][1] = doubt(&[(b'B', 0.7), (b'8', 0.3)]);
    let reading = decide(&seen).unwrap();
    assert_eq!(reading.lines, PASSPORT);
    assert_eq!(reading.repairs.len(), 1);
    assert_eq!(reading.repairs[0].cause, Cause::CheckDigit);
    assert!(reading.confidences[1][1] < 1.0);
}

#[test]
fn a_check_digit_that_is_printed_wrong_is_reported_and_not_repaired() {
    let wrong = "L898902C36UTO7408125F1204159ZE184226B<<<<<10";
    let reading = decide(&seen(&[PASSPORT[0], wrong])).unwrap();
    assert_eq!(reading.lines[1], wrong);
    assert!(!reading.is_valid());
    assert!(reading.repairs.is_empty());
}

#[test]
fn two_repairs_that_are_as_good_as_each_other_are_none() {
    let mut seen = seen(&PASSPORT);
    // The digit of the birth date says that one of these two fives was an eight; not which.
    seen[1][13] = doubt(&[(b'2', 0.6), (b'7', 0.2), (b'9', 0.2)]);
    seen[1][19] = doubt(&[(b'2', 0.6), (b'7', 0.4)]);
    let reading = decide(&seen).unwrap();
    assert!(reading.is_valid() || reading.repairs.is_empty());
}

#[test]
fn noise_among_the_fillers_is_repaired() {
    let mut seen = seen(&PASSPORT);
    for column in [31, 35, 36] {
        seen[0][column] = doubt(&[(b'C', 0.6), (b'<', 0.4)]);
    }
    let reading = decide(&seen).unwrap();
    assert_eq!(reading.lines, PASSPORT);
    assert_eq!(reading.repairs.len(), 3);
}

#[test]
fn a_sure_recogniser_overrules_the_grammar() {
    let card = ["IDROUSAVA<<SUPERMAN<<<<<<<<<<<<<<<<<", "HD198025<51328505095M130509012049941"];
    let reading = decide(&seen(&card)).unwrap();
    assert_eq!(reading.lines, card);
}

#[test]
fn german_numbers_have_no_letter_o() {
    let card = [
        "IDD<<T220001293<<<<<<<<<<<<<<<",
        "6408125<2010315D<<<<<<<<<<<<<4",
        "MUSTERMANN<<ERIKA<<<<<<<<<<<<<",
    ];
    let mut seen = seen(&card);
    seen[0][8] = doubt(&[(b'O', 0.9), (b'0', 0.1)]);
    let reading = decide(&seen).unwrap();
    assert_eq!(reading.lines, card);
    assert_eq!(reading.repairs[0].cause, Cause::Grammar);
}

#[test]
fn other_shapes_are_no_zone() {
    assert_eq!(decide(&Vec::new()), None);
    assert_eq!(decide(&seen(&["P<UTO", "12345"])), None);
    assert_eq!(decide(&seen(&["P<UTO", "123456"])), None);
}
