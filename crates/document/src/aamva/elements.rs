//! The data elements of a subfile: three letters, then a value up to the separator.

use std::collections::BTreeMap;

use super::irregularity::Irregularity;

/// Three characters that name a data element, such as `DAQ`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ElementId([u8; 3]);

impl ElementId {
    /// An id of the tables.
    pub const fn new(id: [u8; 3]) -> Self {
        Self(id)
    }

    /// The id that a line begins with: `D`, a letter, a letter or digit, in either case.
    fn of_line(line: &[u8]) -> Option<Self> {
        let id: [u8; 3] = line.get(..3)?.try_into().ok()?;
        let id = id.map(|c| c.to_ascii_uppercase());
        let is_id = id[0] == b'D' && id[1].is_ascii_uppercase() && id[2].is_ascii_alphanumeric();
        is_id.then_some(Self(id))
    }
}

impl std::fmt::Display for ElementId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|&c| write!(f, "{}", char::from(c)))
    }
}

impl std::fmt::Debug for ElementId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

/// The elements of one subfile, each with its value as encoded, without spaces around it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Elements(BTreeMap<ElementId, String>);

/// Values are personal; the ids are not.
impl std::fmt::Debug for Elements {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Elements {
    /// Reads the lines of a subfile, whatever control characters part them. Lines that begin with no id are left
    /// out.
    pub(super) fn read(subfile: &[u8], irregularities: &mut Vec<Irregularity>) -> Self {
        let mut elements = Self::default();
        for line in subfile.split(|&c| is_separator(c)) {
            let Some(id) = ElementId::of_line(line) else { continue };
            let value = text(&line[3..]);
            match elements.0.get(&id) {
                None => drop(elements.0.insert(id, value)),
                Some(first) if *first == value => {}
                Some(_) => irregularities.push(Irregularity::Repeated(id)),
            }
        }
        elements
    }

    /// The value as encoded, also where it is empty.
    pub fn raw(&self, id: [u8; 3]) -> Option<&str> {
        self.0.get(&ElementId(id)).map(String::as_str)
    }

    /// The value, where there is one: the standard writes `NONE` for what the holder does not have and `unavl` for
    /// what the issuer does not know (annex D, data element tables).
    pub fn value(&self, id: [u8; 3]) -> Option<&str> {
        self.raw(id).filter(|value| !is_placeholder(value))
    }

    /// Whether the element is there, with whatever value.
    pub fn has(&self, id: ElementId) -> bool {
        self.0.contains_key(&id)
    }

    /// Whether there is none at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Line feed by the standard; carriage return, record and file separator in the field.
pub(super) const fn is_separator(character: u8) -> bool {
    matches!(character, b'\n' | b'\r' | 0x1c..=0x1f | 0)
}

fn is_placeholder(value: &str) -> bool {
    let words = ["", "NONE", "UNAVL", "UNAVAIL", "N/A"];
    words.iter().any(|word| value.eq_ignore_ascii_case(word))
}

/// Latin-1 by the standard; UTF-8 where it cannot be anything else.
fn text(bytes: &[u8]) -> String {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().copied().map(char::from).collect(),
    };
    text.trim().to_owned()
}
