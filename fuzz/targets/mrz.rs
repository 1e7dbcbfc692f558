//! Machine readable zones as text: any lines are parsed or refused.
#![no_main]

use bonafide_document::mrz::{check_digit, extraction, parse};
use jiff::civil::{Date, date};
use libfuzzer_sys::fuzz_target;

const TODAY: Date = date(2026, 6, 1);

fuzz_target!(|text: &str| {
    let lines: Vec<&str> = text.lines().take(4).collect();
    for line in &lines {
        assert!(check_digit(line.as_bytes()).is_none_or(|digit| digit.is_ascii_digit()));
    }
    let Ok(document) = parse(&lines, TODAY) else { return };
    assert!(document == parse(&lines, TODAY).expect("what is read once is read twice"));
    let data = serde_json::to_value(extraction(&document, TODAY)).expect("data has a wire form");
    let fields = data.as_object().expect("the data are an object");
    // Contract appendix B: a field that was not read is absent, never empty.
    assert!(fields.values().all(|value| !value.is_null() && value.as_str() != Some("")));
});
