//! Ongoing monitoring: a monitored search is made again when lists have changed, and only then, and
//! only in what has changed. What is new, changed or gone becomes a step of the search, and the
//! customer is told. The other provider monitors by itself, and says when to look again.

use std::collections::BTreeMap;
use std::sync::Arc;

use bonafide_domain::audit::Action;
use bonafide_domain::id::TenantId;
use bonafide_domain::screening::{ScreeningProvider, SearchId};
use bonafide_domain::task::Task;
use bonafide_domain::tenant::Tenant;
use bonafide_screening::delta::Delta;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::record::{HitChange, SearchView, StepRecord};
use super::{Hit, Refusal};
use crate::Engine;
use crate::callbacks::Delivery;
use crate::caller::Caller;
use crate::error::{Error, Kind};

/// Searches looked up at once.
const BATCH: u32 = 100;

/// What changed when a search was made again.
pub struct SearchChange {
    /// Counts the search's steps from 1.
    pub position: i32,
    /// When.
    pub at: Timestamp,
    /// Which hits.
    pub change: HitChange,
}

impl SearchView {
    /// Everything that changed since the search was made, the oldest first.
    pub fn changes(&self) -> Vec<SearchChange> {
        let change = |(step, record): &(_, StepRecord)| match record {
            StepRecord::Changed { change, .. } => {
                let bonafide_domain::screening::ReviewStep { position, at, .. } = *step;
                Some(SearchChange { position, at, change: change.clone() })
            }
            _ => None,
        };
        self.steps.iter().filter_map(change).collect()
    }
}

impl Engine {
    /// Begins or ends the monitoring of a search.
    pub async fn monitor_search(
        &self,
        caller: &Caller,
        name: &str,
        is_monitored: bool,
    ) -> Result<SearchView, Error> {
        caller.may_initiate()?;
        let mut tx = self.store.read().await?;
        let view = self.find_search_view(&mut tx, caller, name).await?;
        drop(tx);
        if view.search.external_id.is_some() {
            self.monitor_there(&caller.tenant, view.found(), is_monitored).await.map_err(
                |why| {
                    let (Refusal::Settings(why) | Refusal::Failed(why)) = why;
                    Error::new(Kind::Unavailable, format!("Nothing was changed: {why}."))
                },
            )?;
        }
        let mut tx = self.store.begin().await?;
        tx.set_monitored(caller.tenant.id, view.search.id, is_monitored).await?;
        self.audit_search(&mut tx, caller, &view.search, Action::SearchReviewed).await?;
        let view = self.find_search_view(&mut tx, caller, name).await?;
        tx.commit().await?;
        Ok(view)
    }

    /// Makes those monitored searches again whose lists have changed since.
    pub(crate) async fn monitor_searches(&self) -> Result<(), Error> {
        let current = self.watchlists.current(self.context.now()).await?;
        let tenants = self.store.read().await?.list_tenants().await?;
        // Most searches were made in the same lists: what changed since is found out once.
        let mut deltas = BTreeMap::new();
        for tenant in &tenants {
            // The other provider monitors by itself.
            if tenant.settings.watchlists.provider != ScreeningProvider::Own {
                continue;
            }
            let mut tx = self.store.read().await?;
            let outdated = tx.list_outdated_comparisons(tenant.id, &current).await?;
            drop(tx);
            for compared in outdated {
                if !deltas.contains_key(&compared) {
                    let delta = self.watchlists.delta_since(&compared, self.context.now()).await?;
                    deltas.insert(compared.clone(), delta);
                }
                let delta = deltas.get(&compared).and_then(Option::as_ref);
                self.monitor_searches_of(tenant, &compared, delta).await?;
            }
        }
        Ok(())
    }

    async fn monitor_searches_of(
        &self,
        tenant: &Tenant,
        compared: &str,
        delta: Option<&Arc<Delta>>,
    ) -> Result<(), Error> {
        let mut after = SearchId::new(0);
        loop {
            let mut tx = self.store.read().await?;
            let outdated = tx.list_monitored_searches(tenant.id, compared, after, BATCH).await?;
            drop(tx);
            let Some(last) = outdated.last() else { return Ok(()) };
            after = last.id;
            for search in &outdated {
                self.search_again(tenant, search.id, delta).await?;
            }
        }
    }

    /// Looks again at a search that the other provider monitors.
    pub(crate) async fn read_search_again(
        &self,
        tenant_id: TenantId,
        search_id: SearchId,
    ) -> Result<(), Error> {
        let tenant = self.store.read().await?.find_tenant(tenant_id).await?;
        let Some(tenant) = tenant else { return Ok(()) };
        if self.search_again(&tenant, search_id, None).await? {
            Ok(())
        } else {
            Err(Error::internal("the other provider does not show the search"))
        }
    }

