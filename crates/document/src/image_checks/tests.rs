use bonafide_domain::evidence::Value;
use bonafide_imaging::Quad;
use bonafide_specimen::{Degradation, Drawn, Issue, Passport, Person, degrade};
use image::RgbImage;
use jiff::civil::date;

use super::{Verdict, judge, words};
use crate::TextLine;
use crate::mrz::{Format, Reading};
use crate::side::Side;

fn zone(lines: &[&str]) -> Reading {
    Reading {
        format: if lines.len() == 3 { Format::Td1 } else { Format::Td3 },
        lines: lines.iter().map(ToString::to_string).collect(),
        confidences: Vec::new(),
        repairs: Vec::new(),
        check_digits: Vec::new(),
        quad: None,
        rotation: 0,
    }
}

fn print(text: &str) -> TextLine {
    TextLine { text: text.to_owned(), confidence: 0.99, quad: Quad::rectangle(1.0, 2.0, 30.0, 4.0) }
}

fn mark(mrz: Option<&Reading>, text: &[&str]) -> Option<&'static str> {
    let picture = RgbImage::new(8, 8);
    let print: Vec<TextLine> = text.iter().map(|text| print(text)).collect();
    let side = Side { part: "FRONT", picture: Ok(&picture), mrz, barcode: None, print: &print };
    words::specimen_mark(&side).map(|mark| mark.word)
}

const ORDINARY: [&str; 2] = [
    "P<NORSAMPLE<<JANE<<<<<<<<<<<<<<<<<<<<<<<<<<<",
    "0000000000NOR8001014F3001019<<<<<<<<<<<<<<<0",
];

fn passport(seed: u64) -> Drawn {
    let today = date(2026, 11, 23);
    Passport::new(Person::generate(today, seed), Issue::generate(today, seed)).draw(seed)
}

#[test]
fn the_state_and_the_names_of_specimens_are_known() {
    assert_eq!(mark(Some(&zone(&["P<UTOERIKSSON<<ANNA<MARIA", ""])), &[]), Some("UTO"));
    assert_eq!(mark(Some(&zone(&["P<D<<MUSTERMANN<<ERIKA<<<", ""])), &[]), Some("MUSTERMANN"));
    assert_eq!(mark(Some(&zone(&["IDSVN", "", "VZOREC<<TINA<<<"])), &[]), Some("VZOREC"));
}

#[test]
fn visible_marks_are_known_with_accents_and_in_patterns() {
    assert_eq!(mark(None, &["Spécimen"]), Some("SPECIMEN"));
    assert_eq!(mark(None, &["NAME", "ECIMENSPECIMENSPEC"]), Some("SPECIMEN"));
    assert_eq!(mark(None, &["WZÓR"]), Some("WZOR"));
    assert_eq!(mark(None, &["SAMPLE ONLY"]), Some("SAMPLE"));
}

#[test]
fn names_of_people_are_no_marks() {
    let holder = zone(&ORDINARY);
    assert_eq!(mark(Some(&holder), &["SAMPLE", "JANE"]), None);
    assert_eq!(mark(None, &["SAMPLETON", "Mustermaier", "REPUBLIC OF NORWAY"]), None);
}

#[test]
fn a_specimen_is_rejected_in_a_live_tenant_only() {
    let picture = RgbImage::new(8, 8);
    let print = [print("SPECIMEN")];
    let side =
        Side { part: "FRONT", picture: Ok(&picture), mrz: None, barcode: None, print: &print };
    assert_eq!(judge(&[&side], false).0, Verdict::Sample);
    let (verdict, judgement) = judge(&[&side], true);
    assert_eq!(verdict, Verdict::Original);
    let says_so = |signal: &bonafide_domain::evidence::Signal| {
        signal.signal == "image_checks.sample_judged_as_real" && signal.value == Value::Flag(true)
    };
    assert!(judgement.signals.iter().any(says_so));
}

#[test]
fn drawn_originals_have_no_grid() {
    for seed in 0..4 {
        let drawn = passport(seed);
        for degradation in [Degradation::scan(), Degradation::photograph(0.3)] {
            let picture = degrade(&drawn, &degradation, seed).expect("drawn").picture;
            let side =
                Side { part: "FRONT", picture: Ok(&picture), mrz: None, barcode: None, print: &[] };
            assert_eq!(judge(&[&side], false).0, Verdict::Original, "seed {seed}");
        }
    }
}

#[test]
fn a_photographed_print_has_one() {
    let drawn = passport(1);
    let picture = degrade(&drawn, &Degradation::print(), 1).expect("drawn").picture;
    let side = Side { part: "FRONT", picture: Ok(&picture), mrz: None, barcode: None, print: &[] };
    assert_eq!(judge(&[&side], false).0, Verdict::DigitalCopy);
}

#[test]
fn every_verdict_is_in_the_contract() {
    for verdict in [Verdict::Original, Verdict::DigitalCopy, Verdict::Sample] {
        assert_eq!(verdict.decision().label(), verdict.label());
    }
}
