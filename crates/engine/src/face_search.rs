//! Seen before: the face of a document is looked for among those that the tenant has seen, and kept for
//! later searches (contract §7.4). Only for tenants that want it, and with a consent that holds.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use bonafide_domain::decision::{Capability, Decision, DecisionType, Label};
use bonafide_domain::evidence::Signal;
use bonafide_domain::execution::Execution;
use bonafide_domain::extraction::Extraction;
use bonafide_domain::id::{ExecutionId, TenantId};
use bonafide_domain::known_face::KnownFace;
use bonafide_domain::run::Run;
use bonafide_domain::tenant::Tenant;
use bonafide_face::Description;
use bonafide_face::search::{Gallery, Hit, REPEATED};
use bonafide_models::Digest;
use bonafide_store::{FaceChange, Transaction};
use bonafide_vault::Binding;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::Engine;
use crate::capability::Outcome;
use crate::error::Error;
use crate::sealing::Owner;

/// Changes read at once.
const BATCH: u32 = 1000;
/// Faces that are looked at more closely, the nearest first. Evidence tells how many there were, so that
/// a search that was cut off can be seen.
const MOST_HITS: usize = 64;

/// The face of a document, and whose data came with it.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Portrait {
    /// The pack that described it.
    pub(crate) pack: String,
    /// The description.
    numbers: Vec<f32>,
    /// Whose face it is said to be.
    holder: Holder,
}

impl Portrait {
    pub(crate) fn new(pack: Digest, description: &Description, data: &Extraction) -> Self {
        let holder = Holder {
            first_name: data.first_name.clone(),
            last_name: data.last_name.clone(),
            date_of_birth: data.date_of_birth.clone(),
        };
        Self { pack: pack.to_string(), numbers: description.0.to_vec(), holder }
    }

    fn description(&self) -> Option<Description> {
        Some(Description(self.numbers.as_slice().try_into().ok()?))
    }
}

impl std::fmt::Debug for Portrait {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Portrait(redacted)")
    }
}

#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
struct Holder {
    first_name: Option<String>,
    last_name: Option<String>,
    date_of_birth: Option<String>,
}

impl Holder {
    /// Whether two sets of data cannot be one person's: born on different days, or without any part of
    /// a name in common. What could not be read contradicts nothing.
    fn contradicts(&self, other: &Self) -> bool {
        let births = self.date_of_birth.as_ref().zip(other.date_of_birth.as_ref());
        if births.is_some_and(|(one, other)| one != other) {
            return true;
        }
        let (ours, theirs) = (self.name_parts(), other.name_parts());
        !ours.is_empty() && !theirs.is_empty() && !ours.iter().any(|part| theirs.contains(part))
    }

    fn name_parts(&self) -> Vec<String> {
        let names = [&self.first_name, &self.last_name].into_iter().flatten();
        let parts = names.flat_map(|name| name.split(|c: char| !c.is_alphanumeric()));
        // An initial says too little to tell two people apart, or to make them one.
        parts.filter(|part| part.chars().count() > 1).map(str::to_uppercase).collect()
    }
}

/// Earlier executions of other accounts that saw the same face.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RepeatedFace {
    /// With the same data.
    pub(crate) same_data: Vec<ExecutionId>,
    /// With other data.
    pub(crate) other_data: Vec<ExecutionId>,
}

/// `data` of `imageChecks`.
pub(crate) fn findings(status: &str, executions: &[ExecutionId]) -> Value {
    json!({ "faceSearchFindings": { "status": status, "findings": executions } })
}

/// The faces that each tenant has seen, in memory while they are looked through.
#[derive(Default)]
pub(crate) struct Galleries(Mutex<HashMap<TenantId, Arc<tokio::sync::Mutex<Seen>>>>);

impl Galleries {
    fn of(&self, tenant: TenantId) -> Arc<tokio::sync::Mutex<Seen>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(all.entry(tenant).or_default())
    }
}

#[derive(Default)]
struct Seen {
    gallery: Gallery<ExecutionId>,
    /// The last change that the gallery knows of.
    sequence: i64,
    /// Descriptions of two packs never compare: the gallery has those of this one.
    pack: Option<String>,
}

