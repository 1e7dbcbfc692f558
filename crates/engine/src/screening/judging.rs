//! `watchlistScreening`: is the end user on a list?

use std::collections::BTreeMap;

use bonafide_domain::credential::{Category, Classifier};
use bonafide_domain::decision::{Capability, DecisionType, Label};
use bonafide_domain::evidence::Signal;
use bonafide_domain::execution::Execution;
use bonafide_domain::extraction::Extraction;
use bonafide_domain::prepared_data::PreparedData;
use bonafide_domain::run::Run;
use bonafide_domain::tenant::Tenant;
use bonafide_screening::query::Subject;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::searches::NewSearch;
use super::{Found, MOST_HITS, Question, Refusal, subject};
use crate::Engine;
use crate::capability::Outcome;
use crate::error::Error;

impl Engine {
    /// Screens the end user of a run. What cannot be searched is `NOT_EXECUTED`, never passed.
    pub(crate) async fn screen(
        &self,
        tenant: &Tenant,
        run: &Run,
        execution: &Execution,
    ) -> Result<Outcome, Error> {
        // Without the customer's name for the person nothing could be cleared or monitored later.
        let Some(client_ref) = execution.user_reference.clone() else {
            return Ok(not_executed(Label::ValidationFailed, "the execution has no userReference"));
        };
        let subject = match self.subject_of(run, execution).await? {
            Ok(subject) => subject,
            Err(label) => {
                return Ok(Outcome::new(CAPABILITY, DecisionType::NotExecuted, label, vec![]));
            }
        };
        let question = Question {
            subject,
            client_ref: Some(client_ref),
            profile: execution.search_profile.clone(),
            fuzziness: None,
            types: Vec::new(),
            limit: MOST_HITS,
        };
        let mut found = match self.ask(tenant, &question).await {
            Ok(found) => found,
            Err(Refusal::Settings(why)) => {
                return Ok(not_executed(Label::InvalidMerchantSettings, &why));
            }
            Err(Refusal::Failed(why)) => return Ok(not_executed(Label::TechnicalError, &why)),
        };
        self.clear(tenant.id, &question, &mut found).await?;
        let is_monitored = self.begin_monitoring(tenant, &found).await;
        let mut search = self.new_search(tenant.id, question, found, BTreeMap::new());
        search.is_monitored = is_monitored;
        Ok(self.screened(search))
    }

    /// Whether a new search is monitored. Where the other provider was to do it and does not, the
    /// answer of the search holds nevertheless, and the search says that nobody watches it.
    async fn begin_monitoring(&self, tenant: &Tenant, found: &Found) -> bool {
        if !tenant.settings.watchlists.monitor || found.external.is_none() {
            return tenant.settings.watchlists.monitor;
        }
        let begun = self.monitor_there(tenant, found, true).await;
        if let Err(refusal) = &begun {
            tracing::error!(tenant.id = %tenant.id, ?refusal, "the screening provider does not monitor a search");
        }
        begun.is_ok()
    }

    fn screened(&self, search: NewSearch) -> Outcome {
        let found = &search.record.found;
        let open = found.hits.iter().filter(|hit| !hit.cleared).count();
        // Behind a full page there may be hits that nobody has seen.
        let is_whole = found.hits.len() < MOST_HITS;
        let (decision, label) = if open == 0 && is_whole {
            (DecisionType::Passed, Label::Ok)
        } else {
            (DecisionType::Warning, Label::Alert)
        };
        let data = json!({
            "searchDate": format!("{:.3}", whole_second(search.created_at)),
            // The word of real answers; the description says DONE (contract §7.4).
            "searchStatus": "SUCCESS",
            "searchId": search.id.to_string(),
            "searchReference": search.reference,
            "searchResultUrl": self.public_urls().search(search.id),
            "searchResults": open,
        });
        let evidence = signals(found, open);
        Outcome {
            search: Some(search),
            ..Outcome::new(CAPABILITY, decision, label, evidence).with_data(data)
        }
    }

    /// Who is screened: the holder of the ID that was read, or whom prepared data name.
    async fn subject_of(
        &self,
        run: &Run,
        execution: &Execution,
    ) -> Result<Result<Subject, Label>, Error> {
        let mut tx = self.store.read().await?;
        let members = tx.list_members(run.tenant_id, run.execution_id).await?;
        let of = |category: Category| {
            let own = |id| run.credentials.contains(&id);
            members
                .iter()
                .map(|member| &member.credential)
                .find(|credential| credential.category == category && own(credential.id))
        };
        if let Some(data) = of(Category::Data) {
            let parts = tx.list_parts(run.tenant_id, run.execution_id).await?;
            let prepared = parts.iter().find(|part| {
                part.credential_id == data.id && part.classifier == Classifier::PreparedData
            });
            let Some(part) = prepared else { return Ok(Err(Label::NotEnoughData)) };
            let plain = self.open_part(&mut tx, part).await?.unwrap_or_default();
            let subject = PreparedData::parse(&plain).ok();
            let subject = subject.as_ref().and_then(subject::of_prepared_data);
            return Ok(subject.ok_or(Label::NotEnoughData));
        }
        let Some(id) = of(Category::Id) else { return Ok(Err(Label::NoValidIdCredential)) };
        for earlier in tx.list_runs(run.tenant_id, run.execution_id).await? {
            let passed = earlier
                .decision
                .is_some_and(|decision| decision.decision_type() == DecisionType::Passed);
            if earlier.capability != Capability::Extraction
                || !passed
                || !earlier.credentials.contains(&id.id)
            {
                continue;
            }
            let record = self.open_record(&mut tx, execution, &earlier).await?;
            let data = record.and_then(|record| record.data).unwrap_or(Value::Null);
            let Ok(data) = serde_json::from_value::<Extraction>(data) else { continue };
            return Ok(subject::of_extraction(&data).ok_or(Label::NotEnoughData));
        }
        Ok(Err(Label::ExtractionNotDone))
    }
}

const CAPABILITY: Capability = Capability::WatchlistScreening;

fn not_executed(label: Label, why: &str) -> Outcome {
    let evidence = vec![Signal::new("screening.refused", why.to_owned())];
    Outcome::new(CAPABILITY, DecisionType::NotExecuted, label, evidence)
}

fn signals(found: &Found, open: usize) -> Vec<Signal> {
    let mut signals = vec![
        Signal::new("screening.hits", found.hits.len()),
        Signal::new("screening.hits.not_cleared", open),
    ];
    if let Some(best) = found.hits.first() {
        let best = Signal::new("screening.score.best", f64::from(best.score));
        signals.push(match found.threshold {
            Some(threshold) => best.against(f64::from(threshold)),
            None => best,
        });
    }
    signals.extend(found.lists.iter().map(|list| Signal::new("screening.list", list.clone())));
    signals
}

/// Answers have whole seconds (contract §7.4).
fn whole_second(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}
