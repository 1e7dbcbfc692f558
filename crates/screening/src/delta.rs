//! What changed between the lists that were searched before and those in memory now, so that a search
//! that is made again looks at the difference alone.
//!
//! Monitoring asks [`ListStore::delta`](crate::store::ListStore::delta) once for each set of versions
//! that its searches were made with, and then puts every monitored name to [`Delta::lists`]: a search
//! there costs what the difference costs, whatever the size of the lists. A hit on an entity that
//! the delta does not [touch](Delta::touches) stands as it stood.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufRead, BufReader, Seek, SeekFrom};
use std::path::Path;

use rustc_hash::FxHashMap;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::entity::Entity;
use crate::list::Source;
use crate::screener::{Lists, PartBuilder};
use crate::store::Error;

/// What changed. Entities are named by their [`key`].
pub struct Delta {
    /// Listed now and not before.
    pub new: BTreeSet<String>,
    /// Listed before and now, with another record.
    pub changed: BTreeSet<String>,
    /// Listed before and not now.
    pub removed: BTreeSet<String>,
    lists: Lists,
}

/// What an entity is called beyond its list: `un:CDi.001`.
pub fn key(source: Source, id: &str) -> String {
    format!("{source}:{id}")
}

impl Delta {
    /// Only what is new or changed, as it is listed now. Whoever is searched for here
    /// ([`screener::search`](crate::screener::search)) gets the scores that the whole lists give,
    /// because words tell as much here as they do there.
    pub fn lists(&self) -> &Lists {
        &self.lists
    }

    /// Whether an entity is new, changed or removed: what was found of it before holds no longer.
    pub fn touches(&self, key: &str) -> bool {
        [&self.new, &self.changed, &self.removed].iter().any(|keys| keys.contains(key))
    }

    /// Nothing changed.
    pub fn is_empty(&self) -> bool {
        self.new.is_empty() && self.changed.is_empty() && self.removed.is_empty()
    }
}

/// Compares list after list.
pub(crate) struct Comparison<'w> {
    delta: Delta,
    part: PartBuilder<'w>,
}

impl<'w> Comparison<'w> {
    pub(crate) fn with(whole: &'w Lists) -> Self {
        let empty = BTreeSet::new;
        let delta =
            Delta { new: empty(), changed: empty(), removed: empty(), lists: Lists::default() };
        Self { delta, part: PartBuilder::of(whole) }
    }

    /// Compares two files of records; a list that was not there before, or is not now, has none.
    pub(crate) fn compare(
        &mut self,
        source: Source,
        before: Option<&Path>,
        after: Option<&Path>,
    ) -> Result<(), Error> {
        let mut known = before.map(Records::read).transpose()?;
        let mut fresh = BTreeSet::new();
        if let Some(path) = after {
            each_record(path, |record, _| {
                if known.as_mut().is_none_or(|known| !known.has(record)) {
                    let entity: Entity = serde_json::from_slice(record)?;
                    fresh.insert(key(source, &entity.id));
                    self.part.add(source, &entity);
                }
                Ok(())
            })?;
        }
        let mut gone = BTreeSet::new();
        if let (Some(known), Some(path)) = (known, before) {
            for id in known.missed(path)? {
                gone.insert(key(source, &id));
            }
        }
        self.delta.changed.extend(fresh.intersection(&gone).cloned());
        self.delta.new.extend(fresh.difference(&gone).cloned());
        self.delta.removed.extend(gone.difference(&fresh).cloned());
        Ok(())
    }

    pub(crate) fn finish(self) -> Delta {
        Delta { lists: self.part.build(), ..self.delta }
    }
}

/// Where each record of a file lies, by its hash, and whether it was met again.
struct Records(FxHashMap<[u8; 16], (u64, bool)>);

impl Records {
    fn read(path: &Path) -> Result<Self, Error> {
        let mut records = FxHashMap::default();
        each_record(path, |record, at| {
            records.insert(hash(record), (at, false));
            Ok(())
        })?;
        Ok(Self(records))
    }

    fn has(&mut self, record: &[u8]) -> bool {
        let known = self.0.get_mut(&hash(record));
        known.map(|(_, met)| *met = true).is_some()
    }

    /// The ids of the records that were not met again.
    fn missed(self, path: &Path) -> Result<Vec<String>, Error> {
        #[derive(Deserialize)]
        struct Id {
            id: String,
        }
        let mut places: Vec<u64> =
            self.0.into_values().filter(|(_, met)| !met).map(|(at, _)| at).collect();
        places.sort_unstable();
        let mut reader = BufReader::new(open(path)?);
        let mut ids = Vec::with_capacity(places.len());
        let mut line = Vec::new();
        for at in places {
            line.clear();
            let read =
                reader.seek(SeekFrom::Start(at)).and_then(|_| reader.read_until(b'\n', &mut line));
            read.map_err(crate::store::at(path))?;
            let Id { id } = serde_json::from_slice(&line).map_err(|error| damaged(path, &error))?;
            ids.push(id);
        }
        Ok(ids)
    }
}

/// A record's hash; what nobody chooses needs no more bits.
fn hash(record: &[u8]) -> [u8; 16] {
    let whole = Sha256::digest(record);
    std::array::from_fn(|at| whole[at])
}

