//! The UK list, XML.
#![no_main]

#[path = "common/lists.rs"]
mod lists;

use bonafide_screening::list::Source;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if bytes.trim_ascii_start().starts_with(b"<") {
        lists::check(Source::Uk, &[("list.xml", bytes)]);
    }
});
