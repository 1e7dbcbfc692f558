//! Reads the zones of drawn specimens under several degradations:
//! `mrz_specimens MODELS_DIRECTORY [how many of each]`.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a developer's table")]

use bonafide_document::Reader;
use bonafide_models::Library;
use bonafide_specimen::{Degradation, Placement, Surface, degrade};
use bonafide_specimen::{Drawn, IdCard, Issue, LargeIdCard, Passport, Person, Visa};
use jiff::civil::date;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let reader = Reader::open(&Library::open(&arguments[0]).unwrap()).unwrap();
    let count: u64 = arguments.get(1).map_or(2, |count| count.parse().unwrap());
    let tilted = |degrees: f32| Degradation {
        placement: Some(Placement {
            tilt_degrees: degrees,
            perspective: 0.05,
            margin: 0.2,
            surface: Surface::Table,
        }),
        blur: 0.8,
        jpeg_quality: Some(80),
        ..Degradation::default()
    };
    let ways = [
        ("scan", Degradation::scan()),
        ("small", Degradation { width: Some(330), ..Degradation::scan() }),
        ("tilt 10", tilted(10.0)),
        ("tilt 40", tilted(40.0)),
        ("photo .8", Degradation::photograph(0.8)),
        ("photo 1", Degradation::photograph(1.0)),
        ("turned 1", Degradation { quarter_turns: 1, ..Degradation::photograph(0.2) }),
        ("turned 2", Degradation { quarter_turns: 2, ..Degradation::photograph(0.2) }),
        ("turned 3", Degradation { quarter_turns: 3, ..Degradation::photograph(0.2) }),
    ];
    for (name, way) in ways {
        let (mut exact, mut wrong_but_valid, mut all) = (0, 0, 0);
        for seed in 0..count {
            for drawn in documents(seed) {
                let degraded = degrade(&drawn, &way, seed).unwrap();
                let labels = degraded.labels.mrz.as_ref().unwrap();
                let expected: Vec<&str> = labels.lines.iter().map(|l| l.text.as_str()).collect();
                let reading = reader.read_mrz(&degraded.picture).unwrap();
                all += 1;
                match reading {
                    Some(reading) if reading.lines == expected => {
                        exact += 1;
                        assert_eq!(reading.rotation, (4 - way.quarter_turns) % 4);
                    }
                    Some(reading) => {
                        wrong_but_valid += usize::from(reading.is_valid());
                        println!("{name} {seed} {:?} {:?}", labels.format, reading.is_valid());
                        for (read, printed) in reading.lines.iter().zip(&expected) {
                            println!("    {read}\n    {printed}");
                        }
                    }
                    None => println!("{name} {seed} {:?} not found", labels.format),
                }
            }
        }
        println!("{name}: exact {exact} of {all}, wrong but valid {wrong_but_valid}");
    }
}

fn documents(seed: u64) -> Vec<Drawn> {
    let today = date(2026, 11, 23);
    let (person, issue) = (Person::generate(today, seed), Issue::generate(today, seed));
    vec![
        Passport::new(person.clone(), issue.clone()).draw(seed),
        IdCard::new(person.clone(), issue.clone()).draw_back(seed),
        LargeIdCard::new(person.clone(), issue.clone()).draw(seed),
        Visa::small(person, issue).draw(seed),
    ]
}