/// Hands over every line and where it begins.
fn each_record(
    path: &Path,
    mut take: impl FnMut(&[u8], u64) -> serde_json::Result<()>,
) -> Result<(), Error> {
    let mut reader = BufReader::with_capacity(1 << 16, open(path)?);
    let (mut line, mut at) = (Vec::new(), 0);
    loop {
        line.clear();
        let read = reader.read_until(b'\n', &mut line).map_err(crate::store::at(path))?;
        if read == 0 {
            return Ok(());
        }
        let record = line.strip_suffix(b"\n").unwrap_or(&line);
        take(record, at).map_err(|error| damaged(path, &error))?;
        at += read as u64;
    }
}

fn open(path: &Path) -> Result<File, Error> {
    File::open(path).map_err(crate::store::at(path))
}

fn damaged(path: &Path, error: &serde_json::Error) -> Error {
    Error::Damaged { path: path.to_owned(), problem: error.to_string() }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use jiff::Timestamp;

    use super::*;
    use crate::query::Subject;
    use crate::screener::{Hit, ListVersion, SearchProfile, search};
    use crate::store::{ImportOptions, ListStore};

    const BEFORE: &str = "id,name\n1,Ivan Petrovich Sokolov\n2,Ada Example\n3,Carl Removed\n\
        4,Abdul Rahman Sabir\n";
    const AFTER: &str = "id,name\n4,Abdul Rahman Sabir\n1,Ivan Petrovich Sokolov\n\
        2,Ada Example-Married\n5,Zoe Newcomer\n6,Ivan Sokolov\n";

    struct Lab {
        folder: tempfile::TempDir,
        store: ListStore,
    }

    impl Lab {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let store = ListStore::new(folder.path().join("lists"));
            Self { folder, store }
        }

        /// Imports an own list, and gives the versions that are active then.
        fn import(&self, text: &str) -> (Lists, Vec<ListVersion>) {
            let path: PathBuf = self.folder.path().join("own.csv");
            std::fs::write(&path, text).unwrap();
            let options = ImportOptions { allow_shrink: true, ..ImportOptions::default() };
            self.store.import(Source::Own, &[path], Timestamp::UNIX_EPOCH, options).unwrap();
            let lists = self.store.load().unwrap();
            let versions = lists.versions().to_vec();
            (lists, versions)
        }
    }

    fn hits(lists: &Lists, name: &str) -> Vec<Hit> {
        search(lists, &Subject::person(name), &SearchProfile::default()).unwrap().hits
    }

    fn keys(keys: &BTreeSet<String>) -> Vec<&str> {
        keys.iter().map(String::as_str).collect()
    }

    #[test]
    fn what_is_new_changed_and_removed_is_told_apart() {
        let lab = Lab::new();
        let (_, before) = lab.import(BEFORE);
        let (now, after) = lab.import(AFTER);
        let delta = lab.store.delta(&before, &now).unwrap();
        assert_eq!(keys(&delta.new), ["own:5", "own:6"]);
        assert_eq!(keys(&delta.changed), ["own:2"]);
        assert_eq!(keys(&delta.removed), ["own:3"]);
        assert!(delta.touches("own:3") && !delta.touches("own:1") && !delta.touches("own:4"));
        assert_eq!(delta.lists().index().entities(), 3);
        assert!(lab.store.delta(&after, &now).unwrap().is_empty());
    }

    #[test]
    fn only_the_difference_is_searched_and_it_scores_as_in_the_whole() {
        let lab = Lab::new();
        let (_, before) = lab.import(BEFORE);
        let (now, _) = lab.import(AFTER);
        let delta = lab.store.delta(&before, &now).unwrap();
        assert!(hits(delta.lists(), "Abdulrahman Sabir").is_empty(), "untouched");
        assert!(hits(delta.lists(), "Carl Removed").is_empty(), "removed");
        for name in
            ["Zoe Newcomer", "Zoé Newcommer", "Ada Example", "Ivan P. Sokolov", "Ivan Sokolof"]
        {
            let touched: Vec<(String, f32, String)> = hits(&now, name)
                .into_iter()
                .filter(|hit| delta.touches(&key(hit.source, &hit.entity.id)))
                .map(|hit| (hit.entity.id, hit.score, hit.entity_hash))
                .collect();
            let alone: Vec<(String, f32, String)> = hits(delta.lists(), name)
                .into_iter()
                .map(|hit| (hit.entity.id, hit.score, hit.entity_hash))
                .collect();
            assert_eq!(alone, touched, "{name}");
            assert!(!alone.is_empty(), "{name}");
        }
    }

    #[test]
    fn a_list_that_came_or_went_is_new_or_removed_as_a_whole() {
        let lab = Lab::new();
        let (now, versions) = lab.import(BEFORE);
        let came = lab.store.delta(&[], &now).unwrap();
        assert_eq!((came.new.len(), came.changed.len(), came.removed.len()), (4, 0, 0));
        let went = lab.store.delta(&versions, &Lists::default()).unwrap();
        assert_eq!((went.new.len(), went.changed.len(), went.removed.len()), (0, 0, 4));
        let unknown = ListVersion { source: Source::Own, version: "00".to_owned() };
        let error = lab.store.delta(std::slice::from_ref(&unknown), &now).err().unwrap();
        assert!(matches!(error, Error::NotKept(version) if version == unknown));
    }

    #[test]
    fn a_version_is_read_as_it_was_written() {
        let version = ListVersion { source: Source::Un, version: "00ff".to_owned() };
        assert_eq!(version.to_string().parse(), Ok(version));
        for wrong in ["un", "un@", "un@../../etc", "nobody@00"] {
            assert!(wrong.parse::<ListVersion>().is_err(), "{wrong}");
        }
    }
}
