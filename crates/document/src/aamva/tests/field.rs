//! What issuers and printers do to the standard.

use jiff::civil::date;

use super::super::{Error, Irregularity, Sex, parse};
use super::editions::element;
use super::{changed, irregularities, newest, payload, read};

fn replaced(payload: &[u8], from: &str, to: &str) -> Vec<u8> {
    let text = String::from_utf8(payload.to_vec()).expect("ASCII");
    assert!(text.contains(from), "nothing to replace");
    text.replacen(from, to, 1).into_bytes()
}

fn is_the_sample(payload: &[u8]) {
    let licence = read(payload);
    assert_eq!(licence.number.as_deref(), Some("T64235789"));
    assert_eq!(licence.family_name.as_deref(), Some("SAMPLE"));
    assert_eq!(licence.born_on, Some(date(1986, 6, 6)));
    assert_eq!(licence.elements.value(*b"DCG"), Some("USA"));
}

#[test]
fn wrong_offsets_and_lengths() {
    for wrong in ["DL00400279", "DL99999999", "DL00410000"] {
        let right = String::from_utf8(newest(10)).expect("ASCII")[21..31].to_owned();
        let payload = replaced(&newest(10), &right, wrong);
        is_the_sample(&payload);
        assert_eq!(irregularities(&payload), [Irregularity::SubfilePlace], "{wrong}");
    }
}

#[test]
fn a_subfile_without_its_type() {
    let payload = replaced(&newest(10), "DLDAQ", "DAQ");
    is_the_sample(&payload);
    let found = irregularities(&payload);
    assert_eq!(found, [Irregularity::SubfilePlace, Irregularity::SubfileType]);
}

#[test]
fn separators_of_all_kinds() {
    let text = String::from_utf8(newest(10)).expect("ASCII");
    let (header, body) = text.split_at(41);
    for separator in ["\r\n", "\r", "\x1e", "\n\n"] {
        is_the_sample(format!("{header}{}", body.replace('\n', separator)).as_bytes());
    }
    let without_record_separator = replaced(&newest(10), "@\n\x1e\r", "@\n\r");
    is_the_sample(&without_record_separator);
    assert!(irregularities(&without_record_separator).contains(&Irregularity::Preamble));
}

#[test]
fn lower_case_and_lost_spaces() {
    is_the_sample(&replaced(&newest(10), "ANSI 6", "ansi 6"));
    let payload = replaced(&newest(10), "ANSI 6", "ANSI6");
    is_the_sample(&payload);
    assert!(irregularities(&payload).contains(&Irregularity::FileType));
    let lower = String::from_utf8(newest(10)).expect("ASCII").to_lowercase();
    assert_eq!(read(lower.as_bytes()).number.as_deref(), Some("t64235789"));
}

#[test]
fn rubbish_at_the_end() {
    let mut payload = newest(10);
    payload.extend(b"\r\n\0\0garbage\xff\xfe DAQ");
    is_the_sample(&payload);
    assert_eq!(irregularities(&payload), []);
}

#[test]
fn a_header_that_miscounts() {
    let payload = replaced(&newest(10), "6360001000 02".replace(' ', "").as_str(), "636000100005");
    is_the_sample(&payload);
    assert_eq!(irregularities(&payload), [Irregularity::EntryCount]);
}

#[test]
fn accents_in_latin_1_and_in_utf_8() {
    let mut latin: Vec<u8> = changed(&["DCSC?TE"]);
    let at = latin.iter().position(|&c| c == b'?').expect("a mark");
    latin[at] = 0xd4;
    assert_eq!(read(&latin).family_name.as_deref(), Some("CÔTE"));
    assert_eq!(read(&changed(&["DCSCÔTE"])).family_name.as_deref(), Some("CÔTE"));
}

#[test]
fn dates_in_the_wrong_order_and_dates_that_do_not_exist() {
    let licence = read(&changed(&["DBB19860606", "DBA02302029"]));
    assert_eq!(licence.born_on, Some(date(1986, 6, 6)));
    assert_eq!(licence.expires_on, None);
    let expected = [Irregularity::DateOrder(element("DBB")), Irregularity::NoDate(element("DBA"))];
    assert_eq!(licence.irregularities, expected);
}

#[test]
fn sexes() {
    for (value, sex) in [
        ("DBC2", Sex::Female),
        ("DBCF", Sex::Female),
        ("DBCX", Sex::Unspecified),
        ("DBC9", Sex::Unspecified),
    ] {
        assert_eq!(read(&changed(&[value])).sex, Some(sex), "{value}");
    }
    let licence = read(&changed(&["DBC7"]));
    assert_eq!(licence.sex, None);
    assert_eq!(licence.irregularities, [Irregularity::Vocabulary(element("DBC"))]);
}

#[test]
fn an_element_twice() {
    let payload = replaced(&newest(10), "DDEN", "DCSOTHER");
    let licence = read(&payload);
    assert_eq!(licence.family_name.as_deref(), Some("SAMPLE"));
    assert!(licence.irregularities.contains(&Irregularity::Repeated(element("DCS"))));
    assert!(licence.irregularities.contains(&Irregularity::Missing(element("DDE"))));
}

#[test]
fn names_cut_off() {
    assert!(!read(&newest(10)).is_name_truncated);
    assert!(read(&changed(&["DDFT"])).is_name_truncated);
}

#[test]
fn an_unknown_issuer() {
    assert_eq!(read(&payload("123456", 10, &[("DL", super::NEWEST)])).issuer, None);
}

#[test]
fn what_is_no_licence() {
    assert_eq!(parse(b""), Err(Error::NoHeader));
    assert_eq!(parse(b"https://example.org/ticket/1"), Err(Error::NoHeader));
    assert_eq!(parse(b"@\n\x1e\rANSI 63600"), Err(Error::ShortHeader { digits: 5 }));
    assert_eq!(parse(b"@\n\x1e\rANSI 636000100001"), Err(Error::NoSubfile));
    assert_eq!(parse(b"@\n\x1e\rANSI 636000100001DL00310002DL"), Err(Error::NoElements));
    assert_eq!(parse(&[b'x'; 5000]), Err(Error::TooLong { bytes: 5000, limit: 4096 }));
}

#[test]
fn nothing_personal_is_shown() {
    let shown = format!("{:?}", read(&newest(10)));
    for secret in ["SAMPLE", "MICHAEL", "T64235789", "1986", "RICHMOND"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}
