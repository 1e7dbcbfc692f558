//! `bonafide doctor`: does everything that the server needs work?

use std::process::ExitCode;

use anyhow::{Result, ensure};
use bonafide_engine::Context;
use bonafide_models::State;
use bonafide_screening::store::{ListStore, Status};
use clap::Args;
use serde::Serialize;

use crate::settings::{BlobPlace, Settings};
use crate::{house, models, output};

#[derive(Args)]
pub(crate) struct Options {
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Finding {
    check: &'static str,
    ok: bool,
    detail: String,
}

pub(crate) async fn run(settings: &Settings, options: &Options) -> Result<ExitCode> {
    let findings = [
        finding("database", database(settings).await),
        finding("blobs", blobs(settings).await),
        finding("key ring", key_ring(settings).await),
        finding("models", model_pack(settings)),
        finding("faces", face_pack(settings)),
        finding("lists", lists(settings)),
        finding("clock", clock()),
    ];
    if options.json {
        output::json(&findings)?;
    } else {
        for Finding { check, ok, detail } in &findings {
            let (style, word) = if *ok { (output::GOOD, "ok  ") } else { (output::BAD, "fail") };
            output::line(&format!("{}  {check:9} {detail}", output::styled(style, word)));
        }
    }
    let well = findings.iter().all(|finding| finding.ok);
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn finding(check: &'static str, result: Result<String>) -> Finding {
    match result {
        Ok(detail) => Finding { check, ok: true, detail },
        Err(error) => Finding { check, ok: false, detail: format!("{error:#}") },
    }
}

async fn database(settings: &Settings) -> Result<String> {
    let store = house::open_store(settings, false).await?;
    store.ping().await?;
    house::require_region(settings, &store).await?;
    let dead = store.dead_tasks().await?.len();
    ensure!(dead == 0, "{} answers; {dead} tasks were given up", store.backend_name());
    Ok(format!("{} answers and is up to date", store.backend_name()))
}

async fn blobs(settings: &Settings) -> Result<String> {
    house::open_blobs(settings)?.check().await?;
    let place = match settings.blobs()? {
        BlobPlace::Folder(folder) => folder.display().to_string(),
        BlobPlace::S3(options) => format!("bucket {}", options.bucket),
    };
    Ok(format!("{place} can be written, read and deleted from"))
}

async fn key_ring(settings: &Settings) -> Result<String> {
    let ring = house::open_key_ring(settings, &Context::system())?;
    let store = house::open_store(settings, false).await?;
    let older = store.read().await?.list_data_keys_not_under(ring.active_id(), 1).await?;
    for (id, wrapped) in &older {
        ring.unwrap(*id, wrapped)?;
    }
    Ok(format!("active key {}", ring.active_id()))
}

fn model_pack(settings: &Settings) -> Result<String> {
    let statuses = bonafide_models::verify(&settings.models_folder(), models::DOCUMENTS)?;
    for status in &statuses {
        ensure!(
            status.state == State::Installed,
            "{} is missing or damaged: run `bonafide models install`",
            status.file
        );
    }
    Ok(format!("{} files have their hashes and compute rightly", statuses.len()))
}

/// A server without faces is a whole one; one with damaged nets is not.
fn face_pack(settings: &Settings) -> Result<String> {
    let directory = settings.models_folder();
    let none = bonafide_models::list(&directory)?
        .iter()
        .filter(|status| status.pack == models::FACES)
        .all(|status| status.state == State::Missing);
    if none {
        return Ok(format!(
            "not installed, so that everything about faces is NOT_EXECUTED: run `bonafide models \
             install {}`",
            models::FACES
        ));
    }
    let statuses = bonafide_models::verify(&directory, models::FACES)?;
    Ok(format!("{} files have their hashes and compute rightly", statuses.len()))
}

/// A server without lists is a whole one; one whose lists are too old passes nobody.
fn lists(settings: &Settings) -> Result<String> {
    let store = ListStore::new(settings.lists_folder());
    let statuses = store.status(Context::system().now(), settings.lists_stale_after())?;
    if statuses.is_empty() {
        return Ok("none, so that watchlistScreening is NOT_EXECUTED with lists of our own: run \
                   `bonafide lists import`"
            .to_owned());
    }
    for Status { manifest, age_seconds, stale, .. } in &statuses {
        let (source, hours) = (manifest.source, age_seconds / 3600);
        ensure!(
            !stale,
            "{source} is {hours} hours old, so that nobody passes: run `bonafide lists refresh`, or \
             import it again"
        );
    }
    let names: usize = statuses.iter().map(|list| list.manifest.names).sum();
    Ok(format!("{} with {names} names, none too old", statuses.len()))
}

/// Consent and expiry depend on the clock: one that is years off is worth a word.
fn clock() -> Result<String> {
    let now = Context::system().now();
    let built: jiff::Timestamp = "2026-11-01T00:00:00Z".parse()?;
    ensure!(now > built, "the clock shows {now}, before this program was made");
    Ok(format!("{now}"))
}
