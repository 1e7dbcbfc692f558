//! A tenant's own list.
#![no_main]

#[path = "common/lists.rs"]
mod lists;

use bonafide_screening::list::Source;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| lists::check(Source::Own, &[("list", bytes)]));
