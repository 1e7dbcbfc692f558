//! Where things are.

use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use cargo_metadata::{Message, Metadata, MetadataCommand};

use crate::command;

/// The repository's root.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask is a folder of the repository")
}

/// `../shared/<path>`, where it is present: real test data and the conformance suite.
pub(crate) fn shared(path: &str) -> Option<PathBuf> {
    let path = root().parent()?.join("shared").join(path);
    path.exists().then_some(path)
}

/// The resolved dependency graph.
pub(crate) fn metadata() -> Result<Metadata> {
    MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .exec()
        .context("cargo metadata could not resolve the workspace")
}

/// Where cargo puts what it builds, and xtask what it keeps.
pub(crate) fn target() -> Result<PathBuf> {
    Ok(metadata()?.target_directory.into_std_path_buf())
}

/// What the tests build. A program that is asked for together with them has the features of their
/// build, so that its dependencies are not built a second time.
const TESTED: [&str; 5] = ["build", "--workspace", "--lib", "--bins", "--tests"];

/// Builds a program for development, together with the tests, and gives the path of the executable.
pub(crate) fn executable(name: &str) -> Result<PathBuf> {
    built(command::cargo(TESTED), name)
}

/// The same for an example.
pub(crate) fn example(name: &str) -> Result<PathBuf> {
    built(command::cargo(TESTED.into_iter().chain(["--example", name])), name)
}

/// Builds a package's program with optimisation and gives the path of the executable.
pub(crate) fn optimised(package: &str) -> Result<PathBuf> {
    built(command::cargo(["build", "--release", "--package", package]), package)
}

fn built(mut cargo: Command, name: &str) -> Result<PathBuf> {
    println!("Building {name}");
    cargo.arg("--message-format=json-render-diagnostics").stdout(Stdio::piped());
    let mut child = cargo.spawn().context("cargo could not be started")?;
    let stdout = child.stdout.take().expect("standard output was piped");
    let executable = Message::parse_stream(BufReader::new(stdout))
        .filter_map(Result::ok)
        .filter_map(|message| match message {
            Message::CompilerArtifact(artifact)
                if artifact.target.name == name && !artifact.profile.test =>
            {
                artifact.executable
            }
            _ => None,
        })
        .last();
    ensure!(child.wait()?.success(), "{name} did not build");
    Ok(executable.with_context(|| format!("{name} has no program"))?.into_std_path_buf())
}
