//! Reads the text of drawn specimens and counts the printed values found in it:
//! `text_table MODELS_DIRECTORY FROM_SEED COUNT [SEVERITY]`, where a severity from 0 to 1 makes them photographs
//! and none makes them scans. Missed values are listed; their persons do not exist.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a measuring program prints, and stops where it cannot go on"
)]

use std::time::Instant;

use bonafide_document::Reader;
use bonafide_models::Library;
use bonafide_specimen::aamva::Version;
use bonafide_specimen::{
    Degradation, Drawn, IdCard, Issue, JURISDICTIONS, Licence, Passport, Person, degrade,
};
use jiff::civil::date;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let reader = Reader::open(&Library::open(&arguments[0]).unwrap()).unwrap();
    let (from, count): (u64, u64) = (arguments[1].parse().unwrap(), arguments[2].parse().unwrap());
    let degradation = match arguments.get(3) {
        None => Degradation::scan(),
        Some(severity) => Degradation::photograph(severity.parse().unwrap()),
    };
    let (mut found, mut in_all, mut times) = (0, 0, Vec::new());
    for seed in from..from + count {
        for (kind, drawn) in documents(seed) {
            let drawn = degrade(&drawn, &degradation, seed).unwrap();
            let started = (Instant::now(), cpu_ms());
            let lines = reader.read_text(&drawn.picture).unwrap();
            let (wall, cpu) = (started.0.elapsed().as_millis(), cpu_ms() - started.1);
            times.push(cpu);
            let text: Vec<String> = lines.iter().map(|line| without_space(&line.text)).collect();
            let missed: Vec<&str> = (drawn.labels.fields.iter())
                .map(|field| field.text.as_str())
                .filter(|value| !text.iter().any(|line| line.contains(&without_space(value))))
                .collect();
            let of = drawn.labels.fields.len();
            found += of - missed.len();
            in_all += of;
            println!(
                "{seed:3} {kind:8} {:?} {:3} lines {:2} of {of:2} {wall:5} ms wall {cpu:5} ms cpu, missed {missed:?}",
                drawn.picture.dimensions(),
                lines.len(),
                of - missed.len(),
            );
        }
    }
    times.sort_unstable();
    println!("{found} of {in_all} values; median {} ms cpu a page", times[times.len() / 2]);
}

fn documents(seed: u64) -> [(&'static str, Drawn); 3] {
    let today = date(2026, 11, 23);
    let (person, issue) = (|| Person::generate(today, seed), || Issue::generate(today, seed));
    let jurisdiction = JURISDICTIONS[seed as usize % JURISDICTIONS.len()];
    [
        ("passport", Passport::new(person(), issue()).draw(seed)),
        ("id card", IdCard::new(person(), issue()).draw_front(seed)),
        ("licence", Licence::new(person(), issue(), jurisdiction, Version::V09).draw_front(seed)),
    ]
}

fn without_space(text: &str) -> String {
    text.split_whitespace().collect()
}

/// Processor time of all threads so far, from the kernel's accounts of this process.
fn cpu_ms() -> u64 {
    const MS_PER_TICK: u64 = 10;
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let after_name = stat.rsplit_once(')').unwrap().1;
    let field = |index: usize| -> u64 {
        after_name.split_whitespace().nth(index).unwrap().parse().unwrap()
    };
    (field(11) + field(12)) * MS_PER_TICK
}
