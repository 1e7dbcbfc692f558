//! `bonafide models …`: install, list and verify model packs.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use bonafide_models::{InstallOptions, State, Status, adopt};
use clap::Subcommand;

use crate::output;
use crate::progress::Bar;
use crate::settings::Settings;

/// The pack that judging documents needs.
pub(crate) const DOCUMENTS: &str = "documents";
/// The pack that judging faces needs.
pub(crate) const FACES: &str = "face-default";
/// The pack against presentation attacks, which nothing needs: the operator brings its files.
const ATTACKS: &str = "minifasnet";

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Install a pack; what is there already is left alone.
    Install {
        /// The pack.
        #[arg(default_value = DOCUMENTS)]
        pack: String,
        /// Your own manifest, of models that you may use: it is kept, and its pack installed.
        #[arg(long, value_name = "FILE", conflicts_with = "pack")]
        manifest: Option<PathBuf>,
        /// Install models whose licence may not allow commercial use.
        #[arg(long)]
        acknowledge_licence: bool,
        /// A folder to take the files from first; for machines without a network.
        #[arg(long, value_name = "DIR")]
        from_dir: Option<PathBuf>,
        /// Use no source that needs a network.
        #[arg(long)]
        offline: bool,
    },
    /// List the models of all packs and how they stand.
    List {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Hash every file of a pack and run its nets on a known input.
    Verify {
        /// The pack.
        #[arg(default_value = DOCUMENTS)]
        pack: String,
    },
}

pub(crate) fn run(settings: &Settings, command: &Command) -> Result<ExitCode> {
    let directory = settings.models_folder();
    match command {
        Command::Install { pack, manifest, acknowledge_licence, from_dir, offline } => {
            let own = manifest.as_deref().map(|path| adopt(path, &directory)).transpose()?;
            let options = InstallOptions {
                directory,
                from_dir: from_dir.clone(),
                offline: *offline,
                is_licence_acknowledged: *acknowledge_licence,
            };
            Ok(table(&install(&options, own.as_ref().unwrap_or(pack))?))
        }
        Command::List { json: true } => {
            let statuses = bonafide_models::list(&directory)?;
            output::json(&statuses.iter().map(as_json).collect::<Vec<_>>())?;
            Ok(ExitCode::SUCCESS)
        }
        Command::List { json: false } => {
            table(&bonafide_models::list(&directory)?);
            Ok(ExitCode::SUCCESS)
        }
        Command::Verify { pack } => Ok(table(&bonafide_models::verify(&directory, pack)?)),
    }
}

/// Installs a pack and shows how it goes.
pub(crate) fn install(options: &InstallOptions, pack: &str) -> Result<Vec<Status>> {
    let mut bar = Bar::new();
    let installed = bonafide_models::install(pack, options, &mut bar);
    bar.done();
    Ok(installed?)
}

/// First use: installs the documents pack if it is not there.
pub(crate) fn install_if_missing(settings: &Settings) -> Result<()> {
    let directory = settings.models_folder();
    let there = bonafide_models::list(&directory)?
        .iter()
        .filter(|status| status.pack == DOCUMENTS)
        .all(|status| status.state == State::Installed);
    if !there {
        install(&InstallOptions { directory, ..InstallOptions::default() }, DOCUMENTS)?;
    }
    Ok(())
}

fn table(statuses: &[Status]) -> ExitCode {
    let mut code = ExitCode::SUCCESS;
    for status in statuses {
        let (style, word) = match status.state {
            State::Installed => (output::GOOD, "installed"),
            State::Missing if status.pack == ATTACKS => (output::FAINT, "optional "),
            State::Missing => (output::CAREFUL, "missing  "),
            State::Damaged => (output::BAD, "damaged  "),
        };
        let is_well = match status.state {
            State::Installed => true,
            State::Missing => status.pack == ATTACKS,
            State::Damaged => false,
        };
        if !is_well {
            code = ExitCode::FAILURE;
        }
        output::line(&format!(
            "{} {:10} {:18} {:28} {:>6.1} MB  {}  {}",
            output::styled(style, word),
            status.pack,
            status.role,
            status.file,
            status.bytes as f64 / 1e6,
            status.licence,
            output::styled(output::FAINT, status.sha256),
        ));
    }
    code
}

fn as_json(status: &Status) -> serde_json::Value {
    serde_json::json!({
        "pack": status.pack,
        "role": status.role,
        "id": status.id,
        "file": status.file,
        "bytes": status.bytes,
        "sha256": status.sha256.to_string(),
        "licence": status.licence,
        "state": format!("{:?}", status.state).to_lowercase(),
    })
}
