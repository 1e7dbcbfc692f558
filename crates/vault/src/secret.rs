//! Bearer tokens and client secrets: made here, shown once, stored as a hash.
//!
//! They have 256 random bits, so a plain SHA-256 is enough: there is nothing to guess.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::CryptoRng;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::redacted::Redacted;

/// Prefix of OAuth 2 access tokens.
pub const ACCESS_TOKEN: &str = "bfa_";
/// Prefix of `api.token`.
pub const TRANSACTION_TOKEN: &str = "bft_";
/// Prefix of `sdk.token`.
pub const SDK_TOKEN: &str = "bfs_";
/// Prefix of the web journey's token.
pub const WEB_TOKEN: &str = "bfw_";
/// Prefix of client secrets.
pub const CLIENT_SECRET: &str = "bfc_";

/// A new secret: the prefix, by which leaked ones are found, and 256 random bits in base64url.
pub fn generate(rng: &mut impl CryptoRng, prefix: &str) -> Redacted<String> {
    let mut bits = Zeroizing::new([0; 32]);
    rng.fill_bytes(&mut *bits);
    Redacted::new(format!("{prefix}{}", URL_SAFE_NO_PAD.encode(*bits)))
}

/// What is stored of a secret: its SHA-256.
pub fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret).into()
}

/// Whether `secret` is the one that was stored; takes the same time for every wrong one.
pub fn matches(stored: &[u8; 32], secret: &str) -> bool {
    hash(secret).ct_eq(stored).into()
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    use super::*;

    #[test]
    fn a_secret_is_its_prefix_and_43_characters() {
        let mut rng = StdRng::seed_from_u64(1);
        let (one, two) = (generate(&mut rng, ACCESS_TOKEN), generate(&mut rng, ACCESS_TOKEN));
        assert_ne!(one.expose(), two.expose());
        let bits = one.expose().strip_prefix("bfa_").expect("carries its prefix");
        assert_eq!(URL_SAFE_NO_PAD.decode(bits).unwrap().len(), 32);
    }

    #[test]
    fn only_the_secret_itself_matches() {
        let mut rng = StdRng::seed_from_u64(2);
        let secret = generate(&mut rng, CLIENT_SECRET);
        let stored = hash(secret.expose());
        assert!(matches(&stored, secret.expose()));
        assert!(!matches(&stored, &secret.expose()[1..]));
        assert!(!matches(&stored, &format!("{} ", secret.expose())));
    }

    /// FIPS 180-4's example "abc".
    #[test]
    fn the_hash_is_sha_256() {
        assert_eq!(hash("abc")[..4], [0xba, 0x78, 0x16, 0xbf]);
    }
}
