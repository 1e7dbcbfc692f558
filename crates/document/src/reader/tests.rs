//! Zones of drawn specimens in every position, of real pictures, and of pictures without any.

use std::path::{Path, PathBuf};

use bonafide_models::Library;
use bonafide_specimen::{
    Degradation, Drawn, IdCard, Issue, LargeIdCard, Passport, Person, Visa, degrade,
};
use image::{Rgb, RgbImage};
use jiff::civil::date;

use crate::Reader;
use crate::mrz::Format;

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

fn drawn(format: Format, seed: u64) -> Drawn {
    let today = date(2026, 11, 23);
    let (person, issue) = (Person::generate(today, seed), Issue::generate(today, seed));
    match format {
        Format::Td1 => IdCard::new(person, issue).draw_back(seed),
        Format::Td2 => LargeIdCard::new(person, issue).draw(seed),
        Format::MrvA => Visa::full_page(person, issue).draw(seed),
        Format::MrvB => Visa::small(person, issue).draw(seed),
        _ => Passport::new(person, issue).draw(seed),
    }
}

#[test]
fn zones_are_read_in_every_direction() {
    let Some(reader) = reader() else { return };
    let formats = [Format::Td1, Format::Td2, Format::Td3, Format::MrvA];
    for (quarter_turns, format) in (0..4).zip(formats) {
        let way = Degradation { quarter_turns, ..Degradation::photograph(0.5) };
        let photograph = degrade(&drawn(format, 7), &way, 7).unwrap();
        let reading = reader.read_mrz(&photograph.picture).unwrap().unwrap();
        let labels = photograph.labels.mrz.unwrap();
        let printed: Vec<&str> = labels.lines.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(reading.lines, printed);
        assert_eq!(reading.format, format);
        assert!(reading.is_valid());
        assert_eq!(reading.rotation, (4 - quarter_turns) % 4);
        let middle = reading.quad.unwrap().centre();
        let ink = labels.lines[labels.lines.len() / 2].quad;
        assert!(middle.distance(ink.centre()) < 2.0 * ink.height(), "turned {quarter_turns}");
    }
}

#[test]
fn pictures_without_a_zone_have_none() {
    let Some(reader) = reader() else { return };
    let stripes = RgbImage::from_fn(640, 400, |x, y| {
        Rgb([if (x / 5 + y / 40) % 2 == 0 { 20 } else { 230 }; 3])
    });
    let front = {
        let today = date(2026, 11, 23);
        IdCard::new(Person::generate(today, 3), Issue::generate(today, 3)).draw_front(3).picture
    };
    for picture in [RgbImage::new(0, 0), RgbImage::new(1, 1), RgbImage::new(900, 3), stripes, front]
    {
        let reading = reader.read_mrz(&picture).unwrap();
        assert!(reading.is_none(), "{:?}", picture.dimensions());
    }
}

#[derive(serde::Deserialize)]
struct Label {
    lines: Vec<String>,
}

#[test]
fn real_pictures_are_read_as_they_are_printed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/testdata/mrz");
    let Ok(labels) = std::fs::read(folder.join("labels.json")) else {
        println!("skipped: no real pictures at hand");
        return;
    };
    let Some(reader) = reader() else { return };
    let labels: std::collections::BTreeMap<String, Label> =
        serde_json::from_slice(&labels).unwrap();
    let (mut exact, mut wrong_but_valid) = (0, 0);
    for (name, label) in &labels {
        let bytes = std::fs::read(folder.join(name)).unwrap();
        let picture = image::load_from_memory(&bytes).unwrap().into_rgb8();
        let Some(reading) = reader.read_mrz(&picture).unwrap() else { continue };
        let is_exact = reading.lines == label.lines;
        exact += usize::from(is_exact);
        wrong_but_valid += usize::from(!is_exact && reading.is_valid());
    }
    println!("{exact} of {} exact, {wrong_but_valid} wrong but valid", labels.len());
    assert!(exact >= 17, "{exact} exact");
    assert!(wrong_but_valid <= 1, "{wrong_but_valid} wrong but valid");
}
