//! What operators do: tenants, their API clients, their callbacks.

use bonafide_domain::callback::CallbackSecret;
use bonafide_domain::id::{CallbackId, TenantId};
use bonafide_domain::region::Region;
use bonafide_domain::task::Task;
use bonafide_domain::tenant::{ApiClient, Permissions, Settings, Tenant, TenantMode};
use bonafide_store::Store;
use bonafide_vault::{Binding, KeyRing, Redacted, secret, signature};
use jiff::SignedDuration;

use crate::context::Context;
use crate::error::{Error, Kind};
use crate::screening::seal_provider_key;
use crate::sealing::seal_for_tenant;

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
    region: Region,
    settings: Settings,
) -> Result<Tenant, Error> {
    let tenant = Tenant {
        id: context.id(),
        name: name.to_owned(),
        mode,
        region,
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

/// Makes a tenant a new secret for its callbacks, which is shown once and never again. The former
/// ones go on signing beside it for `overlap`, so that the receiver has time to take it over.
pub async fn rotate_callback_secret(
    store: &Store,
    context: &Context,
    key_ring: &KeyRing,
    tenant_id: TenantId,
    overlap: SignedDuration,
) -> Result<Redacted<String>, Error> {
    let (id, now) = (context.id(), context.now());
    let plain = context.with_random(signature::generate_secret);
    let binding = Binding::CallbackSecret { tenant: tenant_id, secret: id };
    let sealed = seal_for_tenant(key_ring, context, tenant_id, &binding, plain.as_slice());
    let mut tx = store.begin().await?;
    let record = sealed.store(&mut tx).await?;
    let secret = CallbackSecret {
        id,
        tenant_id,
        data_key_id: record.data_key_id,
        bytes: record.bytes,
        created_at: now,
        retires_at: None,
    };
    tx.insert_callback_secret(&secret, now + overlap).await?;
    tx.commit().await?;
    Ok(signature::secret_text(plain.as_slice()))
}

/// Delivers a callback anew that was delivered or given up, with the whole schedule before it. False
/// when there is none, or it is still under way.
pub async fn replay_callback(
    store: &Store,
    context: &Context,
    tenant_id: TenantId,
    callback_id: CallbackId,
) -> Result<bool, Error> {
    let mut tx = store.begin().await?;
    if !tx.reopen_callback(tenant_id, callback_id).await? {
        return Ok(false);
    }
    tx.enqueue(&Task::DeliverCallback { tenant_id, callback_id }, context.now()).await?;
    tx.commit().await?;
    Ok(true)
}

/// Gives a tenant the key of its account at its screening provider, in the place of the former one,
/// whose data key is destroyed.
pub async fn set_provider_key(
    store: &Store,
    context: &Context,
    key_ring: &KeyRing,
    tenant_id: TenantId,
    key: &str,
) -> Result<(), Error> {
    let sealed = seal_provider_key(key_ring, context, tenant_id, key);
    let mut tx = store.begin().await?;
    let record = sealed.store(&mut tx).await?;
    if let Some(former) = tx.put_provider_key(tenant_id, &record).await? {
        tx.destroy_data_key(tenant_id, former.data_key_id).await?;
    }
    Ok(tx.commit().await?)
}
