use bonafide_domain::decision::{DecisionType, Label};
use bonafide_domain::evidence::Value;
use bonafide_imaging::Quad;
use jiff::civil::{Date, date};

use super::{Inputs, Symbol, Zone, judge};
use crate::side::Judgement;
use crate::{aamva, mrz};

/// The specimen of ICAO 9303-4 appendix B, valid until 2012-04-15.
const PASSPORT: [&str; 2] = [
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
    "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
];

const TODAY: Date = date(2010, 6, 1);

fn reading(lines: &[&str]) -> mrz::Reading {
    let document = mrz::parse(lines, TODAY).expect("a zone");
    mrz::Reading {
        format: document.format,
        lines: lines.iter().map(|&line| line.to_owned()).collect(),
        confidences: lines.iter().map(|line| vec![1.0; line.len()]).collect(),
        repairs: Vec::new(),
        check_digits: document.check_digits,
        quad: Some(Quad::rectangle(10.0, 20.0, 300.0, 40.0)),
        rotation: 0,
    }
}

fn licence(changes: &[&str]) -> Result<aamva::Licence, aamva::Error> {
    let elements = [
        "DAQL898902C3",
        "DCSERIKSSON",
        "DACANNA",
        "DADMARIA",
        "DDEN",
        "DDFN",
        "DDGN",
        "DCAD",
        "DCBNONE",
        "DCDNONE",
        "DBD04162007",
        "DBB08121974",
        "DBA04152012",
        "DBC2",
        "DAU065 in",
        "DAYGRN",
        "DAG1 MAIN ST",
        "DAIALBANY",
        "DAJNY",
        "DAK122070000  ",
        "DCFAB12",
        "DCGUSA",
    ];
    let kept = elements.iter().filter(|line| changes.iter().all(|change| change[..3] != line[..3]));
    let lines: Vec<&str> = kept.chain(changes).copied().filter(|line| line.len() > 3).collect();
    let body = format!("EN{}\r", lines.join("\n"));
    aamva::parse(format!("@\n\x1e\rANSI 636001050001EN0031{:04}{body}", body.len()).as_bytes())
}

fn inputs<'a>(
    zone: Option<&'a mrz::Reading>,
    licence: Option<&'a Result<aamva::Licence, aamva::Error>>,
) -> Inputs<'a> {
    let quad = Quad::rectangle(5.0, 5.0, 200.0, 80.0);
    Inputs {
        zone: zone.map(|reading| Zone { part: "FRONT", reading }),
        symbol: licence.map(|licence| Symbol { part: "BACK", quad, licence }),
        today: TODAY,
        expiry_limit_days: 0,
    }
}

fn verdict(inputs: &Inputs<'_>) -> (DecisionType, Label) {
    let decision = judge(inputs).decision;
    (decision.decision_type(), decision.label())
}

fn of_zone(lines: &[&str]) -> (DecisionType, Label) {
    verdict(&inputs(Some(&reading(lines)), None))
}

fn of_licence(changes: &[&str]) -> (DecisionType, Label) {
    verdict(&inputs(None, Some(&licence(changes))))
}

fn value<'a>(judgement: &'a Judgement, signal: &str) -> &'a Value {
    &judgement.signals.iter().find(|found| found.signal == signal).expect("such a signal").value
}

const PASSED: (DecisionType, Label) = (DecisionType::Passed, Label::Ok);
const MISMATCH: (DecisionType, Label) = (DecisionType::Rejected, Label::MismatchingDatapoints);
const EXPIRY: (DecisionType, Label) =
    (DecisionType::Warning, Label::DocumentExpiryWithinConfiguredLimit);

#[test]
fn consistent_documents_pass() {
    assert_eq!(of_zone(&PASSPORT), PASSED);
    assert_eq!(of_licence(&[]), PASSED);
    assert_eq!(verdict(&inputs(Some(&reading(&PASSPORT)), Some(&licence(&[])))), PASSED);
}

#[test]
fn nothing_read_is_nothing_judged() {
    let other = aamva::parse(b"a ticket");
    for inputs in [inputs(None, None), inputs(None, Some(&other))] {
        let expected = (DecisionType::NotExecuted, Label::PreconditionNotFulfilled);
        assert_eq!(verdict(&inputs), expected);
    }
}

#[test]
fn a_wrong_check_digit() {
    let zone = [PASSPORT[0], "L898902C36UTO7408129F1204159ZE184226B<<<<<10"];
    assert_eq!(of_zone(&zone), (DecisionType::Rejected, Label::MrzChecksum));
    let judgement = judge(&inputs(Some(&reading(&zone)), None));
    assert_eq!(value(&judgement, "mrz.check_digit.date_of_birth"), &Value::Flag(false));
    assert_eq!(value(&judgement, "mrz.check_digit.document_number"), &Value::Flag(true));
}

#[test]
fn a_check_digit_that_holds_by_repair_is_told() {
    let mut reading = reading(&PASSPORT);
    let cause = mrz::Cause::CheckDigit;
    reading.repairs.push(mrz::Repair { line: 1, column: 0, read: '1', repaired: 'L', cause });
    let judgement = judge(&inputs(Some(&reading), None));
    assert_eq!(value(&judgement, "mrz.repairs.check_digit"), &Value::Number(1.0));
    assert_eq!(judgement.decision.label(), Label::Ok);
}

