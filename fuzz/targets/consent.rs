//! The consent of a request, and the whole request around it.
#![no_main]

use bonafide_domain::consent::UserConsent;
use bonafide_domain::initiation::{Initiation, UrlProfile};
use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|bytes: &[u8]| {
    let Ok(value) = serde_json::from_slice::<Value>(bytes) else { return };
    consent(&value);
    for profile in [UrlProfile::Strict, UrlProfile::Development] {
        match Initiation::parse(&value, profile) {
            Ok(initiation) => {
                assert!(initiation.customer_internal_reference.chars().count() <= 100)
            }
            Err(violations) => assert!(!violations.is_empty(), "a refusal names a field"),
        }
    }
});

fn consent(value: &Value) {
    let mut violations = Vec::new();
    let Some(consent) = UserConsent::parse(value, &mut violations) else {
        assert!(!violations.is_empty(), "a refusal names a field");
        return;
    };
    assert!(violations.is_empty());
    assert!(consent.user_ip.parse::<std::net::IpAddr>().is_ok());
    let stored = serde_json::to_vec(&consent).expect("a consent can be stored");
    let loaded: UserConsent = serde_json::from_slice(&stored).expect("what is stored can be read");
    assert!(loaded == consent, "a stored consent comes back as it was");
    for now in ["1970-01-01T00:00:00Z", "2026-06-01T00:00:00Z", "9000-01-01T00:00:00Z"] {
        let now: Timestamp = now.parse().expect("a valid time");
        // Any answer is fine; a panic is not.
        let _ = consent.judge(now);
    }
}
