//! All names of all lists in memory, and the search among them.

mod search;
mod table;
mod vocabulary;

use std::sync::{Arc, Mutex};

use crate::entity::{Entity, EntityKind};
use crate::text::Script;
use crate::text::words::words;
use search::Scratch;
pub(crate) use search::reading;
pub use search::{Candidate, SearchOptions};
use table::Lists;
use vocabulary::Vocabulary;

/// Which list an entity came from: the place in the order in which lists were added.
pub type ListNumber = u16;

#[derive(Clone, Copy)]
struct NameRow {
    entity: u32,
    /// Which of the entity's names.
    ordinal: u16,
    weak: bool,
    kind: EntityKind,
    list: ListNumber,
    /// The weights of its words together.
    weight: f32,
}

/// An index of names. It is built once and then only read; a changed list is a new index.
#[derive(Default)]
pub struct Index {
    vocabulary: Arc<Vocabulary>,
    /// What says how much the words of a query tell: the vocabulary, or that of the whole of which
    /// these names are a part.
    rarity: Arc<Vocabulary>,
    names: Vec<NameRow>,
    /// The words of each name.
    name_words: Lists,
    /// The names of each word.
    word_names: Lists,
    /// Packed entities.
    records: Vec<u8>,
    record_ends: Vec<u32>,
    /// Room for searches, used again and again.
    scratch: Mutex<Vec<Scratch>>,
}

/// Collects entities into an [`Index`].
#[derive(Default)]
pub struct IndexBuilder {
    vocabulary: vocabulary::Builder,
    names: Vec<NameRow>,
    name_words: Lists,
    records: Vec<u8>,
    record_ends: Vec<u32>,
}

impl IndexBuilder {
    /// Adds an entity of a list.
    pub fn add(&mut self, list: ListNumber, entity: &Entity) {
        let at = self.record_ends.len() as u32;
        let packed = postcard::to_allocvec(entity).expect("an entity has a packed form");
        self.records.extend(packed);
        self.record_ends.push(self.records.len() as u32);
        for (ordinal, name) in entity.names.iter().enumerate().take(usize::from(u16::MAX)) {
            let words = words(&name.text, entity.kind);
            if words.is_empty() {
                continue;
            }
            let ids: Vec<u32> = words.iter().map(|word| self.vocabulary.id(word)).collect();
            self.name_words.push(ids);
            self.names.push(NameRow {
                entity: at,
                ordinal: ordinal as u16,
                weak: name.weak,
                kind: entity.kind,
                list,
                weight: 0.0,
            });
        }
    }

    /// Builds the index.
    pub fn build(self) -> Index {
        self.finish(|builder, names, word_names| {
            let vocabulary = builder.finish(names, |id| word_names.get(id).len());
            let vocabulary = Arc::new(vocabulary);
            (Arc::clone(&vocabulary), vocabulary)
        })
    }

    /// Builds the index of a part of the names of `whole`; names score in it as they do there.
    pub fn build_part(self, whole: &Index) -> Index {
        self.finish(|builder, _, _| {
            (Arc::new(builder.finish_part(&whole.rarity)), Arc::clone(&whole.rarity))
        })
    }

    fn finish(
        mut self,
        vocabulary: impl FnOnce(
            vocabulary::Builder,
            usize,
            &Lists,
        ) -> (Arc<Vocabulary>, Arc<Vocabulary>),
    ) -> Index {
        let words = &self.vocabulary;
        let word_names = self.name_words.inverted(words.len(), |id| words.identifies(id));
        let mut names = self.names;
        let (vocabulary, rarity) = vocabulary(self.vocabulary, names.len(), &word_names);
        for (at, name) in names.iter_mut().enumerate() {
            name.weight = self.name_words.get(at).iter().map(|id| vocabulary.weight(*id)).sum();
        }
        names.shrink_to_fit();
        self.name_words.shrink();
        self.records.shrink_to_fit();
        self.record_ends.shrink_to_fit();
        Index {
            vocabulary,
            rarity,
            names,
            name_words: self.name_words,
            word_names,
            records: self.records,
            record_ends: self.record_ends,
            scratch: Mutex::default(),
        }
    }
}

impl Index {
    /// How many names there are.
    pub fn names(&self) -> usize {
        self.names.len()
    }

    /// How many entities there are.
    pub fn entities(&self) -> usize {
        self.record_ends.len()
    }

    /// Bytes that the index holds, without what searches use.
    pub fn bytes(&self) -> usize {
        self.vocabulary.bytes()
            + self.names.len() * size_of::<NameRow>()
            + self.name_words.bytes()
            + self.word_names.bytes()
            + self.records.len()
            + 4 * self.record_ends.len()
    }

    /// The entity that a candidate names.
    pub fn entity(&self, candidate: &Candidate) -> Entity {
        let at = candidate.entity;
        let start = match at {
            0 => 0,
            _ => self.record_ends[at as usize - 1] as usize,
        };
        let end = self.record_ends[at as usize] as usize;
        postcard::from_bytes(&self.records[start..end]).expect("it was packed by the builder")
    }

    /// The script of the query, which thresholds go by.
    pub fn script_of(query: &str) -> Script {
        Script::of(query)
    }
}
