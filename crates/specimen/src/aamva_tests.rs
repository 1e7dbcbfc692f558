use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::JURISDICTIONS;

/// The subfile that the designator of this kind points at.
fn subfile<'a>(payload: &'a str, kind: &str) -> &'a str {
    let designators = &payload[21..41];
    let at = designators.find(kind).unwrap();
    let number = |from: usize| designators[at + from..at + from + 4].parse::<usize>().unwrap();
    &payload[number(2)..number(2) + number(6)]
}

proptest! {
    #[test]
    fn designators_point_at_their_subfiles(seed: u64, issuer in 0..JURISDICTIONS.len()) {
        let today = date(2026, 11, 23);
        let (person, issue) = (Person::generate(today, seed), Issue::generate(today, seed));
        for version in [Version::V08, Version::V09, Version::V10] {
            let payload = payload(&person, &issue, JURISDICTIONS[issuer], version);
            prop_assert!(payload.is_ascii());
            prop_assert_eq!(&payload[..9], "@\n\x1e\rANSI ");
            prop_assert_eq!(&payload[15..17], version.digits());
            let licence = subfile(&payload, "DL");
            prop_assert!(licence.starts_with("DLDAQ") && licence.ends_with('\r'));
            let own = subfile(&payload, &format!("Z{}", &JURISDICTIONS[issuer].code[..1]));
            prop_assert!(payload.ends_with(own) && own.starts_with('Z') && own.ends_with('\r'));
        }
    }
}

#[test]
fn countries_write_dates_and_heights_their_way() {
    let today = date(2026, 11, 23);
    let mut person = Person::generate(today, 1);
    person.born_on = date(1984, 3, 7);
    person.height_centimetres = 178;
    let issue = Issue::generate(today, 1);
    let by = |country| {
        let from = *JURISDICTIONS.iter().find(|from| from.country == country).unwrap();
        payload(&person, &issue, from, Version::V10)
    };
    let (usa, canada) = (by(Country::Usa), by(Country::Canada));
    assert!(usa.contains("\nDBB03071984\n") && usa.contains("\nDAU070 in\n"));
    assert!(canada.contains("\nDBB19840307\n") && canada.contains("\nDAU178 cm\n"));
}
