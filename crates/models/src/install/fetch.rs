//! Fetching one pinned file from the first source that has it.

use std::fmt;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use crate::install::archive::with_member;
use crate::install::take::{Trouble, take};
use crate::install::{InstallOptions, Progress, download, package};
use crate::{Error, Pack, PinnedFile, Source};

/// Fetches files of a pack into a scratch folder.
pub(crate) struct Fetcher<'a> {
    pack: &'a Pack,
    options: &'a InstallOptions,
    scratch: &'a Path,
    pub(crate) progress: &'a mut dyn Progress,
}

impl<'a> Fetcher<'a> {
    pub(crate) fn new(
        pack: &'a Pack,
        options: &'a InstallOptions,
        scratch: &'a Path,
        progress: &'a mut dyn Progress,
    ) -> Self {
        Self { pack, options, scratch, progress }
    }

    /// The path of the file in the scratch folder, verified and synced.
    pub(crate) fn fetch(
        &mut self,
        file: &PinnedFile,
        sources: &[Source],
    ) -> Result<PathBuf, Error> {
        let target = self.scratch.join(&file.name);
        if target.exists() {
            // Two models out of one archive: what lies here under its name has been verified.
            return Ok(target);
        }
        let mut attempts = Vec::new();
        for source in self.usable(sources) {
            self.progress.step(&format!("{} from {source}", file.name));
            match self.try_source(file, &source, &target) {
                Ok(()) => return Ok(target),
                Err(trouble) => {
                    let attempt = format!("{source}: {trouble}");
                    self.progress.message(&attempt);
                    attempts.push(attempt);
                }
            }
        }
        Err(Error::Unobtainable { file: file.name.clone(), attempts })
    }

    /// The operator's folder first, then the manifest's sources; none with a network if offline.
    fn usable(&self, sources: &[Source]) -> Vec<Source> {
        let own = self.options.from_dir.iter().map(|path| Source::Folder { path: path.clone() });
        let others = sources
            .iter()
            .filter(|source| !(self.options.offline && source.needs_network()))
            .cloned();
        own.chain(others).collect()
    }

    fn try_source(
        &mut self,
        file: &PinnedFile,
        source: &Source,
        target: &Path,
    ) -> Result<(), Trouble> {
        match source {
            Source::Operator => Err(Trouble::Unavailable(format!(
                "it is yours to bring: put {} into a folder and name that with --from-dir",
                file.name
            ))),
            Source::Folder { path } => self.take_file(file, &path.join(&file.name), target),
            Source::Url { url } => {
                let mut body = download::open(url, file.bytes)?;
                take(file, &mut body, target, self.progress)
            }
            Source::PythonPackage { name, version } => {
                let folder = self.package_folder()?;
                let path = package::pip_download(name, version, folder.path())?;
                self.take_file(file, &path, target)
            }
            Source::NpmPackage { name, version } => {
                let folder = self.package_folder()?;
                let path = package::npm_pack(name, version, folder.path())?;
                self.take_file(file, &path, target)
            }
            Source::ArchiveMember { archive, path } => {
                let archive = self.pack.archive(archive).expect("the manifest was checked");
                let fetched =
                    self.fetch(&archive.file, &archive.sources).map_err(Trouble::unavailable)?;
                with_member(&fetched, path, |member| take(file, member, target, self.progress))
            }
            Source::Conversion { recipe, ingredients } => {
                let ingredients = ingredients
                    .iter()
                    .map(|name| self.ingredient(name))
                    .collect::<Result<Vec<_>, _>>()?;
                let ingredients: Vec<&[u8]> = ingredients.iter().map(Vec::as_slice).collect();
                let onnx = recipe.convert(&ingredients).map_err(Trouble::unavailable)?;
                take(file, &mut onnx.as_slice(), target, self.progress)
            }
        }
    }

    fn ingredient(&mut self, name: &str) -> Result<Vec<u8>, Trouble> {
        let ingredient = self.pack.ingredient(name).expect("the manifest was checked");
        let path =
            self.fetch(&ingredient.file, &ingredient.sources).map_err(Trouble::unavailable)?;
        fs::read(path).map_err(Trouble::unavailable)
    }

    fn take_file(&mut self, file: &PinnedFile, from: &Path, target: &Path) -> Result<(), Trouble> {
        let mut stream = File::open(from).map_err(Trouble::unavailable)?;
        take(file, &mut stream, target, self.progress)
    }

    fn package_folder(&self) -> Result<tempfile::TempDir, Trouble> {
        fs::canonicalize(self.scratch).and_then(tempfile::tempdir_in).map_err(Trouble::unavailable)
    }
}

impl Source {
    fn needs_network(&self) -> bool {
        match self {
            Self::Url { .. } | Self::PythonPackage { .. } | Self::NpmPackage { .. } => true,
            // A member's archive, and an ingredient, are asked for their own sources.
            Self::Operator
            | Self::Folder { .. }
            | Self::ArchiveMember { .. }
            | Self::Conversion { .. } => false,
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Operator => formatter.write_str("the operator"),
            Self::Folder { path } => write!(formatter, "the folder {}", path.display()),
            // Without the query, which may hold an operator's key.
            Self::Url { url } => formatter.write_str(url.split(['?', '#']).next().unwrap_or(url)),
            Self::PythonPackage { name, version } => {
                write!(formatter, "the Python package {name} {version}")
            }
            Self::NpmPackage { name, version } => {
                write!(formatter, "the npm package {name} {version}")
            }
            Self::ArchiveMember { archive, .. } => write!(formatter, "the archive {archive}"),
            Self::Conversion { ingredients, .. } => {
                write!(formatter, "{}, converted", ingredients.join(" and "))
            }
        }
    }
}
