//! `bonafide callbacks …`: what became of them, the dead ones again, and the secrets that sign them.

use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use bonafide_domain::callback::{Attempt, Callback, CallbackState};
use bonafide_domain::id::{CallbackId, ExecutionId, TenantId};
use bonafide_engine::{CallbackFilter, Context, admin};
use bonafide_store::Store;
use clap::{Args, Subcommand};
use jiff::SignedDuration;

use crate::settings::Settings;
use crate::{house, output};

/// Dead callbacks looked up at once.
const BATCH: u32 = 1000;

#[derive(Subcommand)]
pub(crate) enum Command {
    /// List a tenant's callbacks with their attempts, newest first.
    List(List),
    /// Deliver callbacks anew, with the whole schedule before them.
    Replay(Replay),
    /// The secrets that sign a tenant's callbacks.
    #[command(subcommand)]
    Secrets(Secrets),
}

#[derive(Args)]
pub(crate) struct List {
    /// The tenant's name.
    tenant: String,
    /// Only those that stand so: PENDING, DELIVERED or DEAD.
    #[arg(long, value_parser = state)]
    state: Option<CallbackState>,
    /// Only those of this workflow execution.
    #[arg(long, value_name = "ID")]
    execution: Option<ExecutionId>,
    /// At most so many.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1000))]
    limit: u32,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
pub(crate) struct Replay {
    /// The tenant's name.
    tenant: String,
    /// The callback's id, as `list` shows it.
    #[arg(required_unless_present = "dead", conflicts_with = "dead")]
    callback: Option<CallbackId>,
    /// All that were given up.
    #[arg(long)]
    dead: bool,
}

#[derive(Subcommand)]
pub(crate) enum Secrets {
    /// List a tenant's secrets, without what they are.
    List {
        /// The tenant's name.
        tenant: String,
    },
    /// Make a new secret, which is shown once and never again. The former ones go on signing for a
    /// while: until the receiver has taken the new one over.
    Rotate {
        /// The tenant's name.
        tenant: String,
        /// How long the former ones go on signing; 0 when they are known to others.
        #[arg(long, default_value_t = 24)]
        overlap_hours: u16,
    },
}

fn state(text: &str) -> Result<CallbackState, String> {
    let state = text.to_ascii_uppercase().parse();
    state.map_err(|_| "PENDING, DELIVERED or DEAD".to_owned())
}

pub(crate) async fn run(settings: &Settings, command: &Command) -> Result<ExitCode> {
    let store = house::open_store(settings, true).await?;
    match command {
        Command::List(options) => list(&store, options).await?,
        Command::Replay(options) => replay(&store, options).await?,
        Command::Secrets(Secrets::List { tenant }) => list_secrets(&store, tenant).await?,
        Command::Secrets(Secrets::Rotate { tenant, overlap_hours }) => {
            let context = Context::system();
            let ring = house::open_key_ring(settings, &context)?;
            let tenant = find(&store, tenant).await?;
            let overlap = SignedDuration::from_hours(i64::from(*overlap_hours));
            let secret =
                admin::rotate_callback_secret(&store, &context, &ring, tenant, overlap).await?;
            output::line(&format!("CALLBACK_SECRET={}", secret.expose()));
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn find(store: &Store, name: &str) -> Result<TenantId> {
    let tenant = store.read().await?.find_tenant_by_name(name).await?;
    Ok(tenant.with_context(|| format!("there is no tenant named {name}"))?.id)
}

async fn list(store: &Store, options: &List) -> Result<()> {
    let tenant = find(store, &options.tenant).await?;
    let filter = CallbackFilter {
        state: options.state,
        execution_id: options.execution,
        ..CallbackFilter::default()
    };
    let mut tx = store.read().await?;
    let mut all = Vec::new();
    for callback in tx.find_callbacks(tenant, filter, options.limit).await? {
        let attempts = tx.list_attempts(tenant, callback.id).await?;
        if options.json {
            all.push(as_json(&callback, &attempts));
        } else {
            print(&callback, &attempts);
        }
    }
    if options.json { output::json(&all) } else { Ok(()) }
}

fn print(callback: &Callback, attempts: &[Attempt]) {
    output::line(&format!(
        "{}  {:9}  {:19}  execution {}  {}",
        callback.id, callback.state, callback.status, callback.execution_id, callback.url
    ));
    for Attempt { attempt, at, outcome } in attempts {
        output::line(&format!("    attempt {attempt} at {at:.3}: {outcome}"));
    }
}

fn as_json(callback: &Callback, attempts: &[Attempt]) -> serde_json::Value {
    let attempts: Vec<_> = attempts
        .iter()
        .map(|a| serde_json::json!({"attempt": a.attempt, "at": a.at, "outcome": a.outcome}))
        .collect();
    serde_json::json!({
        "id": callback.id,
        "state": callback.state,
        "status": callback.status,
        "accountId": callback.account_id,
        "executionId": callback.execution_id,
        "sequence": callback.sequence,
        "url": callback.url,
        "createdAt": callback.created_at,
        "deliveredAt": callback.delivered_at,
        "attempts": attempts,
    })
}

async fn replay(store: &Store, options: &Replay) -> Result<()> {
    let context = Context::system();
    let tenant = find(store, &options.tenant).await?;
    if let Some(callback) = options.callback {
        if !admin::replay_callback(store, &context, tenant, callback).await? {
            bail!("tenant {} has no callback {callback} that is not under way", options.tenant);
        }
        output::line(&format!("replayed {callback}"));
        return Ok(());
    }
    let mut filter =
        CallbackFilter { state: Some(CallbackState::Dead), ..CallbackFilter::default() };
    let mut count = 0;
    loop {
        let dead = store.read().await?.find_callbacks(tenant, filter, BATCH).await?;
        let Some(last) = dead.last() else {
            output::line(&format!("replayed {count} callbacks"));
            return Ok(());
        };
        // Older ones only: one that dies again meanwhile is not replayed for ever.
        filter.before = Some(last.id);
        for callback in dead {
            count += u32::from(admin::replay_callback(store, &context, tenant, callback.id).await?);
        }
    }
}

async fn list_secrets(store: &Store, name: &str) -> Result<()> {
    let tenant = find(store, name).await?;
    for secret in store.read().await?.list_callback_secrets(tenant).await? {
        let until =
            secret.retires_at.map_or("signs".to_owned(), |at| format!("retires at {at:.0}"));
        output::line(&format!("{}  made at {:.0}  {until}", secret.id, secret.created_at));
    }
    Ok(())
}