#[test]
fn codes_that_do_not_exist() {
    let zone = ["P<QQQERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", PASSPORT[1]];
    assert_eq!(of_zone(&zone), MISMATCH);
    let mut doubtful = reading(&zone);
    doubtful.confidences[0][3] = 0.5;
    assert_eq!(verdict(&inputs(Some(&doubtful), None)), PASSED, "it may have been misread");
}

#[test]
fn days_outside_of_the_calendar() {
    // 30 February and month 13, with check digits of their own.
    for (birth, digit) in [("740230", '4'), ("741312", '8')] {
        let line = format!("L898902C36UTO{birth}{digit}F1204159ZE184226B<<<<<1");
        assert_eq!(mrz::check_digit(birth.as_bytes()), Some(digit as u8));
        let composite: Vec<u8> = [&line[..10], &line[13..20], &line[21..43]].concat().into_bytes();
        let composite = char::from(mrz::check_digit(&composite).expect("a digit"));
        let line = format!("{line}{composite}");
        assert_eq!(of_zone(&[PASSPORT[0], &line]), MISMATCH, "{birth}");
    }
}

#[test]
fn expired_and_soon_to_expire() {
    let reading = reading(&PASSPORT);
    let on = |today, limit| {
        let inputs = Inputs { today, expiry_limit_days: limit, ..inputs(Some(&reading), None) };
        verdict(&inputs)
    };
    assert_eq!(on(date(2012, 4, 15), 0), PASSED, "the last day counts");
    assert_eq!(on(date(2012, 4, 16), 0), EXPIRY);
    assert_eq!(on(date(2012, 3, 15), 30), PASSED, "31 days left");
    assert_eq!(on(date(2012, 3, 16), 30), EXPIRY, "30 days left");
    assert_eq!(of_licence(&["DBA05312010"]), EXPIRY);
}

#[test]
fn dates_in_an_impossible_order() {
    assert_eq!(of_licence(&["DBD08111974"]), MISMATCH, "issued before birth");
    assert_eq!(of_licence(&["DBD04152013"]), MISMATCH, "issued after expiry and after today");
    assert_eq!(of_licence(&["DBB06032010"]), MISMATCH, "born after today");
    assert_eq!(of_licence(&["DBB08121874"]), MISMATCH, "too old");
    assert_eq!(of_licence(&["DBB02301974"]), MISMATCH, "no such day");
}

#[test]
fn what_no_licence_goes_without() {
    for id in ["DAQ", "DBB", "DBA", "DCS"] {
        assert_eq!(of_licence(&[id]), MISMATCH, "{id}");
    }
    for id in ["DAY", "DCF", "DDE"] {
        assert_eq!(of_licence(&[id]), PASSED, "{id}");
    }
    let licence = licence(&["DAY"]);
    let judgement = judge(&inputs(None, Some(&licence)));
    let told = Value::Text("missing_element DAY".to_owned());
    assert_eq!(value(&judgement, "aamva.irregularity"), &told);
}

#[test]
fn issuers() {
    assert_eq!(of_licence(&["DCGCAN", "DBB19740812", "DBD20070416", "DBA20120415"]), MISMATCH);
    assert_eq!(of_licence(&["DAJNJ"]), PASSED, "the holder may live elsewhere");
    let unknown = aamva::parse(
        b"@\n\x1e\rANSI 999999050001DL00310028DLDAQ1\nDBB08121974\nDCSA\nDBA04152012\r",
    );
    assert_eq!(verdict(&inputs(None, Some(&unknown))), MISMATCH);
    let broken = aamva::parse(b"@\n\x1e\rANSI 636001050001XX00310028");
    assert_eq!(verdict(&inputs(None, Some(&broken))), MISMATCH);
}

#[test]
fn two_sides_that_contradict_each_other() {
    let zone = reading(&PASSPORT);
    for change in ["DBB08121975", "DBA04152013", "DCSSMITH", "DACBERTA"] {
        let changes: &[&str] = if change.starts_with("DAC") { &[change, "DAD"] } else { &[change] };
        let licence = licence(changes);
        let mut inputs = inputs(Some(&zone), Some(&licence));
        let expected = (DecisionType::Rejected, Label::MismatchFrontBack);
        assert_eq!(verdict(&inputs), expected, "{change}");
        inputs.zone = Some(Zone { part: "BACK", reading: &zone });
        assert_eq!(verdict(&inputs), MISMATCH, "{change} on one side");
    }
}

#[test]
fn the_worst_decides() {
    let zone = [PASSPORT[0], "L898902C37UTO7408122F1204159ZE184226B<<<<<10"];
    let licence = licence(&["DCSSMITH", "DBA05312010"]);
    let expected = (DecisionType::Rejected, Label::MrzChecksum);
    assert_eq!(verdict(&inputs(Some(&reading(&zone)), Some(&licence))), expected);
}

#[test]
fn signals_have_their_place_and_nothing_personal() {
    let (zone, licence) = (reading(&PASSPORT), licence(&[]));
    let judgement = judge(&inputs(Some(&zone), Some(&licence)));
    let regions: Vec<_> =
        judgement.signals.iter().filter_map(|signal| signal.region.as_ref()).collect();
    let has = |part: &str, left_top: [i32; 2]| {
        regions.iter().any(|region| {
            region.part == part && region.corners[0].map(|pixels| pixels as i32) == left_top
        })
    };
    assert!(has("BACK", [5, 5]) && has("FRONT", [10, 20]));
    let shown = format!("{:?}", judgement.signals);
    for secret in ["ERIKSSON", "ANNA", "L898902C3", "1974", "7408"] {
        assert!(!shown.contains(secret), "{secret}");
    }
}