impl Engine {
    /// Whether the face of an execution's document is looked for: the tenant wants it, and the consent
    /// that was stated holds.
    pub(crate) async fn seeks_face(
        &self,
        tx: &mut Transaction,
        tenant: &Tenant,
        run: &Run,
        execution: &Execution,
    ) -> Result<bool, Error> {
        if !tenant.settings.face_search || run.capability != Capability::ImageChecks {
            return Ok(false);
        }
        let consent = self.consent_of(tx, execution).await?;
        Ok(consent.is_some_and(|consent| consent.judge(self.judged_as_of(execution)).is_ok()))
    }

    /// In how many executions `imageChecks` found the face of the document with other data.
    pub(crate) async fn seen_with_other_data(
        &self,
        tx: &mut Transaction,
        run: &Run,
        execution: &Execution,
    ) -> Result<usize, Error> {
        if run.capability != Capability::DataChecks {
            return Ok(0);
        }
        let mut count = 0;
        for earlier in tx.list_runs(execution.tenant_id, execution.id).await? {
            let is_same = earlier.credentials.iter().any(|id| run.credentials.contains(id));
            if earlier.capability == Capability::ImageChecks && is_same {
                let record = self.open_record(tx, execution, &earlier).await?;
                let repeated = record.and_then(|record| record.repeated);
                count += repeated.map_or(0, |repeated| repeated.other_data.len());
            }
        }
        Ok(count)
    }

    /// Keeps the face of an execution's document, then looks for it among those that were kept. In
    /// this order, so that of two executions at the same time one sees the other.
    pub(crate) async fn seek_face(
        &self,
        execution: &Execution,
        portrait: Portrait,
        outcome: &mut Outcome,
    ) -> Result<(), Error> {
        self.learn_face(execution, &portrait).await?;
        let hits = self.look_for(execution.tenant_id, &portrait).await?;
        let repeated = self.confirm(execution, &portrait, &hits).await?;

        let looked_at = Signal::new("face_search.looked_at", hits.len()).against(MOST_HITS as f64);
        outcome.record.evidence.push(looked_at);
        let all = [repeated.same_data.as_slice(), &repeated.other_data].concat();
        outcome.record.data = Some(findings("DONE", &all));
        for (signal, found) in [
            ("face_search.same_data", &repeated.same_data),
            ("face_search.other_data", &repeated.other_data),
        ] {
            let found = Signal::new(signal, found.len()).against(0.0);
            outcome.record.evidence.push(found);
        }
        if outcome.decision.decision_type() == DecisionType::Passed
            && !repeated.same_data.is_empty()
        {
            outcome.decision =
                Decision::new(Capability::ImageChecks, DecisionType::Warning, Label::RepeatedFace)
                    .map_err(Error::internal)?;
        }
        outcome.record.repeated = Some(repeated);
        Ok(())
    }

    async fn learn_face(&self, execution: &Execution, portrait: &Portrait) -> Result<(), Error> {
        let plain = serde_json::to_vec(portrait).map_err(Error::internal)?;
        let sealed = self.seal(Owner::of(execution), &binding(execution), &plain);
        let mut tx = self.store.begin().await?;
        let current = tx.lock_execution(execution.tenant_id, execution.id).await?;
        if current.is_none_or(|it| it.wiped_out_at.or(it.biometrics_wiped_out_at).is_some()) {
            return Ok(());
        }
        let face = KnownFace {
            tenant_id: execution.tenant_id,
            account_id: execution.account_id,
            execution_id: execution.id,
            record: sealed.store(&mut tx).await?,
        };
        if tx.learn_face(&face).await? {
            tx.commit().await?;
        }
        Ok(())
    }

    /// The nearest faces that the tenant has seen.
    async fn look_for(
        &self,
        tenant_id: TenantId,
        portrait: &Portrait,
    ) -> Result<Vec<Hit<ExecutionId>>, Error> {
        let Some(description) = portrait.description() else { return Ok(Vec::new()) };
        let mut seen = self.galleries.of(tenant_id).lock_owned().await;
        if seen.pack.as_deref() != Some(&portrait.pack) {
            *seen = Seen { pack: Some(portrait.pack.clone()), ..Seen::default() };
        }
        self.catch_up(tenant_id, &mut seen).await?;
        let scan = move || seen.gallery.nearest(&description, REPEATED, MOST_HITS);
        tokio::task::spawn_blocking(scan).await.map_err(Error::internal)
    }

