//! The one format of sealed bytes: version (1 byte), nonce (24), cipher text and tag (16).

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use rand::CryptoRng;
use zeroize::Zeroizing;

use crate::error::Error;

/// 256 random bits that leave memory when dropped.
pub(crate) type Key = Zeroizing<[u8; 32]>;

const VERSION: u8 = 1;
const NONCE_BYTES: usize = 24;
const HEADER_BYTES: usize = 1 + NONCE_BYTES;
/// Keeps our associated data apart from any other use of the same keys, and versions it.
const CONTEXT: &[u8] = b"bonafide envelope 1\0";

pub(crate) fn random_key(rng: &mut impl CryptoRng) -> Key {
    let mut key = Key::default();
    rng.fill_bytes(&mut *key);
    key
}

/// Seals `plain` with `key`. Opens again only with the same `bound_to`.
pub(crate) fn seal(key: &Key, bound_to: &[u8], plain: &[u8], rng: &mut impl CryptoRng) -> Vec<u8> {
    let mut nonce = XNonce::default();
    rng.fill_bytes(&mut nonce);
    let associated = [CONTEXT, bound_to].concat();
    let cipher_text = cipher(key)
        .encrypt(&nonce, Payload { msg: plain, aad: &associated })
        .expect("XChaCha20-Poly1305 takes up to 256 GiB");
    [&[VERSION], nonce.as_slice(), &cipher_text].concat()
}

/// Opens what [`seal`] made.
pub(crate) fn open(key: &Key, bound_to: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
    let (header, cipher_text) = sealed.split_at_checked(HEADER_BYTES).ok_or(Error::Format)?;
    let (version, nonce) = header.split_at(1);
    if version != [VERSION] {
        return Err(Error::Format);
    }
    let nonce = XNonce::try_from(nonce).expect("the header was split at the nonce's length");
    let associated = [CONTEXT, bound_to].concat();
    cipher(key)
        .decrypt(&nonce, Payload { msg: cipher_text, aad: &associated })
        .map(Zeroizing::new)
        .map_err(|_| Error::Refused)
}

fn cipher(key: &Key) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new_from_slice(&**key).expect("a key has 32 bytes")
}
