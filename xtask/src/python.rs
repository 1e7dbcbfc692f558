//! Python programs of others: installed by name into virtual environments under `target/`, and no
//! part of the product.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::{command, workspace};

/// The Python of the environment `name`, with these packages; `modules` are what they are imported
/// by.
pub(crate) fn environment(name: &str, modules: &[&str], packages: &[&str]) -> Result<PathBuf> {
    let environment = workspace::target()?.join(name);
    let python = environment.join("bin/python");
    if !python.exists() {
        let mut venv = command::program("python3");
        command::run(venv.args(["-m", "venv"]).arg(&environment))
            .context("python3 needs its venv module (Debian: python3-venv)")?;
    }
    let mut imports = command::program(&python.to_string_lossy());
    if !command::succeeds(imports.args(["-c", &format!("import {}", modules.join(", "))])) {
        let mut pip = command::program(&python.to_string_lossy());
        command::run(pip.args(["-m", "pip", "install", "--quiet"]).args(packages))?;
    }
    Ok(python)
}
