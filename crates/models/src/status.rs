//! What is installed, and whether it works here.

use std::io::ErrorKind;
use std::path::Path;

use serde::Serialize;

use crate::library::{installed_path, load};
use crate::{Catalogue, Digest, Error, ModelEntry, Pack};

/// One model of a pack and how it stands in the models directory.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Status {
    /// The pack.
    pub pack: String,
    /// What the model does.
    pub role: String,
    /// The model's own name.
    pub id: String,
    /// Its file's name.
    pub file: String,
    /// Its file's size.
    pub bytes: u64,
    /// Its file's digest in the manifest.
    pub sha256: Digest,
    /// SPDX expression of its licence.
    pub licence: String,
    /// Whose work it is.
    pub attribution: String,
    /// How it stands.
    pub state: State,
}

/// How a model stands in the models directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// The file is there and is the one of the manifest.
    Installed,
    /// There is no file.
    Missing,
    /// There is a file, but another one.
    Damaged,
}

/// How every model of every pack stands; reads and digests what is installed.
pub fn list(directory: &Path) -> Result<Vec<Status>, Error> {
    let catalogue = Catalogue::open(directory)?;
    catalogue.entries().map(|(pack, entry)| status(directory, pack, entry)).collect()
}

/// Checks that every model of a pack is installed, loads, and computes what its probe says.
pub fn verify(directory: &Path, pack: &str) -> Result<Vec<Status>, Error> {
    let catalogue = Catalogue::open(directory)?;
    let pack = catalogue.pack(pack)?;
    for entry in &pack.models {
        probe(directory, pack, entry)?;
    }
    pack.models.iter().map(|entry| status(directory, pack, entry)).collect()
}

/// Loads one installed model and runs its probe.
pub(crate) fn probe(directory: &Path, pack: &Pack, entry: &ModelEntry) -> Result<(), Error> {
    let net = load(directory, pack, entry)?;
    entry.probe.run(&entry.role, &net)
}

/// How one model's file stands.
pub(crate) fn state(directory: &Path, pack: &Pack, entry: &ModelEntry) -> Result<State, Error> {
    let path = installed_path(directory, pack, entry);
    match Digest::of_file(&path) {
        Ok(digest) if digest == entry.file.sha256 => Ok(State::Installed),
        Ok(_) => Ok(State::Damaged),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(State::Missing),
        Err(error) => Err(Error::storage("read", &path)(error)),
    }
}

fn status(directory: &Path, pack: &Pack, entry: &ModelEntry) -> Result<Status, Error> {
    Ok(Status {
        pack: pack.name.clone(),
        role: entry.role.clone(),
        id: entry.id.clone(),
        file: entry.file.name.clone(),
        bytes: entry.file.bytes,
        sha256: entry.file.sha256,
        licence: entry.licence.clone(),
        attribution: entry.attribution.clone(),
        state: state(directory, pack, entry)?,
    })
}
