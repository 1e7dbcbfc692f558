//! What operators do: tenants and their API clients.

use bonafide_domain::id::TenantId;
use bonafide_domain::tenant::{ApiClient, Permissions, Settings, Tenant, TenantMode};
use bonafide_store::Store;
use bonafide_vault::{Redacted, secret};

use crate::context::Context;
use crate::error::{Error, Kind};

/// A client that was just made. Its secret is shown once and never again.
#[derive(Debug)]
pub struct Client {
    /// The OAuth 2 `client_id`.
    pub client_id: String,
    /// The OAuth 2 `client_secret`.
    pub client_secret: Redacted<String>,
}

/// Makes a tenant; its name must be new.
pub async fn create_tenant(
    store: &Store,
    context: &Context,
    name: &str,
    mode: TenantMode,
    settings: Settings,
) -> Result<Tenant, Error> {
    let tenant = Tenant {
        id: context.id(),
        name: name.to_owned(),
        mode,
        settings,
        created_at: context.now(),
    };
    let mut tx = store.begin().await?;
    if tx.find_tenant_by_name(name).await?.is_some() {
        let detail = format!("There is a tenant named {name} already.");
        return Err(Error::new(Kind::Conflict, detail));
    }
    tx.insert_tenant(&tenant).await?;
    tx.commit().await?;
    Ok(tenant)
}

/// Makes an API client of a tenant.
pub async fn create_client(
    store: &Store,
    context: &Context,
    tenant_id: TenantId,
    permissions: Permissions,
) -> Result<Client, Error> {
    let id = context.id();
    let client_id = format!("client-{id}");
    let client_secret = context.with_random(|rng| secret::generate(rng, "bfc_"));
    let mut tx = store.begin().await?;
    tx.insert_client(&ApiClient {
        id,
        tenant_id,
        client_id: client_id.clone(),
        secret_hash: secret::hash(client_secret.expose()),
        permissions,
        created_at: context.now(),
        revoked_at: None,
    })
    .await?;
    tx.commit().await?;
    Ok(Client { client_id, client_secret })
}
