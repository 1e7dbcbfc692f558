//! Every different word of all names, and how near ones are found: by sound, by sound with letters
//! left out, by consonants, by class.

use rustc_hash::{FxHashMap, FxHashSet, FxHasher};
use std::hash::Hasher;

use super::table::{HashTable, Texts};
use crate::matching::similarity::{Part, WordMatch, similarity, similarity_by_edits};
use crate::text::fold::{dull, shape, skeleton, unvoiced};
use crate::text::words::{Role, Word};

/// How many letters of a sound are looked up with letters left out.
const PREFIX: usize = 7;

#[derive(Clone, Copy)]
struct Entry {
    role: Role,
    class: u16,
    abjad: bool,
    characters: u32,
    weight: f32,
}

#[derive(Default)]
pub(crate) struct Vocabulary {
    latins: Texts,
    folds: Texts,
    entries: Vec<Entry>,
    by_fold: HashTable,
    by_deletion: HashTable,
    by_skeleton: HashTable,
    by_class: HashTable,
}

/// A word of the vocabulary that is like one of the query.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Neighbour {
    pub(crate) id: u32,
    pub(crate) similarity: f32,
    pub(crate) how: WordMatch,
}

type Compare = fn(&Part<'_>, &Part<'_>) -> Option<(f32, WordMatch)>;

#[derive(Default)]
pub(crate) struct Builder {
    ids: FxHashMap<(String, Role, bool, u32), u32>,
    vocabulary: Vocabulary,
}

impl Builder {
    /// The id of a word.
    pub(crate) fn id(&mut self, word: &Word) -> u32 {
        let key = (word.latin.clone(), word.role, word.script.is_abjad(), word.characters);
        let vocabulary = &mut self.vocabulary;
        *self.ids.entry(key).or_insert_with(|| {
            vocabulary.latins.push(&word.latin);
            vocabulary.folds.push(&word.fold);
            vocabulary.entries.push(Entry {
                role: word.role,
                class: word.class,
                abjad: word.script.is_abjad(),
                characters: word.characters,
                weight: 1.0,
            });
            (vocabulary.entries.len() - 1) as u32
        })
    }

    pub(crate) fn len(&self) -> usize {
        self.vocabulary.entries.len()
    }

    pub(crate) fn identifies(&self, id: u32) -> bool {
        self.vocabulary.entries[id as usize].role.identifies()
    }

    /// `frequency` says in how many of `names` names a word occurs.
    pub(crate) fn finish(self, names: usize, frequency: impl Fn(usize) -> usize) -> Vocabulary {
        self.weighed(|vocabulary, at| {
            rarity(frequency(at), names) * vocabulary.entries[at].role.share()
        })
    }

    /// Words that tell as much as they do among the words of `whole`.
    pub(crate) fn finish_part(self, whole: &Vocabulary) -> Vocabulary {
        self.weighed(|vocabulary, at| {
            let entry = vocabulary.entries[at];
            let same = |other: &Entry| {
                other.role == entry.role
                    && other.abjad == entry.abjad
                    && other.characters == entry.characters
            };
            whole
                .find(vocabulary.latins.get(at), vocabulary.folds.get(at), same)
                .unwrap_or(entry.role.share())
        })
    }

    fn weighed(self, weight: impl Fn(&Vocabulary, usize) -> f32) -> Vocabulary {
        let mut vocabulary = self.vocabulary;
        drop(self.ids);
        vocabulary.latins.shrink();
        vocabulary.folds.shrink();
        vocabulary.entries.shrink_to_fit();
        for at in 0..vocabulary.entries.len() {
            vocabulary.entries[at].weight = weight(&vocabulary, at);
        }
        vocabulary.build_tables();
        vocabulary
    }
}

/// How much a word tells by how many names have it: 1 for the rarest, 0.3 for one in every name.
fn rarity(frequency: usize, names: usize) -> f32 {
    const COMMON: f32 = 0.3;
    let names = (names.max(100) as f32).ln();
    let rare = 1.0 - (frequency.max(1) as f32).ln() / names;
    // What occurs in a handful of names is as rare as what occurs in one.
    COMMON + (1.0 - COMMON) * (rare * 1.25).min(1.0)
}

impl Vocabulary {
    fn build_tables(&mut self) {
        let mut folds = Vec::new();
        let mut deletions = Vec::new();
        let mut skeletons = Vec::new();
        let mut classes = Vec::new();
        for (at, entry) in self.entries.iter().enumerate() {
            let (id, fold) = (at as u32, self.folds.get(at));
            folds.push((hash(fold), id));
            if entry.class != 0 {
                classes.push((u32::from(entry.class).wrapping_mul(0x9e37_79b9), id));
            }
            if entry.role == Role::Name {
                let latin = self.latins.get(at);
                each_deletion(fold, |hash| deletions.push((hash, id)));
                if latin != fold {
                    each_deletion(latin, |hash| deletions.push((hash, id)));
                }
                skeletons.push((hash(&skeleton(fold)), id));
                each_likeness(self.latins.get(at), fold, |hash| skeletons.push((hash, id)));
            }
        }
        self.by_fold = HashTable::build(folds);
        self.by_deletion = HashTable::build(deletions);
        self.by_skeleton = HashTable::build(skeletons);
        self.by_class = HashTable::build(classes);
    }

