//! Callbacks: a customer is told, at least once, that an execution has ended (contract §8).

mod address;
mod sender;

use bonafide_domain::callback::{Callback, CallbackState};
use bonafide_domain::execution::{Execution, ExecutionStatus};
use bonafide_domain::id::{CallbackId, TenantId};
use bonafide_domain::task::Task;
use bonafide_store::Transaction;
use serde_json::json;

pub use self::sender::{CallbackOptions, Sender};
use crate::Engine;
use crate::error::Error;

impl Engine {
    /// Records that the customer is to be told, in the transaction of what there is to tell.
    pub(crate) async fn notify(
        &self,
        tx: &mut Transaction,
        execution: &Execution,
        status: ExecutionStatus,
    ) -> Result<(), Error> {
        let Some(url) = execution.callback_url.clone() else { return Ok(()) };
        let now = self.context.now();
        let callback = Callback {
            id: self.context.id(),
            tenant_id: execution.tenant_id,
            account_id: execution.account_id,
            execution_id: execution.id,
            url,
            status,
            state: CallbackState::Pending,
            attempts: 0,
            created_at: now,
            delivered_at: None,
        };
        if tx.insert_callback(&callback).await? {
            let task =
                Task::DeliverCallback { tenant_id: callback.tenant_id, callback_id: callback.id };
            tx.enqueue(&task, now).await?;
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
        let Some((callback, body)) = self.callback_body(tenant_id, callback_id).await? else {
            return Ok(());
        };
        let attempt = callback.attempts + 1;
        let mut outcome = self.sender.post(&callback.url, &body).await;
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
        } else if let Some(pause) = self.sender.pause_after(attempt) {
            tx.enqueue(&Task::DeliverCallback { tenant_id, callback_id }, now + pause).await?;
        } else {
            tracing::warn!(callback.id = %callback_id, attempts = attempt, outcome = %told, "a callback is given up");
            tx.close_callback(tenant_id, callback_id, CallbackState::Dead, now).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// The body of a callback that is still to be delivered.
    async fn callback_body(
        &self,
        tenant_id: TenantId,
        callback_id: CallbackId,
    ) -> Result<Option<(Callback, serde_json::Value)>, Error> {
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
        Ok(Some((callback, body)))
    }
}
