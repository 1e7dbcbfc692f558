//! The nets on drawn people. They show that the parts fit together; how often the nets err on real
//! people is measured in `bench/`, and never here.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test's helpers are tests")]

use std::path::PathBuf;

use bonafide_domain::id::{AccountId, TenantId};
use bonafide_face::authentication::authenticate;
use bonafide_face::facemap::{Facemap, LivenessSummary, Rotation};
use bonafide_face::liveness::{Action, Challenge, Finding, Frame, Verdict, judge};
use bonafide_face::similarity::{Thresholds, compare};
use bonafide_face::usability::{Defect, defect};
use bonafide_face::{Description, FaceReader, Sample, Source, similarity};
use bonafide_imaging::{gray, turn};
use bonafide_models::Library;
use bonafide_specimen::people::{
    BurstFrame, Movement, Sitter, View, burst, flat_burst, mask_burst, replayed_burst,
};
use bonafide_specimen::{Degradation, Issue, Passport, Person, degrade};
use image::{Rgb, RgbImage, imageops};
use jiff::civil::date;

/// None where the models are not installed.
fn reader() -> Option<FaceReader> {
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let home = || Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache"));
    let folder = cache.or_else(home)?.join("bonafide").join("models");
    let reader = FaceReader::open(&Library::open(folder).unwrap());
    if reader.is_err() {
        println!("skipped: the models of the pack `face-default` are not installed");
    }
    reader.ok()
}

const SIDE: u32 = 360;

fn selfie(seed: u64) -> RgbImage {
    Sitter::generate(seed).picture(&View { grain: seed as u32, ..View::default() }, SIDE, SIDE)
}

fn described(reader: &FaceReader, picture: &RgbImage) -> Description {
    Sample::take(reader, picture, Source::Selfie, "FACE").unwrap().subject.unwrap().description
}

#[test]
fn drawn_people_are_found_where_they_are_and_as_they_look() {
    let Some(reader) = reader() else { return };
    for (seed, yaw) in [(1, 0.0), (2, 25.0), (3, -25.0), (4, 12.0), (5, 0.0), (6, -12.0)] {
        let view = View { yaw_degrees: yaw, offset: [0.08, -0.05], ..View::default() };
        let picture = Sitter::generate(seed).picture(&view, SIDE, SIDE);
        let faces = reader.faces(&picture).unwrap();
        assert_eq!(faces.len(), 1, "person {seed}");
        let centre = faces[0].quad.centre();
        let expected = [0.58 * SIDE as f32, 0.45 * SIDE as f32];
        let off = (centre.x - expected[0]).hypot(centre.y - expected[1]);
        assert!(off < 0.12 * SIDE as f32, "person {seed} is {off} pixels off");
        let found = faces[0].pose.yaw_degrees;
        assert!((found - yaw).abs() < 9.0, "person {seed} turned {yaw} is found at {found}");
    }
}

#[test]
fn a_person_is_nearest_to_themselves_in_another_light() {
    let Some(reader) = reader() else { return };
    let people: Vec<Description> = (1..=8).map(|seed| described(&reader, &selfie(seed))).collect();
    let other_light = View {
        light_degrees: [25.0, 20.0],
        yaw_degrees: 6.0,
        size: 0.7,
        background: [0.1, 0.2, 0.1],
        ..View::default()
    };
    for (index, own) in people.iter().enumerate() {
        let again = Sitter::generate(index as u64 + 1).picture(&other_light, SIDE, SIDE);
        let again = described(&reader, &again);
        assert!(own.distance(&again) <= Thresholds::SELFIES.accept, "person {}", index + 1);
        let nearest = people
            .iter()
            .enumerate()
            .min_by(|a, b| a.1.distance(&again).total_cmp(&b.1.distance(&again)));
        assert_eq!(nearest.unwrap().0, index);
    }
}

/// A card of 640 by 400 pixels with a portrait as large as they are on cards.
fn card(portrait: &RgbImage) -> RgbImage {
    let mut card = RgbImage::from_fn(640, 400, |x, y| {
        Rgb(if (x / 3 + y / 5) % 7 == 0 { [150, 170, 190] } else { [205, 212, 222] })
    });
    let small = bonafide_imaging::resize(portrait, 200, 200);
    imageops::replace(&mut card, &small, 30, 120);
    card
}

