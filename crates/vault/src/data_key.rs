use std::fmt;

use rand::CryptoRng;
use zeroize::Zeroizing;

use crate::binding::Binding;
use crate::envelope::{self, Key};
use crate::error::Error;

/// The key of one blob or record. Leaves memory when dropped.
pub struct DataKey(pub(crate) Key);

impl DataKey {
    /// Seals `plain` to its place. 41 bytes longer than `plain`.
    pub fn seal(&self, binding: &Binding, plain: &[u8], rng: &mut impl CryptoRng) -> Vec<u8> {
        envelope::seal(&self.0, &binding.canonical(), plain, rng)
    }

    /// Opens what [`DataKey::seal`] made for the same place.
    pub fn open(&self, binding: &Binding, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        envelope::open(&self.0, &binding.canonical(), sealed)
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey([redacted])")
    }
}
