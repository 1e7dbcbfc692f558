//! Nets that are loaded when they are first needed: a server that judges nothing, and one whose
//! workers run elsewhere, do without their memory.

use std::fmt::Display;
use std::sync::{Arc, OnceLock};

use bonafide_models::{Digest, Library};

/// What is made of the nets of some roles.
pub(super) struct Nets<T> {
    library: Arc<Library>,
    roles: &'static [&'static str],
    loaded: OnceLock<T>,
}

impl<T> Nets<T> {
    pub(super) fn of(library: &Arc<Library>, roles: &'static [&'static str]) -> Self {
        Self { library: Arc::clone(library), roles, loaded: OnceLock::new() }
    }

    /// Whether all are installed. One that is installed and damaged shows when it is loaded.
    pub(super) fn are_installed(&self) -> bool {
        self.loaded.get().is_some() || self.roles.iter().all(|role| self.library.is_installed(role))
    }

    /// The digest of the pack that offers a role.
    pub(super) fn pack_digest(&self, role: &str) -> Option<Digest> {
        self.library.pack_digest(role).ok()
    }

    /// Loads them, unless that was done. Nothing is remembered of a failure: once the pack is
    /// installed, the next call succeeds.
    pub(super) fn load<E: Display>(
        &self,
        make: impl FnOnce(&Library) -> Result<T, E>,
    ) -> Option<&T> {
        if let Some(loaded) = self.loaded.get() {
            return Some(loaded);
        }
        if !self.are_installed() {
            return None;
        }
        let made = make(&self.library)
            .inspect_err(|error| tracing::error!(%error, "nets cannot be loaded"))
            .ok()?;
        // Two that load at the same time share the library's nets; the first one's stay.
        Some(self.loaded.get_or_init(|| made))
    }
}
