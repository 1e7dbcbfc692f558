//! Lists on disk: every version that was imported, and which one is active.
//!
//! `FOLDER/<source>/<sha256>/` holds `entities.jsonl` and `manifest.json`; `FOLDER/<source>/active.json`
//! names the active version and when it was fetched last. A version is written whole, under another
//! name, before anything points to it: a broken file, or a crash, leaves the good list where it is.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::delta::{Comparison, Delta};
use crate::entity::Entity;
use crate::list::{self, Input, Source};
use crate::screener::{ListVersion, Lists, ListsBuilder};

/// Raised when the readers change what they read out of the same file.
pub const PARSER: u32 = 1;

/// Why a list could not be imported or loaded.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The list is broken.
    #[error(transparent)]
    List(#[from] list::Error),
    /// The store's folder could not be read or written.
    #[error("{path}: {source}")]
    Io {
        /// Where.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file of the store holds something else than was put there.
    #[error("{path} is damaged ({problem}); import the list again")]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// There is nothing in the file.
    #[error("{0}: the file holds no entity; the list that is there stays active")]
    Empty(Source),
    /// A file that was cut off between two rows reads like a shorter list.
    #[error(
        "{origin}: {now} entities where the active list has {before}; the active list stays. \
         If the list has really shrunk, import it with --allow-shrink"
    )]
    Shrunk {
        /// Which list.
        origin: Source,
        /// How many entities the file holds.
        now: usize,
        /// How many the active list holds.
        before: usize,
    },
    /// The version was removed, or this is not the store that had it.
    #[error("{0} is not in the store; search in the whole lists instead")]
    NotKept(ListVersion),
    /// The licence was not acknowledged.
    #[error(
        "{0}: the data is CC BY-NC 4.0 and commercial use needs a licence from OpenSanctions; \
         acknowledge that with --acknowledge-licence"
    )]
    Licence(Source),
}

/// What is known of a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Who publishes it.
    pub source: Source,
    /// SHA-256 over the files' names and bytes, lower-case hex.
    pub version: String,
    /// When it was published, in the list's own words.
    pub published: Option<String>,
    /// When it was imported first.
    pub imported_at: Timestamp,
    /// How many entities it has.
    pub entities: usize,
    /// How many names they have.
    pub names: usize,
    /// Which readers read it.
    pub parser: u32,
}

/// What the publisher called the files of a version (`ETag`), by their addresses.
#[derive(Serialize, Deserialize)]
struct Tags {
    version: String,
    tags: BTreeMap<String, String>,
}

#[derive(Serialize, Deserialize)]
struct Active {
    version: String,
    /// The age of a list counts from here, also when fetching it brought nothing new.
    fetched_at: Timestamp,
}

/// How a list stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Status {
    /// The active version.
    #[serde(flatten)]
    pub manifest: Manifest,
    /// When it was fetched last.
    pub fetched_at: Timestamp,
    /// Since then, in seconds.
    pub age_seconds: i64,
    /// Older than it may be: nothing is passed on it.
    pub stale: bool,
}

/// How to import.
#[derive(Debug, Clone, Copy, Default)]
pub struct ImportOptions {
    /// The licence of the data was read and fits.
    pub licence_acknowledged: bool,
    /// Let a list take over that has less than half as many entities.
    pub allow_shrink: bool,
}

/// A folder of lists.
pub struct ListStore {
    folder: PathBuf,
}

impl ListStore {
    /// A store in this folder, which is made on the first import.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// Reads a list's files, keeps them as a version and makes it active. Importing what is active
    /// already only makes it young again.
    pub fn import(
        &self,
        source: Source,
        files: &[PathBuf],
        now: Timestamp,
        options: ImportOptions,
    ) -> Result<Manifest, Error> {
        self.import_watched(source, files, now, options, &mut |_| ())
    }

    /// The same; `watch` is told now and then how many entities were read.
    pub fn import_watched(
        &self,
        source: Source,
        files: &[PathBuf],
        now: Timestamp,
        options: ImportOptions,
        watch: &mut dyn FnMut(usize),
    ) -> Result<Manifest, Error> {
        if source == Source::OpenSanctions && !options.licence_acknowledged {
            return Err(Error::Licence(source));
        }
        let home = self.folder.join(source.as_str());
        fs::create_dir_all(&home).map_err(at(&home))?;
        let version = hash(files)?;
        let target = home.join(&version);
        let known: Option<Manifest> = read_json(&target.join("manifest.json"))?;
        let manifest = match known.filter(|manifest| manifest.parser == PARSER) {
            Some(manifest) => manifest,
            None => self.write(source, files, now, version, options, watch)?,
        };
        let active = Active { version: manifest.version.clone(), fetched_at: now };
        write_json(&home, "active.json", &active)?;
        Ok(manifest)
    }

