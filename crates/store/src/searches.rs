use bonafide_domain::id::TenantId;
use bonafide_domain::run::SealedRecord;
use bonafide_domain::screening::{ReviewStep, Search, SearchId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::columns::{Reading, id, milliseconds, raw};
use crate::error::Error;
use crate::sql::{execute, fetch_all, fetch_optional};
use crate::transaction::Transaction;

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT tenant_id, id, reference, account_id, execution_id, client_ref, created_at, ",
            "monitored, external_id, data_key_id, bytes FROM searches WHERE tenant_id = $1 AND ",
            $rest
        )
    };
}

#[derive(FromRow)]
struct Row {
    tenant_id: Uuid,
    id: i64,
    reference: String,
    account_id: Option<Uuid>,
    execution_id: Option<Uuid>,
    client_ref: Option<String>,
    created_at: i64,
    monitored: bool,
    external_id: Option<i64>,
    data_key_id: Uuid,
    bytes: Vec<u8>,
}

impl TryFrom<Row> for Search {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let reading = Reading { table: "searches", row: row.data_key_id };
        Ok(Self {
            id: SearchId::new(row.id),
            reference: row.reference,
            tenant_id: id(row.tenant_id),
            origin: row.account_id.map(id).zip(row.execution_id.map(id)),
            client_ref: row.client_ref,
            created_at: reading.instant("created_at", row.created_at)?,
            is_monitored: row.monitored,
            external_id: row.external_id,
            record: SealedRecord { data_key_id: id(row.data_key_id), bytes: row.bytes },
        })
    }
}

#[derive(FromRow)]
struct StepRow {
    tenant_id: Uuid,
    search_id: i64,
    position: i32,
    actor: Option<Uuid>,
    at: i64,
    data_key_id: Uuid,
    bytes: Vec<u8>,
}

impl TryFrom<StepRow> for ReviewStep {
    type Error = Error;

    fn try_from(row: StepRow) -> Result<Self, Error> {
        let reading = Reading { table: "search_reviews", row: row.data_key_id };
        Ok(Self {
            tenant_id: id(row.tenant_id),
            search_id: SearchId::new(row.search_id),
            position: row.position,
            actor: row.actor.map(id),
            at: reading.instant("at", row.at)?,
            record: SealedRecord { data_key_id: id(row.data_key_id), bytes: row.bytes },
        })
    }
}

impl Transaction {
    /// Adds a search that was made in the lists `compared`.
    pub async fn insert_search(&mut self, search: &Search, compared: &str) -> Result<(), Error> {
        execute!(
            self,
            "INSERT INTO searches (tenant_id, id, reference, account_id, execution_id, client_ref, \
             created_at, monitored, compared, external_id, data_key_id, bytes) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            raw(search.tenant_id),
            search.id.get(),
            &search.reference,
            search.origin.map(|(account, _)| raw(account)),
            search.origin.map(|(_, execution)| raw(execution)),
            search.client_ref.as_deref(),
            milliseconds(search.created_at),
            search.is_monitored,
            compared,
            search.external_id,
            raw(search.record.data_key_id),
            search.record.bytes.as_slice(),
        )?;
        Ok(())
    }

    /// A search by its number, locked: whoever adds a step to its review waits for the others.
    pub async fn lock_search(
        &mut self,
        tenant_id: TenantId,
        search_id: SearchId,
    ) -> Result<Option<Search>, Error> {
        let sql = self.dialect(select!("id = $2"), select!("id = $2 FOR UPDATE"));
        let row: Option<Row> = fetch_optional!(self, sql, raw(tenant_id), search_id.get())?;
        row.map(Search::try_from).transpose()
    }

    /// Begins or ends the monitoring of a search.
    pub async fn set_monitored(
        &mut self,
        tenant_id: TenantId,
        search_id: SearchId,
        is_monitored: bool,
    ) -> Result<bool, Error> {
        let rows = execute!(
            self,
            "UPDATE searches SET monitored = $3 WHERE tenant_id = $1 AND id = $2",
            raw(tenant_id),
            search_id.get(),
            is_monitored,
        )?;
        Ok(rows == 1)
    }

    /// Says in which lists a monitored search was made last.
    pub async fn set_compared(
        &mut self,
        tenant_id: TenantId,
        search_id: SearchId,
        compared: &str,
    ) -> Result<bool, Error> {
        let rows = execute!(
            self,
            "UPDATE searches SET compared = $3 WHERE tenant_id = $1 AND id = $2",
            raw(tenant_id),
            search_id.get(),
            compared,
        )?;
        Ok(rows == 1)
    }

    /// The lists, other than those that are `current`, that monitored searches of a tenant were made
    /// in last.
    pub async fn list_outdated_comparisons(
        &mut self,
        tenant_id: TenantId,
        current: &str,
    ) -> Result<Vec<String>, Error> {
        let rows: Vec<(String,)> = fetch_all!(
            self,
            "SELECT DISTINCT compared FROM searches WHERE tenant_id = $1 AND monitored \
             AND external_id IS NULL AND compared <> $2 ORDER BY compared",
            raw(tenant_id),
            current,
        )?;
        Ok(rows.into_iter().map(|row| row.0).collect())
    }

