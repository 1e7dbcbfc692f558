use bonafide_imaging::{Error, Quad, decode};
use bonafide_specimen::{
    Degradation, Drawn, Issue, JURISDICTIONS, Licence, Passport, Person, Placement, aamva::Version,
    degrade,
};
use image::RgbImage;
use jiff::civil::date;

use super::{Verdict, judge};
use crate::TextLine;
use crate::mrz::{CheckDigit, Checked, Format, Reading};
use crate::side::Side;

const TODAY: jiff::civil::Date = date(2026, 11, 23);

fn passport(degradation: &Degradation) -> Drawn {
    let drawn = Passport::new(Person::generate(TODAY, 5), Issue::generate(TODAY, 5)).draw(5);
    degrade(&drawn, degradation, 5).expect("fits a JPEG")
}

fn licence_front() -> Drawn {
    let (person, issue) = (Person::generate(TODAY, 5), Issue::generate(TODAY, 5));
    Licence::new(person, issue, JURISDICTIONS[0], Version::V10).draw_front(5)
}

/// What a recogniser would find, as sure as it is told to be.
fn print(drawn: &Drawn, confidence: f32) -> Vec<TextLine> {
    let line = |field: &bonafide_specimen::Field| TextLine {
        text: field.text.clone(),
        confidence,
        quad: field.quad,
    };
    drawn.labels.fields.iter().map(line).collect()
}

fn zone(drawn: &Drawn, holds: bool) -> Reading {
    let lines = &drawn.labels.mrz.as_ref().expect("a passport has a zone").lines;
    let [a, b, ..] = lines[0].quad.0;
    let [.., c, d] = lines[lines.len() - 1].quad.0;
    Reading {
        format: Format::Td3,
        lines: lines.iter().map(|line| line.text.clone()).collect(),
        confidences: vec![vec![0.5; 44]; 2],
        repairs: Vec::new(),
        check_digits: vec![CheckDigit { checked: Checked::Composite, holds }],
        quad: Some(Quad([a, b, c, d])),
        rotation: 0,
    }
}

fn side<'a>(picture: &'a RgbImage, mrz: Option<&'a Reading>, print: &'a [TextLine]) -> Side<'a> {
    Side { part: "FRONT", picture: Ok(picture), mrz, barcode: None, print }
}

/// The verdict where text was found but nothing was read with confidence, so that only measures can tell.
fn verdict_unread(degradation: &Degradation) -> Verdict {
    let drawn = passport(degradation);
    let lines = print(&drawn, 0.75);
    judge(&side(&drawn.picture, None, &lines), None).0
}

/// The verdict where the zone was read.
fn verdict_read(degradation: &Degradation) -> Verdict {
    let drawn = passport(degradation);
    let (zone, lines) = (zone(&drawn, true), print(&drawn, 0.95));
    judge(&side(&drawn.picture, Some(&zone), &lines), None).0
}

#[test]
fn good_pictures_are_usable() {
    for degradation in [
        Degradation::default(),
        Degradation::scan(),
        Degradation::photograph(0.1),
        Degradation::photograph(0.4),
    ] {
        assert_eq!(verdict_read(&degradation), Verdict::Usable, "{degradation:?}");
    }
}

#[test]
fn without_a_zone_or_barcode_the_type_is_not_supported() {
    for degradation in [Degradation::default(), Degradation::scan(), Degradation::photograph(0.1)] {
        assert_eq!(
            verdict_unread(&degradation),
            Verdict::UnsupportedDocumentType,
            "{degradation:?}"
        );
    }
}

#[test]
fn a_picture_out_of_focus_is_blurred_unless_it_was_read() {
    // A scan: on a table the grain of the background counts as edges, and hides the blur of the print.
    let degradation = Degradation { blur: 8.0, ..Degradation::scan() };
    assert_eq!(verdict_unread(&degradation), Verdict::Blurred, "{degradation:?}");
    assert_eq!(verdict_read(&degradation), Verdict::Usable, "{degradation:?}");
}

#[test]
fn darkness_and_few_pixels_have_their_labels() {
    let dark = Degradation { exposure: -4.0, ..Degradation::scan() };
    assert_eq!(verdict_unread(&dark), Verdict::BadQualityImage);
    let coarse = Degradation { width: Some(310), ..Degradation::scan() };
    assert_eq!(verdict_unread(&coarse), Verdict::BadQuality);
}

#[test]
fn a_photocopy_has_no_colour() {
    assert_eq!(verdict_read(&Degradation::photocopy()), Verdict::BlackWhite);
}

