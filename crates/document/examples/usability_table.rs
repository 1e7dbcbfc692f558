//! Prints what usability and image checks make of drawn specimens under every degradation, and of pictures from
//! files. Nothing is read: the text of drawn ones is where their labels say, unsure throughout, so that only the
//! measures decide.
//!
//! `cargo run -p bonafide-document --example usability_table -- [PICTURE...]`
#![allow(clippy::print_stdout, reason = "a table is what this program is for")]

use bonafide_document::{Side, TextLine, image_checks, usability};
use bonafide_domain::evidence::{Signal, Value};
use bonafide_imaging::{Limits, decode};
use bonafide_specimen::{
    Degradation, Drawn, IdCard, Issue, JURISDICTIONS, Licence, Passport, Person, aamva::Version,
    degrade,
};
use image::RgbImage;
use jiff::civil::date;

const COLUMNS: [(&str, &str); 9] = [
    ("sharp", "usability.sharpness"),
    ("aniso", "usability.edge_anisotropy"),
    ("light", "usability.brightest_luma"),
    ("contr", "usability.luma_contrast"),
    ("colour", "usability.colour_spread"),
    ("px/mm", "usability.pixels_per_millimetre"),
    ("glare", "usability.glare_share"),
    ("lines", "usability.glare_touched_lines"),
    ("grid", "image_checks.grid_strength_decibels"),
];

fn main() {
    print!("{:44}{:26}{:12}", "picture", "usability", "image");
    COLUMNS.iter().for_each(|(title, _)| print!("{title:>8}"));
    println!();
    for path in std::env::args().skip(1) {
        let any_size = Limits { shortest_longest_side: 0, ..Limits::default() };
        let decoded = std::fs::read(&path).ok().and_then(|bytes| decode(&bytes, &any_size).ok());
        match decoded {
            Some(decoded) => print_row(&path, &decoded.rgb, &[]),
            None => println!("{path}: no picture"),
        }
    }
    for seed in 0..4 {
        for (kind, drawn) in documents(seed) {
            for (made, degradation) in degradations() {
                let degraded = degrade(&drawn, &degradation, seed).expect("fits a JPEG");
                print_drawn(&format!("{kind} {seed} {made}"), &degraded);
            }
        }
    }
}

fn documents(seed: u64) -> [(&'static str, Drawn); 3] {
    let today = date(2026, 11, 23);
    let (person, issue) = (Person::generate(today, seed), Issue::generate(today, seed));
    let jurisdiction = JURISDICTIONS[seed as usize % JURISDICTIONS.len()];
    let licence = Licence::new(person.clone(), issue.clone(), jurisdiction, Version::V10);
    [
        ("card", IdCard::new(person.clone(), issue.clone()).draw_front(seed)),
        ("licence", licence.draw_front(seed)),
        ("passport", Passport::new(person, issue).draw(seed)),
    ]
}

fn degradations() -> Vec<(&'static str, Degradation)> {
    let photograph = Degradation::photograph(0.1);
    vec![
        ("as drawn", Degradation::default()),
        ("scan", Degradation::scan()),
        ("photograph .1", photograph),
        ("photograph .5", Degradation::photograph(0.5)),
        ("photograph 1", Degradation::photograph(1.0)),
        ("blur 3", Degradation { blur: 3.0, ..photograph }),
        ("blur 6", Degradation { blur: 6.0, ..photograph }),
        ("motion 12", Degradation { motion: 12.0, ..photograph }),
        ("motion 30", Degradation { motion: 30.0, ..photograph }),
        ("glare .5", Degradation { glare: 0.5, ..photograph }),
        ("glare 1", Degradation { glare: 1.0, ..photograph }),
        ("exposure -3", Degradation { exposure: -3.0, ..photograph }),
        ("exposure +2", Degradation { exposure: 2.0, ..photograph }),
        ("width 320", Degradation { width: Some(320), ..photograph }),
        ("photocopy", Degradation::photocopy()),
        ("print", Degradation::print()),
        ("screen", Degradation::screen()),
    ]
}

fn print_drawn(name: &str, drawn: &Drawn) {
    let line = |field: &bonafide_specimen::Field| TextLine {
        text: String::new(),
        confidence: 0.75,
        quad: field.quad,
    };
    let lines: Vec<TextLine> = drawn.labels.fields.iter().map(line).collect();
    print_row(name, &drawn.picture, &lines);
}

fn print_row(name: &str, picture: &RgbImage, print: &[TextLine]) {
    let side = Side { part: "FRONT", picture: Ok(picture), mrz: None, barcode: None, print };
    let (usability, judgement) = usability::judge(&side, None);
    let (image, image_judgement) = image_checks::judge(&[&side], true);
    let signals = [judgement.signals, image_judgement.signals].concat();
    print!("{name:44}{:26}{:12}", format!("{usability:?}"), format!("{image:?}"));
    for (_, signal) in COLUMNS {
        print!("{:8.3}", number(&signals, signal));
    }
    println!();
}

fn number(signals: &[Signal], name: &str) -> f64 {
    match signals.iter().find(|signal| signal.signal == name).map(|signal| &signal.value) {
        Some(Value::Number(value)) => *value,
        _ => f64::NAN,
    }
}
