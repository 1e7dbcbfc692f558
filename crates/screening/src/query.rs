//! Who is searched for.

use serde::{Deserialize, Serialize};

use crate::country::Country;
use crate::entity::{Birth, EntityKind, Gender};

/// A person or an organisation to compare with the lists. Only the name is needed.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Subject {
    /// The whole name, in any order and any script.
    pub name: String,
    /// What it is; `Unknown` is compared with everything.
    pub kind: EntityKind,
    /// When a person was born.
    #[serde(default)]
    pub birth: Option<Birth>,
    /// Nationality, residence, the country that issued the document.
    #[serde(default)]
    pub countries: Vec<Country>,
    /// A person's gender.
    #[serde(default)]
    pub gender: Option<Gender>,
    /// Numbers of documents.
    #[serde(default)]
    pub identifiers: Vec<String>,
}

/// Personal data stays out of logs.
impl std::fmt::Debug for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Subject(redacted)")
    }
}

impl Subject {
    /// A person of whom no more than the name is known.
    pub fn person(name: impl Into<String>) -> Self {
        Self::new(name, EntityKind::Person)
    }

    /// A name and what bears it.
    pub fn new(name: impl Into<String>, kind: EntityKind) -> Self {
        Self {
            name: name.into(),
            kind,
            birth: None,
            countries: Vec::new(),
            gender: None,
            identifiers: Vec::new(),
        }
    }
}
