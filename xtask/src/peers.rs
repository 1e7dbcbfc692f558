//! The engines that Bonafide's reader is compared with. They are installed by name into a virtual
//! environment under `target/peers`, run as processes of their own, and are no part of the product.

use std::path::PathBuf;

use anyhow::{Context, Result, bail, ensure};

use crate::{command, python, workspace};

/// PyPI packages, as of the versions measured; their licences are AGPL-3.0 and MIT.
const PACKAGES: [&str; 2] = ["fastmrz==2.1.2", "PassportEye==2.2.2"];

/// The runtime that faces' nets are compared on; MIT.
const RUNTIME: [&str; 2] = ["onnxruntime==1.32.0", "numpy"];

/// nomenklatura brings logic-v2 and `PyICU`, Faker draws names; all MIT.
const SCREENING: [&str; 2] = ["nomenklatura==4.17.4", "Faker==40.63.0"];

/// The environment's Python, with the peers and tesseract installed.
pub(crate) fn python() -> Result<PathBuf> {
    tesseract()?;
    python::environment("peers", &["fastmrz", "passporteye"], &PACKAGES)
}

/// A Python with ONNX Runtime.
pub(crate) fn onnxruntime() -> Result<PathBuf> {
    python::environment("peers-onnxruntime", &["onnxruntime", "numpy"], &RUNTIME)
}

/// A Python with what the screening benchmark compares with (nomenklatura) and draws its names from
/// (Faker).
pub(crate) fn screening_python() -> Result<PathBuf> {
    python::environment("peers-screening", &["nomenklatura", "faker", "icu"], &SCREENING)
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
