//! Callbacks: a customer is told, at least once, what became of an execution (contract §8).

mod address;
mod sender;
mod signing;

use bonafide_domain::callback::{Callback, CallbackState};
use bonafide_domain::event::EventStatus;
use bonafide_domain::execution::{Execution, ExecutionStatus};
use bonafide_domain::id::{CallbackId, TenantId};
use bonafide_domain::task::Task;
use bonafide_store::Transaction;
use serde_json::json;

pub(crate) use self::sender::Delivery;
pub use self::sender::{CallbackOptions, Sender};
pub use self::signing::Signature;
use crate::Engine;
use crate::caller::Journey;
use crate::error::Error;

impl Engine {
    /// Records that an execution has ended and that the customer is to be told, in the transaction of
    /// what there is to tell.
    pub(crate) async fn notify(
        &self,
        tx: &mut Transaction,
        execution: &Execution,
        status: ExecutionStatus,
    ) -> Result<(), Error> {
        match EventStatus::of(status) {
            Some(status) if !status.is_intermediate() => self.tell(tx, execution, status).await,
            _ => Ok(()),
        }
    }

    /// The same for how far the acquisition is, if the tenant wants to know.
    pub(crate) async fn tell_if_wanted(
        &self,
        tx: &mut Transaction,
        journey: &Journey,
        execution: &Execution,
        status: EventStatus,
    ) -> Result<(), Error> {
        if journey.tenant.settings.intermediate_callbacks {
            self.tell(tx, execution, status).await?;
        }
        Ok(())
    }

    /// An event for the feed, and a callback where there is an address for it. Call it last: the
    /// tenant's other events wait for the end of this transaction.
    async fn tell(
        &self,
        tx: &mut Transaction,
        execution: &Execution,
        status: EventStatus,
    ) -> Result<(), Error> {
        let now = self.context.now();
        let Execution { tenant_id, account_id, id: execution_id, .. } = *execution;
        let event = tx.append_event(tenant_id, account_id, execution_id, status, now).await?;
        let Some((event, url)) = event.zip(execution.callback_url.clone()) else { return Ok(()) };
        let callback = Callback {
            id: self.context.id(),
            tenant_id,
            account_id,
            execution_id,
            sequence: event.sequence,
            url,
            status,
            state: CallbackState::Pending,
            attempts: 0,
            replayed_after: 0,
            created_at: now,
            delivered_at: None,
        };
        if tx.insert_callback(&callback).await? {
            tx.enqueue(&Task::DeliverCallback { tenant_id, callback_id: callback.id }, now).await?;
        }
        Ok(())
    }

    /// Makes the next attempt; plans the one after it by the schedule, or gives up. Waiting is a
    /// row with a due time, so a restart forgets no attempt.
    pub(crate) async fn deliver(
        &self,
        tenant_id: TenantId,
        callback_id: CallbackId,
    ) -> Result<(), Error> {
        let Some((callback, delivery)) = self.prepare(tenant_id, callback_id).await? else {
            return Ok(());
        };
        let attempt = callback.attempts + 1;
        let mut outcome = self.sender.post(&callback.url, delivery).await;
        if self.is_told_to_fail(tenant_id, callback.execution_id, attempt).await? {
            outcome = Err("counted as failed, as the sandbox was told".to_owned());
        }
        let told = match &outcome {
            Ok(status) => status.to_string(),
            Err(reason) => reason.clone(),
        };

        let now = self.context.now();
        let mut tx = self.store.begin().await?;
        if !tx.record_attempt(tenant_id, callback_id, attempt, now, &told).await? {
            // A twin of this task has recorded its attempt already and planned the next.
            return Ok(());
        }
        if matches!(outcome, Ok(status) if (200..300).contains(&status)) {
            tx.close_callback(tenant_id, callback_id, CallbackState::Delivered, now).await?;
        } else if let Some(pause) = self.sender.pause_after(attempt - callback.replayed_after) {
            tx.enqueue(&Task::DeliverCallback { tenant_id, callback_id }, now + pause).await?;
        } else {
            tracing::warn!(callback.id = %callback_id, attempts = attempt, outcome = %told, "a callback is given up");
            tx.close_callback(tenant_id, callback_id, CallbackState::Dead, now).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// A callback that is still to be delivered, with its body and signatures as of now.
    async fn prepare(
        &self,
        tenant_id: TenantId,
        callback_id: CallbackId,
    ) -> Result<Option<(Callback, Delivery)>, Error> {
        let mut tx = self.store.read().await?;
        let Some(callback) = tx.find_callback(tenant_id, callback_id).await? else {
            return Ok(None);
        };
        if callback.state != CallbackState::Pending {
            return Ok(None);
        }
        let execution = tx
            .find_execution(tenant_id, callback.execution_id)
            .await?
            .ok_or_else(|| Error::internal("a callback without an execution"))?;
        let body = self.body(&callback, &execution).to_string();
        let id = callback.id.to_string();
        let signature = self.sign_in(&mut tx, tenant_id, &id, body.as_bytes()).await?;
        let delivery = Delivery { sequence: callback.sequence, signature, body };
        Ok(Some((callback, delivery)))
    }

    /// The contract's body, and no key more.
    fn body(&self, callback: &Callback, execution: &Execution) -> serde_json::Value {
        let mut body = json!({
            "callbackSentAt": format!("{:.3}", self.context.now()),
            "workflowExecution": {
                "id": execution.id,
                "href": self.public_urls().execution(execution.account_id, execution.id),
                "definitionKey": execution.key,
                "status": callback.status,
            },
            "account": {
                "id": execution.account_id,
                "href": self.public_urls().account(execution.account_id),
            },
        });
        if let Some(reference) = &execution.user_reference {
            body["userReference"] = json!(reference);
        }
        body
    }
}
