//! OFAC's CSV: primary names, and what stands beside them.
#![no_main]

#[path = "common/lists.rs"]
mod lists;

use bonafide_screening::list::Source;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    // The first file ends where an empty line stands.
    let end = bytes.windows(2).position(|pair| pair == b"\n\n").unwrap_or(bytes.len());
    let (primary, beside) = bytes.split_at(end);
    lists::check(Source::OfacSdn, &[("sdn.csv", primary), ("alt.csv", beside.trim_ascii_start())]);
    lists::check(Source::OfacSdn, &[("sdn.csv", primary)]);
});
