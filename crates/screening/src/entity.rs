//! Who is listed: one record of one list, in the shape that every list is read into.

use serde::{Deserialize, Serialize};

use crate::country::Country;

/// A listed person, organisation, vessel or aircraft.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entity {
    /// The record's id on its list, unique there: `36`, `CDi.001`, `NK-…`.
    pub id: String,
    /// What is listed.
    pub kind: EntityKind,
    /// Every name; the first is the one to show.
    pub names: Vec<Name>,
    /// When a person was, or may have been, born; several where the list has several.
    #[serde(default)]
    pub births: Vec<Birth>,
    /// Nationality, citizenship, residence, registration, flag.
    #[serde(default)]
    pub countries: Vec<Country>,
    /// A person's gender.
    #[serde(default)]
    pub gender: Option<Gender>,
    /// Passports, identity cards, registration numbers.
    #[serde(default)]
    pub identifiers: Vec<Identifier>,
    /// Why it is listed.
    #[serde(default)]
    pub topics: Vec<Topic>,
    /// The list's programmes or regimes, in its own words.
    #[serde(default)]
    pub programs: Vec<String>,
}

/// What is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EntityKind {
    /// A natural person.
    Person,
    /// A company, an organisation, a group.
    Organisation,
    /// A ship.
    Vessel,
    /// An aircraft.
    Aircraft,
    /// The list does not say; it is compared with everything.
    Unknown,
}

/// One name of an entity.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Name {
    /// As the list has it, in reading order: given names first where the list tells them apart.
    pub text: String,
    /// What sort of name.
    pub kind: NameKind,
    /// Whether the list calls it too vague to identify anyone by ("weak", "low").
    #[serde(default)]
    pub weak: bool,
}

/// What sort of name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NameKind {
    /// The name that it is listed under, or a spelling of it.
    Primary,
    /// Also known as; formerly known as.
    Alias,
}

/// When a person was or may have been born.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Birth {
    /// First possible year.
    pub from: i16,
    /// Last possible year; `from` where the year is known.
    pub to: i16,
    /// Month and day, where known; only with one year.
    #[serde(default)]
    pub month_day: Option<(i8, i8)>,
    /// "Circa".
    #[serde(default)]
    pub approximate: bool,
}

/// A person's gender as lists know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Gender {
    /// `M`.
    Male,
    /// `F`.
    Female,
}

/// The number of a document or a register.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Identifier {
    /// In the list's words: `Passport`, `National ID No.`.
    pub kind: String,
    /// The number as the list has it.
    pub number: String,
    /// Who issued it.
    #[serde(default)]
    pub country: Option<Country>,
}

/// Why an entity is listed, in the words of the screening interface (notes: `filters.types`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Topic {
    /// Sanctioned.
    Sanction,
    /// Warned of, wanted, disqualified.
    Warning,
    /// A politically exposed person, or close to one.
    Pep,
    /// Reported on.
    AdverseMedia,
}

impl Name {
    /// The name that an entity is listed under.
    pub fn primary(text: impl Into<String>) -> Self {
        Self { text: text.into(), kind: NameKind::Primary, weak: false }
    }

    /// Another name.
    pub fn alias(text: impl Into<String>, weak: bool) -> Self {
        Self { text: text.into(), kind: NameKind::Alias, weak }
    }
}

impl Birth {
    /// A year, or years from and to.
    pub fn years(from: i16, to: i16) -> Self {
        Self { from: from.min(to), to: from.max(to), month_day: None, approximate: false }
    }

    /// A date as lists and people write it: `1962-05-04`, `12 Aug 1962`, `circa 1962`, `1960 to 1963`.
    pub fn parse(text: &str) -> Option<Self> {
        crate::list::date::birth(text)
    }

    /// A day.
    pub fn day(date: jiff::civil::Date) -> Self {
        Self {
            month_day: Some((date.month(), date.day())),
            ..Self::years(date.year(), date.year())
        }
    }
}

impl Gender {
    /// `M`, `male`, `F`, `Female`, `FEMALE`, …
    pub fn find(text: &str) -> Option<Self> {
        match text.trim().as_bytes().first()?.to_ascii_lowercase() {
            b'm' => Some(Self::Male),
            b'f' | b'w' => Some(Self::Female),
            _ => None,
        }
    }
}
