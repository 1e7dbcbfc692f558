use bonafide_domain::account::Account;
use bonafide_domain::id::{AccountId, TenantId};
use jiff::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

use crate::columns::{Reading, id, milliseconds, raw};
use crate::error::Error;
use crate::sql::{execute, fetch_all, fetch_optional};
use crate::transaction::Transaction;

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, tenant_id, created_at, wiped_out_at FROM accounts ",
            "WHERE tenant_id = $1 AND id = $2",
            $rest
        )
    };
}

/// Accounts that were not wiped and on which nothing was done since `$2`. A session that ended later
/// had a capture later.
macro_rules! idle {
    ($rest:literal) => {
        concat!(
            "SELECT a.id FROM accounts a WHERE a.tenant_id = $1 AND a.wiped_out_at IS NULL ",
            "AND a.created_at <= $2 AND NOT EXISTS (SELECT 1 FROM executions e ",
            "WHERE e.account_id = a.id AND (e.created_at > $2 OR e.started_at > $2 ",
            "OR e.completed_at > $2 OR e.session_expires_at > $2)) ",
            $rest,
            " ORDER BY a.created_at, a.id LIMIT $3"
        )
    };
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    tenant_id: Uuid,
    created_at: i64,
    wiped_out_at: Option<i64>,
}

impl TryFrom<Row> for Account {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let reading = Reading { table: "accounts", row: row.id };
        Ok(Self {
            id: id(row.id),
            tenant_id: id(row.tenant_id),
            created_at: reading.instant("created_at", row.created_at)?,
            wiped_out_at: reading.instant_or_none("wiped_out_at", row.wiped_out_at)?,
        })
    }
}

impl Transaction {
    /// Adds an account.
    pub async fn insert_account(&mut self, account: &Account) -> Result<(), Error> {
        execute!(
            self,
            "INSERT INTO accounts (id, tenant_id, created_at, wiped_out_at) VALUES ($1, $2, $3, $4)",
            raw(account.id),
            raw(account.tenant_id),
            milliseconds(account.created_at),
            account.wiped_out_at.map(milliseconds),
        )?;
        Ok(())
    }

    /// An account.
    pub async fn find_account(
        &mut self,
        tenant_id: TenantId,
        account_id: AccountId,
    ) -> Result<Option<Account>, Error> {
        let row: Option<Row> = fetch_optional!(self, select!(""), raw(tenant_id), raw(account_id))?;
        row.map(Account::try_from).transpose()
    }

    /// An account, and nobody else changes it until this transaction ends.
    pub async fn lock_account(
        &mut self,
        tenant_id: TenantId,
        account_id: AccountId,
    ) -> Result<Option<Account>, Error> {
        // Not FOR UPDATE: that would stand in the way of rows that refer to the account, whose writers
        // hold an execution that the holder of this lock may want next.
        let sql = self.dialect(select!(""), select!(" FOR NO KEY UPDATE"));
        let row: Option<Row> = fetch_optional!(self, sql, raw(tenant_id), raw(account_id))?;
        row.map(Account::try_from).transpose()
    }

    /// Says that the account's data was deleted. False when that was said before.
    pub async fn mark_account_wiped(
        &mut self,
        tenant_id: TenantId,
        account_id: AccountId,
        at: Timestamp,
    ) -> Result<bool, Error> {
        let rows = execute!(
            self,
            "UPDATE accounts SET wiped_out_at = $3 \
             WHERE tenant_id = $1 AND id = $2 AND wiped_out_at IS NULL",
            raw(tenant_id),
            raw(account_id),
            milliseconds(at),
        )?;
        Ok(rows == 1)
    }
    /// At most `limit` accounts without activity since `since` whose data is still there.
    pub async fn list_idle_accounts(
        &mut self,
        tenant_id: TenantId,
        since: Timestamp,
        limit: u32,
    ) -> Result<Vec<AccountId>, Error> {
        self.list_idle(idle!(""), tenant_id, since, limit).await
    }

    /// At most `limit` accounts without activity since `since` whose biometrics are still there.
    pub async fn list_idle_accounts_with_biometrics(
        &mut self,
        tenant_id: TenantId,
        since: Timestamp,
        limit: u32,
    ) -> Result<Vec<AccountId>, Error> {
        let sql = idle!(
            "AND EXISTS (SELECT 1 FROM executions e WHERE e.account_id = a.id \
             AND e.wiped_out_at IS NULL AND e.biometrics_wiped_out_at IS NULL)"
        );
        self.list_idle(sql, tenant_id, since, limit).await
    }

    async fn list_idle(
        &mut self,
        sql: &'static str,
        tenant_id: TenantId,
        since: Timestamp,
        limit: u32,
    ) -> Result<Vec<AccountId>, Error> {
        let rows: Vec<(Uuid,)> =
            fetch_all!(self, sql, raw(tenant_id), milliseconds(since), i64::from(limit))?;
        Ok(rows.into_iter().map(|row| id(row.0)).collect())
    }
}
