//! Public specimens: of ICAO 9303's fictional Utopia, and of states that do something their own way.

use jiff::civil::date;

use super::super::{Checked, Error, Format, PartialDate, Sex, extraction, parse};
use super::{TODAY, valid};

#[test]
fn passport_of_the_standard() {
    let document = parse(
        &[
            "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
            "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
        ],
        TODAY,
    )
    .unwrap();
    assert!(valid(&document));
    assert_eq!(document.format, Format::Td3);
    assert_eq!(document.document_code, "P");
    assert_eq!(document.names.primary, "ERIKSSON");
    assert_eq!(document.names.secondary, "ANNA MARIA");
    assert_eq!(document.document_number, "L898902C3");
    assert_eq!(document.date_of_birth.date(), Some(date(1974, 8, 12)));
    assert_eq!(document.date_of_expiry.date(), Some(date(2012, 4, 15)));
    assert_eq!(document.sex, Sex::Female);
    assert_eq!(document.personal_number.as_deref(), Some("ZE184226B"));
}

#[test]
fn the_wire_has_it_as_json() {
    let lines = [
        "IDD<<T220001293<<<<<<<<<<<<<<<",
        "6408125<2010315D<<<<<<<<<<<<<4",
        "MUSTERMANN<<ERIKA<<<<<<<<<<<<<",
    ];
    let document = parse(&lines, TODAY).unwrap();
    assert!(valid(&document));
    insta::assert_json_snapshot!(extraction(&document, TODAY), @r#"
    {
      "type": "ID_CARD",
      "subType": "NATIONAL_ID",
      "issuingCountry": "DEU",
      "firstName": "ERIKA",
      "lastName": "MUSTERMANN",
      "dateOfBirth": "1964-08-12",
      "dateOfBirthParts": {
        "year": "1964",
        "month": "08",
        "day": "12"
      },
      "expiryDate": "2020-10-31",
      "expiryDateParts": {
        "year": "2020",
        "month": "10",
        "day": "31"
      },
      "documentNumber": "T22000129",
      "gender": "X",
      "nationality": "DEU",
      "currentAge": "62"
    }
    "#);
}

#[test]
fn belgian_numbers_continue_in_the_optional_data() {
    // Drawn after 9303-5 §4.2.2: 12 characters, a filler where the check digit was, then the rest.
    let fields = super::properties::card("BEL", "590448301012");
    let lines = super::super::emit(&fields).unwrap();
    assert_eq!(&lines[0][5..15], "590448301<");
    let document = parse(&lines.iter().map(String::as_str).collect::<Vec<_>>(), TODAY).unwrap();
    assert!(valid(&document));
    assert_eq!(document.document_number, "590448301012");
}

#[test]
fn a_romanian_card_has_digits_for_a_nationality_and_a_number_around_the_birth() {
    let document = parse(
        &["IDROUSAVA<<SUPERMAN<<<<<<<<<<<<<<<<<", "HD198025<51328505095M130509012049941"],
        TODAY,
    )
    .unwrap();
    assert_eq!(document.document_number, "HD198025");
    assert_eq!(document.nationality, "132");
    assert_eq!(document.personal_number.as_deref(), Some("1850509204994"));
    let extraction = extraction(&document, TODAY);
    assert_eq!(extraction.nationality, None);
    assert_eq!(extraction.issuing_country.as_deref(), Some("ROU"));
}

#[test]
fn a_slovenian_card_has_a_code_of_two_letters() {
    let document = parse(
        &[
            "I<SI<09999100180706966505468<<",
            "6606079F0807276SI<<<<<<<<<<<<0",
            "VZOREC<<TINA<<<<<<<<<<<<<<<<<<",
        ],
        TODAY,
    )
    .unwrap();
    assert!(valid(&document));
    assert_eq!(document.personal_number.as_deref(), Some("0706966505468"));
    let extraction = extraction(&document, TODAY);
    assert_eq!(extraction.issuing_country.as_deref(), Some("SVN"));
    assert_eq!(extraction.nationality.as_deref(), Some("SVN"));
}

#[test]
fn a_french_identity_card_has_a_layout_of_its_own() {
    let document = parse(
        &["IDFRABERTHIER<<<<<<<<<<<<<<<<<92C001", "9409923102854CORINNE<<<<<<<6512068F6"],
        TODAY,
    )
    .unwrap();
    assert!(valid(&document), "{document:?}");
    assert_eq!(document.format, Format::FrenchIdentityCard);
    assert_eq!(document.names.primary, "BERTHIER");
    assert_eq!(document.names.secondary, "CORINNE");
    assert_eq!(document.document_number, "940992310285");
    assert_eq!(document.date_of_birth.date(), Some(date(1965, 12, 6)));
    assert_eq!((document.date_of_issue.year, document.date_of_issue.month), (Some(1994), Some(9)));
    assert_eq!(document.date_of_expiry, PartialDate::default());
}

#[test]
fn a_visa_has_no_composite_check_digit() {
    let document = parse(
        &[
            "VIUSATRAVELER<<HAPPYPERSON<<<<<<<<<<<<<<<<<<",
            "555123ABC6GBR6502056F04122361FLNDOOAMS803085",
        ],
        TODAY,
    )
    .unwrap();
    assert!(valid(&document));
    assert_eq!(document.format, Format::MrvA);
    assert!(document.check_digits.iter().all(|digit| digit.checked != Checked::Composite));
}

#[test]
fn an_unknown_day_of_birth_is_left_out_on_the_wire() {
    let mut fields = super::properties::card("UTO", "D23145890");
    fields.date_of_birth = PartialDate { year: Some(1985), month: Some(3), day: None };
    let lines = super::super::emit(&fields).unwrap();
    assert_eq!(&lines[1][..6], "8503<<");
    let document = parse(&lines.iter().map(String::as_str).collect::<Vec<_>>(), TODAY).unwrap();
    assert!(valid(&document));
    let extraction = extraction(&document, TODAY);
    assert_eq!(extraction.date_of_birth, None);
    let parts = extraction.date_of_birth_parts.unwrap();
    assert_eq!(
        (parts.year.as_deref(), parts.month.as_deref(), parts.day),
        (Some("1985"), Some("03"), None)
    );
    assert_eq!(extraction.current_age, None);
}

#[test]
fn what_is_no_zone_is_refused_without_telling_its_text() {
    assert_eq!(parse(&[], TODAY).unwrap_err(), Error::Shape { lines: 0, columns: 0 });
    let secret = "P<UTOGEHEIM<<";
    let error = parse(&[secret, secret], TODAY).unwrap_err();
    assert_eq!(error, Error::Shape { lines: 2, columns: 13 });
    assert!(!error.to_string().contains("GEHEIM"));
    assert_eq!(parse(&["abc"], TODAY).unwrap_err(), Error::Character { line: 1, column: 1 });
    assert_eq!(parse(&["A", "AB"], TODAY).unwrap_err(), Error::UnequalLines { line: 2 });
}
