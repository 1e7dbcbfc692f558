//! The README's test command: sets up what the tests need, runs them all, and says what was skipped.

use std::env;
use std::process::exit;

use anyhow::{Result, ensure};
use clap::Args;

use crate::postgres::{Cluster, URL_VARIABLE};
use crate::s3::{self, ObjectServer};
use crate::{command, skipped, workspace};

#[derive(Args)]
pub(crate) struct Options {
    /// Further arguments for the test runner, after `--`
    #[arg(last = true)]
    runner: Vec<String>,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let models = install_models();
    let objects = start_objects();
    let objects_url = objects.as_ref().ok().map(ObjectServer::url);
    let passed = with_postgres(|url| run_tests(options, url, objects_url.as_deref()))?;
    if let Err(error) = models {
        println!("skipped: tests on real models, which could not be installed: {error}");
    }
    if let Err(error) = objects {
        println!("skipped: tests on an S3-compatible store, which could not be started: {error}");
    }
    ensure!(passed, "tests failed");
    Ok(())
}

/// Tests on real pictures need the model packs; without network they are skipped, not failed.
fn install_models() -> Result<()> {
    let program = workspace::executable("bonafide")?;
    ["documents", "face-default"].iter().try_for_each(|pack| {
        command::run(command::program(&program.to_string_lossy()).args(["models", "install", pack]))
    })
}

/// The S3-compatible store is installed by name; without network its tests are skipped, not failed.
fn start_objects() -> Result<ObjectServer> {
    let server = ObjectServer::start()?;
    println!("S3: {}", server.url());
    Ok(server)
}

/// Gives `work` the URL of a PostgreSQL: the one that the environment names, or one started for
/// it, which stops however the work ends, Ctrl-C included.
pub(crate) fn with_postgres<T>(work: impl FnOnce(&str) -> Result<T>) -> Result<T> {
    if let Ok(url) = env::var(URL_VARIABLE) {
        println!("PostgreSQL: the one that {URL_VARIABLE} names");
        return work(&url);
    }
    with_own_postgres(work)
}

/// The same with one that is fresh, whatever the environment names.
pub(crate) fn with_own_postgres<T>(work: impl FnOnce(&str) -> Result<T>) -> Result<T> {
    let folder = env::temp_dir().join(format!("bonafide-test-postgres-{}", std::process::id()));
    let cluster = Cluster::start(folder)?;
    println!("PostgreSQL: {}", cluster.url());
    let interrupted = cluster.clone();
    ctrlc::set_handler(move || {
        interrupted.stop();
        exit(130);
    })?;
    let done = work(&cluster.url());
    cluster.stop();
    done
}

fn run_tests(options: &Options, postgres: &str, objects: Option<&str>) -> Result<bool> {
    let nextest = command::succeeds(&mut command::cargo(["nextest", "--version"]));
    let mut tests = if nextest {
        // Without the examples, which the lints compile.
        command::cargo(["nextest", "run", "--workspace", "--lib", "--bins", "--tests"])
    } else {
        println!(
            "cargo-nextest is not installed: `cargo test` it is, and a hanging test will hang"
        );
        command::cargo(["test", "--workspace", "--all-targets", "--no-fail-fast"])
    };
    tests.args(&options.runner).env(URL_VARIABLE, postgres);
    if let Some(objects) = objects {
        tests.env(s3::URL_VARIABLE, objects);
    }
    let passed = command::run(&mut tests).is_ok();
    if nextest {
        skipped::report(&workspace::target()?.join("nextest/default/junit.xml"));
    }
    let documented = options.runner.is_empty()
        && command::run(&mut command::cargo(["test", "--workspace", "--doc", "--quiet"])).is_err();
    Ok(passed && !documented)
}
