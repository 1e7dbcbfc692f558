//! `Idempotency-Key`: a request that is sent again takes effect once.

/// A client's name for one request: 1 to 255 visible ASCII characters.
#[derive(Clone, PartialEq, Eq)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    const MAX: usize = 255;

    /// Reads a header's value. The quotes of a structured header's string are no part of the key.
    pub fn parse(value: &str) -> Result<Self, InvalidKey> {
        let value = value.trim();
        let key = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(value);
        let visible = key.bytes().all(|byte| byte.is_ascii_graphic());
        if visible && (1..=Self::MAX).contains(&key.len()) {
            Ok(Self(key.to_owned()))
        } else {
            Err(InvalidKey)
        }
    }

    /// The key.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A client may have put anything into its key.
impl std::fmt::Debug for IdempotencyKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("IdempotencyKey([redacted])")
    }
}

/// A value that is no idempotency key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an idempotency key has 1 to 255 visible ASCII characters")]
pub struct InvalidKey;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_short_and_visible() {
        let longest = "k".repeat(255);
        for (value, key) in
            [("a", "a"), (" \"8e03-\" ", "8e03-"), ("\"", "\""), (longest.as_str(), &longest)]
        {
            assert_eq!(IdempotencyKey::parse(value).unwrap().as_str(), key);
        }
        for value in ["", " ", "\"\"", "a b", "a\u{e9}", "a\tb", &"k".repeat(256)] {
            assert!(IdempotencyKey::parse(value).is_err(), "{value:?}");
        }
    }
}
