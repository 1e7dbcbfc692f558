//! The installed models, by role.

use std::collections::HashMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;

use crate::{Catalogue, Digest, Error, ModelEntry, Net, Pack};

/// A model's identity, as evidence cites it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Model {
    /// The model's own name.
    pub id: String,
    /// The SHA-256 of its file, in hexadecimal.
    pub sha256: String,
}

/// The nets of a models directory, each loaded on first use and then shared.
#[derive(Debug)]
pub struct Library {
    directory: PathBuf,
    catalogue: Catalogue,
    nets: Mutex<HashMap<String, Arc<Net>>>,
}

impl Library {
    /// Opens a models directory. Nothing need be installed in it yet.
    pub fn open(directory: impl Into<PathBuf>) -> Result<Self, Error> {
        let directory = directory.into();
        let catalogue = Catalogue::open(&directory)?;
        Ok(Self { directory, catalogue, nets: Mutex::default() })
    }

    /// The net for a role.
    ///
    /// Its file's digest is checked when it is loaded, so that evidence names what really ran.
    /// Fails with [`Error::Missing`] until the pack is installed; nothing is remembered of a
    /// failure, so that an installation is noticed without a restart.
    pub fn net(&self, role: &str) -> Result<Arc<Net>, Error> {
        let (pack, entry) = self.catalogue.role(role)?;
        let mut nets = self.nets.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(net) = nets.get(role) {
            return Ok(Arc::clone(net));
        }
        let net = Arc::new(load(&self.directory, pack, entry)?);
        nets.insert(role.to_owned(), Arc::clone(&net));
        Ok(net)
    }

    /// Whether a file of the right size is installed for a role. Whether it is the right one shows when it is
    /// loaded.
    pub fn is_installed(&self, role: &str) -> bool {
        self.catalogue.role(role).is_ok_and(|(pack, entry)| {
            let path = installed_path(&self.directory, pack, entry);
            std::fs::metadata(path).is_ok_and(|found| found.len() == entry.file.bytes)
        })
    }

    /// The identity of the model for a role, installed or not.
    pub fn model(&self, role: &str) -> Result<Model, Error> {
        let entry = self.entry(role)?;
        Ok(Model { id: entry.id.clone(), sha256: entry.file.sha256.to_string() })
    }

    /// The digest of the pack that offers a role, installed or not; see [`Pack::digest`].
    pub fn pack_digest(&self, role: &str) -> Result<Digest, Error> {
        self.catalogue.role(role).map(|(pack, _)| pack.digest())
    }

    /// The folder that holds the models of the pack that offers a role; it need not exist.
    pub fn folder(&self, role: &str) -> Result<PathBuf, Error> {
        self.catalogue.role(role).map(|(pack, _)| self.directory.join(&pack.name))
    }

    /// The manifest's entry for a role: how to feed the net, and under which licence.
    pub fn entry(&self, role: &str) -> Result<&ModelEntry, Error> {
        self.catalogue.role(role).map(|(_, entry)| entry)
    }
}

/// Where a model of a pack is kept.
pub(crate) fn installed_path(directory: &Path, pack: &Pack, entry: &ModelEntry) -> PathBuf {
    directory.join(&pack.name).join(&entry.file.name)
}

/// Loads exactly the bytes whose digest was checked.
pub(crate) fn load(directory: &Path, pack: &Pack, entry: &ModelEntry) -> Result<Net, Error> {
    let path = installed_path(directory, pack, entry);
    let bytes = match std::fs::read(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let (role, pack) = (entry.role.clone(), pack.name.clone());
            return Err(Error::Missing { role, pack, path });
        }
        bytes => bytes.map_err(Error::storage("read", &path))?,
    };
    let (expected, found) = (entry.file.sha256, Digest::of(&bytes));
    if found != expected {
        return Err(Error::Damaged { pack: pack.name.clone(), path, expected, found });
    }
    Net::from_bytes(&entry.role, bytes)
}
