//! A tenant's executions, page by page (ours, not the contract's).

use bonafide_domain::execution::{Execution, Filter, PageStart};

use crate::Engine;
use crate::caller::Caller;
use crate::error::Error;

/// One page of a list.
#[derive(Debug)]
pub struct Page {
    /// The executions, newest first.
    pub executions: Vec<Execution>,
    /// Where the next page begins; none after the last one.
    pub next: Option<PageStart>,
}

impl Engine {
    /// The tenant's executions that `filter` lets through, newest first, at most `limit` of them
    /// after `after`.
    pub async fn executions(
        &self,
        caller: &Caller,
        filter: &Filter,
        after: Option<PageStart>,
        limit: u16,
    ) -> Result<Page, Error> {
        caller.may_retrieve()?;
        let mut tx = self.store.read().await?;
        // One more than asked for says whether there is a next page.
        let mut executions =
            tx.list_page(caller.tenant.id, filter, after, limit.saturating_add(1)).await?;
        let more = executions.len() > usize::from(limit);
        executions.truncate(usize::from(limit));
        let next = executions
            .last()
            .filter(|_| more)
            .map(|last| PageStart { created_at: last.created_at, id: last.id });
        Ok(Page { executions, next })
    }
}
