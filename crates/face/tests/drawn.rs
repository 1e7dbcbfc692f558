//! The nets on drawn people. They show that the parts fit together; how often the nets err on real
//! people is measured in `bench/`, and never here.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test's helpers are tests")]

use std::path::PathBuf;

use bonafide_domain::id::{AccountId, TenantId};
use bonafide_face::authentication::authenticate;
use bonafide_face::facemap::{Facemap, LivenessSummary, Rotation};
use bonafide_face::liveness::{Action, Challenge, Finding, Frame, Verdict, judge};
use bonafide_face::similarity::{Thresholds, compare};
use bonafide_face::{Description, FaceReader, Sample, Source, similarity};
use bonafide_models::Library;
use bonafide_specimen::people::{
    BurstFrame, Movement, Sitter, View, burst, flat_burst, mask_burst,
};
use bonafide_specimen::{Degradation, Issue, Passport, Person, degrade};
use image::RgbImage;
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