    pub(crate) fn part(&self, id: u32) -> Part<'_> {
        let at = id as usize;
        let entry = self.entries[at];
        Part {
            latin: self.latins.get(at),
            fold: self.folds.get(at),
            class: entry.class,
            role: entry.role,
            abjad: entry.abjad,
            characters: entry.characters,
            weight: entry.weight,
        }
    }

    pub(crate) fn weight(&self, id: u32) -> f32 {
        self.entries[id as usize].weight
    }

    /// How much a word of a query tells: as much as the same word in the lists, else all.
    pub(crate) fn weight_of(&self, word: &Word) -> f32 {
        self.find(&word.latin, &word.fold, |entry| entry.role == word.role)
            .unwrap_or(word.role.share())
    }

    /// The weight of a word that is wanted.
    fn find(&self, latin: &str, fold: &str, wanted: impl Fn(&Entry) -> bool) -> Option<f32> {
        let ids = self.by_fold.get(hash(fold)).iter().map(|id| *id as usize);
        let mut same = ids.filter(|at| self.latins.get(*at) == latin);
        same.find(|at| wanted(&self.entries[*at])).map(|at| self.entries[at].weight)
    }

    /// Words like this one, each once; of words that are only like it if it is `misspelt`, none
    /// unless they are asked for.
    pub(crate) fn neighbours(&self, word: &Word, misspelt: bool, found: &mut Vec<Neighbour>) {
        found.clear();
        let part = word.part(1.0);
        let mut seen: FxHashSet<u32> = FxHashSet::default();
        let mut take = |ids: &[u32], similarity: Compare| {
            for id in ids {
                if seen.insert(*id)
                    && let Some((similarity, how)) = similarity(&part, &self.part(*id))
                {
                    found.push(Neighbour { id: *id, similarity, how });
                }
            }
        };
        take(self.by_fold.get(hash(&word.fold)), similarity);
        if word.class != 0 {
            let class = u32::from(word.class).wrapping_mul(0x9e37_79b9);
            take(self.by_class.get(class), similarity);
        }
        if word.role != Role::Name {
            return;
        }
        let by_skeleton = &self.by_skeleton;
        each_skeleton(&word.fold, part.abjad, |hash| take(by_skeleton.get(hash), similarity));
        each_likeness(&word.latin, &word.fold, |hash| take(by_skeleton.get(hash), similarity));
        if !misspelt {
            return;
        }
        // What is like it in another way was taken by now.
        let mut take = |hash| take(self.by_deletion.get(hash), similarity_by_edits);
        each_deletion(&word.fold, &mut take);
        if word.latin != word.fold {
            each_deletion(&word.latin, &mut take);
        }
    }

    /// Words that sound exactly so.
    pub(crate) fn of_sound(&self, fold: &str) -> impl Iterator<Item = u32> {
        let fold_hash = hash(fold);
        let ids = self.by_fold.get(fold_hash).iter().copied();
        ids.filter(move |id| {
            let at = *id as usize;
            self.entries[at].role == Role::Name && self.folds.get(at) == fold
        })
    }

    pub(crate) fn bytes(&self) -> usize {
        let tables = [&self.by_fold, &self.by_deletion, &self.by_skeleton, &self.by_class];
        self.latins.bytes()
            + self.folds.bytes()
            + self.entries.len() * size_of::<Entry>()
            + tables.iter().map(|table| table.bytes()).sum::<usize>()
    }
}

fn hash(text: &str) -> u32 {
    let mut hasher = FxHasher::default();
    hasher.write(text.as_bytes());
    // The high bits of this hasher are its good ones.
    (hasher.finish() >> 32) as u32
}

/// How many letters are left out: short words have nothing to spare.
fn deletions(length: usize) -> usize {
    match length {
        0..=3 => 0,
        4..=6 => 1,
        _ => 2,
    }
}

/// The word's beginning with up to two letters left out in every way.
fn each_deletion(fold: &str, mut take: impl FnMut(u32)) {
    let most = deletions(fold.len());
    let prefix = &fold[..fold.len().min(PREFIX)];
    take(hash(prefix));
    if most == 0 {
        return;
    }
    let mut once = String::with_capacity(PREFIX);
    let mut twice = String::with_capacity(PREFIX);
    for first in 0..prefix.len() {
        once.clear();
        once.push_str(&prefix[..first]);
        once.push_str(&prefix[first + 1..]);
        take(hash(&once));
        if most < 2 {
            continue;
        }
        for second in first..once.len() {
            twice.clear();
            twice.push_str(&once[..second]);
            twice.push_str(&once[second + 1..]);
            take(hash(&twice));
        }
    }
}

/// Its shape, its sound dull, and its sound without voice; their hashes share a table with those of consonants.
fn each_likeness(latin: &str, fold: &str, mut take: impl FnMut(u32)) {
    const SHAPE: u32 = 0x5bd1_e995;
    const UNVOICED: u32 = 0xc2b2_ae35;
    const DULL: u32 = 0x27d4_eb2f;
    take(hash(&shape(latin)) ^ SHAPE);
    take(hash(&dull(fold)) ^ DULL);
    if let Some(sound) = unvoiced(latin) {
        take(hash(&sound) ^ UNVOICED);
    }
}

/// The consonants; without vowels the letter for `w` may stand for `u`.
fn each_skeleton(fold: &str, abjad: bool, mut take: impl FnMut(u32)) {
    let bare = skeleton(fold);
    take(hash(&bare));
    if abjad && bare.contains('v') {
        let without: String = bare
            .char_indices()
            .filter(|(at, letter)| *at == 0 || *letter != 'v')
            .map(|(_, l)| l)
            .collect();
        take(hash(&skeleton(&without)));
    }
}
