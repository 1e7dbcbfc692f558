//! Reads the zone of every picture named on the command line and compares it with `labels.json` beside
//! it: `mrz_table MODELS_DIRECTORY PICTURES_DIRECTORY [name part ...]`.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a developer's table")]

use std::collections::BTreeMap;
use std::time::Instant;

use bonafide_document::Reader;
use bonafide_models::Library;

#[derive(serde::Deserialize)]
struct Label {
    lines: Vec<String>,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let library = Library::open(&arguments[0]).unwrap();
    let reader = Reader::open(&library).unwrap();
    let folder = std::path::Path::new(&arguments[1]);
    let labels: BTreeMap<String, Label> =
        serde_json::from_slice(&std::fs::read(folder.join("labels.json")).unwrap()).unwrap();
    for (name, label) in &labels {
        if arguments.len() > 2 && !arguments[2..].iter().any(|part| name.contains(part.as_str())) {
            continue;
        }
        let bytes = std::fs::read(folder.join(name)).unwrap();
        let picture = image::load_from_memory(&bytes).unwrap().into_rgb8();
        let (started, used) = (Instant::now(), cpu_ms());
        let reading = reader.read_mrz(&picture).unwrap();
        let took = started.elapsed().as_millis();
        let used = cpu_ms() - used;
        let verdict = match &reading {
            None => "none".to_owned(),
            Some(reading) => format!(
                "{} {} repairs {} confidence {:.2}/{:.2}",
                if reading.lines == label.lines { "EXACT" } else { "wrong" },
                if reading.is_valid() { "valid" } else { "INVALID" },
                reading.repairs.len(),
                reading.confidence(),
                reading.mean_confidence(),
            ),
        };
        println!("{name:20} {:?} {took:5} ms wall {used:5} ms cpu {verdict}", picture.dimensions());
        if let Some(reading) = reading.filter(|reading| reading.lines != label.lines) {
            for (read, label) in reading.lines.iter().zip(&label.lines) {
                println!("    {read}\n    {label}");
            }
            for repair in &reading.repairs {
                let place = (repair.line, repair.column);
                println!("    {place:?} {} -> {} {:?}", repair.read, repair.repaired, repair.cause);
            }
        }
    }
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