/// Guards against a face that stands on its head being taken for an upright one.
#[test]
fn a_portrait_is_found_however_the_card_lies() {
    let Some(reader) = reader() else { return };
    for seed in 1..=4 {
        let selfie = selfie(seed);
        let own = Sample::take(&reader, &selfie, Source::Selfie, "FACE").unwrap();
        for quarter_turns in 0..4 {
            let document = turn(&card(&selfie), quarter_turns);
            let portrait = Sample::take(&reader, &document, Source::IdPortrait, "FRONT").unwrap();
            let found = compare(&own, &portrait, reader.description_model());
            let place = format!("person {seed} turned by {quarter_turns}: {:?}", found.distance);
            assert_eq!(found.verdict, similarity::Verdict::Match, "{place}");
        }
    }
}

#[test]
fn the_portrait_of_a_drawn_passport_is_its_holders() {
    let Some(reader) = reader() else { return };
    let today = date(2026, 11, 23);
    let sitter = Sitter::generate(3);
    let passport = Passport::new(Person::generate(today, 3), Issue::generate(today, 3)).draw(3);
    let passport =
        degrade(&passport.with_sitter(&sitter), &Degradation::photograph(0.1), 3).unwrap();
    let portrait = Sample::take(&reader, &passport.picture, Source::IdPortrait, "FRONT").unwrap();
    let own = Sample::take(&reader, &selfie(3), Source::Selfie, "FACE").unwrap();
    let comparison = compare(&own, &portrait, reader.description_model());
    assert_eq!(comparison.verdict, similarity::Verdict::Match, "{:?}", comparison.distance);
}

#[test]
fn what_is_the_matter_with_a_selfie_is_told() {
    let Some(reader) = reader() else { return };
    let told = |picture: &RgbImage| {
        defect(&Sample::take(&reader, picture, Source::Selfie, "FACE").unwrap())
    };
    assert_eq!(told(&selfie(1)), None);
    let wall = RgbImage::from_fn(SIDE, SIDE, |x, y| Rgb([(x / 4) as u8, (y / 4) as u8, 90]));
    assert_eq!(told(&wall), Some(Defect::NoFacePresent));
    let mut two = RgbImage::new(2 * SIDE, SIDE);
    imageops::replace(&mut two, &selfie(1), 0, 0);
    imageops::replace(&mut two, &selfie(2), i64::from(SIDE), 0);
    assert_eq!(told(&two), Some(Defect::MultiplePeople));
    let colourless = image::DynamicImage::ImageLuma8(gray(&selfie(1))).into_rgb8();
    assert_eq!(told(&colourless), Some(Defect::BlackWhite));
    let half = imageops::crop_imm(&selfie(1), SIDE / 2 - 20, 0, SIDE / 2 + 20, SIDE).to_image();
    let cut = told(&half);
    assert!(matches!(cut, Some(Defect::FaceNotFullyVisible | Defect::NoFacePresent)), "{cut:?}");
}

fn verdict(reader: &FaceReader, asked: &[Action], frames: &[BurstFrame]) -> Verdict {
    let frames: Vec<Frame> = frames
        .iter()
        .map(|frame| Frame::observe(reader, &frame.picture, frame.at_milliseconds).unwrap())
        .collect();
    let challenge =
        Challenge { nonce: [1; 16], actions: asked.to_vec(), issued_at: 0, expires_at: 60_000 };
    let (verdict, signals) = judge(&challenge, &frames, 20_000, reader.description_model());
    for signal in signals {
        println!("{} {:?}", signal.signal, signal.value);
    }
    verdict
}

const ASKED: [Action; 3] = [Action::TurnRight, Action::Blink, Action::TurnLeft];
const MADE: [Movement; 3] = [Movement::TurnRight, Movement::Blink, Movement::TurnLeft];

