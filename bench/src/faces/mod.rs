//! Faces: error rates on labelled pictures, processor time beside ONNX Runtime on the same nets,
//! and the search for one face among many.

mod accuracy;
mod gallery;
mod nets;
mod selfie;

use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::Result;
use bonafide_face::FaceReader;
use bonafide_models::{InstallOptions, Library, install};
use serde::Serialize;

/// The pack that is measured.
const PACK: &str = "face-default";
/// The optional one, of which the nets are.
const ATTACKS: &str = "minifasnet";

/// What is measured, and with what.
pub(crate) struct Options {
    /// The folder with a folder of pictures for each person.
    pub(crate) pictures: PathBuf,
    pub(crate) models: PathBuf,
    pub(crate) rounds: usize,
    /// A Python that has onnxruntime.
    pub(crate) python: Option<PathBuf>,
    /// How many templates are searched.
    pub(crate) gallery: usize,
    /// The folder with the operator's files of the pack `minifasnet`.
    pub(crate) attack_nets: Option<PathBuf>,
}

#[derive(Serialize)]
pub(crate) struct Report {
    accuracy: accuracy::Report,
    selfie: selfie::Report,
    nets: nets::Report,
    gallery: gallery::Report,
}

/// Measures everything; installs the pack first where it is missing.
pub(crate) fn measure(options: &Options) -> Result<Report> {
    let directory = options.models.clone();
    install(PACK, &InstallOptions { directory, ..InstallOptions::default() }, &mut ())?;
    let library = Library::open(&options.models)?;
    let reader = FaceReader::open(&library)?;
    let pictures = pictures(&options.pictures)?;
    Ok(Report {
        accuracy: accuracy::measure(&reader, &pictures)?,
        selfie: selfie::measure(&reader, &pictures, options.rounds)?,
        nets: nets::measure(options, &library)?,
        gallery: gallery::measure(options.gallery),
    })
}

/// A picture and whom it shows.
pub(crate) struct Labelled {
    pub(crate) subject: String,
    pub(crate) path: PathBuf,
}

/// Every picture in the folders of persons, in the order of their names.
fn pictures(folder: &Path) -> Result<Vec<Labelled>> {
    let mut pictures = Vec::new();
    for person in sorted(folder)? {
        let subject = person.file_name().unwrap_or_default().to_string_lossy().into_owned();
        for path in sorted(&person)? {
            pictures.push(Labelled { subject: subject.clone(), path });
        }
    }
    Ok(pictures)
}

fn sorted(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    let mut paths: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).collect();
    paths.sort();
    Ok(paths)
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}\n{}", self.accuracy, self.selfie, self.nets, self.gallery)
    }
}
