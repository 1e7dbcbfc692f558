//! Model packs: which neural nets there are, where they come from, and how they are run.
//!
//! A *pack* is a manifest that pins each model by SHA-256. [`install`] puts its files into a
//! models directory, [`list`] and [`verify`] say how they stand there, and [`Library`] gives the
//! nets by role.

mod catalogue;
mod convert;
mod digest;
mod error;
mod explicit;
mod install;
mod library;
mod manifest;
mod net;
mod probe;
mod status;

pub use catalogue::Catalogue;
pub use convert::{Recipe, Unconvertible};
pub use digest::{Digest, NotADigest};
pub use error::Error;
pub use install::{InstallOptions, Progress, adopt, install};
pub use library::{Library, Model};
pub use manifest::{
    Channels, CommercialUse, Family, Ingredient, Input, ModelEntry, Pack, PinnedFile, Side, Source,
};
pub use net::{Net, Output};
pub use probe::Probe;
pub use status::{State, Status, list, verify};
