//! Draws one of each document into a folder, with labels beside it:
//! `cargo run -p bonafide-specimen --example draw -- OUT_DIR [SEED]`

use std::path::{Path, PathBuf};

use bonafide_specimen::{
    Drawn, IdCard, Issue, JURISDICTIONS, LargeIdCard, Licence, Passport, Person, Visa,
    aamva::Version,
};
use jiff::civil::date;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("say into which folder to draw")?);
    let seed = arguments.next().map_or(Ok(1), |seed| seed.parse())?;
    std::fs::create_dir_all(&folder)?;
    for (name, drawn) in documents(seed)? {
        write(&folder, name, &drawn)?;
    }
    Ok(())
}

fn documents(seed: u64) -> Result<Vec<(&'static str, Drawn)>, bonafide_specimen::Error> {
    let today = date(2026, 11, 23);
    let person = Person::generate(today, seed);
    let issue = Issue::generate(today, seed);
    let (person, issue) = (|| person.clone(), || issue.clone());
    let card = IdCard::new(person(), issue());
    let jurisdiction = JURISDICTIONS[seed as usize % JURISDICTIONS.len()];
    let licence = Licence::new(person(), issue(), jurisdiction, Version::V10);
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

fn write(folder: &Path, name: &str, drawn: &Drawn) -> Result<(), Box<dyn std::error::Error>> {
    std::fs::write(folder.join(name).with_extension("png"), drawn.png()?)?;
    let labels = serde_json::to_vec_pretty(&drawn.labels)?;
    std::fs::write(folder.join(name).with_extension("json"), labels)?;
    Ok(())
}
