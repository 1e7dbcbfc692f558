//! Servers and workers killed at random, at length: the test of `crates/bonafide/tests/chaos` with
//! more executions, on a PostgreSQL started for it.

use anyhow::{Result, ensure};
use clap::Args;

use crate::command;
use crate::postgres::URL_VARIABLE;
use crate::test::with_postgres;

#[derive(Args)]
pub(crate) struct Options {
    /// How many executions
    #[arg(long, default_value_t = 1000)]
    executions: usize,
    /// Build with optimisation
    #[arg(long)]
    release: bool,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    with_postgres(|url| {
        let mut test = command::cargo(["test", "--package", "bonafide", "--test", "chaos"]);
        if options.release {
            test.arg("--release");
        }
        test.args(["--", "--nocapture"])
            .env(URL_VARIABLE, url)
            .env("BONAFIDE_CHAOS_EXECUTIONS", options.executions.to_string());
        let passed = command::run(&mut test).is_ok();
        ensure!(passed, "something was lost, or decided twice");
        Ok(())
    })
}