    fn write(
        &self,
        source: Source,
        files: &[PathBuf],
        now: Timestamp,
        version: String,
        options: ImportOptions,
        watch: &mut dyn FnMut(usize),
    ) -> Result<Manifest, Error> {
        const EVERY: usize = 1_000;
        let home = self.folder.join(source.as_str());
        let draft = tempfile::tempdir_in(&home).map_err(at(&home))?;
        let path = draft.path().join("entities.jsonl");
        let mut writer = BufWriter::new(File::create(&path).map_err(at(&path))?);
        let mut failure = None;
        let (mut entities, mut names) = (0, 0);
        let inputs = files.iter().map(|file| Input::open(file)).collect::<Result<_, _>>()?;
        let header = list::read(source, inputs, &mut |entity| {
            entities += 1;
            names += entity.names.len();
            if entities % EVERY == 0 {
                watch(entities);
            }
            let line = serde_json::to_string(&entity).expect("an entity has a JSON form");
            if failure.is_none() {
                failure = writeln!(writer, "{line}").err();
            }
            Ok(())
        })?;
        let flushed = failure.map_or_else(|| writer.flush(), Err);
        flushed.and_then(|()| writer.get_ref().sync_all()).map_err(at(&path))?;
        self.refuse_less(source, entities, options)?;
        let manifest = Manifest {
            source,
            version: version.clone(),
            published: header.published,
            imported_at: now,
            entities,
            names,
            parser: PARSER,
        };
        write_json(draft.path(), "manifest.json", &manifest)?;
        let target = home.join(version);
        if target.exists() {
            // Read by older readers, or half removed.
            fs::remove_dir_all(&target).map_err(at(&target))?;
        }
        let draft = draft.keep();
        fs::rename(&draft, &target).map_err(at(&target))?;
        Ok(manifest)
    }

    fn refuse_less(
        &self,
        source: Source,
        entities: usize,
        options: ImportOptions,
    ) -> Result<(), Error> {
        if entities == 0 {
            return Err(Error::Empty(source));
        }
        let before = self.active(source)?.map_or(0, |(manifest, _)| manifest.entities);
        if entities * 2 < before && !options.allow_shrink {
            return Err(Error::Shrunk { origin: source, now: entities, before });
        }
        Ok(())
    }

    /// Makes the active version young again, because its publisher says that it is the newest. False
    /// where there is none.
    pub fn renew(&self, source: Source, now: Timestamp) -> Result<bool, Error> {
        let Some((_, active)) = self.active(source)? else { return Ok(false) };
        let home = self.folder.join(source.as_str());
        write_json(&home, "active.json", &Active { fetched_at: now, ..active })?;
        Ok(true)
    }

    /// What the publisher called the files of the active version, by their addresses; empty where that
    /// is not known.
    pub fn tags(&self, source: Source) -> Result<BTreeMap<String, String>, Error> {
        let known: Option<Tags> = read_json(&self.folder.join(source.as_str()).join("tags.json"))?;
        let active = self.active(source)?.map(|(manifest, _)| manifest);
        let is_active = |tags: &Tags| {
            active.is_some_and(|active| active.version == tags.version && active.parser == PARSER)
        };
        Ok(known.filter(is_active).map(|known| known.tags).unwrap_or_default())
    }

    /// Keeps what the publisher called the files of a version.
    pub fn set_tags(
        &self,
        source: Source,
        version: &str,
        tags: BTreeMap<String, String>,
    ) -> Result<(), Error> {
        let tags = Tags { version: version.to_owned(), tags };
        write_json(&self.folder.join(source.as_str()), "tags.json", &tags)
    }

    /// A folder for files on their way in; it goes when it is dropped.
    pub fn scratch(&self, source: Source) -> Result<tempfile::TempDir, Error> {
        let home = self.folder.join(source.as_str());
        fs::create_dir_all(&home).map_err(at(&home))?;
        tempfile::tempdir_in(&home).map_err(at(&home))
    }