/// Person 7 closes their eyes far enough for the mesh; of eight drawn ones, four do not.
#[test]
fn a_burst_that_obeys_is_live_and_one_of_another_challenge_is_not() {
    let Some(reader) = reader() else { return };
    let frames = burst(&Sitter::generate(7), &MADE, SIDE, 7);
    assert_eq!(verdict(&reader, &ASKED, &frames), Verdict::Live);
    let other = [Action::TurnLeft, Action::Blink, Action::TurnRight];
    assert_eq!(verdict(&reader, &other, &frames), Verdict::Undetermined(Finding::Order));
}

/// What was recorded for one challenge does not serve another one. It would serve its own, were
/// that one ever issued again.
#[test]
fn a_burst_that_is_replayed_on_a_screen_is_not_live() {
    let Some(reader) = reader() else { return };
    let recorded = burst(&Sitter::generate(7), &MADE, SIDE, 7);
    let replayed = replayed_burst(&recorded, SIDE, 5);
    let asked = [Action::TurnLeft, Action::Nod, Action::TurnRight];
    assert_ne!(verdict(&reader, &asked, &replayed), Verdict::Live);
}

#[test]
fn nodding_and_coming_nearer_are_seen() {
    let Some(reader) = reader() else { return };
    let made = [Movement::Nod, Movement::TurnLeft, Movement::MoveCloser];
    let asked = [Action::Nod, Action::TurnLeft, Action::MoveCloser];
    let frames = burst(&Sitter::generate(2), &made, SIDE, 2);
    assert_eq!(verdict(&reader, &asked, &frames), Verdict::Live);
}

#[test]
fn a_flat_picture_and_a_mask_are_not_live() {
    let Some(reader) = reader() else { return };
    let turns = [Movement::TurnRight, Movement::TurnLeft, Movement::MoveCloser];
    let asked = [Action::TurnRight, Action::TurnLeft, Action::MoveCloser];
    let flat = verdict(&reader, &asked, &flat_burst(&selfie(1), &turns, SIDE, 3));
    assert_ne!(flat, Verdict::Live);
    let mask = mask_burst(&Sitter::generate(1), &MADE, SIDE, 4);
    assert_eq!(verdict(&reader, &ASKED, &mask), Verdict::Undetermined(Finding::Order));
}

/// The facemap of one burst knows the person in the next one, and nobody else.
#[test]
fn a_facemap_knows_its_person_again_under_a_tenants_turn() {
    let Some(reader) = reader() else { return };
    let observed = |seed: u64, time: u64| -> Vec<Frame> {
        burst(&Sitter::generate(seed), &[Movement::TurnLeft, Movement::TurnRight], SIDE, time)
            .iter()
            .map(|frame| Frame::observe(&reader, &frame.picture, frame.at_milliseconds).unwrap())
            .collect()
    };
    let rotation = Rotation::from_secret(&[8; 32]);
    let facemap = Facemap {
        tenant: TenantId::from_bytes([1; 16]),
        account: AccountId::from_bytes([2; 16]),
        created_at: 0,
        pack: *reader.pack().as_bytes(),
        rotation: rotation.id(),
        liveness: LivenessSummary {
            nonce: [1; 16],
            actions: vec![Action::TurnLeft, Action::TurnRight],
            frames: 9,
            duration_milliseconds: 3_000,
        },
        entries: Facemap::entries_of(&observed(1, 1), Some(&rotation)),
    };
    let model = reader.description_model();
    let again = observed(1, 2);
    let told = |frames: &[Frame], liveness| {
        authenticate(liveness, frames, &facemap, Some(&rotation), model)
    };
    let own = told(&again, Verdict::Live);
    assert!(own.succeeded, "{:?}", own.distance);
    assert!(!told(&again, Verdict::Flat).succeeded, "liveness and comparison, both");
    let strangers: Vec<f32> =
        (2..6).map(|seed| told(&observed(seed, 3), Verdict::Live).distance.unwrap()).collect();
    assert!(strangers.iter().all(|distance| *distance > own.distance.unwrap()), "{strangers:?}");
    let unturned = authenticate(Verdict::Live, &again, &facemap, None, model);
    assert!(!unturned.succeeded, "without the tenant's turn it says nothing");
}
