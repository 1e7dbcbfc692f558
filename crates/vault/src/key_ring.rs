use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bonafide_domain::id::DataKeyId;
use rand::CryptoRng;
use zeroize::Zeroizing;

use crate::data_key::DataKey;
use crate::envelope::{self, Key};
use crate::error::Error;

/// The keys that wrap data keys. One is active: it wraps the new ones. The others stay as long as
/// something is wrapped by them.
///
/// As text, a line for each key: its id, its 256 bits in base64url, and `active` after one of them.
/// Empty lines and lines that begin with `#` say nothing.
pub struct KeyRing {
    keys: Vec<RingKey>,
    /// Index into `keys`.
    active: usize,
}

struct RingKey {
    id: String,
    key: Key,
}

/// A data key that only the ring can open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrappedKey {
    /// The ring's key that wraps it.
    pub ring_key_id: String,
    /// The sealed key.
    pub bytes: Vec<u8>,
}

impl KeyRing {
    /// A ring with one new key.
    pub fn generate(rng: &mut impl CryptoRng, id: String) -> Result<Self, Error> {
        check_id(&id)?;
        Ok(Self { keys: vec![RingKey { id, key: envelope::random_key(rng) }], active: 0 })
    }

    /// Reads the text of [`KeyRing::render`].
    pub fn parse(text: &str) -> Result<Self, Error> {
        let mut keys: Vec<RingKey> = Vec::new();
        let mut active = None;
        for (index, line) in text.lines().enumerate() {
            let line_error = |problem| Error::KeyRing { line: index + 1, problem };
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (key, is_active) = parse_line(line).map_err(line_error)?;
            if keys.iter().any(|known| known.id == key.id) {
                return Err(line_error("a second key of the same id"));
            }
            if is_active && active.replace(keys.len()).is_some() {
                return Err(line_error("a second active key"));
            }
            keys.push(key);
        }
        let active = active.ok_or(Error::KeyRing { line: 0, problem: "no key is active" })?;
        Ok(Self { keys, active })
    }

    /// The ring as text, secrets included: for the key ring's file and its backup only.
    pub fn render(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(self.keys.len() * 128));
        for (index, key) in self.keys.iter().enumerate() {
            let bits = Zeroizing::new(URL_SAFE_NO_PAD.encode(*key.key));
            text.push_str(&key.id);
            text.push(' ');
            text.push_str(&bits);
            text.push_str(if index == self.active { " active\n" } else { "\n" });
        }
        text
    }

    /// Adds a new key and makes it the active one.
    pub fn rotate(&mut self, rng: &mut impl CryptoRng, new_id: String) -> Result<(), Error> {
        check_id(&new_id)?;
        if self.find(&new_id).is_ok() {
            return Err(Error::DuplicateRingKey { id: new_id });
        }
        self.active = self.keys.len();
        self.keys.push(RingKey { id: new_id, key: envelope::random_key(rng) });
        Ok(())
    }

    /// Removes a key that wraps nothing any more.
    pub fn remove(&mut self, id: &str) -> Result<(), Error> {
        if self.active_id() == id {
            return Err(Error::ActiveRingKey { id: id.to_owned() });
        }
        let active = self.active_id().to_owned();
        let index = self.keys.iter().position(|key| key.id == id);
        self.keys.remove(index.ok_or_else(|| Error::UnknownRingKey { id: id.to_owned() })?);
        self.active = self
            .keys
            .iter()
            .position(|key| key.id == active)
            .expect("the active key was not the one removed");
        Ok(())
    }

    /// The id of the active key.
    pub fn active_id(&self) -> &str {
        &self.keys[self.active].id
    }

    /// The ids of all keys, oldest first.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().map(|key| key.id.as_str())
    }

    /// A new data key, and its wrapped form for the database.
    pub fn new_data_key(
        &self,
        data_key_id: DataKeyId,
        rng: &mut impl CryptoRng,
    ) -> (DataKey, WrappedKey) {
        let key = DataKey(envelope::random_key(rng));
        let wrapped = self.wrap(data_key_id, &key, rng);
        (key, wrapped)
    }

    /// Opens a wrapped data key.
    pub fn unwrap(&self, data_key_id: DataKeyId, wrapped: &WrappedKey) -> Result<DataKey, Error> {
        let ring_key = self.find(&wrapped.ring_key_id)?;
        let opened = envelope::open(&ring_key.key, &bound_to(data_key_id), &wrapped.bytes)?;
        let bits = opened.as_slice().try_into().map_err(|_| Error::Format)?;
        Ok(DataKey(Key::new(bits)))
    }

    /// Wraps a data key anew, by the active key.
    pub fn rewrap(
        &self,
        data_key_id: DataKeyId,
        wrapped: &WrappedKey,
        rng: &mut impl CryptoRng,
    ) -> Result<WrappedKey, Error> {
        let key = self.unwrap(data_key_id, wrapped)?;
        Ok(self.wrap(data_key_id, &key, rng))
    }

    fn wrap(&self, id: DataKeyId, key: &DataKey, rng: &mut impl CryptoRng) -> WrappedKey {
        let active = &self.keys[self.active];
        WrappedKey {
            ring_key_id: active.id.clone(),
            bytes: envelope::seal(&active.key, &bound_to(id), &*key.0, rng),
        }
    }

    fn find(&self, id: &str) -> Result<&RingKey, Error> {
        self.keys
            .iter()
            .find(|key| key.id == id)
            .ok_or_else(|| Error::UnknownRingKey { id: id.to_owned() })
    }
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyRing")
            .field("ids", &self.ids().collect::<Vec<_>>())
            .field("active", &self.active_id())
            .finish_non_exhaustive()
    }
}

fn parse_line(line: &str) -> Result<(RingKey, bool), &'static str> {
    let mut words = line.split_whitespace();
    let id = words.next().unwrap_or_default();
    check_id(id).map_err(|_| "an id has letters, digits, dots, hyphens and underscores")?;
    let mut bytes = Zeroizing::new(
        URL_SAFE_NO_PAD
            .decode(words.next().ok_or("no key after the id")?)
            .map_err(|_| "the key is not base64url without padding")?,
    );
    let bits = bytes.as_mut_slice().try_into().map_err(|_| "the key has not 32 bytes")?;
    let active = match words.next() {
        None => false,
        Some("active") => true,
        Some(_) => return Err("only the word `active` may follow the key"),
    };
    if words.next().is_some() {
        return Err("more words than an id, a key and `active`");
    }
    Ok((RingKey { id: id.to_owned(), key: Key::new(bits) }, active))
}

fn check_id(id: &str) -> Result<(), Error> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
    if (1..=64).contains(&id.len()) && id.bytes().all(plain) {
        Ok(())
    } else {
        Err(Error::RingKeyId)
    }
}

/// Wrapped keys are bound to their row, apart from every [`crate::Binding`] by their first letter.
fn bound_to(data_key_id: DataKeyId) -> Vec<u8> {
    [b"K".as_slice(), data_key_id.as_bytes()].concat()
}

#[cfg(test)]
mod tests;
