use jiff::civil::date;

use super::super::{Country, ElementId, Irregularity, Kind, Sex, Version, extraction};
use super::{changed, irregularities, newest, payload, read};

#[test]
fn the_editions_since_2009() {
    for version in 4..=11 {
        let licence = read(&newest(version));
        assert_eq!(licence.version, Version(version));
        assert_eq!(licence.irregularities, [], "version {version}");
        assert_eq!(licence.kind, Kind::DrivingLicence);
        assert_eq!(licence.jurisdiction_version, Some(0));
        assert_eq!(licence.issuer.map(|issuer| issuer.code), Some("VA"));
        assert_eq!(licence.family_name.as_deref(), Some("SAMPLE"));
        assert_eq!(licence.given_names.as_deref(), Some("MICHAEL JOHN"));
        assert_eq!(licence.number.as_deref(), Some("T64235789"));
        assert_eq!(licence.born_on, Some(date(1986, 6, 6)));
        assert_eq!(licence.issued_on, Some(date(2021, 6, 6)));
        assert_eq!(licence.expires_on, Some(date(2029, 12, 10)));
        assert_eq!(licence.sex, Some(Sex::Male));
    }
}

#[test]
fn the_editions_of_2003_and_2005_have_given_names_together() {
    let lines = [
        "DCAC",
        "DCBNONE",
        "DCDNONE",
        "DBA08142011",
        "DCSPUBLIC",
        "DCTJANE,ANN MARIE",
        "DBD08142006",
        "DBB08141975",
        "DBC2",
        "DAYGRN",
        "DAU064 IN",
        "DAG1 MAIN ST",
        "DAISALEM",
        "DAJOR",
        "DAK973010000  ",
        "DAQ1234567",
        "DCFA1B2C3",
        "DCGUSA",
        "DCHNONE",
    ];
    for version in [2, 3] {
        let licence = read(&payload("636029", version, &[("DL", &lines)]));
        assert_eq!(licence.irregularities, [], "version {version}");
        assert_eq!(licence.given_names.as_deref(), Some("JANE ANN MARIE"));
        assert_eq!(licence.family_name.as_deref(), Some("PUBLIC"));
        assert_eq!(licence.sex, Some(Sex::Female));
    }
}

#[test]
fn the_edition_of_2000_has_the_whole_name_and_the_year_first() {
    let lines = [
        "DAQD1234567",
        "DAAPUBLIC,JOHN,QUINCY,JR",
        "DAG123 MAIN STREET",
        "DAIANYTOWN",
        "DAJVA",
        "DAK123459999  ",
        "DARDM",
        "DASNONE",
        "DATNONE",
        "DAEJR",
        "DBA20011231",
        "DBB19761123",
        "DBCM",
        "DBD19961201",
    ];
    let licence = read(&payload("636000", 1, &[("DL", &lines)]));
    assert_eq!(licence.irregularities, []);
    assert_eq!((licence.version, licence.jurisdiction_version), (Version::V2000, None));
    assert_eq!(licence.family_name.as_deref(), Some("PUBLIC"));
    assert_eq!(licence.given_names.as_deref(), Some("JOHN QUINCY"));
    assert_eq!(licence.born_on, Some(date(1976, 11, 23)));
    assert_eq!(licence.sex, Some(Sex::Male));
    let fields = extraction(&licence, date(2000, 11, 22));
    assert_eq!(fields.dl_categories, Some(vec!["DM".to_owned()]));
    assert_eq!(fields.current_age.as_deref(), Some("23"));
}

#[test]
fn before_the_standard_nothing_is_mandatory() {
    let lines = ["DBJ998877", "DABDOE", "DACJANE", "DBB19600229", "DBCF"];
    let licence = read(&payload("636005", 0, &[("DL", &lines)]));
    assert_eq!(licence.irregularities, []);
    assert_eq!(licence.number.as_deref(), Some("998877"));
    assert_eq!(licence.family_name.as_deref(), Some("DOE"));
    assert_eq!(licence.born_on, Some(date(1960, 2, 29)));
}

#[test]
fn canada_puts_the_year_first() {
    let mut lines: Vec<&str> = super::NEWEST.to_vec();
    let dates = ["DBD20210606", "DBB19860606", "DBA20291210", "DCGCAN", "DAJON", "DAKM5H 2N2"];
    lines.retain(|line| dates.iter().all(|date| date[..3] != line[..3]));
    lines.extend(dates);
    let licence = read(&payload("636012", 10, &[("DL", &lines)]));
    assert_eq!(licence.irregularities, []);
    assert_eq!((licence.country, licence.born_on), (Some(Country::Canada), Some(date(1986, 6, 6))));
    let address = extraction(&licence, date(2026, 1, 1)).address.expect("an address");
    assert_eq!(address.postal_code.as_deref(), Some("M5H 2N2"));
}

#[test]
fn a_card_that_does_not_license_to_drive() {
    let lines: Vec<&str> = super::NEWEST
        .iter()
        .filter(|line| !line.starts_with("DC") || line.starts_with("DCS"))
        .copied()
        .collect();
    let card = payload("636000", 10, &[("ID", &lines)]);
    let missing = ["DCF", "DCG"].map(|id| Irregularity::Missing(element(id)));
    assert_eq!(irregularities(&card), missing, "classes are not demanded of it");
    let fields = extraction(&read(&card), date(2026, 1, 1));
    assert_eq!(fields.document_type.map(|kind| kind.to_string()).as_deref(), Some("ID_CARD"));
    assert_eq!(fields.dl_categories, None);
}

#[test]
fn an_enhanced_licence() {
    let licence = read(&payload("636001", 10, &[("EN", super::NEWEST)]));
    assert_eq!(licence.kind, Kind::EnhancedDrivingLicence);
    assert_eq!(licence.irregularities, []);
}

#[test]
fn all_fields_of_the_wire() {
    let fields = extraction(&read(&newest(10)), date(2026, 6, 5));
    let json = serde_json::to_value(&fields).expect("serializes");
    let parts = |year: &str, month: &str, day: &str| serde_json::json!({ "year": year, "month": month, "day": day });
    assert_eq!(
        json,
        serde_json::json!({
            "type": "DRIVING_LICENSE",
            "issuingCountry": "USA",
            "firstName": "MICHAEL JOHN",
            "lastName": "SAMPLE",
            "dateOfBirth": "1986-06-06",
            "dateOfBirthParts": parts("1986", "06", "06"),
            "expiryDate": "2029-12-10",
            "expiryDateParts": parts("2029", "12", "10"),
            "issuingDate": "2021-06-06",
            "issuingDateParts": parts("2021", "06", "06"),
            "documentNumber": "T64235789",
            "state": "VA",
            "address": {
                "line1": "12 ELM STREET",
                "city": "RICHMOND",
                "subdivision": "VA",
                "postalCode": "23269",
                "country": "USA",
                "formattedAddress": "12 ELM STREET, RICHMOND, VA 23269"
            },
            "gender": "M",
            "currentAge": "39",
            "dlCategories": ["D"]
        })
    );
}

#[test]
fn names_that_do_not_exist_are_said_not_to() {
    let fields = extraction(&read(&changed(&["DACNONE", "DADunavl"])), date(2026, 1, 1));
    assert_eq!(fields.first_name.as_deref(), Some("N/A"));
    assert_eq!(fields.last_name.as_deref(), Some("SAMPLE"));
}

pub(super) fn element(id: &str) -> ElementId {
    ElementId::new(id.as_bytes().try_into().expect("three characters"))
}
