//! What an account has on file that a later workflow can build on (contract §6.1, prerequisites).

use bonafide_domain::credential::Part;
use bonafide_domain::id::{AccountId, CredentialId, ExecutionId, TenantId};
use bonafide_domain::run::Run;

use crate::columns::raw;
use crate::error::Error;
use crate::sql::{fetch_all, fetch_optional};
use crate::transaction::Transaction;
use crate::{parts, runs};

impl Transaction {
    /// The runs of all processed executions that a credential is a member of.
    pub async fn list_runs_on_file(
        &mut self,
        tenant_id: TenantId,
        credential_id: CredentialId,
    ) -> Result<Vec<Run>, Error> {
        let rows: Vec<runs::Row> = fetch_all!(
            self,
            runs::select!(
                "execution_id IN (SELECT e.id FROM executions e \
                 JOIN members m ON m.execution_id = e.id \
                 WHERE m.tenant_id = $1 AND e.tenant_id = $1 AND m.credential_id = $2 \
                 AND e.status = 'PROCESSED') ORDER BY created_at, id"
            ),
            raw(tenant_id),
            raw(credential_id),
        )?;
        rows.into_iter().map(Run::try_from).collect()
    }

    /// The valid facemap of an account: the FACEMAP part of a credential whose liveness passed. That
    /// of `preferred` if it has one, else the latest.
    pub async fn find_valid_facemap(
        &mut self,
        tenant_id: TenantId,
        account_id: AccountId,
        preferred: Option<ExecutionId>,
    ) -> Result<Option<Part>, Error> {
        let row: Option<parts::Row> = fetch_optional!(
            self,
            parts::select!(
                "account_id = $2 AND classifier = 'FACEMAP' AND EXISTS (\
                 SELECT 1 FROM runs WHERE runs.tenant_id = $1 \
                 AND runs.execution_id = parts.execution_id \
                 AND runs.capability = 'liveness' AND runs.decision_type = 'PASSED') \
                 ORDER BY CASE WHEN execution_id = $3 THEN 0 ELSE 1 END, uploaded_at DESC LIMIT 1"
            ),
            raw(tenant_id),
            raw(account_id),
            preferred.map(raw),
        )?;
        row.map(Part::try_from).transpose()
    }
}
