//! The conformance suite of `../shared`, against servers started for it.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use tempfile::TempDir;

use crate::s3::ObjectServer;
use crate::server::Server;
use crate::test::with_own_postgres;
use crate::{command, workspace};

#[derive(Args)]
pub(crate) struct Options {
    /// Cases to run: names or globs, with commas; all where absent
    #[arg(long)]
    only: Option<String>,
    /// Deployments to try, with commas; all where absent
    #[arg(long, value_delimiter = ',', default_values = ["sqlite", "postgres"])]
    on: Vec<Deployment>,
    /// Build the server with optimisation
    #[arg(long)]
    release: bool,
    /// Further arguments for the suite, after `--`
    #[arg(last = true)]
    suite: Vec<String>,
}

/// What a server keeps its data in.
#[derive(Clone, Copy, ValueEnum)]
enum Deployment {
    /// SQLite and a folder
    Sqlite,
    /// PostgreSQL and an S3-compatible store
    Postgres,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let Some(suite) = workspace::shared("conformance/run.py") else {
        println!("skipped: the conformance suite, because ../shared/conformance is not there");
        return Ok(());
    };
    let pictures = pictures()?;
    for deployment in &options.on {
        match deployment {
            Deployment::Sqlite => {
                println!("\nConformance on SQLite and a folder");
                judge(options, &suite, pictures.path(), &[])?;
            }
            Deployment::Postgres => with_own_postgres(|url| {
                println!("\nConformance on PostgreSQL and an S3-compatible store");
                let objects = ObjectServer::start()?;
                let mut settings = objects.settings().to_vec();
                settings.push(("BONAFIDE__DATABASE__URL", url.to_owned()));
                judge(options, &suite, pictures.path(), &settings)
            })?,
        }
    }
    Ok(())
}

/// One run of the suite against a server with these settings.
fn judge(
    options: &Options,
    suite: &Path,
    pictures: &Path,
    settings: &[(&str, String)],
) -> Result<()> {
    let server = Server::start(options.release, settings)?;
    let program = if options.release {
        workspace::optimised("bonafide")?
    } else {
        workspace::executable("bonafide")?
    };
    let facemap = pictures.join("facemap.bin");
    if let Err(error) = enrol(&program, &server, &facemap) {
        println!("skipped: what needs a facemap, because {error:#}");
        fs::write(&facemap, [7; 4096])?;
    }
    let mut python = command::program("python3");
    python
        .arg(suite)
        .args(["--base", server.announced("BASE_URL")])
        .args(["--client-id", server.announced("CLIENT_ID")])
        .args(["--other-client-id", server.announced("OTHER_CLIENT_ID")])
        .arg("--images")
        .arg(pictures)
        .arg("--web-journey")
        .arg(format!("{} play {{href}}", program.display()))
        // Secrets travel in the environment, out of sight of the process list.
        .env("CONFORMANCE_CLIENT_SECRET", server.announced("CLIENT_SECRET"))
        .env("CONFORMANCE_OTHER_CLIENT_SECRET", server.announced("OTHER_CLIENT_SECRET"));
    if let Some(only) = &options.only {
        python.args(["--only", only]);
    }
    python.args(&options.suite);
    command::run(&mut python)
        .with_context(|| format!("the server's log ends:\n{}", server.log_tail()))
}

/// Draws what the suite uploads: an ID that the server verifies, and a portrait's page in the place of
/// a face. The suite gives the names; a server looks at the content.
fn pictures() -> Result<TempDir> {
    let folder = tempfile::Builder::new().prefix("bonafide-conformance-").tempdir()?;
    command::run(
        command::program(&workspace::example("draw")?.to_string_lossy())
            .arg(folder.path())
            .args(["1", "1"]),
    )
    .context("the suite's pictures could not be drawn")?;
    let drawn = folder.path().join("1");
    for (name, picture) in [
        ("front.jpg", "licence-front.png"),
        ("back.jpg", "licence-back.png"),
        ("face.jpg", "passport.png"),
    ] {
        fs::copy(drawn.join(picture), folder.path().join(name))?;
    }
    Ok(folder)
}

/// Has a drawn person enrolled, and saves the facemap that workflow 16 brings back.
fn enrol(program: &Path, server: &Server, facemap: &Path) -> Result<()> {
    command::run(
        command::program(&program.to_string_lossy())
            .args(["play", server.announced("BASE_URL"), "--facemap"])
            .arg(facemap)
            .env("CLIENT_ID", server.announced("CLIENT_ID"))
            .env("CLIENT_SECRET", server.announced("CLIENT_SECRET")),
    )
    .with_context(|| {
        format!("nobody could be enrolled; the server's log ends:\n{}", server.log_tail())
    })
}
