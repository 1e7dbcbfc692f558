//! A tenant's executions, page by page (ours), and the cursor between pages.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bonafide_domain::execution::{Execution, ExecutionStatus, PageStart};
use bonafide_domain::id::ExecutionId;
use bonafide_domain::workflow::WorkflowKey;
use bonafide_engine::{Page, PublicUrls};
use serde::Serialize;
use utoipa::ToSchema;

use super::status::AccountLink;
use super::{Timestamp, vocabulary};

/// One page of a tenant's executions, newest first.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "workflowExecutions": [{
        "id": "01970000-0000-7000-8000-000000000002",
        "href": "https://retrieval.example.com/api/v1/accounts/…/workflow-executions/…",
        "definitionKey": "2",
        "status": "PROCESSED",
        "account": {
            "id": "01970000-0000-7000-8000-000000000001",
            "href": "https://retrieval.example.com/api/v1/accounts/…"
        },
        "customerInternalReference": "order-17",
        "createdAt": "2026-06-01T12:00:00.000Z",
        "completedAt": "2026-06-01T12:00:04.000Z"
    }],
    "nextCursor": "MTc4MDMxNTIwMDAwMA"
}))]
pub struct ExecutionPage {
    /// The executions.
    pub workflow_executions: Vec<ListedExecution>,
    /// Send it as `cursor` for the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// An execution in a list.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListedExecution {
    /// Its id.
    #[schema(value_type = String, format = Uuid)]
    pub id: ExecutionId,
    /// Where it is.
    #[schema(format = "uri")]
    pub href: String,
    /// Its workflow.
    #[schema(schema_with = vocabulary::definition_key)]
    pub definition_key: WorkflowKey,
    /// The workflow that was asked for, where keys are mapped.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = vocabulary::definition_key, required = false)]
    pub original_definition_key: Option<WorkflowKey>,
    /// Where it stands.
    #[schema(schema_with = vocabulary::execution_status)]
    pub status: ExecutionStatus,
    /// Its account.
    pub account: AccountLink,
    /// The customer's own name for it.
    pub customer_internal_reference: String,
    /// The customer's own name for the end user, when it was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_reference: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub completed_at: Option<Timestamp>,
}

impl ExecutionPage {
    /// The page, with addresses of `urls`.
    pub fn new(page: Page, urls: &PublicUrls) -> Self {
        let executions = page.executions.into_iter();
        Self {
            workflow_executions: executions.map(|e| ListedExecution::new(e, urls)).collect(),
            next_cursor: page.next.map(write_cursor),
        }
    }
}

impl ListedExecution {
    fn new(execution: Execution, urls: &PublicUrls) -> Self {
        let account = execution.account_id;
        Self {
            id: execution.id,
            href: urls.execution(account, execution.id),
            definition_key: execution.key,
            original_definition_key: execution.original_key,
            status: execution.status,
            account: AccountLink { id: account, href: urls.account(account) },
            customer_internal_reference: execution.customer_internal_reference,
            user_reference: execution.user_reference,
            created_at: execution.created_at.into(),
            completed_at: execution.completed_at.map(Into::into),
        }
    }
}

fn write_cursor(start: PageStart) -> String {
    URL_SAFE_NO_PAD.encode(format!("{} {}", start.created_at.as_millisecond(), start.id))
}

/// Reads what [`ExecutionPage::next_cursor`] gave out.
pub(crate) fn read_cursor(cursor: &str) -> Option<PageStart> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    let (milliseconds, id) = text.split_once(' ')?;
    let created_at = jiff::Timestamp::from_millisecond(milliseconds.parse().ok()?).ok()?;
    Some(PageStart { created_at, id: id.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_come_back() {
        let start = PageStart {
            created_at: "2026-06-01T12:00:00.123Z".parse().unwrap(),
            id: ExecutionId::from_u128(7),
        };
        assert_eq!(read_cursor(&write_cursor(start)), Some(start));
        for cursor in ["", "x", "MTIz", "é", &"A".repeat(1000)] {
            assert_eq!(read_cursor(cursor), None, "{cursor}");
        }
    }
}
