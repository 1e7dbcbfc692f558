//! What the nets make of drawn people: `drawn_people MODELS [COUNT]`. Says whether they can carry a
//! test; it says nothing about real people.

#![allow(clippy::print_stdout, reason = "a measurement is printed")]

use std::error::Error;

use bonafide_face::evaluation::Comparisons;
use bonafide_face::liveness::{Action, Challenge, Frame, Verdict, judge};
use bonafide_face::{FaceReader, Sample, Source};
use bonafide_models::Library;
use bonafide_specimen::people::{
    BurstFrame, Movement, Sitter, View, burst, flat_burst, mask_burst,
};

const SIDE: u32 = 360;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let models = arguments.next().ok_or("usage: drawn_people MODELS [COUNT]")?;
    let count: u64 = arguments.next().map_or(Ok(24), |count| count.parse())?;
    let reader = FaceReader::open(&Library::open(models)?)?;
    let lights = [[-35.0, 35.0], [30.0, 15.0]];
    let (mut samples, mut missed, mut error) = (Vec::new(), 0, 0.0_f32);
    for seed in 1..=count {
        for (index, light_degrees) in lights.into_iter().enumerate() {
            let yaw_degrees = 8.0 * index as f32;
            let size = 0.55 + 0.12 * index as f32;
            let view = View { light_degrees, yaw_degrees, size, ..View::default() };
            let picture = Sitter::generate(seed).picture(&view, SIDE, SIDE);
            match Sample::take(&reader, &picture, Source::Selfie, "FACE")?.subject {
                Some(subject) => {
                    error = error.max((subject.face.pose.yaw_degrees - yaw_degrees).abs());
                    samples.push((seed, subject.description));
                }
                None => missed += 1,
            }
        }
    }
    println!(
        "{} of {} pictures without a face; yaw off by {error:.1} degrees at most",
        missed,
        2 * count
    );
    let comparisons = Comparisons::of_pairs(&samples);
    println!("AUC {:.4}", comparisons.area_under_curve().unwrap_or(f64::NAN));
    for threshold in [0.45, 0.50, 0.55, 0.62, 0.65] {
        let point = comparisons.at(threshold);
        println!(
            "distance {threshold}: one person apart {}/{}, two persons alike {}/{}",
            point.fnmr.count, point.fnmr.of, point.fmr.count, point.fmr.of
        );
    }
    bursts(&reader, count.min(8))
}

fn bursts(reader: &FaceReader, count: u64) -> Result<(), Box<dyn Error>> {
    let made = [Movement::TurnLeft, Movement::Blink, Movement::TurnRight];
    let asked = [Action::TurnLeft, Action::Blink, Action::TurnRight];
    let turns = [Movement::TurnLeft, Movement::Nod, Movement::TurnRight];
    for seed in 1..=count {
        let sitter = Sitter::generate(seed);
        let photograph = sitter.picture(&View::default(), SIDE, SIDE);
        let obeying = verdict(reader, &asked, &burst(&sitter, &made, SIDE, seed))?;
        let mask = verdict(reader, &asked, &mask_burst(&sitter, &made, SIDE, seed))?;
        let asked_turns = [Action::TurnLeft, Action::Nod, Action::TurnRight];
        let flat = verdict(reader, &asked_turns, &flat_burst(&photograph, &turns, SIDE, seed))?;
        println!("person {seed}: obeying {obeying:?}, mask {mask:?}, flat {flat:?}");
    }
    Ok(())
}

fn verdict(
    reader: &FaceReader,
    asked: &[Action],
    frames: &[BurstFrame],
) -> Result<Verdict, bonafide_face::Error> {
    let frames = frames
        .iter()
        .map(|frame| Frame::observe(reader, &frame.picture, frame.at_milliseconds))
        .collect::<Result<Vec<_>, _>>()?;
    let challenge =
        Challenge { nonce: [0; 16], actions: asked.to_vec(), issued_at: 0, expires_at: 60_000 };
    Ok(judge(&challenge, &frames, 30_000, reader.description_model()).0)
}
