//! What is kept sealed, and what is kept secret.
//!
//! Envelope encryption: every blob and record is sealed with a [`DataKey`] of its own; data keys are
//! wrapped by a key of the [`KeyRing`]. Whoever destroys a wrapped key has destroyed what it sealed.
//! Sealed bytes are bound to the place that they were made for ([`Binding`]), so that they cannot be
//! moved to another account, credential or execution.
//!
//! Pure: no IO, and randomness is always a parameter.

mod binding;
mod data_key;
mod envelope;
mod error;
mod key_ring;
mod redacted;
pub mod secret;
pub mod signature;

pub use binding::Binding;
pub use data_key::DataKey;
pub use error::Error;
pub use key_ring::{KeyRing, WrappedKey};
pub use redacted::Redacted;
