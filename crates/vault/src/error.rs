/// Why something stays closed. Carries no key, no plain text and no personal data.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The key ring's text cannot be read.
    #[error("key ring, line {line}: {problem}")]
    KeyRing {
        /// The line, counted from 1; 0 when it is the whole text.
        line: usize,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// An id that a ring's key cannot have.
    #[error("a ring key's id has 1 to 64 letters, digits, dots, hyphens and underscores")]
    RingKeyId,
    /// Another key of the ring has this id.
    #[error("the key ring has a key {id} already; choose another id")]
    DuplicateRingKey {
        /// The id.
        id: String,
    },
    /// The active key cannot be removed.
    #[error("{id} is the key ring's active key; rotate before removing it")]
    ActiveRingKey {
        /// The id.
        id: String,
    },
    /// A data key is wrapped by a key that the ring does not have.
    #[error("the key ring has no key {id}; restore it from the backup of the key ring")]
    UnknownRingKey {
        /// The id.
        id: String,
    },
    /// The bytes are none that this version wrote.
    #[error("sealed bytes of an unknown format or cut short")]
    Format,
    /// The bytes do not open: another key, another place, or they were changed.
    #[error("sealed bytes refused: changed, moved, or sealed with another key")]
    Refused,
}
