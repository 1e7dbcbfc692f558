//! schemathesis over the OpenAPI document: no 5xx, no status and no body that is not described.

use anyhow::{Context, Result};
use clap::Args;

use crate::server::Server;
use crate::{command, python, workspace};

const PACKAGE: &str = "schemathesis==4.32.5";

#[derive(Args)]
pub(crate) struct Options {
    /// Requests for each operation in the phase that draws them at random
    #[arg(long, default_value_t = 60)]
    examples: u32,
    /// Build the server with optimisation
    #[arg(long)]
    release: bool,
}

/// What must hold of every answer. What the API is tolerant about on purpose is not among it.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
                      response_headers_conformance,response_schema_conformance";

pub(crate) fn run(options: &Options) -> Result<()> {
    let environment = python::environment("schemathesis", &["schemathesis"], &[PACKAGE])?;
    let program = environment.with_file_name("schemathesis");
    let server = Server::start(options.release, &[])?;
    server.import_names(&["Ivan Drawn", "Ada Example"])?;
    let folder = tempfile::tempdir()?;
    command::run(
        command::program(&workspace::example("draw")?.to_string_lossy())
            .arg(folder.path())
            .args(["1", "1"]),
    )
    .context("the picture to upload could not be drawn")?;
    let base = server.announced("BASE_URL");
    let mut schemathesis = command::program(&program.to_string_lossy());
    schemathesis
        .args(["run", "--checks", CHECKS, "--continue-on-failure", "--no-shrink"])
        .args(["--suppress-health-check", "all", "--warnings", "off", "--seed", "20261127"])
        .args(["--phases", "examples,coverage,fuzzing", "--request-timeout", "60"])
        .args(["--max-examples", &options.examples.to_string()])
        .arg(format!("{base}/openapi.json"))
        .env("PYTHONPATH", workspace::root().join("xtask/schemathesis"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("SCHEMATHESIS_HOOKS", "hooks")
        .env("BONAFIDE_BASE_URL", base)
        .env("BONAFIDE_CLIENT_ID", server.announced("CLIENT_ID"))
        .env("BONAFIDE_PICTURE", folder.path().join("1/id-card-front.png"))
        .env("BONAFIDE_CLIENT_SECRET", server.announced("CLIENT_SECRET"))
        // Its database of examples would make one run depend on another.
        .current_dir(folder.path());
    command::run(&mut schemathesis)
        .with_context(|| format!("the server's log ends:\n{}", server.log_tail()))
}
