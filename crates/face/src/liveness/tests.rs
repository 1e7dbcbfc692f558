//! Bursts without pictures: the frames as the nets would report them.

use bonafide_domain::decision::DecisionType;
use bonafide_domain::evidence::ModelIdentity;
use bonafide_imaging::Point;
use image::{Rgb, RgbImage};
use proptest::prelude::*;
use rand::SeedableRng;
use rand::rngs::Xoshiro256PlusPlus;

use super::frame::FrameFace;
use super::*;
use crate::description::NUMBERS;
use crate::mesh::POINTS;
use crate::passive::Passive;
use crate::{Description, Pose};

const ISSUED: i64 = 1_700_000_000_000;
const RECEIVED: i64 = ISSUED + 9_000;

fn challenge(actions: &[Action]) -> Challenge {
    Challenge {
        nonce: [5; 16],
        actions: actions.to_vec(),
        issued_at: ISSUED,
        expires_at: ISSUED + 60_000,
    }
}

fn model() -> ModelIdentity {
    ModelIdentity { id: "net".to_owned(), sha256: "00".to_owned() }
}

/// How the subject is made.
#[derive(Clone, Copy)]
struct Body {
    /// Depth of the face; 0 is a flat picture.
    bend: f32,
    person: f32,
}

const PERSON: Body = Body { bend: 1.2, person: 1.0 };
const FLAT: Body = Body { bend: 0.0, person: 1.0 };

#[derive(Clone, Copy)]
struct Look {
    yaw: f32,
    pitch: f32,
    eyes: f32,
    size: f32,
}

const AHEAD: Look = Look { yaw: 1.5, pitch: -2.0, eyes: 0.27, size: 0.4 };

/// Three frames for each movement: going there, being there, coming back.
fn looks(action: Action) -> [Look; 3] {
    let with = |change: fn(&mut Look, f32)| {
        [0.5, 1.0, 0.4].map(|amount| {
            let mut look = AHEAD;
            change(&mut look, amount);
            look
        })
    };
    match action {
        Action::TurnLeft => with(|look, amount| look.yaw += 28.0 * amount),
        Action::TurnRight => with(|look, amount| look.yaw -= 28.0 * amount),
        Action::Nod => with(|look, amount| look.pitch -= 17.0 * amount),
        Action::Blink => with(|look, amount| look.eyes *= 1.0 - 0.55 * amount),
        Action::MoveCloser => with(|look, amount| look.size *= 1.0 + 0.4 * amount),
    }
}

fn face(body: Body, look: Look) -> FrameFace {
    let (sin, cos) = look.yaw.to_radians().sin_cos();
    let points = (0..POINTS).map(|index| {
        let angle = index as f32 * 2.4;
        let radius = 0.5 * (index as f32 / POINTS as f32).sqrt();
        let (x, y) = (radius * angle.cos(), radius * angle.sin());
        let z = body.bend * (x * x + y * y);
        let (x, z) = (cos * x - sin * z, cos * z + sin * x);
        Point::new(4.0 * x / (4.0 + z), 4.0 * y / (4.0 + z))
    });
    FrameFace {
        pose: Pose { yaw_degrees: look.yaw, pitch_degrees: look.pitch, roll_degrees: 0.5 },
        eye_opening: look.eyes,
        size: look.size,
        share_outside: 0.0,
        colour_spread: 9.0,
        quality: 80,
        points: points.collect(),
        description: Description(std::array::from_fn(|index| {
            ((index as f32 + 1.0) * body.person).sin() * 0.1 + look.yaw * 1e-4
        })),
        passive: None,
    }
}

fn frame(index: usize, face: FrameFace) -> Frame {
    let picture = RgbImage::from_fn(16, 16, |x, y| {
        Rgb([((x * 7 + y * 13) as usize * (index + 3) % 251) as u8; 3])
    });
    Frame {
        at_milliseconds: 300 * index as u32,
        fingerprint: Fingerprint::of(&picture),
        shows_several: false,
        face: Some(face),
    }
}

/// Three frames looking ahead, then the movements.
fn burst(body: Body, actions: &[Action]) -> Vec<Frame> {
    let looks = [AHEAD; 3].into_iter().chain(actions.iter().flat_map(|action| looks(*action)));
    looks.enumerate().map(|(index, look)| frame(index, face(body, look))).collect()
}

fn verdict(asked: &[Action], frames: &[Frame]) -> Verdict {
    judge(&challenge(asked), frames, RECEIVED, &model()).0
}

const ASKED: [Action; 3] = [Action::TurnLeft, Action::Nod, Action::TurnRight];

