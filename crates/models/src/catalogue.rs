//! The packs there are: the built-in ones and the operator's own.

use std::fs;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use crate::{Error, ModelEntry, Pack};

/// The built-in manifests.
const EMBEDDED: [(&str, &str); 3] = [
    ("documents (built in)", include_str!("../packs/documents.toml")),
    ("face-default (built in)", include_str!("../packs/face-default.toml")),
    ("minifasnet (built in)", include_str!("../packs/minifasnet.toml")),
];

/// All packs that this installation knows.
///
/// An operator's manifests lie in the folder `packs` of the models directory, as `*.toml`. One
/// that bears the name of a built-in pack takes its place; one that has a model for a role of a
/// built-in pack serves that role.
#[derive(Debug, Clone)]
pub struct Catalogue {
    /// The built-in ones first.
    packs: Vec<Pack>,
    built_in: usize,
}

impl Catalogue {
    /// The built-in packs and those of the models directory, which need not exist.
    pub fn open(directory: &Path) -> Result<Self, Error> {
        let mut packs = Vec::new();
        for (place, text) in EMBEDDED {
            packs.push(Pack::parse(place, text)?);
        }
        let mut catalogue = Self { built_in: packs.len(), packs };
        for path in manifests_in(&directory.join("packs"))? {
            let own = Pack::parse(&path.display().to_string(), &read_bounded(&path)?)?;
            catalogue = catalogue.with(own)?;
        }
        Ok(catalogue)
    }

    /// With an operator's pack, instead of the one that bears its name.
    pub(crate) fn with(mut self, own: Pack) -> Result<Self, Error> {
        let built_in = self.packs[..self.built_in].iter().filter(|pack| pack.name != own.name);
        let built_in = built_in.count();
        self.packs.retain(|pack| pack.name != own.name);
        self.packs.push(own);
        self.built_in = built_in;
        self.check_roles()?;
        Ok(self)
    }

    /// The packs: built-in first, then by file name.
    pub fn packs(&self) -> &[Pack] {
        &self.packs
    }

    /// The pack with this name.
    pub fn pack(&self, name: &str) -> Result<&Pack, Error> {
        self.packs.iter().find(|pack| pack.name == name).ok_or_else(|| Error::UnknownPack {
            name: name.to_owned(),
            known: listed(self.packs.iter().map(|pack| pack.name.as_str())),
        })
    }

    /// The model for this role, with its pack.
    pub fn role(&self, role: &str) -> Result<(&Pack, &ModelEntry), Error> {
        let (built_in, own) = self.packs.split_at(self.built_in);
        let mut entries = own.iter().chain(built_in).flat_map(models_of);
        entries.find(|(_, model)| model.role == role).ok_or_else(|| Error::UnknownRole {
            role: role.to_owned(),
            known: listed(self.entries().map(|(_, model)| model.role.as_str())),
        })
    }

    /// Every model with its pack.
    pub fn entries(&self) -> impl Iterator<Item = (&Pack, &ModelEntry)> {
        self.packs.iter().flat_map(models_of)
    }

    /// Nobody could say which of two operator's packs is meant.
    fn check_roles(&self) -> Result<(), Error> {
        for (pack, model) in self.packs[self.built_in..].iter().flat_map(models_of) {
            let (first, _) = self.role(&model.role)?;
            if first.name != pack.name {
                return Err(Error::AmbiguousRole {
                    role: model.role.clone(),
                    first: first.name.clone(),
                    second: pack.name.clone(),
                });
            }
        }
        Ok(())
    }
}

fn models_of(pack: &Pack) -> impl Iterator<Item = (&Pack, &ModelEntry)> {
    pack.models.iter().map(move |model| (pack, model))
}

fn manifests_in(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(Error::storage("list", folder))?,
    };
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.map_err(Error::storage("list", folder))?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

/// Reads at most a little more than a manifest may have; the parser refuses the rest.
pub(crate) fn read_bounded(path: &Path) -> Result<String, Error> {
    let mut text = String::new();
    fs::File::open(path)
        .and_then(|file| file.take(2 << 20).read_to_string(&mut text))
        .map_err(Error::storage("read", path))?;
    Ok(text)
}

fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}