    /// Brings a gallery up to the tenant's last change.
    async fn catch_up(&self, tenant_id: TenantId, seen: &mut Seen) -> Result<(), Error> {
        loop {
            let mut tx = self.store.read().await?;
            let changes = tx.list_face_changes(tenant_id, seen.sequence, BATCH).await?;
            drop(tx);
            let Some(last) = changes.last() else { return Ok(()) };
            seen.sequence = last.sequence;
            for change in &changes {
                let portrait = self.open_face(change)?;
                let known = portrait.filter(|known| Some(&known.pack) == seen.pack.as_ref());
                match known.and_then(|known| known.description()) {
                    Some(description) => seen.gallery.insert(change.execution_id, &description),
                    None => _ = seen.gallery.remove(&change.execution_id),
                }
            }
        }
    }

    /// The hits that are still known, with a consent that still holds, of other accounts, compared
    /// exactly.
    async fn confirm(
        &self,
        execution: &Execution,
        portrait: &Portrait,
        hits: &[Hit<ExecutionId>],
    ) -> Result<RepeatedFace, Error> {
        let mut repeated = RepeatedFace::default();
        let mut tx = self.store.read().await?;
        for hit in hits {
            let Some(known) = self.known_elsewhere(&mut tx, execution, hit.key).await? else {
                continue;
            };
            let distance = portrait
                .description()
                .zip(known.description())
                .map(|(one, other)| one.distance(&other));
            if distance.is_none_or(|distance| distance > REPEATED) {
                continue;
            }
            if portrait.holder.contradicts(&known.holder) {
                repeated.other_data.push(hit.key);
            } else {
                repeated.same_data.push(hit.key);
            }
        }
        Ok(repeated)
    }

    async fn known_elsewhere(
        &self,
        tx: &mut Transaction,
        execution: &Execution,
        other_id: ExecutionId,
    ) -> Result<Option<Portrait>, Error> {
        let tenant_id = execution.tenant_id;
        let Some(change) = tx.find_face_change(tenant_id, other_id).await? else { return Ok(None) };
        let Some(other) = tx.find_execution(tenant_id, other_id).await? else { return Ok(None) };
        if other.account_id == execution.account_id {
            return Ok(None);
        }
        let consent = self.consent_of(tx, &other).await?;
        if consent.is_none_or(|consent| consent.judge(self.context.now()).is_err()) {
            return Ok(None);
        }
        self.open_face(&change)
    }

    fn open_face(&self, change: &FaceChange) -> Result<Option<Portrait>, Error> {
        let Some((face, wrapped)) = &change.learnt else { return Ok(None) };
        let binding = Binding::KnownFace {
            tenant: face.tenant_id,
            account: face.account_id,
            execution: face.execution_id,
        };
        let key = self.key_ring.unwrap(face.record.data_key_id, wrapped)?;
        let plain = key.open(&binding, &face.record.bytes)?;
        serde_json::from_slice(&plain)
            .map(Some)
            .map_err(|_| Error::internal("a known face that cannot be understood"))
    }
}

fn binding(execution: &Execution) -> Binding {
    Binding::KnownFace {
        tenant: execution.tenant_id,
        account: execution.account_id,
        execution: execution.id,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holder(first: &str, last: &str, born: &str) -> Holder {
        let field = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Holder { first_name: field(first), last_name: field(last), date_of_birth: field(born) }
    }

    #[test]
    fn data_contradict_each_other_by_birth_or_by_every_part_of_the_name() {
        let anna = holder("ANNA MARIA", "ERIKSSON", "1974-08-12");
        assert!(!anna.contradicts(&anna));
        assert!(!anna.contradicts(&holder("Anna", "Svensson", "1974-08-12")), "she married");
        assert!(anna.contradicts(&holder("ANNA MARIA", "ERIKSSON", "1974-08-13")));
        assert!(anna.contradicts(&holder("LENA", "SVENSSON", "1974-08-12")));
        assert!(anna.contradicts(&holder("LENA", "SVENSSON", "")));
        assert!(!anna.contradicts(&holder("", "", "1974-08-12")), "unread");
        assert!(!anna.contradicts(&Holder::default()), "unread");
    }

    #[test]
    fn an_initial_in_common_makes_nobody_the_same() {
        let one = holder("A", "ERIKSSON", "1974-08-12");
        assert!(one.contradicts(&holder("A", "SVENSSON", "1974-08-12")));
    }
}
