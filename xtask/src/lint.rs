//! What keeps the house clean.

use anyhow::Result;

use crate::{command, dependence};

pub(crate) fn run() -> Result<()> {
    command::run(&mut command::cargo(["fmt", "--all", "--check"]))?;
    command::run(&mut command::cargo(["fmt", "--manifest-path", "fuzz/Cargo.toml", "--check"]))?;
    dependence::check()?;
    command::run(
        command::cargo(["clippy", "--workspace", "--all-targets"]).args(["--", "-D", "warnings"]),
    )?;
    deny()
}

/// Licences and sources need cargo-deny; without it the bans alone are checked, by [`dependence`].
fn deny() -> Result<()> {
    if !command::succeeds(&mut command::cargo(["deny", "--version"])) {
        println!("skipped: licences and sources (`cargo install --locked cargo-deny` checks them)");
        return Ok(());
    }
    command::run(
        command::cargo(["deny", "--log-level", "error", "check"])
            .args(["bans", "licenses", "sources"]),
    )
}
