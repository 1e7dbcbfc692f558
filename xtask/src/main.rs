//! Developer commands. `cargo xtask help` lists them.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a developer's tool talks to its terminal"
)]

mod bench;
mod chaos;
mod command;
mod conformance;
mod dependence;
mod fuzz;
mod generate;
mod lint;
mod peers;
mod postgres;
mod python;
mod s3;
mod schemathesis;
mod server;
mod skipped;
mod test;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Developer commands of Bonafide.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Set up what the tests need, run them all, and say what was skipped
    Test(test::Options),
    /// Formatting, clippy, rustdoc, directions of dependence, deny list
    Lint,
    /// A PostgreSQL of your own, for tests run by hand
    #[command(subcommand)]
    Pg(postgres::Verb),
    /// Write the generated files
    Gen {
        /// Write nothing; fail where a generated file is out of date
        #[arg(long)]
        check: bool,
    },
    /// Measure
    #[command(subcommand)]
    Bench(bench::Verb),
    /// Run the conformance suite against a server started for it
    Conformance(conformance::Options),
    /// Send what schemathesis makes of the OpenAPI document to a server started for it
    Schemathesis(schemathesis::Options),
    /// Kill servers and workers at random while sandbox executions run under load
    Chaos(chaos::Options),
    /// Run the fuzz targets
    Fuzz(fuzz::Options),
    /// Everything that the gate runs (.ci/run)
    Ci,
}

fn main() -> ExitCode {
    match run(&Arguments::parse().verb) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(verb: &Verb) -> anyhow::Result<()> {
    match verb {
        Verb::Test(options) => test::run(options),
        Verb::Lint => lint::run(),
        Verb::Pg(verb) => postgres::run(verb),
        Verb::Gen { check } => generate::run(*check),
        Verb::Bench(verb) => bench::run(verb),
        Verb::Conformance(options) => conformance::run(options),
        Verb::Schemathesis(options) => schemathesis::run(options),
        Verb::Chaos(options) => chaos::run(options),
        Verb::Fuzz(options) => fuzz::run(options),
        Verb::Ci => command::run(&mut command::program(".ci/run")),
    }
}