#[test]
fn a_person_who_obeys_is_live() {
    for asked in [
        &ASKED[..],
        &[Action::Blink, Action::TurnRight, Action::MoveCloser],
        &[Action::TurnRight, Action::TurnLeft, Action::Blink],
    ] {
        assert_eq!(verdict(asked, &burst(PERSON, asked)), Verdict::Live, "{asked:?}");
    }
}

#[test]
fn another_order_and_a_movement_too_many_are_undetermined() {
    let other = [Action::TurnRight, Action::Nod, Action::TurnLeft];
    let order = Verdict::Undetermined(Finding::Order);
    assert_eq!(verdict(&ASKED, &burst(PERSON, &other)), order);
    assert_eq!(verdict(&ASKED, &burst(PERSON, &ASKED[..2])), order);
    let more = [Action::TurnRight, Action::TurnLeft, Action::Nod, Action::TurnRight];
    assert_eq!(verdict(&ASKED, &burst(PERSON, &more)), order);
    assert_eq!(verdict(&ASKED, &burst(PERSON, &[])[..0]), Verdict::Undetermined(Finding::Frames));
}

#[test]
fn a_flat_picture_that_is_turned_is_flat() {
    let asked = [Action::TurnLeft, Action::MoveCloser, Action::TurnRight];
    assert_eq!(
        verdict(&asked[..1], &burst(FLAT, &asked[..1])[..]),
        Verdict::Undetermined(Finding::Frames)
    );
    let asked = [Action::TurnLeft, Action::TurnRight];
    assert_eq!(verdict(&asked, &burst(FLAT, &asked)), Verdict::Flat);
    assert_eq!(verdict(&asked, &burst(PERSON, &asked)), Verdict::Live);
}

#[test]
fn a_blink_that_nobody_asked_for_does_no_harm() {
    let made = [Action::TurnLeft, Action::Blink, Action::Nod, Action::TurnRight];
    assert_eq!(verdict(&ASKED, &burst(PERSON, &made)), Verdict::Live);
}

#[test]
fn times_that_do_not_fit_are_undetermined() {
    let frames = burst(PERSON, &ASKED);
    let judged =
        |frames: &[Frame], received| judge(&challenge(&ASKED), frames, received, &model()).0;
    assert_eq!(judged(&frames, ISSUED + 60_001), Verdict::Undetermined(Finding::Late));
    assert_eq!(judged(&frames, ISSUED - 1), Verdict::Undetermined(Finding::Late));
    // The burst claims to have taken longer than the challenge is old.
    assert_eq!(judged(&frames, ISSUED + 100), Verdict::Undetermined(Finding::Frames));
    let mut swapped = frames.clone();
    swapped.swap(4, 5);
    assert_eq!(judged(&swapped, RECEIVED), Verdict::Undetermined(Finding::Frames));
    let mut quick = frames;
    for (index, frame) in quick.iter_mut().enumerate() {
        frame.at_milliseconds = index as u32;
    }
    assert_eq!(judged(&quick, RECEIVED), Verdict::Undetermined(Finding::Frames));
}

#[test]
fn a_frame_that_comes_twice_is_undetermined() {
    let mut frames = burst(PERSON, &ASKED);
    frames[9].fingerprint = frames[3].fingerprint.clone();
    assert_eq!(verdict(&ASKED, &frames), Verdict::Undetermined(Finding::Duplicate));
}

#[test]
fn another_person_in_between_is_undetermined() {
    let mut frames = burst(PERSON, &ASKED);
    let stranger = Body { person: 2.7, ..PERSON };
    frames[8].face = Some(face(stranger, AHEAD));
    assert_eq!(verdict(&ASKED, &frames), Verdict::Undetermined(Finding::Identity));
}

#[test]
fn a_jump_is_undetermined() {
    let mut frames = burst(PERSON, &ASKED);
    frames[4].face = Some(face(PERSON, Look { yaw: -50.0, ..AHEAD }));
    assert_eq!(verdict(&ASKED, &frames), Verdict::Undetermined(Finding::Jump));
}

