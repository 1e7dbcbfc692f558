//! `bonafide verify`: judges the pictures of an ID without a server.

mod overlay;
mod show;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context as _, Result};
use bonafide_api::wire::Evidence;
use bonafide_domain::credential::{Category, Classifier, Credential};
use bonafide_domain::id::{AccountId, TenantId};
use bonafide_domain::tenant::TenantMode;
use bonafide_domain::workflow::WorkflowKey;
use bonafide_engine::capability::{CredentialInput, Inputs, offline};
use bonafide_engine::{Context, RunResult};
use bonafide_imaging as imaging;
use clap::Args;

use crate::settings::Settings;
use crate::{house, models, output};

#[derive(Args)]
pub(crate) struct Options {
    /// The front of the ID: JPEG or PNG.
    front: PathBuf,
    /// Its back, if it has one.
    back: Option<PathBuf>,
    /// Print JSON: the same shape as the API's `/evidence`.
    #[arg(long)]
    json: bool,
    /// Draw what was found where.
    #[arg(long, value_name = "OUT.png")]
    overlay: Option<PathBuf>,
    /// Judge as for a live tenant: a specimen is rejected.
    #[arg(long)]
    live: bool,
}

pub(crate) fn run(settings: &Settings, options: &Options) -> Result<ExitCode> {
    models::install_if_missing(settings)?;
    let front = read(settings, &options.front)?;
    let back = options.back.as_deref().map(|path| read(settings, path)).transpose()?;
    let pictures: Vec<(Classifier, Arc<[u8]>)> =
        [(Classifier::Front, Some(front)), (Classifier::Back, back)]
            .into_iter()
            .filter_map(|(classifier, bytes)| Some((classifier, bytes?)))
            .collect();

    let begun = Instant::now();
    let results = judge(settings, &pictures, options.live)?;
    let took = begun.elapsed();

    if let Some(path) = &options.overlay {
        overlay::draw(&pictures, &results, settings.limits())?
            .save(path)
            .with_context(|| format!("{} cannot be written", path.display()))?;
    }
    let code = if show::all_passed(&results) { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    if options.json {
        output::json(&Evidence::from(results))?;
    } else {
        show::print(&results, took, options.overlay.as_deref());
    }
    Ok(code)
}

/// Runs workflow 2 on the pictures.
fn judge(
    settings: &Settings,
    pictures: &[(Classifier, Arc<[u8]>)],
    live: bool,
) -> Result<Vec<RunResult>> {
    let context = Context::system();
    let credential = Credential {
        id: context.id(),
        tenant_id: TenantId::nil(),
        account_id: AccountId::nil(),
        category: Category::Id,
        label: None,
        country: None,
        document_type: None,
        created_at: context.now(),
    };
    let parts: BTreeMap<Classifier, Arc<[u8]>> = pictures.iter().cloned().collect();
    let inputs = Inputs {
        credentials: vec![CredentialInput { credential, parts, challenge: None }],
        mode: if live { TenantMode::Live } else { TenantMode::Test },
        expiry_limit_days: 0,
        seeks_face: false,
        seen_with_other_data: 0,
        biometrics: None,
        now: context.now(),
    };
    let capabilities = house::capabilities(settings)?;
    Ok(offline::judge(WorkflowKey::IdVerification, &inputs, &capabilities, &context))
}

/// Reads a picture; one that an upload would refuse is judged all the same, with a warning.
fn read(settings: &Settings, path: &Path) -> Result<Arc<[u8]>> {
    let limits = settings.limits();
    let length = std::fs::metadata(path)
        .with_context(|| format!("{} cannot be read", path.display()))?
        .len();
    anyhow::ensure!(
        length <= limits.bytes as u64,
        "{} has {length} bytes; the limit is {}",
        path.display(),
        limits.bytes
    );
    let bytes =
        std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
    if let Err(error) = imaging::probe(&bytes, &limits) {
        anstream::eprintln!(
            "{}: an upload would be refused: {error}",
            output::styled(output::CAREFUL, format!("warning: {}", path.display())),
        );
    }
    Ok(bytes.into())
}
