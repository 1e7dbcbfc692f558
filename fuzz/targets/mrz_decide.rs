//! Whatever a recogniser might have seen of a zone is decided honestly: what was changed is listed
//! as a repair, and nothing else was changed.
#![no_main]

use bonafide_document::mrz::{ALPHABET, Format, Observation, Reading, Symbol, decide};
use jiff::civil::{Date, date};
use libfuzzer_sys::fuzz_target;

const TODAY: Date = date(2026, 6, 1);

fuzz_target!(|bytes: &[u8]| {
    let Some((&shape, seen)) = bytes.split_first() else { return };
    let observation = observe(Format::ALL[usize::from(shape) % Format::ALL.len()], seen);
    let reading = decide(&observation).expect("a zone's shape is decided");
    check(&reading, &observation);
    assert!(reading.document(TODAY).is_ok(), "what was decided can be parsed");
});

/// A place per byte: its character is certain, or weighed against a second one.
fn observe(format: Format, seen: &[u8]) -> Observation {
    let mut seen = seen.iter().copied();
    let mut symbol = || {
        let byte = usize::from(seen.next().unwrap_or(b'<'));
        // Bytes that stand for themselves keep the seeds readable.
        let index = ALPHABET.iter().position(|c| usize::from(*c) == byte);
        let mut weights = [0.0; ALPHABET.len()];
        weights[index.unwrap_or(byte % ALPHABET.len())] = 0.6;
        if index.is_none() {
            weights[(byte / 7 + 11) % ALPHABET.len()] += 0.4;
        }
        Symbol::from_weights(weights)
    };
    (0..format.lines()).map(|_| (0..format.columns()).map(|_| symbol()).collect()).collect()
}

fn check(reading: &Reading, observation: &Observation) {
    assert_eq!(reading.lines.len(), observation.len());
    assert!(reading.confidences.iter().flatten().all(|c| (0.0..=1.0).contains(c)));
    let mut changed = Vec::new();
    for (line, (text, seen)) in reading.lines.iter().zip(observation).enumerate() {
        assert_eq!(text.len(), seen.len());
        for (column, (character, symbol)) in text.bytes().zip(seen).enumerate() {
            if character != symbol.best() {
                changed.push((line, column, char::from(symbol.best()), char::from(character)));
            }
        }
    }
    let mut listed: Vec<_> =
        reading.repairs.iter().map(|r| (r.line, r.column, r.read, r.repaired)).collect();
    listed.sort_unstable();
    assert_eq!(listed, changed, "every change is listed as a repair, and nothing else");
}
