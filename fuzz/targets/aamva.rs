//! What the symbol of a North American licence may hold.
#![no_main]

use bonafide_document::aamva::{extraction, parse};
use jiff::civil::{Date, date};
use libfuzzer_sys::fuzz_target;

const TODAY: Date = date(2026, 6, 1);

fuzz_target!(|bytes: &[u8]| {
    let Ok(licence) = parse(bytes) else { return };
    assert!(licence == parse(bytes).expect("what is read once is read twice"));
    let data = serde_json::to_value(extraction(&licence, TODAY)).expect("data has a wire form");
    let fields = data.as_object().expect("the data are an object");
    // Contract appendix B: a field that was not read is absent, never empty.
    assert!(fields.values().all(|value| !value.is_null() && value.as_str() != Some("")));
});
