//! The fuzz targets of `fuzz/`, built with the stable compiler (fuzz/README.md says how that works).

use std::path::PathBuf;
use std::{env, fs};

use anyhow::{Context, Result, ensure};
use cargo_metadata::{MetadataCommand, Target};
use clap::Args;

use crate::{command, workspace};

/// What libFuzzer needs of the compiler: edge counters and traced comparisons. All stable options.
const COVERAGE: &str = "--cfg fuzzing -Cpasses=sancov-module \
    -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares \
    -Ccodegen-units=1 -Cdebug-assertions";

/// AddressSanitizer is an unstable option, though its runtime ships with the stable compiler.
const ADDRESS_SANITIZER: &str = "-Zsanitizer=address";

#[derive(Args)]
pub(crate) struct Options {
    /// Targets to run; all where absent
    targets: Vec<String>,
    /// How long each target runs
    #[arg(long, default_value_t = 5)]
    minutes: u64,
    /// Watch memory accesses as well (slower)
    #[arg(long)]
    address_sanitizer: bool,
    /// Only build the targets
    #[arg(long)]
    build: bool,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let wanted = wanted(&options.targets)?;
    let programs = build(&wanted, options.address_sanitizer)?;
    if options.build {
        return Ok(());
    }
    for Target { name, .. } in &wanted {
        fuzz(&programs.join(name), name, options.minutes)?;
    }
    println!("{} targets, {} minutes each: nothing found", wanted.len(), options.minutes);
    Ok(())
}

/// The named targets, or all.
fn wanted(names: &[String]) -> Result<Vec<Target>> {
    let manifest = workspace::root().join("fuzz/Cargo.toml");
    let metadata = MetadataCommand::new().manifest_path(manifest).no_deps().exec()?;
    let package = metadata.root_package().context("fuzz/Cargo.toml has no package")?;
    let all = &package.targets;
    for name in names {
        let known: Vec<&str> = all.iter().map(|target| target.name.as_str()).collect();
        ensure!(
            known.contains(&name.as_str()),
            "there is no fuzz target {name}; there are {known:?}"
        );
    }
    Ok(all.iter().filter(|t| names.is_empty() || names.contains(&t.name)).cloned().collect())
}

/// Builds the targets, each with the features that it asks for, and gives the programs' folder.
fn build(targets: &[Target], address_sanitizer: bool) -> Result<PathBuf> {
    let host = host()?;
    let folder = workspace::root().join("fuzz/target");
    let mut cargo = command::cargo(["build", "--release", "--manifest-path", "fuzz/Cargo.toml"]);
    // With a named target the flags stay away from build scripts and procedural macros.
    cargo.args(["--target", &host]).arg("--target-dir").arg(&folder);
    for target in targets {
        cargo.args(["--bin", &target.name]);
        for feature in &target.required_features {
            cargo.args(["--features", feature]);
        }
    }
    if address_sanitizer {
        cargo
            .env("RUSTC_BOOTSTRAP", "1")
            .env("RUSTFLAGS", format!("{COVERAGE} {ADDRESS_SANITIZER}"));
    } else {
        cargo.env("RUSTFLAGS", COVERAGE);
    }
    command::run(&mut cargo)?;
    Ok(folder.join(host).join("release"))
}

fn host() -> Result<String> {
    let compiler = env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    let version = command::output(command::program(&compiler).arg("-vV"))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc does not say what it runs on")?.to_owned())
}

/// Runs one target: what it learns grows `fuzz/corpus/<target>`, what breaks it lands in
/// `fuzz/artifacts/<target>`.
fn fuzz(program: &std::path::Path, target: &str, minutes: u64) -> Result<()> {
    let home = workspace::root().join("fuzz");
    let corpus = home.join("corpus").join(target);
    let artifacts = home.join("artifacts").join(target);
    fs::create_dir_all(&corpus)?;
    fs::create_dir_all(&artifacts)?;
    let mut fuzzer = command::program(&program.to_string_lossy());
    fuzzer
        .arg(&corpus)
        .arg(format!("-artifact_prefix={}/", artifacts.display()))
        .arg(format!("-max_total_time={}", minutes * 60))
        // An input that takes ten seconds or two GiB is a finding.
        .args(["-timeout=10", "-rss_limit_mb=2048", "-print_final_stats=1"]);
    let seeds = home.join("seeds").join(target);
    if seeds.is_dir() {
        fuzzer.arg(seeds);
    }
    let dictionary = home.join("dictionaries").join(format!("{target}.dict"));
    if dictionary.is_file() {
        fuzzer.arg(format!("-dict={}", dictionary.display()));
    }
    command::run(&mut fuzzer).with_context(|| format!("{target}: see fuzz/artifacts/{target}"))
}
