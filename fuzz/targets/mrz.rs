//! Machine readable zones: any text is parsed or refused, and whatever a recogniser might have
//! seen is decided honestly: what was changed is listed, and nothing else was.
#![no_main]

use bonafide_document::mrz::{
    ALPHABET, Format, Observation, Reading, Symbol, decide, extraction, parse,
};
use jiff::civil::{Date, date};
use libfuzzer_sys::fuzz_target;

const TODAY: Date = date(2026, 6, 1);

fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes) {
        let lines: Vec<&str> = text.lines().take(4).collect();
        say(&lines);
    }
    let Some((&shape, seen)) = bytes.split_first() else { return };
    let observation = observe(Format::ALL[usize::from(shape) % Format::ALL.len()], seen);
    let reading = decide(&observation).expect("a zone's shape is decided");
    check(&reading, &observation);
    let lines: Vec<&str> = reading.lines.iter().map(String::as_str).collect();
    say(&lines);
});

/// What the zone says, if it is one; must not panic.
fn say(lines: &[&str]) {
    if let Ok(document) = parse(lines, TODAY) {
        let _ = extraction(&document, TODAY);
    }
}

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
