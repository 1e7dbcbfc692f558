//! The text of drawn specimens, and of pictures without any.

use std::path::PathBuf;

use bonafide_models::Library;
use bonafide_specimen::aamva::Version;
use bonafide_specimen::{
    Degradation, Drawn, Field, IdCard, Issue, JURISDICTIONS, Labels, Licence, Passport, Person,
    degrade,
};
use image::{Rgb, RgbImage};
use jiff::civil::date;

use crate::{Reader, TextLine};

/// Shorter values could be found by accident.
const SHORTEST_VALUE: usize = 3;

/// None where the models are not installed.
fn reader() -> Option<Reader> {
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let home = || Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache"));
    let folder = cache.or_else(home)?.join("bonafide").join("models");
    let reader = Reader::open(&Library::open(folder).unwrap());
    if reader.is_err() {
        println!("skipped: the models of the pack `documents` are not installed");
    }
    reader.ok()
}

fn drawn(seed: u64) -> Drawn {
    let today = date(2026, 11, 23);
    let (person, issue) = (Person::generate(today, seed), Issue::generate(today, seed));
    match seed % 3 {
        0 => Passport::new(person, issue).draw(seed),
        1 => IdCard::new(person, issue).draw_front(seed),
        _ => {
            let jurisdiction = JURISDICTIONS[seed as usize % JURISDICTIONS.len()];
            Licence::new(person, issue, jurisdiction, Version::V09).draw_front(seed)
        }
    }
}

/// How many of the fields were read where they stand, of how many.
fn found(lines: &[TextLine], labels: &Labels) -> (usize, usize) {
    let fields = labels.fields.iter().filter(|field| field.text.len() >= SHORTEST_VALUE);
    let found = fields.clone().filter(|field| lines.iter().any(|line| shows(line, field)));
    (found.count(), fields.count())
}

fn shows(line: &TextLine, field: &Field) -> bool {
    let [left, top, right, bottom] = line.quad.bounds();
    let centre = field.quad.centre();
    let without_space = |text: &str| text.split_whitespace().collect::<String>();
    (left..right).contains(&centre.x)
        && (top..bottom).contains(&centre.y)
        && without_space(&line.text).contains(&without_space(&field.text))
}

#[test]
fn the_values_on_specimens_are_read() {
    let Some(reader) = reader() else { return };
    let (mut found_in_all, mut in_all) = (0, 0);
    for seed in 0..6 {
        let drawn = degrade(&drawn(seed), &Degradation::scan(), seed).unwrap();
        let lines = reader.read_text(&drawn.picture).unwrap();
        let (found, of) = found(&lines, &drawn.labels);
        println!("seed {seed}: {found} of {of}, {} lines", lines.len());
        found_in_all += found;
        in_all += of;
    }
    assert!(in_all > 30, "{in_all} fields are too few to judge by");
    assert!(found_in_all * 10 >= in_all * 8, "{found_in_all} of {in_all} fields read");
}

#[test]
fn turned_specimens_are_read_as_upright_ones() {
    let Some(reader) = reader() else { return };
    for quarter_turns in [1, 2, 3] {
        let turned = Degradation { quarter_turns, ..Degradation::default() };
        let drawn = degrade(&drawn(1), &turned, 1).unwrap();
        let lines = reader.read_text(&drawn.picture).unwrap();
        let (found, of) = found(&lines, &drawn.labels);
        assert!(found * 10 >= of * 7, "{found} of {of} fields after {quarter_turns} quarter turns");
    }
}

#[test]
fn an_empty_picture_says_nothing() {
    let Some(reader) = reader() else { return };
    for (width, height) in [(0, 0), (1, 1), (900, 3), (640, 480)] {
        let picture = RgbImage::from_pixel(width, height, Rgb([240, 238, 230]));
        assert_eq!(reader.read_text(&picture).unwrap(), [], "{width} by {height}");
    }
}

#[test]
fn noise_is_read_without_harm() {
    let Some(reader) = reader() else { return };
    let mut state = 7_u32;
    let noise = RgbImage::from_fn(320, 240, |_, _| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let [.., a, b, c] = state.to_le_bytes();
        Rgb([a, b, c])
    });
    let lines = reader.read_text(&noise).unwrap();
    assert!(lines.iter().all(|line| (0.5..=1.0).contains(&line.confidence)));
}
