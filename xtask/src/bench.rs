//! Measurements. The work is done by the package in `bench/`; this sets up what it needs.

use std::env;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Args, Subcommand};

use crate::postgres::Cluster;
use crate::{command, peers, workspace};

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// MRZ beside fastmrz and PassportEye, and PDF417, on ../shared/testdata
    Documents(Documents),
    /// The server under load on SQLite and PostgreSQL, beside synced commits of the same database
    Http(Http),
    /// Faces on ../shared/testdata: error rates, processor time beside ONNX Runtime, search
    Faces(Faces),
    /// Watchlist screening beside logic-v2, on ../shared/testdata
    Screening(Screening),
}

#[derive(Args)]
pub(crate) struct Screening {
    /// One JSON document instead of tables
    #[arg(long)]
    json: bool,
    /// Measure the half to tune on instead of the one kept aside
    #[arg(long)]
    tuning: bool,
    /// Leave logic-v2 out
    #[arg(long)]
    alone: bool,
}

#[derive(Args)]
pub(crate) struct Http {
    /// One JSON document instead of tables
    #[arg(long)]
    json: bool,
    /// How long each load lasts
    #[arg(long, default_value_t = 5)]
    seconds: u32,
    /// Requests under way at the same time
    #[arg(long, default_value_t = 16)]
    connections: u32,
    /// Where the model packs are, or shall be installed; the user's cache where absent
    #[arg(long)]
    models: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct Faces {
    /// One JSON document instead of tables
    #[arg(long)]
    json: bool,
    /// How often each time is taken; the median counts
    #[arg(long, default_value_t = 3)]
    rounds: u32,
    /// Where the model packs are, or shall be installed; the user's cache where absent
    #[arg(long)]
    models: Option<PathBuf>,
    /// Leave ONNX Runtime out
    #[arg(long)]
    alone: bool,
}

#[derive(Args)]
pub(crate) struct Documents {
    /// One JSON document with a row per picture, instead of tables
    #[arg(long)]
    json: bool,
    /// How often each picture is read; the median counts
    #[arg(long, default_value_t = 3)]
    rounds: u32,
    /// Where the model packs are, or shall be installed; the user's cache where absent
    #[arg(long)]
    models: Option<PathBuf>,
    /// Leave the other engines out
    #[arg(long)]
    alone: bool,
}

pub(crate) fn run(verb: &Verb) -> Result<()> {
    match verb {
        Verb::Documents(options) => documents(options),
        Verb::Http(options) => http(options),
        Verb::Faces(options) => faces(options),
        Verb::Screening(options) => screening(options),
    }
}

/// On a PostgreSQL that syncs: durability is part of what is measured.
fn http(options: &Http) -> Result<()> {
    let server = workspace::optimised("bonafide")?;
    let program = workspace::optimised("bonafide-bench")?;
    let folder = env::temp_dir().join(format!("bonafide-bench-postgres-{}", std::process::id()));
    let cluster = Cluster::start_synced(folder)?;
    let mut bench = command::program(&program.to_string_lossy());
    bench.arg("http").arg("--program").arg(server);
    bench.arg("--models").arg(options.models.clone().unwrap_or_else(models));
    bench.args(["--postgres", &cluster.url()]);
    bench.args(["--seconds", &options.seconds.to_string()]);
    bench.args(["--connections", &options.connections.to_string()]);
    if options.json {
        bench.arg("--json");
    }
    let measured = command::run(&mut bench);
    cluster.stop();
    measured
}

fn faces(options: &Faces) -> Result<()> {
    let pictures = workspace::shared("testdata/faces")
        .context("the bench reads ../shared/testdata/faces, which is not there")?;
    let program = workspace::optimised("bonafide-bench")?;
    let mut bench = single_core(&program.to_string_lossy());
    bench.arg("faces").arg("--pictures").arg(pictures);
    bench.arg("--models").arg(options.models.clone().unwrap_or_else(models));
    bench.args(["--rounds", &options.rounds.to_string()]);
    if let Some(files) = workspace::shared("testdata/pad") {
        bench.arg("--attack-nets").arg(files);
    }
    if !options.alone {
        bench.arg("--python").arg(peers::onnxruntime()?);
    }
    if options.json {
        bench.arg("--json");
    }
    command::run(&mut bench)
}

fn screening(options: &Screening) -> Result<()> {
    let testdata = workspace::shared("testdata")
        .context("the bench reads ../shared/testdata, which is not there")?;
    let program = workspace::optimised("bonafide-bench")?;
    let mut bench = single_core(&program.to_string_lossy());
    bench.arg("screening").arg("--testdata").arg(testdata);
    bench.arg("--python").arg(peers::screening_python()?);
    for (flag, given) in
        [("--json", options.json), ("--tuning", options.tuning), ("--alone", options.alone)]
    {
        if given {
            bench.arg(flag);
        }
    }
    command::run(&mut bench)
}

fn documents(options: &Documents) -> Result<()> {
    let testdata = workspace::shared("testdata")
        .context("the bench reads ../shared/testdata, which is not there")?;
    let program = workspace::optimised("bonafide-bench")?;
    let mut bench = single_core(&program.to_string_lossy());
    bench.arg("documents").arg("--testdata").arg(testdata);
    bench.arg("--models").arg(options.models.clone().unwrap_or_else(models));
    bench.args(["--rounds", &options.rounds.to_string()]);
    if !options.alone {
        bench.arg("--python").arg(peers::python()?);
        bench.arg("--tesseract-model").arg(peers::tesseract_model()?);
    }
    if options.json {
        bench.arg("--json");
    }
    command::run(&mut bench)
}

/// Where the server keeps its models unless it is told otherwise.
fn models() -> PathBuf {
    let cache = env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let cache =
        cache.or_else(|| env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache")));
    cache.unwrap_or_else(env::temp_dir).join("bonafide/models")
}

/// The program, held with all its children to one core where the system can do that: a thread
/// pool that an engine would not give up then wins it nothing.
fn single_core(program: &str) -> std::process::Command {
    if !command::succeeds(command::program("taskset").arg("--version")) {
        return command::program(program);
    }
    let mut taskset = command::program("taskset");
    taskset.args(["--cpu-list", "0", program]);
    taskset
}
