//! Accounts: the container of one person's credentials and executions.

use jiff::Timestamp;

use crate::id::{AccountId, TenantId};

/// One person's container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// Its owner.
    pub tenant_id: TenantId,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its data was deleted, if it was (contract §9).
    pub wiped_out_at: Option<Timestamp>,
}
