//! The end user of a sandbox: whom nobody has to wait for.

use bonafide_domain::audit::Action;
use bonafide_domain::credential::{Category, Classifier, Member};
use bonafide_domain::execution::{Execution, ExecutionStatus};
use bonafide_domain::id::{ExecutionId, TenantId};
use bonafide_domain::sandbox::Sandbox;
use bonafide_domain::task::Task;
use bonafide_store::Transaction;

use crate::Engine;
use crate::error::Error;
use crate::sealing::Owner;

/// What stands in for a picture: a grey one that says SANDBOX.
const PICTURE: &[u8] = include_bytes!("placeholder.png");
/// What stands in for prepared data.
const DATA: &[u8] = br#"{"firstName":"Sandbox","lastName":"Person"}"#;
/// What stands in for a facemap.
const FACEMAP: &[u8] = b"a facemap of the sandbox: it holds no face\n";

impl Engine {
    /// Plays an end user's journey to its end: captures what was not captured, and finalizes. Does
    /// nothing when the execution is not open any more, so playing twice does no harm.
    pub(crate) async fn play(
        &self,
        tenant_id: TenantId,
        execution_id: ExecutionId,
    ) -> Result<(), Error> {
        let now = self.context.now();
        let mut tx = self.store.begin().await?;
        let Some(tenant) = tx.find_tenant(tenant_id).await? else { return Ok(()) };
        let Some(proof) = Sandbox::of(&tenant) else { return Ok(()) };
        let Some(execution) = tx.lock_execution(tenant_id, execution_id).await? else {
            return Ok(());
        };
        if !execution.is_open(now) {
            return Ok(());
        }
        self.capture_missing(&mut tx, proof, &execution, |_| true).await?;
        let acquired = ExecutionStatus::Acquired;
        tx.change_status(tenant_id, execution_id, execution.status, acquired, now).await?;
        tx.enqueue(&Task::Advance { tenant_id, execution_id }, now).await?;
        self.audit_journey(&mut tx, &execution, Action::ExecutionFinalized).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Puts a stand-in for the primary part of each credential that is captured in this execution, that
    /// `which` chooses, and that has none.
    pub(crate) async fn capture_missing(
        &self,
        tx: &mut Transaction,
        _proof: Sandbox,
        execution: &Execution,
        which: impl Fn(&Member) -> bool,
    ) -> Result<(), Error> {
        let parts = tx.list_parts(execution.tenant_id, execution.id).await?;
        let members = tx.list_members(execution.tenant_id, execution.id).await?;
        let captured = members.iter().filter(|m| !m.channels.is_empty() && which(m));
        for member in captured {
            let Some((classifier, media_type, bytes)) = stand_in(member.credential.category) else {
                continue;
            };
            let has_it = parts.iter().any(|part| {
                part.credential_id == member.credential.id && part.classifier == classifier
            });
            if !has_it {
                let place = (member.credential.id, classifier);
                let owner = Owner::of(execution);
                self.seal_part(owner, place, media_type, bytes).await?.store(tx).await?;
            }
        }
        Ok(())
    }
}

/// The primary part of a category, and what stands in for it.
fn stand_in(category: Category) -> Option<(Classifier, &'static str, &'static [u8])> {
    match category {
        Category::Id => Some((Classifier::Front, "image/png", PICTURE)),
        Category::Selfie => Some((Classifier::Face, "image/png", PICTURE)),
        Category::Facemap => Some((Classifier::Facemap, "application/octet-stream", FACEMAP)),
        Category::Data => Some((Classifier::PreparedData, "application/json", DATA)),
        Category::Document => None,
    }
}
