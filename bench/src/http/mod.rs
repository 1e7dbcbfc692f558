//! The server under load, on the same cores as the load: creates, uploads and status reads over real
//! HTTP, beside synced single-row commits of the same database in the same run.

mod commits;
mod direct;
mod load;
mod server;

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use clap::Args;
use serde::Serialize;

use load::{Load, Measured};
use server::Server;

/// What `http` measures, and with what.
#[derive(Args)]
pub(crate) struct Options {
    /// The `bonafide` program
    #[arg(long)]
    program: PathBuf,
    /// Where the model packs are
    #[arg(long)]
    models: PathBuf,
    /// A PostgreSQL superuser's URL; without it only SQLite is measured
    #[arg(long)]
    postgres: Option<String>,
    /// How long each load lasts
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// Requests under way at the same time
    #[arg(long, default_value_t = 16)]
    connections: usize,
    /// One JSON document instead of tables
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report {
    connections: usize,
    databases: Vec<OfDatabase>,
}

/// One database's figures.
#[derive(Serialize)]
struct OfDatabase {
    database: &'static str,
    /// From the start of the process to the first answer; median of five starts on a database that is there.
    start_milliseconds: f64,
    /// Resident memory before the first request.
    idle_mebibytes: f64,
    /// One row, one synced commit, one connection.
    commits_alone: Measured,
    /// The same by as many connections as the load has.
    commits: Measured,
    /// The create use case, called in this process on the same kind of database.
    creates_direct: Measured,
    health: Measured,
    creates: Measured,
    uploads: Measured,
    statuses: Measured,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let report = runtime.block_on(measure(options))?;
    if options.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        print!("{report}");
    }
    Ok(())
}

async fn measure(options: &Options) -> Result<Report> {
    let mut databases = Vec::new();
    let folder = tempfile::tempdir()?;
    databases.push(of_database(options, "SQLite", None, folder.path().join("sqlite")).await?);
    if let Some(url) = &options.postgres {
        let folder = folder.path().join("postgres");
        databases.push(of_database(options, "PostgreSQL", Some(url), folder).await?);
    }
    Ok(Report { connections: options.connections, databases })
}

async fn of_database(
    options: &Options,
    database: &'static str,
    postgres: Option<&str>,
    folder: PathBuf,
) -> Result<OfDatabase> {
    let lasts = Duration::from_secs(options.seconds);
    let connections = options.connections;
    let target = commits::Target::prepare(&folder, postgres).await?;
    let commits_alone = target.measure(1, lasts).await?;
    let commits = target.measure(connections, lasts).await?;
    let creates_direct = direct::creates(&target, connections, lasts).await?;

    let url = target.url("bonafide_served").await?;
    // The first start makes the database and the clients of the load; the later ones are timed.
    let mut server = Server::start_dev(options, &folder, &url).await?;
    let clients = server.clients().clone();
    server.stop();
    let mut starts = Vec::new();
    for _ in 0..4 {
        let server = Server::start(options, &folder, &url).await?;
        starts.push(server.started_after().as_secs_f64() * 1e3);
    }
    let server = Server::start(options, &folder, &url).await?;
    starts.push(server.started_after().as_secs_f64() * 1e3);
    let idle_mebibytes = server.resident_mebibytes()?;

    let load = Load::new(server.base_url(), &clients, connections, lasts).await?;
    let health = load.health().await?;
    let creates = load.creates().await?;
    let uploads = load.uploads().await?;
    let statuses = load.statuses().await?;
    Ok(OfDatabase {
        database,
        start_milliseconds: crate::statistics::median(starts).unwrap_or_default(),
        idle_mebibytes,
        commits_alone,
        commits,
        creates_direct,
        health,
        creates,
        uploads,
        statuses,
    })
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for of in &self.databases {
            writeln!(
                f,
                "{}: started after {:.0} ms, {:.0} MiB idle; {} connections",
                of.database, of.start_milliseconds, of.idle_mebibytes, self.connections
            )?;
            writeln!(
                f,
                "{:<34}{:>10}{:>10}{:>10}{:>20}",
                "", "per second", "p50 ms", "p99 ms", "p50 / lone commit"
            )?;
            let rows = [
                ("synced commits, one connection", &of.commits_alone),
                ("synced commits", &of.commits),
                ("creates, called directly", &of.creates_direct),
                ("GET /health", &of.health),
                ("creates", &of.creates),
                ("uploads of 357 KB", &of.uploads),
                ("status reads", &of.statuses),
            ];
            for (name, measured) in rows {
                writeln!(
                    f,
                    "{name:<34}{:>10.0}{:>10.2}{:>10.2}{:>20.1}",
                    measured.per_second,
                    measured.p50_milliseconds,
                    measured.p99_milliseconds,
                    measured.p50_milliseconds / of.commits_alone.p50_milliseconds
                )?;
            }
            writeln!(
                f,
                "creates over HTTP / called directly: {:.2}\n",
                of.creates.per_second / of.creates_direct.per_second
            )?;
        }
        Ok(())
    }
}