    /// False when there was no answer.
    async fn search_again(
        &self,
        tenant: &Tenant,
        search_id: SearchId,
        delta: Option<&Arc<Delta>>,
    ) -> Result<bool, Error> {
        let name = search_id.to_string();
        let mut tx = self.store.read().await?;
        let Some(search) = tx.find_search(tenant.id, &name).await? else { return Ok(true) };
        let Some(view) = self.open_search(&mut tx, search).await? else {
            drop(tx);
            // What it searched for was deleted: there is nobody to search for any more.
            let mut tx = self.store.begin().await?;
            tx.set_monitored(tenant.id, search_id, false).await?;
            tx.commit().await?;
            return Ok(true);
        };
        drop(tx);
        let question = &view.record.question;
        let asked = if view.search.external_id.is_some() {
            self.read_there(tenant, question, view.found()).await
        } else if let Some(delta) = delta {
            let (settings, now) = (&tenant.settings.watchlists, self.context.now());
            self.watchlists.ask_again(settings, question, view.found(), delta, now).await
        } else {
            self.ask(tenant, question).await
        };
        let mut found = match asked {
            Ok(found) => found,
            // Tried again at the next turn: it stays outdated.
            Err(refusal) => {
                tracing::warn!(tenant.id = %tenant.id, search.id = %search_id, ?refusal, "a monitored search could not be made again");
                return Ok(false);
            }
        };
        self.clear(tenant.id, question, &mut found).await?;

        let mut tx = self.store.begin().await?;
        let Some(search) = tx.lock_search(tenant.id, search_id).await? else { return Ok(true) };
        let Some(view) = self.open_search(&mut tx, search).await? else { return Ok(true) };
        let change = difference(view.hits(), &found.hits);
        tx.set_compared(tenant.id, search_id, &found.compared).await?;
        if change != HitChange::default() {
            let step = StepRecord::Changed { found, change };
            let position = self.add_step(&mut tx, &view, None, &step).await?;
            if tenant.settings.callback_url.is_some() {
                let task = Task::TellSearchChange {
                    tenant_id: tenant.id,
                    search: search_id.get(),
                    position,
                };
                tx.enqueue(&task, self.context.now()).await?;
            }
        }
        tx.commit().await?;
        Ok(true)
    }

    /// Takes what the other provider says of a search that it monitors. It is believed only that
    /// something may have changed: what, is read from the provider.
    pub async fn take_provider_notice(&self, caller: &Caller, notice: &Value) -> Result<(), Error> {
        caller.may_initiate()?;
        if notice["event"] != "monitored_search_updated" {
            return Ok(());
        }
        let number = notice["data"]["search_id"].as_i64();
        let number = number
            .ok_or_else(|| Error::field("data.search_id", "must be the number of a search"))?;
        let mut tx = self.store.begin().await?;
        let Some(search) = tx.find_external_search(caller.tenant.id, number).await? else {
            // The account there may serve others than this server.
            return Ok(());
        };
        if search.is_monitored {
            let task =
                Task::ReadSearchAgain { tenant_id: caller.tenant.id, search: search.id.get() };
            tx.enqueue(&task, self.context.now()).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Tells the customer what changed. A refusal fails the task, which the queue tries again.
    pub(crate) async fn tell_search_change(
        &self,
        tenant_id: TenantId,
        search_id: SearchId,
        position: i32,
    ) -> Result<(), Error> {
        let mut tx = self.store.read().await?;
        let tenant = tx.find_tenant(tenant_id).await?;
        let Some(url) = tenant.and_then(|tenant| tenant.settings.callback_url) else {
            return Ok(());
        };
        let name = search_id.to_string();
        let Some(search) = tx.find_search(tenant_id, &name).await? else { return Ok(()) };
        // Deleted meanwhile: there is nothing to tell any more.
        let Some(view) = self.open_search(&mut tx, search).await? else { return Ok(()) };
        let Some(told) = view.changes().into_iter().find(|told| told.position == position) else {
            return Ok(());
        };
        let HitChange { new, updated, removed } = &told.change;
        let body = json!({
            "event": "monitored_search_updated",
            "data": {
                "search_id": search_id.get(), "new": new, "updated": updated, "removed": removed,
                "is_suspended": false,
            },
        });
        let (body, id) = (body.to_string(), format!("search-{search_id}-{position}"));
        let signature = self.sign_in(&mut tx, tenant_id, &id, body.as_bytes()).await?;
        drop(tx);
        let delivery = Delivery { sequence: i64::from(position), signature, body };
        match self.sender.post(&url, delivery).await {
            Ok(status) if (200..300).contains(&status) => Ok(()),
            Ok(status) => Err(Error::internal(format!("the customer's server answered {status}"))),
            Err(reason) => Err(Error::internal(reason)),
        }
    }
}

/// What is new, changed or gone in the later hits.
fn difference(before: &[Hit], after: &[Hit]) -> HitChange {
    let by_id = |hits: &[Hit]| -> BTreeMap<String, String> {
        hits.iter().map(|hit| (hit.entity_id.clone(), hit.entity_hash.clone())).collect()
    };
    let (before, after) = (by_id(before), by_id(after));
    let ids = |wanted: &dyn Fn(&str, &str) -> bool, all: &BTreeMap<String, String>| {
        let wanted = all.iter().filter(|(id, hash)| wanted(id, hash));
        wanted.map(|(id, _)| id.clone()).collect::<Vec<_>>()
    };
    HitChange {
        new: ids(&|id, _| !before.contains_key(id), &after),
        updated: ids(&|id, hash| before.get(id).is_some_and(|known| known != hash), &after),
        removed: ids(&|id, _| !after.contains_key(id), &before),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hits(all: &[(&str, &str)]) -> Vec<Hit> {
        all.iter()
            .map(|(id, hash)| Hit {
                entity_id: (*id).to_owned(),
                entity_hash: (*hash).to_owned(),
                doc: Value::Null,
                match_types: vec![],
                match_types_details: vec![],
                score: 1.0,
                cleared: false,
            })
            .collect()
    }

    #[test]
    fn what_changed_is_told_apart() {
        let before = hits(&[("un:1", "a"), ("un:2", "a"), ("un:3", "a")]);
        let after = hits(&[("un:4", "a"), ("un:3", "b"), ("un:1", "a")]);
        let change = difference(&before, &after);
        assert_eq!(
            (change.new, change.updated, change.removed),
            (vec!["un:4".to_owned()], vec!["un:3".to_owned()], vec!["un:2".to_owned()])
        );
        assert_eq!(difference(&before, &before), HitChange::default());
    }
}