#[test]
fn a_page_mostly_outside_is_a_part_missing() {
    let whole = passport(&Degradation::default());
    let (width, height) = whole.picture.dimensions();
    let cut = image::imageops::crop_imm(&whole.picture, 0, height * 3 / 5, width, height * 2 / 5)
        .to_image();
    let mut zone = zone(&whole, true);
    zone.quad = zone.quad.map(|quad| quad.moved(0.0, -(height as f32 * 0.6)));
    assert_eq!(judge(&side(&cut, Some(&zone), &[]), None).0, Verdict::PartOfDocumentMissing);
    zone.check_digits[0].holds = false;
    assert_eq!(judge(&side(&cut, Some(&zone), &[]), None).0, Verdict::Usable);
}

#[test]
fn a_reflection_over_several_lines_is_glare() {
    let mut drawn = passport(&Degradation::scan());
    let field = drawn.labels.field("surname").expect("a passport has a surname").quad.bounds();
    for (x, y, pixel) in drawn.picture.enumerate_pixels_mut() {
        let away = (x as f32 - field[0] - 60.0).hypot(y as f32 - field[3]) / 160.0;
        let light = (500.0 * (-away.powi(4)).exp()) as u16;
        pixel.0 = pixel.0.map(|channel| (u16::from(channel) + light).min(255) as u8);
    }
    let (zone, lines) = (zone(&drawn, true), print(&drawn, 0.95));
    let (verdict, judgement) = judge(&side(&drawn.picture, Some(&zone), &lines), None);
    assert_eq!(verdict, Verdict::Glare);
    let glare = judgement.signals.iter().find(|signal| signal.signal == "usability.glare_share");
    assert!(glare.is_some_and(|signal| signal.region.is_some()), "{glare:?}");
}

#[test]
fn a_landscape_is_not_a_document() {
    let landscape = RgbImage::from_fn(900, 600, |x, y| {
        let hill = 300.0 + 80.0 * (x as f32 / 130.0).sin() + 9.0 * (x as f32 / 5.0).cos();
        let tree = x % 37 < 5 && y as f32 > hill - 60.0;
        image::Rgb(if y as f32 > hill || tree { [60, 110, 40] } else { [120, 170, 230] })
    });
    assert_eq!(judge(&side(&landscape, None, &[]), None).0, Verdict::NotADocument);
}

#[test]
fn what_cannot_be_decoded_is_said_so() {
    let error = decode(b"%PDF-1.7", &bonafide_imaging::Limits::default()).expect_err("no picture");
    assert_eq!(error, Error::NotAPicture);
    let broken = Side { part: "FRONT", picture: Err(&error), mrz: None, barcode: None, print: &[] };
    assert_eq!(judge(&broken, None).0, Verdict::BadQualityImage);
}

#[test]
fn a_licence_needs_its_back_and_the_barcode_on_it() {
    let drawn = licence_front();
    let mut lines = print(&drawn, 0.95);
    lines[0].text = "DRIVER’S LICENSE".to_owned();
    let front = side(&drawn.picture, None, &lines);
    assert_eq!(judge(&front, None).0, Verdict::MissingPage);
    let back = Side { part: "BACK", ..front };
    assert_eq!(judge(&front, Some(&back)).0, Verdict::MissingMandatoryDatapoints);
    let with_barcode = Side { barcode: Some(Quad::frame(100, 50)), ..back };
    assert_eq!(judge(&front, Some(&with_barcode)).0, Verdict::Usable);
}

#[test]
fn a_sideways_photograph_on_a_table_is_usable() {
    let sideways = Degradation {
        placement: Some(Placement::straight(0.3)),
        quarter_turns: 1,
        ..Degradation::photograph(0.2)
    };
    assert_eq!(verdict_read(&sideways), Verdict::Usable);
}

#[test]
fn evidence_holds_each_measure_against_its_threshold() {
    let drawn = passport(&Degradation::scan());
    let (_, judgement) = judge(&side(&drawn.picture, None, &[]), None);
    for name in ["usability.sharpness", "usability.colour_spread", "usability.luma_contrast"] {
        let signal =
            judgement.signals.iter().find(|signal| signal.signal == name).expect("measured");
        assert!(signal.threshold.is_some() && signal.region.is_some(), "{signal:?}");
    }
}

#[test]
fn every_verdict_is_in_the_contract() {
    for verdict in [
        Verdict::Usable,
        Verdict::BadQualityImage,
        Verdict::BadQuality,
        Verdict::Blurred,
        Verdict::Glare,
        Verdict::BlackWhite,
        Verdict::PartOfDocumentMissing,
        Verdict::NotADocument,
        Verdict::MissingPage,
        Verdict::MissingMandatoryDatapoints,
        Verdict::UnsupportedDocumentType,
    ] {
        assert_eq!(verdict.decision().label(), verdict.label());
    }
}
