use proptest::prelude::*;

use super::super::{extraction, parse};
use super::{newest, payload, read};

proptest! {
    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let _ = parse(&bytes);
    }

    #[test]
    fn no_damage_panics(at in 0_usize..400, with in proptest::collection::vec(any::<u8>(), 0..40), cut in 0_usize..40) {
        let mut bytes = newest(10);
        let at = at.min(bytes.len());
        let end = (at + cut).min(bytes.len());
        bytes.splice(at..end, with);
        if let Ok(licence) = parse(&bytes) {
            let _ = extraction(&licence, jiff::civil::date(2026, 1, 1));
        }
    }

    #[test]
    fn what_is_written_is_read(
        family in "[A-Z]{1,12}( [A-Z]{1,8})?",
        given in "[B-MO-Z][A-Z]{0,11}",
        number in "[A-Z0-9]{1,25}",
        (year, month, day) in (1900_i16..2020, 1_i8..=12, 1_i8..=28),
        version in 4_u8..=11,
    ) {
        prop_assume!(!["NONE", "UNAVL", "UNAVAIL"].iter().any(|word| [&family, &given, &number].contains(&&(*word).to_owned())));
        let lines = [
            format!("DAQ{number}"),
            format!("DCS{family}"),
            format!("DAC{given}"),
            format!("DBB{month:02}{day:02}{year:04}"),
        ];
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let licence = read(&payload("636014", version, &[("DL", &lines)]));
        prop_assert_eq!(licence.family_name, Some(family));
        prop_assert_eq!(licence.given_names, Some(given));
        prop_assert_eq!(licence.number, Some(number));
        prop_assert_eq!(licence.born_on, Some(jiff::civil::date(year, month, day)));
    }
}
