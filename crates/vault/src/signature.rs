//! Signatures of callbacks, as the Standard Webhooks specification has them (symmetric scheme `v1`).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use rand::CryptoRng;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::redacted::Redacted;

/// The bytes of a new secret; the specification asks for 24 to 64.
pub fn generate_secret(rng: &mut impl CryptoRng) -> Zeroizing<[u8; 32]> {
    let mut secret = Zeroizing::new([0; 32]);
    rng.fill_bytes(&mut *secret);
    secret
}

/// A secret as the customer is shown it: `whsec_` and its bytes in base64.
pub fn secret_text(secret: &[u8]) -> Redacted<String> {
    Redacted::new(format!("whsec_{}", STANDARD.encode(secret)))
}

/// The value of `webhook-signature`: `v1,` and the HMAC-SHA256 of `id.timestamp.body` in base64.
///
/// `secret` are the bytes behind the customer's `whsec_…` text; `id` and `timestamp_seconds` (Unix
/// time) are those sent as `webhook-id` and `webhook-timestamp`.
pub fn sign(secret: &[u8], id: &str, timestamp_seconds: i64, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes a key of any length");
    mac.update(format!("{id}.{timestamp_seconds}.").as_bytes());
    mac.update(body);
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

/// The HMAC-SHA256 of bytes that this server alone makes and reads back, such as a facemap. A key
/// serves one purpose only.
pub fn authentication_code(key: &[u8; 32], bytes: &[u8]) -> [u8; 32] {
    keyed(key, bytes).finalize().into_bytes().into()
}

/// Whether a code is the one of these bytes, in constant time.
pub fn is_authentic(key: &[u8; 32], bytes: &[u8], code: &[u8; 32]) -> bool {
    keyed(key, bytes).verify_slice(code).is_ok()
}

fn keyed(key: &[u8; 32], bytes: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(bytes);
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Expected values computed with Python's `hmac` and `hashlib`, outside of this code.
    #[test]
    fn vectors_of_another_implementation() {
        let counting: Vec<u8> = (0..24).collect();
        let every_byte: Vec<u8> = (0..=255).collect();
        for (secret, id, timestamp, body, expected) in [
            (
                counting.as_slice(),
                "msg_01J9ZK3",
                1_700_000_000,
                br#"{"a":1}"#.as_slice(),
                "v1,LRy3Jt31RJyEDPflzYS2Nu4sVjfbA3ajMYWIJGLIIpM=",
            ),
            (b"k", "", 0, b"", "v1,hETo2BWaIudwByvvSMAhGmz+y+ZZ7dheMcL/2I+Ew/Y="),
            (
                &[0xff; 64],
                "callback-é",
                253_402_300_799,
                &every_byte,
                "v1,LX2rOeYk3e6Oxz7yWhOtVWZYvDFKETPf0B38xwMg79A=",
            ),
        ] {
            assert_eq!(sign(secret, id, timestamp, body), expected, "{id}");
        }
    }

    #[test]
    fn every_part_is_signed() {
        let one = sign(b"secret", "a", 12, b"body");
        for other in [
            sign(b"secreT", "a", 12, b"body"),
            sign(b"secret", "b", 12, b"body"),
            sign(b"secret", "a", 13, b"body"),
            sign(b"secret", "a", 12, b"bodY"),
        ] {
            assert_ne!(one, other);
        }
    }

    #[test]
    fn a_code_belongs_to_its_key_and_bytes() {
        let code = authentication_code(&[1; 32], b"facemap");
        assert!(is_authentic(&[1; 32], b"facemap", &code));
        assert!(!is_authentic(&[2; 32], b"facemap", &code));
        assert!(!is_authentic(&[1; 32], b"facemaP", &code));
    }
}
