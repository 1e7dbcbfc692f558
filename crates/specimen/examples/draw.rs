//! Draws many documents as PNG with labels beside them, whole and degraded, for measuring readers:
//! `cargo run -p bonafide-specimen --example draw -- OUT_DIR [FROM_SEED COUNT [photograph SEVERITY | photocopy | print | screen | scan]]`

use std::path::{Path, PathBuf};

use bonafide_specimen::{
    Degradation, Drawn, IdCard, Issue, JURISDICTIONS, LargeIdCard, Licence, Passport, Person, Visa,
    aamva::Version, degrade,
};
use jiff::civil::date;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (folder, from, count, treatment) = match arguments.as_slice() {
        [folder] => (folder, 1_u64, 1_u64, [].as_slice()),
        [folder, from, count, treatment @ ..] => (folder, from.parse()?, count.parse()?, treatment),
        _ => return Err("say the folder, and perhaps the first seed and how many".into()),
    };
    let degradation = degradation(treatment)?;
    for seed in from..from + count {
        let folder = PathBuf::from(folder).join(seed.to_string());
        std::fs::create_dir_all(&folder)?;
        for (name, drawn) in documents(seed)? {
            write(&folder, name, &degrade(&drawn, &degradation, seed)?)?;
        }
    }
    Ok(())
}

fn degradation(words: &[String]) -> Result<Degradation, Failure> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    Ok(match words.as_slice() {
        [] => Degradation::default(),
        ["scan"] => Degradation::scan(),
        ["photograph", severity] => Degradation::photograph(severity.parse()?),
        ["photocopy"] => Degradation::photocopy(),
        ["print"] => Degradation::print(),
        ["screen"] => Degradation::screen(),
        _ => return Err("no such degradation".into()),
    })
}

fn documents(seed: u64) -> Result<Vec<(&'static str, Drawn)>, bonafide_specimen::Error> {
    let today = date(2026, 11, 23);
    let person = Person::generate(today, seed);
    let issue = Issue::generate(today, seed);
    let (person, issue) = (|| person.clone(), || issue.clone());
    let card = IdCard::new(person(), issue());
    let jurisdiction = JURISDICTIONS[seed as usize % JURISDICTIONS.len()];
    let version = [Version::V08, Version::V09, Version::V10][seed as usize % 3];
    let licence = Licence::new(person(), issue(), jurisdiction, version);
    Ok(vec![
        ("passport", Passport::new(person(), issue()).draw(seed)),
        ("id-card-front", card.draw_front(seed)),
        ("id-card-back", card.draw_back(seed)),
        ("large-id-card", LargeIdCard::new(person(), issue()).draw(seed)),
        ("visa-a", Visa::full_page(person(), issue()).draw(seed)),
        ("visa-b", Visa::small(person(), issue()).draw(seed)),
        ("licence-front", licence.draw_front(seed)),
        ("licence-back", licence.draw_back(seed)?),
    ])
}

fn write(folder: &Path, name: &str, drawn: &Drawn) -> Result<(), Failure> {
    std::fs::write(folder.join(name).with_extension("png"), drawn.png()?)?;
    let labels = serde_json::to_vec_pretty(&drawn.labels)?;
    std::fs::write(folder.join(name).with_extension("json"), labels)?;
    Ok(())
}