    /// Monitored searches of a tenant that were made in the lists `compared` last, by their number,
    /// after `after`.
    pub async fn list_monitored_searches(
        &mut self,
        tenant_id: TenantId,
        compared: &str,
        after: SearchId,
        limit: u32,
    ) -> Result<Vec<Search>, Error> {
        let rows: Vec<Row> = fetch_all!(
            self,
            select!(
                "monitored AND external_id IS NULL AND compared = $2 AND id > $3 ORDER BY id LIMIT $4"
            ),
            raw(tenant_id),
            compared,
            after.get(),
            i64::from(limit),
        )?;
        rows.into_iter().map(Search::try_from).collect()
    }

    /// A search by the other provider's number.
    pub async fn find_external_search(
        &mut self,
        tenant_id: TenantId,
        external_id: i64,
    ) -> Result<Option<Search>, Error> {
        let row: Option<Row> = fetch_optional!(
            self,
            select!("external_id = $2 ORDER BY created_at DESC LIMIT 1"),
            raw(tenant_id),
            external_id,
        )?;
        row.map(Search::try_from).transpose()
    }

    /// A search by its number or its reference.
    pub async fn find_search(
        &mut self,
        tenant_id: TenantId,
        name: &str,
    ) -> Result<Option<Search>, Error> {
        let number: i64 = name.parse().unwrap_or(-1);
        let row: Option<Row> = fetch_optional!(
            self,
            select!("(id = $2 OR reference = $3)"),
            raw(tenant_id),
            number,
            name,
        )?;
        row.map(Search::try_from).transpose()
    }

    /// A tenant's searches, the newest first; of one person where `client_ref` names one.
    pub async fn list_searches(
        &mut self,
        tenant_id: TenantId,
        client_ref: Option<&str>,
        skip: u32,
        limit: u32,
    ) -> Result<Vec<Search>, Error> {
        let rows: Vec<Row> = fetch_all!(
            self,
            select!(
                "($2 IS NULL OR client_ref = $2) ORDER BY created_at DESC, id DESC \
                 LIMIT $3 OFFSET $4"
            ),
            raw(tenant_id),
            client_ref,
            i64::from(limit),
            i64::from(skip),
        )?;
        rows.into_iter().map(Search::try_from).collect()
    }

    /// Adds a step to a search's review. Of two at the same place one fails.
    pub async fn insert_review_step(&mut self, step: &ReviewStep) -> Result<(), Error> {
        execute!(
            self,
            "INSERT INTO search_reviews (tenant_id, search_id, position, actor, at, data_key_id, \
             bytes) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            raw(step.tenant_id),
            step.search_id.get(),
            step.position,
            step.actor.map(raw),
            milliseconds(step.at),
            raw(step.record.data_key_id),
            step.record.bytes.as_slice(),
        )?;
        Ok(())
    }

    /// The steps of a search's review, the oldest first.
    pub async fn list_review_steps(
        &mut self,
        tenant_id: TenantId,
        search_id: SearchId,
    ) -> Result<Vec<ReviewStep>, Error> {
        let rows: Vec<StepRow> = fetch_all!(
            self,
            "SELECT tenant_id, search_id, position, actor, at, data_key_id, bytes \
             FROM search_reviews WHERE tenant_id = $1 AND search_id = $2 ORDER BY position",
            raw(tenant_id),
            search_id.get(),
        )?;
        rows.into_iter().map(ReviewStep::try_from).collect()
    }

    /// The searches of one person that were reviewed, the last made first.
    pub async fn list_reviewed_searches(
        &mut self,
        tenant_id: TenantId,
        client_ref: &str,
        limit: u32,
    ) -> Result<Vec<Search>, Error> {
        let rows: Vec<Row> = fetch_all!(
            self,
            select!(
                "client_ref = $2 AND EXISTS \
                 (SELECT 1 FROM search_reviews r WHERE r.tenant_id = searches.tenant_id \
                  AND r.search_id = searches.id) ORDER BY created_at DESC, id DESC LIMIT $3"
            ),
            raw(tenant_id),
            client_ref,
            i64::from(limit),
        )?;
        rows.into_iter().map(Search::try_from).collect()
    }
}

/// The key of a tenant's account at its screening provider, sealed.
impl Transaction {
    /// Puts a key in the place of the former one; gives the former one.
    pub async fn put_provider_key(
        &mut self,
        tenant_id: TenantId,
        record: &SealedRecord,
    ) -> Result<Option<SealedRecord>, Error> {
        let former = self.find_provider_key(tenant_id).await?;
        execute!(
            self,
            "INSERT INTO provider_keys (tenant_id, data_key_id, bytes) VALUES ($1, $2, $3) \
             ON CONFLICT (tenant_id) DO UPDATE SET data_key_id = excluded.data_key_id, \
             bytes = excluded.bytes",
            raw(tenant_id),
            raw(record.data_key_id),
            record.bytes.as_slice(),
        )?;
        Ok(former)
    }

    /// A tenant's key.
    pub async fn find_provider_key(
        &mut self,
        tenant_id: TenantId,
    ) -> Result<Option<SealedRecord>, Error> {
        let row: Option<(Uuid, Vec<u8>)> = fetch_optional!(
            self,
            "SELECT data_key_id, bytes FROM provider_keys WHERE tenant_id = $1",
            raw(tenant_id),
        )?;
        Ok(row.map(|(key, bytes)| SealedRecord { data_key_id: id(key), bytes }))
    }
}
