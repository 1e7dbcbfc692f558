//! `bonafide clients …`: the programs of a tenant that call the API.

use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use bonafide_domain::tenant::Permissions;
use bonafide_engine::{Context, admin};
use clap::Subcommand;

use crate::settings::Settings;
use crate::{house, output};

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Make a client; its secret is shown once and never again.
    Create {
        /// The tenant's name.
        tenant: String,
        /// It may not create or update accounts.
        #[arg(long, conflicts_with = "no_retrieve")]
        no_initiate: bool,
        /// It may not retrieve or delete.
        #[arg(long)]
        no_retrieve: bool,
    },
    /// List a tenant's clients.
    List {
        /// The tenant's name.
        tenant: String,
    },
    /// Revoke a client.
    Revoke {
        /// The tenant's name.
        tenant: String,
        /// The client's id.
        client_id: String,
    },
}

pub(crate) async fn run(settings: &Settings, command: &Command) -> Result<ExitCode> {
    let store = house::open_store(settings, true).await?;
    let context = Context::system();
    let mut tx = store.begin().await?;
    let (Command::Create { tenant: name, .. }
    | Command::List { tenant: name }
    | Command::Revoke { tenant: name, .. }) = command;
    let tenant = tx
        .find_tenant_by_name(name)
        .await?
        .with_context(|| format!("there is no tenant named {name}"))?;
    match command {
        Command::Create { no_initiate, no_retrieve, .. } => {
            let permissions = Permissions { initiate: !no_initiate, retrieve: !no_retrieve };
            drop(tx);
            let client = admin::create_client(&store, &context, tenant.id, permissions).await?;
            output::line(&format!("CLIENT_ID={}", client.client_id));
            output::line(&format!("CLIENT_SECRET={}", client.client_secret.expose()));
        }
        Command::List { .. } => {
            for client in tx.list_clients(tenant.id).await? {
                let revoked = if client.revoked_at.is_some() { "revoked" } else { "active " };
                output::line(&format!(
                    "{revoked}  {}  initiate={} retrieve={}",
                    client.client_id, client.permissions.initiate, client.permissions.retrieve
                ));
            }
        }
        Command::Revoke { client_id, .. } => {
            if !tx.revoke_client(tenant.id, client_id, context.now()).await? {
                bail!("tenant {name} has no active client {client_id}");
            }
            tx.commit().await?;
            output::line(&format!("revoked {client_id}"));
        }
    }
    Ok(ExitCode::SUCCESS)
}
