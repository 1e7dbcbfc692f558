use std::io;
use std::path::{Path, PathBuf};

use crate::Digest;

/// What can go wrong with model packs and nets.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A pack's manifest cannot be used.
    #[error("the model manifest {place} cannot be used: {problem}")]
    Manifest {
        /// The manifest's file, or the name of a built-in one.
        place: String,
        /// What is wrong, with line and column where known.
        problem: String,
    },
    /// Two packs offer a model for one role.
    #[error("the packs `{first}` and `{second}` both offer a model for `{role}`; remove one")]
    AmbiguousRole {
        /// The role.
        role: String,
        /// One pack.
        first: String,
        /// The other pack.
        second: String,
    },
    /// A model's licence does not surely allow commercial use.
    #[error(
        "the licence of `{id}` ({licence}) does not surely allow commercial use; if yours is allowed, \
         install it with --acknowledge-licence"
    )]
    Unacknowledged {
        /// The model.
        id: String,
        /// What its manifest says.
        licence: String,
    },
    /// No pack has this name.
    #[error("there is no model pack `{name}`; the packs are: {known}")]
    UnknownPack {
        /// The name that was asked for.
        name: String,
        /// The names there are.
        known: String,
    },
    /// No pack has a model for this role.
    #[error("no model pack knows the role `{role}`; the roles are: {known}")]
    UnknownRole {
        /// The role that was asked for.
        role: String,
        /// The roles there are.
        known: String,
    },
    /// The model is not installed.
    #[error(
        "the model for `{role}` is not installed ({} is missing); run `bonafide models install {pack}`",
        path.display()
    )]
    Missing {
        /// The role.
        role: String,
        /// The pack that has it.
        pack: String,
        /// Where it is expected.
        path: PathBuf,
    },
    /// The installed file is not the one of the manifest.
    #[error(
        "{} is damaged: its SHA-256 is {found}, the manifest says {expected}; \
         run `bonafide models install {pack}`",
        path.display()
    )]
    Damaged {
        /// The pack it belongs to.
        pack: String,
        /// The file.
        path: PathBuf,
        /// The digest in the manifest.
        expected: Digest,
        /// The digest of the file.
        found: Digest,
    },
    /// No source gave the file.
    #[error("{file} could not be obtained; {}", if attempts.is_empty() {
        "no source of it can be used offline".to_owned()
    } else {
        attempts.join("; ")
    })]
    Unobtainable {
        /// The file's name in the manifest.
        file: String,
        /// What each source said, in the order tried.
        attempts: Vec<String>,
    },
    /// A folder or file of the models directory cannot be read or written.
    #[error("cannot {doing} {}: {source}", path.display())]
    Storage {
        /// What was tried.
        doing: &'static str,
        /// With which path.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
    /// The runtime cannot load the net.
    #[error("the net {net} cannot be loaded: {problem}")]
    Load {
        /// The net's file or role.
        net: String,
        /// What the runtime says.
        problem: String,
    },
    /// The numbers handed in do not fill the shape, or the net does not take the shape.
    #[error("the net {net} does not take an input of shape {shape:?}: {problem}")]
    Input {
        /// The net's file or role.
        net: String,
        /// The shape asked for: batch, channels, height, width.
        shape: [usize; 4],
        /// What is wrong with it.
        problem: String,
    },
    /// The net did not give one tensor of 32-bit floats.
    #[error("the net {net} has no output that can be used: {problem}")]
    Output {
        /// The net's file or role.
        net: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The runtime computes other numbers than the manifest's probe.
    #[error(
        "the net for `{role}` computes wrongly on this machine: its probe's {what} is {found}, \
         not {expected}"
    )]
    Probe {
        /// The role.
        role: String,
        /// The statistic that differs.
        what: &'static str,
        /// The manifest's value.
        expected: String,
        /// The value computed here.
        found: String,
    },
}

impl Error {
    /// For `map_err`: a storage error with what was tried on which path.
    pub(crate) fn storage(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Storage { doing, path, source }
    }
}
