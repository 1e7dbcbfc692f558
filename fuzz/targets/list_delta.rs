//! OpenSanctions' deltas.
#![no_main]

use bonafide_screening::list::{Change, Input, read_delta};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = read_delta(Input::bytes("entities.delta.json", bytes), &mut |change| {
        if let Change::Put(entity) = change {
            assert!(!entity.names.is_empty());
        }
        Ok(())
    });
});
