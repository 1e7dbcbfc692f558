//! The JSON of a `PREPARED_DATA` part.
#![no_main]

use bonafide_domain::prepared_data::PreparedData;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    match PreparedData::parse(bytes) {
        Ok(data) => {
            let again = PreparedData::parse(&data.to_json()).expect("what is kept can be read");
            assert!(again == data, "kept data comes back as it was");
        }
        Err(violations) => assert!(!violations.is_empty(), "a refusal says why"),
    }
});
