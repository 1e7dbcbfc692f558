//! What the server does again and again by itself, by timers in the database: however many servers
//! there are, each turn is taken once, and a restart forgets none.

use std::time::Duration;

use bonafide_domain::chore::Chore;
use bonafide_domain::id::TenantId;
use bonafide_domain::receipt::Extent;
use futures::TryStreamExt as _;
use jiff::SignedDuration;

use crate::Engine;
use crate::error::Error;

/// A blob may lie there for a while before the row that names it: while an upload is under way.
const ORPHAN_AGE: SignedDuration = SignedDuration::from_hours(24);
/// Accounts looked up at once.
const BATCH: u32 = 100;

/// From one turn to the next.
fn pause(chore: Chore) -> Duration {
    match chore {
        Chore::Retention | Chore::ListRefresh | Chore::ExpiredRows => Duration::from_hours(1),
        Chore::OrphanBlobs => Duration::from_hours(24),
        Chore::Monitoring => Duration::from_mins(5),
    }
}

impl Engine {
    /// Sees that every chore has its timer.
    pub(crate) async fn start_chores(&self) -> Result<(), Error> {
        let mut tx = self.store.begin().await?;
        for chore in Chore::ALL {
            tx.start_chore(*chore).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Takes a turn. The timer of the next one is set first: a turn that fails for good takes only
    /// itself along. Doing a chore twice does no harm.
    pub(crate) async fn do_chore(&self, chore: Chore, turn: i64) -> Result<(), Error> {
        let mut tx = self.store.begin().await?;
        tx.set_next_turn(chore, turn, pause(chore)).await?;
        tx.commit().await?;
        match chore {
            Chore::Retention => self.end_retention().await,
            Chore::OrphanBlobs => self.sweep_orphans().await,
            Chore::ListRefresh => self.refresh_lists().await,
            Chore::Monitoring => self.monitor_searches().await,
            Chore::ExpiredRows => self.sweep_expired().await,
        }
    }

    /// Deletes what each tenant wants to keep no longer, biometrics first.
    async fn end_retention(&self) -> Result<(), Error> {
        let tenants = self.store.read().await?.list_tenants().await?;
        for tenant in tenants {
            let settings = &tenant.settings;
            for (days, extent) in [
                (settings.biometrics_retention_days, Extent::Biometrics),
                (settings.retention_days, Extent::Everything),
            ] {
                if let Some(days) = days {
                    self.end_retention_of(tenant.id, days, extent).await?;
                }
            }
        }
        Ok(())
    }

    async fn end_retention_of(
        &self,
        tenant_id: TenantId,
        days: u16,
        extent: Extent,
    ) -> Result<(), Error> {
        let since = self.context.now() - SignedDuration::from_hours(24 * i64::from(days));
        loop {
            let mut tx = self.store.read().await?;
            let idle = match extent {
                Extent::Everything => tx.list_idle_accounts(tenant_id, since, BATCH).await?,
                Extent::Biometrics => {
                    tx.list_idle_accounts_with_biometrics(tenant_id, since, BATCH).await?
                }
            };
            drop(tx);
            if idle.is_empty() {
                return Ok(());
            }
            tracing::info!(tenant.id = %tenant_id, accounts = idle.len(), %extent, "a retention period is over");
            for account_id in idle {
                self.retire_account(tenant_id, account_id, extent).await?;
            }
        }
    }

    /// Deletes blobs that no row names: of uploads that were never committed, and of deletions during
    /// which the blob store was away. Nobody can open them, their keys are not there.
    async fn sweep_orphans(&self) -> Result<(), Error> {
        let old = self.context.now() - ORPHAN_AGE;
        let mut blobs = self.blobs.list();
        let mut count = 0;
        while let Some(blob) = blobs.try_next().await? {
            let named = !blob.name.starts_with("parts/") || blob.stored_at > old || {
                self.store.read().await?.is_blob_named(&blob.name).await?
            };
            if !named {
                self.blobs.delete(&blob.name).await?;
                count += 1;
            }
        }
        if count > 0 {
            tracing::info!(count, "deleted blobs that no row names");
        }
        Ok(())
    }

    /// Fetches the lists that have an address, and says of every list that is too old that it is.
    async fn refresh_lists(&self) -> Result<(), Error> {
        self.watchlists.refresh(self.context.now(), |_, _| ()).await?;
        for list in self.watchlists.status(self.context.now()).await? {
            if list.stale {
                tracing::error!(list = %list.manifest.source, age_seconds = list.age_seconds, "a watchlist is too old: nobody is passed on it");
            }
        }
        Ok(())
    }

    async fn sweep_expired(&self) -> Result<(), Error> {
        let now = self.context.now();
        let mut tx = self.store.begin().await?;
        tx.delete_tokens_expired_before(now).await?;
        tx.delete_outcomes_expired_before(now).await?;
        tx.delete_callback_secrets_retired_before(now).await?;
        Ok(tx.commit().await?)
    }
}