    fn active(&self, source: Source) -> Result<Option<(Manifest, Active)>, Error> {
        let home = self.folder.join(source.as_str());
        let Some(active) = read_json::<Active>(&home.join("active.json"))? else {
            return Ok(None);
        };
        let path = home.join(&active.version).join("manifest.json");
        match read_json(&path)? {
            Some(manifest) => Ok(Some((manifest, active))),
            None => Err(Error::Damaged { path, problem: "it is missing".to_owned() }),
        }
    }

    /// How the lists stand that were ever imported.
    pub fn status(
        &self,
        now: Timestamp,
        stale_after: SignedDuration,
    ) -> Result<Vec<Status>, Error> {
        let mut found = Vec::new();
        for source in Source::ALL {
            if let Some((manifest, active)) = self.active(*source)? {
                let age = now.duration_since(active.fetched_at);
                found.push(Status {
                    manifest,
                    fetched_at: active.fetched_at,
                    age_seconds: age.as_secs(),
                    // A list from the future says that a clock is wrong: its age is unknown.
                    stale: age > stale_after || age < SignedDuration::from_hours(-1),
                });
            }
        }
        Ok(found)
    }

    /// Loads the active version of every list.
    pub fn load(&self) -> Result<Lists, Error> {
        let mut builder = ListsBuilder::default();
        for source in Source::ALL {
            let Some((manifest, active)) = self.active(*source)? else { continue };
            builder.begin(ListVersion { source: *source, version: active.version.clone() });
            let path =
                self.folder.join(source.as_str()).join(&active.version).join("entities.jsonl");
            let mut count = 0;
            for line in BufReader::new(File::open(&path).map_err(at(&path))?).lines() {
                let line = line.map_err(at(&path))?;
                let entity: Entity = serde_json::from_str(&line).map_err(|error| {
                    Error::Damaged { path: path.clone(), problem: error.to_string() }
                })?;
                builder.add(&entity);
                count += 1;
            }
            if count != manifest.entities {
                let problem = format!("{count} entities instead of {}", manifest.entities);
                return Err(Error::Damaged { path, problem });
            }
        }
        Ok(builder.build())
    }

    /// What changed from the versions that were searched `before` to the lists in memory. It reads the
    /// changed lists once, before and after, and nothing of the others.
    ///
    /// # Errors
    ///
    /// [`Error::NotKept`] where the store lacks one of the versions.
    pub fn delta(&self, before: &[ListVersion], now: &Lists) -> Result<Delta, Error> {
        let of = |versions: &[ListVersion], source| {
            versions.iter().find(|version| version.source == source).cloned()
        };
        let mut comparison = Comparison::with(now);
        for source in Source::ALL {
            let [before, after] = [of(before, *source), of(now.versions(), *source)];
            if before != after {
                let [before, after] =
                    [before, after].map(|version| version.map(|version| self.records(version)));
                let [before, after] = [before.transpose()?, after.transpose()?];
                comparison.compare(*source, before.as_deref(), after.as_deref())?;
            }
        }
        Ok(comparison.finish())
    }

    /// Where a version's records lie.
    fn records(&self, version: ListVersion) -> Result<PathBuf, Error> {
        let folder = self.folder.join(version.source.as_str()).join(&version.version);
        let path = folder.join("entities.jsonl");
        if path.is_file() { Ok(path) } else { Err(Error::NotKept(version)) }
    }
}

pub(crate) fn at(path: &Path) -> impl FnOnce(io::Error) -> Error {
    let path = path.to_owned();
    |source| Error::Io { path, source }
}

fn hash(files: &[PathBuf]) -> Result<String, Error> {
    let mut files: Vec<&PathBuf> = files.iter().collect();
    files.sort();
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    for path in files {
        let mut file = File::open(path).map_err(at(path))?;
        hasher.update(path.file_name().unwrap_or_default().as_encoded_bytes());
        loop {
            let read = file.read(&mut buffer).map_err(at(path))?;
            if read == 0 {
                break;
            }
            hasher.update(&buffer[..read]);
        }
    }
    Ok(hex::encode(hasher.finalize()))
}

