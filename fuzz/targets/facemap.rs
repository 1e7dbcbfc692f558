//! A facemap from anywhere, with every code taken for authentic so that all of it is read.
#![no_main]

use bonafide_domain::id::TenantId;
use bonafide_face::facemap::{Authenticator, Facemap};
use bonafide_models::Digest;
use libfuzzer_sys::fuzz_target;

struct Trusting;

impl Authenticator for Trusting {
    fn code(&self, _: &[u8]) -> [u8; 32] {
        [0; 32]
    }
    fn is_authentic(&self, _: &[u8], _: &[u8; 32]) -> bool {
        true
    }
}

fuzz_target!(|bytes: &[u8]| {
    let (tenant, pack) = (TenantId::from_bytes([0; 16]), Digest::of(b""));
    if let Ok(facemap) = Facemap::decode(bytes, &Trusting, tenant, &pack, 0, i64::MAX) {
        let again = facemap.encode(&Trusting);
        let read = Facemap::decode(&again, &Trusting, tenant, &pack, 0, i64::MAX);
        assert_eq!(read.as_ref(), Ok(&facemap), "what is written is read again");
    }
});
