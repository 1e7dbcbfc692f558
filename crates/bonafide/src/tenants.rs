//! `bonafide tenants …`.

use std::io::Read as _;
use std::process::ExitCode;

use anyhow::{Context as _, Result, ensure};
use bonafide_domain::tenant::{Settings as TenantSettings, Tenant, TenantMode};
use bonafide_engine::{Context, admin};
use clap::Subcommand;
use jiff::SignedDuration;

use crate::settings::Settings;
use crate::{house, output};

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Make a tenant in the region of the configuration; the secret that signs its callbacks is shown
    /// once and never again.
    Create {
        /// Its name.
        name: String,
        /// `live`; `test`: specimens are judged as if they were real; `sandbox`: nothing is judged, and
        /// executions end as they are told. Never changes.
        #[arg(long, value_name = "MODE", default_value = "live", value_parser = mode)]
        mode: TenantMode,
        /// Its settings, as JSON; `bonafide tenants list --json` shows the keys.
        #[arg(long, value_name = "JSON", default_value = "{}")]
        settings: String,
    },
    /// Change a tenant's settings: the keys given, and no others.
    Set {
        /// Its name.
        name: String,
        /// The settings to change, as JSON.
        settings: String,
    },
    /// Keep the key of a tenant's account at its screening provider, sealed; it is read from standard
    /// input, so that it stands in no shell's history.
    ProviderKey {
        /// The tenant's name.
        name: String,
    },
    /// List the tenants.
    List {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

pub(crate) async fn run(house_settings: &Settings, command: &Command) -> Result<ExitCode> {
    let store = house::open_store(house_settings, true).await?;
    match command {
        Command::Create { name, mode, settings } => {
            let settings = merge(&TenantSettings::default(), settings)?;
            let (context, region) = (Context::system(), house_settings.server.region);
            let ring = house::open_key_ring(house_settings, &context)?;
            let tenant =
                admin::create_tenant(&store, &context, name, *mode, region, settings).await?;
            let secret = admin::rotate_callback_secret(
                &store,
                &context,
                &ring,
                tenant.id,
                SignedDuration::ZERO,
            )
            .await?;
            output::line(&format!("TENANT_ID={}", tenant.id));
            output::line(&format!("CALLBACK_SECRET={}", secret.expose()));
        }
        Command::Set { name, settings } => {
            let mut tx = store.begin().await?;
            let mut tenant = tx
                .find_tenant_by_name(name)
                .await?
                .with_context(|| format!("there is no tenant named {name}"))?;
            tenant.settings = merge(&tenant.settings, settings)?;
            tx.update_tenant(&tenant).await?;
            tx.commit().await?;
            output::json(&tenant.settings)?;
        }
        Command::ProviderKey { name } => {
            let found = store.read().await?.find_tenant_by_name(name).await?;
            let tenant = found.with_context(|| format!("there is no tenant named {name}"))?;
            let key = std::io::read_to_string(std::io::stdin().take(MOST_KEY_BYTES))?;
            let key = key.trim();
            ensure!(!key.is_empty(), "send the key on standard input");
            let context = Context::system();
            let ring = house::open_key_ring(house_settings, &context)?;
            admin::set_provider_key(&store, &context, &ring, tenant.id, key).await?;
            output::line("the key is kept");
        }
        Command::List { json } => {
            let tenants = store.read().await?.list_tenants().await?;
            if *json {
                output::json(&tenants.iter().map(as_json).collect::<Vec<_>>())?;
            } else {
                for tenant in &tenants {
                    output::line(&format!(
                        "{}  {:7}  {}  {}",
                        tenant.id, tenant.mode, tenant.region, tenant.name
                    ));
                }
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// More than any provider's key has.
const MOST_KEY_BYTES: u64 = 4096;

fn mode(text: &str) -> Result<TenantMode, String> {
    text.to_ascii_uppercase().parse().map_err(|_| "must be live, test or sandbox".to_owned())
}

/// Lays the given keys over the settings; an unknown key is an error.
fn merge(settings: &TenantSettings, changes: &str) -> Result<TenantSettings> {
    let mut merged = serde_json::to_value(settings)?;
    let changes: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(changes).context("the settings must be a JSON object")?;
    for (key, value) in changes {
        merged[key] = value;
    }
    serde_json::from_value(merged).context("the settings cannot be used")
}

fn as_json(tenant: &Tenant) -> serde_json::Value {
    serde_json::json!({
        "id": tenant.id,
        "name": tenant.name,
        "mode": tenant.mode,
        "region": tenant.region,
        "settings": tenant.settings,
        "createdAt": tenant.created_at,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_merged_by_key() {
        let merged = merge(&TenantSettings::default(), r#"{"screening": true}"#).unwrap();
        assert!(merged.screening && merged.identity_verification);
        assert!(merge(&merged, r#"{"screenings": true}"#).is_err());
        assert!(merge(&merged, "[]").is_err());
    }
}