fn read_json<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, Error> {
    match fs::read(path) {
        Ok(bytes) => serde_json::from_slice(&bytes)
            .map(Some)
            .map_err(|error| Error::Damaged { path: path.to_owned(), problem: error.to_string() }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(at(path)(error)),
    }
}

/// Writes the file under another name first: whoever reads sees the old one or the new one.
fn write_json(folder: &Path, name: &str, value: &impl Serialize) -> Result<(), Error> {
    let path = folder.join(name);
    let write = || -> io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(&serde_json::to_vec_pretty(value)?)?;
        file.as_file().sync_all()?;
        file.persist(&path)?;
        Ok(())
    };
    write().map_err(at(&path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::Subject;
    use crate::screener::{SearchProfile, search};

    const HOURS: fn(i64) -> SignedDuration = SignedDuration::from_hours;

    fn file(folder: &Path, text: &str) -> Vec<PathBuf> {
        let path = folder.join("own.csv");
        fs::write(&path, text).unwrap();
        vec![path]
    }

    fn hits(store: &ListStore, name: &str) -> usize {
        let lists = store.load().unwrap();
        search(&lists, &Subject::person(name), &SearchProfile::default()).unwrap().hits.len()
    }

    #[test]
    fn a_broken_file_never_replaces_a_good_list() {
        let folder = tempfile::tempdir().unwrap();
        let store = ListStore::new(folder.path().join("lists"));
        let now: Timestamp = "2026-11-01T00:00:00Z".parse().unwrap();
        let import = |text: &str, options| {
            store.import(Source::Own, &file(folder.path(), text), now, options)
        };
        let plain = ImportOptions::default();
        import("name\nBoris Example\nAda Example\nCarl Example\n", plain).unwrap();
        for (text, expected) in [
            ("name,birth_date\nX Y,never\n", "line 2"),
            ("", "empty"),
            ("name\n", "no entity"),
            ("name\nBoris Example\n", "--allow-shrink"),
        ] {
            let error = import(text, plain).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
            assert_eq!(hits(&store, "Boris Example"), 1);
            assert_eq!(hits(&store, "Ada Example"), 1);
        }
        let shrink = ImportOptions { allow_shrink: true, ..plain };
        import("name\nZoe Other\n", shrink).unwrap();
        assert_eq!((hits(&store, "Ada Example"), hits(&store, "Zoe Other")), (0, 1));
        let kept = fs::read_dir(folder.path().join("lists/own")).unwrap().count();
        assert_eq!(kept, 3, "two versions and the pointer; no drafts are left");
    }

    #[test]
    fn age_counts_from_the_last_import() {
        let folder = tempfile::tempdir().unwrap();
        let store = ListStore::new(folder.path().join("lists"));
        let now: Timestamp = "2026-11-01T00:00:00Z".parse().unwrap();
        assert!(store.status(now, HOURS(24)).unwrap().is_empty());
        let files = file(folder.path(), "name\nAda Example\n");
        let first = store.import(Source::Own, &files, now, ImportOptions::default()).unwrap();
        let later = now + HOURS(30);
        assert!(store.status(later, HOURS(24)).unwrap()[0].stale);
        let again = store.import(Source::Own, &files, later, ImportOptions::default()).unwrap();
        assert_eq!(first, again);
        let status = &store.status(later + HOURS(1), HOURS(24)).unwrap()[0];
        assert_eq!((status.stale, status.age_seconds), (false, 3600));
        assert!(store.status(now, HOURS(24)).unwrap()[0].stale, "fetched in the future");
    }

    #[test]
    fn a_damaged_store_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let store = ListStore::new(folder.path().join("lists"));
        let now: Timestamp = "2026-11-01T00:00:00Z".parse().unwrap();
        let files = file(folder.path(), "name\nAda Example\n");
        let manifest = store.import(Source::Own, &files, now, ImportOptions::default()).unwrap();
        let path = folder.path().join("lists/own").join(manifest.version).join("entities.jsonl");
        fs::write(&path, "").unwrap();
        assert!(
            store.load().is_err_and(|error| error.to_string().contains("0 entities instead of 1"))
        );
    }

    #[test]
    fn opensanctions_needs_its_licence_acknowledged() {
        let store = ListStore::new("/nowhere");
        let now = Timestamp::UNIX_EPOCH;
        let error = store.import(Source::OpenSanctions, &[], now, ImportOptions::default());
        assert!(matches!(error, Err(Error::Licence(_))));
    }
}
