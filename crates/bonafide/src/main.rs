//! Bonafide: self-hosted identity verification. One binary, many roles.

mod callbacks;
mod clients;
mod demo;
mod dev;
mod doctor;
mod eval;
mod house;
mod keys;
mod lists;
mod models;
mod output;
mod play;
mod progress;
mod serve;
mod settings;
mod tenants;
mod verify;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::settings::Settings;

/// Self-hosted identity verification.
#[derive(Parser)]
#[command(name = "bonafide", version, propagate_version = true)]
struct Cli {
    /// A configuration file (TOML).
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The data folder.
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the API, and judge (unless a worker runs beside it).
    Serve(serve::Options),
    /// Judge and deliver, without an API: beside `serve`, on PostgreSQL.
    Worker,
    /// Bring the database up to this program's version.
    Migrate,
    /// Install, list and verify model packs.
    #[command(subcommand)]
    Models(models::Command),
    /// Measure error rates on pictures of your own.
    #[command(subcommand)]
    Eval(eval::Command),
    /// Import watchlists, and show how they stand.
    #[command(subcommand)]
    Lists(lists::Command),
    /// Search a name in the watchlists.
    Screen(lists::Screen),
    /// Make and list tenants.
    #[command(subcommand)]
    Tenants(tenants::Command),
    /// Make, list and revoke API clients.
    #[command(subcommand)]
    Clients(clients::Command),
    /// List and replay callbacks, and rotate the secrets that sign them.
    #[command(subcommand)]
    Callbacks(callbacks::Command),
    /// Show and rotate the key ring.
    #[command(subcommand)]
    Keys(keys::Command),
    /// Check database, blobs, keys, models and clock.
    Doctor(doctor::Options),
    /// Judge the pictures of an ID without a server.
    Verify(verify::Options),
    /// See it work: draws two IDs and verifies them over HTTP.
    Demo(demo::Options),
    /// Play a drawn person's web journey, for whoever develops against the server.
    Play(play::Options),
    /// Print the OpenAPI document.
    Openapi,
    /// Print the JSON Schema of a sandbox's instructions.
    SandboxSchema,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    // Fails only when a provider is installed already; then that one serves.
    let _ = rustls::crypto::ring::default_provider().install_default();
    start_log(&cli.command);
    match run(cli) {
        Ok(code) => code,
        Err(error) => {
            anstream::eprintln!("{}error{}: {error:#}", output::BAD.render(), output::PLAIN);
            ExitCode::FAILURE
        }
    }
}

/// Logs go to standard error; standard output belongs to results. Commands for people stay quiet.
fn start_log(command: &Command) {
    let default = match command {
        Command::Serve(_) | Command::Worker => "info,apalis=warn,sqlx=warn",
        _ => "error",
    };
    let filter = tracing_subscriber::EnvFilter::try_from_env("BONAFIDE_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(default));
    // A file that a service manager writes has no colours.
    let log = std::io::stderr;
    let colours = anstream::AutoStream::choice(&log()) != anstream::ColorChoice::Never;
    tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colours).with_writer(log).init();
}

fn run(cli: Cli) -> Result<ExitCode> {
    let settings = Settings::load(cli.config.as_deref(), cli.data.as_deref())?;
    // What needs no database runs without a runtime.
    match cli.command {
        Command::Models(command) => return models::run(&settings, &command),
        Command::Eval(command) => return eval::run(&settings, &command),
        Command::Verify(options) => return verify::run(&settings, &options),
        Command::SandboxSchema => {
            output::json(&bonafide_api::instruction_schema())?;
            return Ok(ExitCode::SUCCESS);
        }
        Command::Lists(command) => return lists::run(&settings, &command),
        Command::Screen(options) => return lists::screen(&settings, &options),
        Command::Openapi => {
            output::line(&bonafide_api::openapi().to_pretty_json()?);
            return Ok(ExitCode::SUCCESS);
        }
        _ => {}
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        match cli.command {
            Command::Serve(options) => serve::run(&settings, &options).await,
            Command::Worker => serve::work(&settings).await,
            Command::Migrate => serve::migrate(&settings).await,
            Command::Tenants(command) => tenants::run(&settings, &command).await,
            Command::Clients(command) => clients::run(&settings, &command).await,
            Command::Callbacks(command) => callbacks::run(&settings, &command).await,
            Command::Keys(command) => keys::run(&settings, &command).await,
            Command::Doctor(options) => doctor::run(&settings, &options).await,
            Command::Play(options) => play::run(&options).await,
            Command::Demo(options) => demo::run(settings.clone(), &options).await,
            Command::Models(_)
            | Command::Eval(_)
            | Command::Verify(_)
            | Command::Lists(_)
            | Command::Screen(_)
            | Command::Openapi
            | Command::SandboxSchema => {
                unreachable!("handled above, without a runtime")
            }
        }
    })
}
