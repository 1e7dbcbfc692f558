//! What is kept of a create or update under an idempotency key, and the answer made of it.

use bonafide_domain::id::{AccountId, ExecutionId};
use bonafide_store::Transaction;
use bonafide_vault::Redacted;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::accounts::Initiated;
use crate::caller::Caller;
use crate::error::Error;

/// What the rows of a create or update do not have.
#[derive(Serialize, Deserialize)]
pub(crate) struct KeptInitiation {
    at: Timestamp,
    account_id: AccountId,
    execution_id: ExecutionId,
    api_token: Option<String>,
    web_token: Option<String>,
    sdk_token: Option<String>,
}

impl KeptInitiation {
    pub(crate) fn of(initiated: &Initiated) -> Self {
        let text = |token: &Option<Redacted<String>>| token.as_ref().map(|t| t.expose().clone());
        Self {
            at: initiated.at,
            account_id: initiated.account_id,
            execution_id: initiated.execution.id,
            api_token: text(&initiated.api_token),
            web_token: text(&initiated.web_token),
            sdk_token: text(&initiated.sdk_token),
        }
    }
}

/// What an earlier request under the same key made.
pub(crate) async fn initiated_before(
    tx: &mut Transaction,
    caller: &Caller,
    kept: KeptInitiation,
) -> Result<Initiated, Error> {
    let tenant_id = caller.tenant.id;
    let execution = tx
        .find_execution(tenant_id, kept.execution_id)
        .await?
        .ok_or_else(|| Error::internal("an initiation without an execution"))?;
    let members = tx.list_members(tenant_id, execution.id).await?;
    let token = |text: Option<String>| text.map(Redacted::new);
    Ok(Initiated {
        at: kept.at,
        account_id: kept.account_id,
        execution,
        members,
        api_token: token(kept.api_token),
        web_token: token(kept.web_token),
        sdk_token: token(kept.sdk_token),
    })
}
