//! An entity while its record is read: without duplicates, and bounded.

use super::limits;
use crate::country::Country;
use crate::entity::{Birth, Entity, EntityKind, Gender, Identifier, Name, Topic};

pub(crate) struct Draft(Entity);

impl Draft {
    pub(crate) fn new(id: impl Into<String>, kind: EntityKind) -> Self {
        Self(Entity {
            id: id.into(),
            kind,
            names: Vec::new(),
            births: Vec::new(),
            countries: Vec::new(),
            gender: None,
            identifiers: Vec::new(),
            topics: Vec::new(),
            programs: Vec::new(),
        })
    }

    pub(crate) fn sanctioned(id: impl Into<String>, kind: EntityKind) -> Self {
        let mut draft = Self::new(id, kind);
        draft.topic(Topic::Sanction);
        draft
    }

    pub(crate) fn name(&mut self, mut name: Name) {
        name.text = tidy(&name.text);
        // The same text twice: the stronger one counts.
        if let Some(known) = self.0.names.iter_mut().find(|known| known.text == name.text) {
            known.weak &= name.weak;
        } else if !name.text.is_empty() && self.0.names.len() < limits::NAMES {
            self.0.names.push(name);
        }
    }

    pub(crate) fn birth(&mut self, birth: Option<Birth>) {
        push(&mut self.0.births, birth);
    }

    pub(crate) fn country(&mut self, text: &str) {
        push(&mut self.0.countries, Country::find(text));
    }

    pub(crate) fn gender(&mut self, gender: Option<Gender>) {
        self.0.gender = self.0.gender.or(gender);
    }

    pub(crate) fn identifier(&mut self, kind: &str, number: &str, country: Option<Country>) {
        let number = number.trim();
        // Kinds and numbers of any length are not on any list.
        let known = !number.is_empty() && number.len() <= 200 && kind.len() <= 200;
        let identifier =
            Identifier { kind: kind.trim().to_owned(), number: number.to_owned(), country };
        push(&mut self.0.identifiers, known.then_some(identifier));
    }

    pub(crate) fn topic(&mut self, topic: Topic) {
        push(&mut self.0.topics, Some(topic));
    }

    pub(crate) fn program(&mut self, program: &str) {
        let program = program.trim();
        push(&mut self.0.programs, (!program.is_empty()).then(|| program.to_owned()));
    }

    pub(crate) fn kind(&mut self, kind: EntityKind) {
        self.0.kind = kind;
    }

    /// The entity; `None` of one without a name, which nobody can be compared with.
    pub(crate) fn finish(mut self) -> Option<Entity> {
        // The first name is the one to show: a primary one, and not a weak one.
        self.0.names.sort_by_key(|name| (name.kind != crate::entity::NameKind::Primary, name.weak));
        (!self.0.names.is_empty()).then_some(self.0)
    }
}

fn push<T: PartialEq>(values: &mut Vec<T>, value: Option<T>) {
    if let Some(value) = value
        && values.len() < limits::DETAILS
        && !values.contains(&value)
    {
        values.push(value);
    }
}

/// One space between words, and no longer than a name may be.
fn tidy(text: &str) -> String {
    let mut tidy = String::new();
    for word in text.split_whitespace() {
        if !tidy.is_empty() {
            tidy.push(' ');
        }
        tidy.push_str(word);
    }
    match tidy.char_indices().nth(limits::NAME_CHARACTERS) {
        Some((end, _)) => tidy[..end].to_owned(),
        None => tidy,
    }
}

/// `LAST, First Middle` in reading order. A second comma is left where it is.
pub(crate) fn reading_order(text: &str) -> String {
    match text.split_once(',') {
        Some((last, first)) if !first.trim().is_empty() => {
            format!("{} {}", first.trim(), last.trim())
        }
        _ => text.to_owned(),
    }
}