#[test]
fn what_the_picture_lacks_has_its_label() {
    let frames = burst(PERSON, &ASKED);
    let changed = |change: fn(&mut Frame)| {
        let mut frames = frames.clone();
        frames.iter_mut().for_each(change);
        verdict(&ASKED, &frames)
    };
    assert_eq!(changed(|frame| frame.face = None), Verdict::NoFacePresent);
    assert_eq!(changed(|frame| frame.shows_several = true), Verdict::MultiplePeople);
    let with_face = |change: fn(&mut FrameFace)| {
        let mut frames = frames.clone();
        frames.iter_mut().filter_map(|frame| frame.face.as_mut()).for_each(change);
        verdict(&ASKED, &frames)
    };
    assert_eq!(with_face(|face| face.share_outside = 0.2), Verdict::FaceNotFullyVisible);
    assert_eq!(with_face(|face| face.colour_spread = 0.1), Verdict::BlackWhite);
}

#[test]
fn every_verdict_is_in_the_contract_and_only_one_passes() {
    for verdict in [
        Verdict::Live,
        Verdict::Undetermined(Finding::Order),
        Verdict::Flat,
        Verdict::NoFacePresent,
        Verdict::MultiplePeople,
        Verdict::FaceNotFullyVisible,
        Verdict::BlackWhite,
    ] {
        let passed = verdict.decision().unwrap().decision_type() == DecisionType::Passed;
        assert_eq!(passed, verdict == Verdict::Live);
    }
}

#[test]
fn challenges_differ_and_always_have_a_turn() {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(1);
    let all: Vec<Challenge> = (0..200).map(|_| Challenge::issue(&mut random, ISSUED)).collect();
    let mut orders: Vec<String> = all.iter().map(|one| format!("{:?}", one.actions)).collect();
    orders.sort();
    orders.dedup();
    assert!(orders.len() > 25, "{}", orders.len());
    for one in &all {
        assert_eq!(one.actions.len(), 3);
        assert!(
            one.actions.iter().any(|action| matches!(action, Action::TurnLeft | Action::TurnRight))
        );
        let near = one.actions.iter().position(|action| *action == Action::MoveCloser);
        assert!(near.is_none_or(|at| at == 2));
    }
    assert!(all.windows(2).all(|pair| pair[0].nonce != pair[1].nonce));
}

proptest! {
    /// Whatever the frames say, nothing panics, and nothing but the asked order passes.
    #[test]
    fn no_burst_panics(
        looks in proptest::collection::vec((-90.0_f32..90.0, -60.0_f32..60.0, 0.0_f32..0.5, 0.0_f32..2.0), 0..24),
        received in ISSUED - 10..ISSUED + 70_000
    ) {
        let frames: Vec<Frame> = looks
            .into_iter()
            .enumerate()
            .map(|(index, (yaw, pitch, eyes, size))| frame(index, face(PERSON, Look { yaw, pitch, eyes, size })))
            .collect();
        let _ = judge(&challenge(&ASKED), &frames, received, &model());
    }

    /// Any issued challenge can be met by a person, and a flat picture that moves alike is not live.
    #[test]
    fn every_challenge_can_be_met(seed: u64) {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
        let issued = Challenge::issue(&mut random, ISSUED);
        let met = judge(&issued, &burst(PERSON, &issued.actions), RECEIVED, &model()).0;
        prop_assert_eq!(met, Verdict::Live, "{:?}", &issued.actions);
        let flat = judge(&issued, &burst(FLAT, &issued.actions), RECEIVED, &model()).0;
        prop_assert_eq!(flat, Verdict::Flat);
    }
}

#[test]
fn descriptions_of_tests_are_apart() {
    let [one, other] =
        [PERSON, Body { person: 2.7, ..PERSON }].map(|body| face(body, AHEAD).description);
    assert_eq!(one.0.len(), NUMBERS);
    assert!(one.distance(&other) > 0.7);
}

/// The nets against attacks may object to a burst that is right in all else, by their median over the
/// frames that look ahead; they help none that is not.
#[test]
fn the_nets_against_attacks_only_object() {
    let seen = |likelihoods: &[f32], body: Body| {
        let mut frames = burst(body, &ASKED);
        for (index, frame) in frames.iter_mut().enumerate() {
            let face = frame.face.as_mut().unwrap();
            let likelihood = likelihoods[index % likelihoods.len()];
            face.passive = Some(Passive { likelihood, by: model() });
        }
        verdict(&ASKED, &frames)
    };
    assert_eq!(seen(&[0.9], PERSON), Verdict::Live);
    assert_eq!(seen(&[0.05, 0.9, 0.9], PERSON), Verdict::Live, "one blurred frame in three");
    assert_eq!(seen(&[0.05], PERSON), Verdict::Undetermined(Finding::Attack));
    assert_eq!(seen(&[f32::NAN], PERSON), Verdict::Undetermined(Finding::Attack));
    assert_eq!(seen(&[1.0], FLAT), Verdict::Flat);
}
