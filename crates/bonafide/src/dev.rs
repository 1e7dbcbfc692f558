//! `serve --dev` and `demo`: two tenants and a sandbox with every product, and a client of each,
//! printed so that a shell can read them.

use anyhow::Result;
use bonafide_domain::tenant::{ConsentPolicy, Permissions, Settings, TenantMode};
use bonafide_engine::Engine;
use bonafide_engine::admin::{self, Client};

/// The clients of the development tenants.
pub(crate) struct Clients {
    pub(crate) first: Client,
    pub(crate) second: Client,
    pub(crate) sandbox: Client,
}

/// Finds or makes the development tenants and makes each a client: an earlier one's secret is not
/// known any more.
pub(crate) async fn clients(engine: &Engine) -> Result<Clients> {
    Ok(Clients {
        first: client(engine, "dev", TenantMode::Test).await?,
        second: client(engine, "dev-other", TenantMode::Test).await?,
        sandbox: client(engine, "dev-sandbox", TenantMode::Sandbox).await?,
    })
}

async fn client(engine: &Engine, name: &str, mode: TenantMode) -> Result<Client> {
    let (store, context) = (&engine.store, &engine.context);
    let found = store.read().await?.find_tenant_by_name(name).await?;
    let tenant = if let Some(tenant) = found {
        tenant
    } else {
        let settings = Settings {
            identity_verification: true,
            screening: true,
            facemap_on_premise: true,
            consent: ConsentPolicy::AtInitiation,
            development_urls: true,
            ..Settings::default()
        };
        admin::create_tenant(store, context, name, mode, engine.region, settings).await?
    };
    let permissions = Permissions { initiate: true, retrieve: true };
    Ok(admin::create_client(store, context, tenant.id, permissions).await?)
}
