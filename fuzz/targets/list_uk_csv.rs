//! The UK list, CSV.
#![no_main]

#[path = "common/lists.rs"]
mod lists;

use bonafide_screening::list::Source;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    // Anything else would be read as the other format.
    if !matches!(bytes.trim_ascii_start().first(), Some(b'<' | b'{')) {
        lists::check(Source::Uk, &[("list.csv", bytes)]);
    }
});
