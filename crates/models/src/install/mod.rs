//! Installing a pack: atomic, repeatable, with or without a network.

mod archive;
mod download;
mod fetch;
mod package;
mod take;

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use crate::catalogue::read_bounded;
use crate::library::installed_path;
use crate::status::{State, Status, state, verify};
use crate::{Catalogue, CommercialUse, Error, ModelEntry, Pack};

use fetch::Fetcher;

/// Where to install to and what to install from.
#[derive(Debug, Clone, Default)]
pub struct InstallOptions {
    /// The models directory; made when it is missing.
    pub directory: PathBuf,
    /// A folder that is tried before every other source. It holds the models' files, or the
    /// archives they come in, under their own names.
    pub from_dir: Option<PathBuf>,
    /// Whether sources that need a network are left out.
    pub offline: bool,
    /// Whether whoever installs knows that a licence may not allow commercial use.
    pub is_licence_acknowledged: bool,
}

/// What an installation tells whoever watches it.
pub trait Progress {
    /// Something new begins, such as one file.
    fn step(&mut self, text: &str);
    /// Bytes of the current file that have arrived, of how many.
    fn bytes(&mut self, done: u64, total: u64);
    /// Something worth a line, such as a source that was passed over.
    fn message(&mut self, text: &str);
}

/// Nobody watches.
impl Progress for () {
    fn step(&mut self, _: &str) {}
    fn bytes(&mut self, _: u64, _: u64) {}
    fn message(&mut self, _: &str) {}
}

/// What temporary folders begin with; leftovers of a killed installation are swept.
const TEMPORARY: &str = ".part-";

/// Installs what is missing or damaged of a pack, then verifies all of it. Blocks.
///
/// A file appears under its name only when it is complete, verified and on disk. A second
/// installer of the same pack waits for the first.
pub fn install(
    pack: &str,
    options: &InstallOptions,
    progress: &mut dyn Progress,
) -> Result<Vec<Status>, Error> {
    let catalogue = Catalogue::open(&options.directory)?;
    let pack = catalogue.pack(pack)?;
    let doubtful = |entry: &&ModelEntry| entry.commercial_use != CommercialUse::Yes;
    if let (Some(entry), false) =
        (pack.models.iter().find(doubtful), options.is_licence_acknowledged)
    {
        let (id, licence) = (entry.id.clone(), entry.licence.clone());
        return Err(Error::Unacknowledged { id, licence });
    }
    let folder = options.directory.join(&pack.name);
    fs::create_dir_all(&folder).map_err(Error::storage("make the folder", &folder))?;
    let _lock = lock(&folder, progress)?;
    sweep(&folder)?;
    let scratch = tempfile::Builder::new()
        .prefix(TEMPORARY)
        .tempdir_in(&folder)
        .map_err(Error::storage("make a folder in", &folder))?;
    let mut fetcher = Fetcher::new(pack, options, scratch.path(), progress);
    for entry in &pack.models {
        if state(&options.directory, pack, entry)? == State::Installed {
            fetcher.progress.message(&format!("{} is installed already", entry.file.name));
            continue;
        }
        let fetched = fetcher.fetch(&entry.file, &entry.sources)?;
        place(&fetched, &installed_path(&options.directory, pack, entry), &folder)?;
    }
    progress.step(&format!("Verifying the pack `{}`", pack.name));
    verify(&options.directory, &pack.name)
}

/// Puts an operator's manifest among those of the models directory, and returns its pack's name. It
/// takes the place of one that bears the same name.
pub fn adopt(manifest: &Path, directory: &Path) -> Result<String, Error> {
    let text = read_bounded(manifest)?;
    let pack = Pack::parse(&manifest.display().to_string(), &text)?;
    let others = Catalogue::open(directory)?;
    others.clone().with(pack.clone())?;
    let folder = directory.join("packs");
    fs::create_dir_all(&folder).map_err(Error::storage("make the folder", &folder))?;
    let path = folder.join(format!("{}.toml", pack.name));
    let unfinished = path.with_extension("part");
    fs::write(&unfinished, text).map_err(Error::storage("write", &unfinished))?;
    fs::rename(&unfinished, &path).map_err(Error::storage("put in place", &path))?;
    Ok(pack.name)
}

/// Holds the pack's lock until the file is dropped, or the process dies.
fn lock(folder: &Path, progress: &mut dyn Progress) -> Result<File, Error> {
    let path = folder.join(".lock");
    let file = File::create(&path).map_err(Error::storage("make", &path))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            progress.message("another installation of this pack is at work; waiting for it");
            file.lock().map_err(Error::storage("lock", &path))?;
        }
        Err(TryLockError::Error(error)) => return Err(Error::storage("lock", &path)(error)),
    }
    Ok(file)
}

/// Removes what killed installations left. Only under the lock: nobody else works here then.
fn sweep(folder: &Path) -> Result<(), Error> {
    for entry in fs::read_dir(folder).map_err(Error::storage("list", folder))? {
        let entry = entry.map_err(Error::storage("list", folder))?;
        if entry.file_name().to_string_lossy().starts_with(TEMPORARY) {
            let path = entry.path();
            fs::remove_dir_all(&path).map_err(Error::storage("remove", &path))?;
        }
    }
    Ok(())
}

/// Gives a complete, synced file its name; survives a power cut from here on.
fn place(fetched: &Path, target: &Path, folder: &Path) -> Result<(), Error> {
    fs::rename(fetched, target).map_err(Error::storage("put in place", target))?;
    if cfg!(unix) {
        let synced = File::open(folder).and_then(|folder| folder.sync_all());
        synced.map_err(Error::storage("sync", folder))?;
    }
    Ok(())
}
