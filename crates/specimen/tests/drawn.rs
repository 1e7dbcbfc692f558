//! What every drawn document must be, whoever's it is.

use bonafide_imaging::{Quad, gray, warp};
use bonafide_specimen::{
    Degradation, Drawn, IdCard, Issue, JURISDICTIONS, LargeIdCard, Licence, Passport, Person,
    Placement, Side, Surface, Visa, aamva::Version, degrade,
};
use jiff::civil::{Date, date};

const TODAY: Date = date(2026, 11, 23);

fn passport(seed: u64) -> Drawn {
    Passport::new(Person::generate(TODAY, seed), Issue::generate(TODAY, seed)).draw(seed)
}

fn licence(seed: u64) -> Licence {
    let jurisdiction = JURISDICTIONS[seed as usize % JURISDICTIONS.len()];
    let (person, issue) = (Person::generate(TODAY, seed), Issue::generate(TODAY, seed));
    Licence::new(person, issue, jurisdiction, Version::V10)
}

fn all(seed: u64) -> Vec<Drawn> {
    let (person, issue) = (Person::generate(TODAY, seed), Issue::generate(TODAY, seed));
    let (person, issue) = (|| person.clone(), || issue.clone());
    let card = IdCard::new(person(), issue());
    let licence = licence(seed);
    vec![
        passport(seed),
        card.draw_front(seed),
        card.draw_back(seed),
        LargeIdCard::new(person(), issue()).draw(seed),
        Visa::full_page(person(), issue()).draw(seed),
        Visa::small(person(), issue()).draw(seed),
        licence.draw_front(seed),
        licence.draw_back(seed).expect("a payload of the usual size fits"),
    ]
}

fn quads(drawn: &Drawn) -> Vec<Quad> {
    let labels = &drawn.labels;
    let fields = labels.fields.iter().map(|field| field.quad);
    let lines = labels.mrz.iter().flat_map(|mrz| mrz.lines.iter().map(|line| line.quad));
    let barcode = labels.barcode.iter().map(|barcode| barcode.quad);
    fields.chain(lines).chain(barcode).chain(labels.portrait).collect()
}

/// Share of pixels in the upright box of a quad that are much darker than paper.
fn ink(drawn: &Drawn, quad: &Quad) -> f64 {
    let part = gray(&warp(&drawn.picture, quad, quad.width() as u32, quad.height() as u32));
    let dark = part.pixels().filter(|pixel| pixel[0] < 110).count();
    dark as f64 / part.pixels().len() as f64
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let photograph = Degradation::photograph(0.5);
    let bytes = |seed| degrade(&passport(seed), &photograph, seed).unwrap().png().unwrap();
    assert!(bytes(3) == bytes(3), "two drawings of one seed differ");
    assert!(bytes(3) != bytes(4), "two seeds draw the same");
}

#[test]
fn every_label_lies_on_the_page_and_holds_ink() {
    for drawn in (0..4).flat_map(all) {
        let (width, height) = (drawn.picture.width() as f32, drawn.picture.height() as f32);
        let quads = quads(&drawn);
        assert!(!quads.is_empty());
        for quad in quads {
            let [left, top, right, bottom] = quad.bounds();
            let inside = left >= 0.0 && top >= 0.0 && right <= width && bottom <= height;
            assert!(inside, "{:?}: {quad:?} of {width} x {height}", drawn.labels.side);
            assert!(ink(&drawn, &quad) > 0.02, "{:?}: nothing at {quad:?}", drawn.labels.side);
        }
    }
}

#[test]
fn no_field_lies_on_another() {
    for drawn in (0..12).flat_map(all) {
        let fields = &drawn.labels.fields;
        for (index, field) in fields.iter().enumerate() {
            for other in &fields[index + 1..] {
                let (a, b) = (field.quad.bounds(), other.quad.bounds());
                let across = a[2].min(b[2]) - a[0].max(b[0]);
                // Line boxes are higher than the ink in them and may touch.
                let down = a[3].min(b[3]) - a[1].max(b[1]);
                let height = field.quad.height().min(other.quad.height());
                assert!(
                    across <= 0.0 || down <= 0.3 * height,
                    "{:?}: {} on {}",
                    drawn.labels.side,
                    field.name,
                    other.name
                );
            }
        }
    }
}

#[test]
fn machine_readable_parts_are_where_they_belong() {
    for drawn in all(7) {
        let lines = drawn.labels.mrz.as_ref().map(|mrz| mrz.lines.len());
        let expected = match drawn.labels.side {
            Side::IdCardBack => Some(3),
            Side::PassportPage | Side::LargeIdCardFront | Side::VisaPage => Some(2),
            Side::IdCardFront | Side::LicenceFront | Side::LicenceBack => None,
        };
        assert_eq!(lines, expected, "{:?}", drawn.labels.side);
        let has_barcode = drawn.labels.barcode.is_some();
        assert_eq!(has_barcode, drawn.labels.side == Side::LicenceBack);
    }
}

