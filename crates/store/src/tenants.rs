use bonafide_domain::id::TenantId;
use bonafide_domain::tenant::Tenant;
use sqlx::FromRow;
use sqlx::types::Json;
use uuid::Uuid;

use crate::columns::{Reading, id, milliseconds, raw};
use crate::error::Error;
use crate::sql::{execute, fetch_all, fetch_optional};
use crate::transaction::Transaction;

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT id, name, mode, region, settings, created_at FROM tenants ", $rest)
    };
}

#[derive(FromRow)]
pub(crate) struct Row {
    id: Uuid,
    name: String,
    mode: String,
    region: String,
    settings: Json<serde_json::Value>,
    created_at: i64,
}

impl TryFrom<Row> for Tenant {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let reading = Reading { table: "tenants", row: row.id };
        Ok(Self {
            id: id(row.id),
            name: row.name,
            mode: reading.text("mode", &row.mode)?,
            region: reading.text("region", &row.region)?,
            settings: reading.json("settings", row.settings.0)?,
            created_at: reading.instant("created_at", row.created_at)?,
        })
    }
}

impl Transaction {
    /// Adds a tenant. A name that is taken is a [`Error::Conflict`].
    pub async fn insert_tenant(&mut self, tenant: &Tenant) -> Result<(), Error> {
        execute!(
            self,
            "INSERT INTO tenants (id, name, mode, region, settings, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6)",
            raw(tenant.id),
            &tenant.name,
            tenant.mode.as_str(),
            tenant.region.as_str(),
            Json(&tenant.settings),
            milliseconds(tenant.created_at),
        )?;
        Ok(())
    }

    /// A tenant.
    pub async fn find_tenant(&mut self, tenant_id: TenantId) -> Result<Option<Tenant>, Error> {
        let row: Option<Row> = fetch_optional!(self, select!("WHERE id = $1"), raw(tenant_id))?;
        row.map(Tenant::try_from).transpose()
    }

    /// The tenant of that name.
    pub async fn find_tenant_by_name(&mut self, name: &str) -> Result<Option<Tenant>, Error> {
        let row: Option<Row> = fetch_optional!(self, select!("WHERE name = $1"), name)?;
        row.map(Tenant::try_from).transpose()
    }

    /// All tenants by name: for the command line.
    pub async fn list_tenants(&mut self) -> Result<Vec<Tenant>, Error> {
        let rows: Vec<Row> = fetch_all!(self, select!("ORDER BY name"))?;
        rows.into_iter().map(Tenant::try_from).collect()
    }

    /// Changes name and settings. A tenant stays in its region, and its mode never changes: what was
    /// decided under one mode would pass for another's. False when there is no such tenant of that mode.
    pub async fn update_tenant(&mut self, tenant: &Tenant) -> Result<bool, Error> {
        let rows = execute!(
            self,
            "UPDATE tenants SET name = $2, settings = $4 WHERE id = $1 AND mode = $3",
            raw(tenant.id),
            &tenant.name,
            tenant.mode.as_str(),
            Json(&tenant.settings),
        )?;
        Ok(rows == 1)
    }
}
