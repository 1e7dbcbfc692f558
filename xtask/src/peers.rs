//! The engines that Bonafide's reader is compared with. They are installed by name into a virtual
//! environment under `target/peers`, run as processes of their own, and are no part of the product.

use std::path::PathBuf;

use anyhow::{Context, Result, bail, ensure};

use crate::{command, workspace};

/// PyPI packages, as of the versions measured; their licences are AGPL-3.0 and MIT.
const PACKAGES: [&str; 2] = ["fastmrz==2.1.2", "PassportEye==2.2.2"];

/// The environment's Python, with the peers and tesseract installed.
pub(crate) fn python() -> Result<PathBuf> {
    tesseract()?;
    let environment = workspace::target()?.join("peers");
    let python = environment.join("bin/python");
    if !python.exists() {
        let mut venv = command::program("python3");
        command::run(venv.args(["-m", "venv"]).arg(&environment))
            .context("python3 needs its venv module (Debian: python3-venv)")?;
    }
    let mut imports = command::program(&python.to_string_lossy());
    if !command::succeeds(imports.args(["-c", "import fastmrz, passporteye"])) {
        let mut pip = command::program(&python.to_string_lossy());
        command::run(pip.args(["-m", "pip", "install", "--quiet"]).args(PACKAGES))?;
    }
    Ok(python)
}

/// A Python with what the screening benchmark compares with (nomenklatura, MIT) and draws its names
/// from (Faker, MIT; `PyICU`, MIT, comes with nomenklatura).
pub(crate) fn screening_python() -> Result<PathBuf> {
    const PACKAGES: [&str; 2] = ["nomenklatura==4.17.4", "Faker==40.63.0"];
    let environment = workspace::target()?.join("peers-screening");
    let python = environment.join("bin/python");
    if !python.exists() {
        let mut venv = command::program("python3");
        command::run(venv.args(["-m", "venv"]).arg(&environment))
            .context("python3 needs its venv module (Debian: python3-venv)")?;
    }
    let mut imports = command::program(&python.to_string_lossy());
    if !command::succeeds(imports.args(["-c", "import nomenklatura, faker, icu"])) {
        let mut pip = command::program(&python.to_string_lossy());
        command::run(pip.args(["-m", "pip", "install", "--quiet"]).args(PACKAGES))?;
    }
    Ok(python)
}

/// The folder of fastmrz's tesseract model.
pub(crate) fn tesseract_model() -> Result<PathBuf> {
    workspace::shared("testdata/peers")
        .context("../shared/testdata/peers (mrz.traineddata) is not there")
}

fn tesseract() -> Result<()> {
    let present = || command::succeeds(command::program("tesseract").arg("--version"));
    if present() {
        return Ok(());
    }
    let mut install = command::program("apt-get");
    install.args(["install", "--yes", "tesseract-ocr"]).env("DEBIAN_FRONTEND", "noninteractive");
    if command::run(&mut install).is_err() {
        bail!("the peers read with tesseract: install it (Debian: tesseract-ocr)");
    }
    ensure!(present(), "tesseract was installed, but does not run");
    Ok(())
}
