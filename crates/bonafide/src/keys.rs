//! `bonafide keys …`: the ring that wraps every data key.

use std::process::ExitCode;

use anyhow::{Result, bail};
use bonafide_engine::Context;
use clap::Subcommand;

use crate::settings::{KeyRingSource, Settings};
use crate::{house, output};

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Print a new key ring, for `keys.ring_file` of several servers side by side.
    Generate,
    /// Show which key is active, and how many data keys still hang on others.
    Show,
    /// Add a key, make it the active one, and wrap every data key anew under it.
    Rotate,
}

/// Data keys wrapped anew in one transaction.
const BATCH: u32 = 500;

pub(crate) async fn run(settings: &Settings, command: &Command) -> Result<ExitCode> {
    let context = Context::system();
    if matches!(command, Command::Generate) {
        output::line(house::new_key_ring(&context)?.render().trim_end());
        return Ok(ExitCode::SUCCESS);
    }
    let store = house::open_store(settings, true).await?;
    let mut ring = house::open_key_ring(settings, &context)?;
    match command {
        Command::Generate => unreachable!("handled above, without a database"),
        Command::Show => {
            let rest = store.read().await?.list_data_keys_not_under(ring.active_id(), 1).await?;
            let state = if rest.is_empty() {
                "wraps every data key"
            } else {
                "some data keys are still wrapped by an older key"
            };
            output::line(&format!("active key: {} ({state})", ring.active_id()));
        }
        Command::Rotate => {
            let KeyRingSource::File { path, .. } = settings.key_ring() else {
                bail!(
                    "the key ring stands in the configuration; put it into a file (keys.ring_file) to rotate it"
                );
            };
            let id = house::new_key_id(&context);
            context.with_random(|rng| ring.rotate(rng, id))?;
            // The ring is on disk before anything is wrapped by its new key.
            house::write_key_ring(&path, &ring)?;
            let count = rewrap_all(&store, &ring, &context).await?;
            output::line(&format!(
                "active key: {}; {count} data keys wrapped anew",
                ring.active_id()
            ));
            output::line("restart running servers and workers, so that they read the ring again");
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn rewrap_all(
    store: &bonafide_store::Store,
    ring: &bonafide_vault::KeyRing,
    context: &Context,
) -> Result<usize> {
    let mut count = 0;
    loop {
        let mut tx = store.begin().await?;
        let batch = tx.list_data_keys_not_under(ring.active_id(), BATCH).await?;
        if batch.is_empty() {
            return Ok(count);
        }
        for (id, wrapped) in &batch {
            let anew = context.with_random(|rng| ring.rewrap(*id, wrapped, rng))?;
            tx.update_wrapped_key(*id, &anew).await?;
        }
        tx.commit().await?;
        count += batch.len();
    }
}