#[test]
fn modules_are_three_pixels_at_least_and_the_symbol_reads_back() {
    for seed in 0..6 {
        let licence = licence(seed);
        let drawn = licence.draw_back(seed).unwrap();
        let quad = drawn.labels.barcode.as_ref().unwrap().quad;
        // 17 modules for each of 13 columns, and 69 for start, stop and row indicators.
        let module = quad.width() / (17.0 * 13.0 + 69.0);
        assert!(module >= 3.0, "modules of {module} pixels");
        let luma = gray(&drawn.picture);
        let (width, height) = luma.dimensions();
        let found = rxing::helpers::detect_in_luma(
            luma.into_raw(),
            width,
            height,
            Some(rxing::BarcodeFormat::PDF_417),
        );
        assert_eq!(found.unwrap().getText(), licence.payload);
    }
}

#[test]
fn a_change_of_the_mrz_is_printed_and_labelled() {
    let mut passport = Passport::new(Person::generate(TODAY, 2), Issue::generate(TODAY, 2));
    let honest = passport.draw(2);
    passport.mrz[1].replace_range(9..10, "X");
    let forged = passport.draw(2);
    let text = |drawn: &Drawn| drawn.labels.mrz.as_ref().unwrap().lines[1].text.clone();
    assert_ne!(text(&honest), text(&forged));
    assert!(honest.picture != forged.picture);
    assert_eq!(honest.labels.fields, forged.labels.fields);
}

#[test]
fn no_degradation_changes_nothing() {
    let drawn = passport(5);
    assert!(degrade(&drawn, &Degradation::default(), 5).unwrap() == drawn);
}

/// Mean difference, in steps of 8 bits, between what two quads hold.
fn difference(a: (&Drawn, &Quad), b: (&Drawn, &Quad)) -> f64 {
    let flat = |(drawn, quad): (&Drawn, &Quad)| gray(&warp(&drawn.picture, quad, 500, 400));
    let (a, b) = (flat(a), flat(b));
    let sum: u64 = a.iter().zip(b.iter()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f64 / a.len() as f64
}

#[test]
fn labels_follow_geometry() {
    let original = passport(6);
    let placement =
        Placement { tilt_degrees: 20.0, perspective: 0.15, margin: 0.2, surface: Surface::Table };
    for quarter_turns in 0..4 {
        let degradation = Degradation {
            placement: Some(placement),
            width: Some(1400),
            quarter_turns,
            ..Degradation::default()
        };
        for seed in 0..3 {
            let degraded = degrade(&original, &degradation, seed).unwrap();
            for (there, here) in quads(&degraded).iter().zip(quads(&original)) {
                let original = (&original, &here);
                let right = difference((&degraded, there), original);
                let off = there.height() / 3.0;
                let wrong = difference((&degraded, &there.moved(off, off)), original);
                assert!(
                    right < 0.6 * wrong,
                    "turned {quarter_turns}, seed {seed}: {right}, {wrong}"
                );
            }
        }
    }
}

#[test]
fn each_treatment_leaves_its_mark() {
    let original = passport(8);
    let mean = |drawn: &Drawn| {
        let sum: u64 = drawn.picture.iter().map(|value| u64::from(*value)).sum();
        sum as f64 / drawn.picture.len() as f64
    };
    let with = |degradation: Degradation| degrade(&original, &degradation, 8).unwrap();
    let plain = mean(&original);
    let only = Degradation::default;
    assert!(mean(&with(Degradation { exposure: -1.0, ..only() })) < 0.55 * plain);
    assert!(mean(&with(Degradation { shadow: 0.5, ..only() })) < 0.95 * plain);
    assert!(mean(&with(Degradation { glare: 1.0, ..only() })) > plain + 1.0);
    let copy = with(Degradation::photocopy());
    let coloured = copy.picture.pixels().filter(|pixel| pixel[0].abs_diff(pixel[2]) > 24).count();
    assert_eq!(coloured, 0, "a photocopy has no colours");
    let line = |drawn: &Drawn| ink(drawn, &drawn.labels.mrz.as_ref().unwrap().lines[1].quad);
    let sharp = line(&original);
    assert!(line(&with(Degradation { blur: 6.0, ..only() })) < 0.6 * sharp);
    assert!(line(&with(Degradation { motion: 25.0, ..only() })) < 0.8 * sharp);
    let sideways = with(Degradation { quarter_turns: 1, ..only() });
    assert_eq!(sideways.picture.dimensions(), (1056, 1500));
}
