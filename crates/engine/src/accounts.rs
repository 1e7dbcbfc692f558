//! Create and update: an account, and a workflow execution on it (contract §3).

use bonafide_domain::account::Account;
use bonafide_domain::audit::{Action, Entry};
use bonafide_domain::consent::UserConsent;
use bonafide_domain::credential::{Category, Credential, Member};
use bonafide_domain::execution::{Execution, ExecutionStatus};
use bonafide_domain::id::AccountId;
use bonafide_domain::initiation::{Initiation, RequestedCredential};
use bonafide_domain::task::Task;
use bonafide_domain::tenant::{ConsentPolicy, Settings};
use bonafide_domain::token::{Token, TokenKind};
use bonafide_domain::workflow::{Prerequisite, Slot, Source, WorkflowDefinition, definition};
use bonafide_store::Transaction;
use bonafide_vault::{Binding, Redacted, secret};
use jiff::Timestamp;

use crate::Engine;
use crate::caller::Caller;
use crate::error::{Error, Kind};
use crate::sandbox;
use crate::sealing::Owner;

/// What a create or update made.
#[derive(Debug)]
pub struct Initiated {
    /// When.
    pub at: Timestamp,
    /// The account.
    pub account_id: AccountId,
    /// The new execution.
    pub execution: Execution,
    /// Its credentials.
    pub members: Vec<Member>,
    /// The token for uploads and finalize, if the API captures something.
    pub api_token: Option<Redacted<String>>,
    /// The token of the web journey, if there is one.
    pub web_token: Option<Redacted<String>>,
    /// The token for SDKs, if they capture something.
    pub sdk_token: Option<Redacted<String>>,
}

impl Engine {
    /// Makes an account and its first execution.
    pub async fn create_account(
        &self,
        caller: &Caller,
        initiation: Initiation,
    ) -> Result<Initiated, Error> {
        caller.may_initiate()?;
        let workflow = definition(initiation.key);
        if !workflow.creates {
            return Err(Error::field(
                "workflowDefinition.key",
                "needs an account that exists: use PUT /api/v1/accounts/{accountId}",
            ));
        }
        let at = self.context.now();
        let account = Account {
            id: self.context.id(),
            tenant_id: caller.tenant.id,
            created_at: at,
            wiped_out_at: None,
        };
        let mut tx = self.store.begin().await?;
        tx.insert_account(&account).await?;
        self.audit(&mut tx, caller, Action::AccountCreated, account.id).await?;
        let initiated =
            self.initiate(&mut tx, caller, account.id, workflow, initiation, at).await?;
        tx.commit().await?;
        Ok(initiated)
    }

    /// Starts a new execution on an account.
    pub async fn update_account(
        &self,
        caller: &Caller,
        account_id: AccountId,
        initiation: Initiation,
    ) -> Result<Initiated, Error> {
        caller.may_initiate()?;
        let workflow = definition(initiation.key);
        let at = self.context.now();
        let mut tx = self.store.begin().await?;
        tx.find_account(caller.tenant.id, account_id)
            .await?
            .filter(|account| account.wiped_out_at.is_none())
            .ok_or_else(|| Error::not_found("account"))?;
        let initiated =
            self.initiate(&mut tx, caller, account_id, workflow, initiation, at).await?;
        tx.commit().await?;
        Ok(initiated)
    }

    async fn initiate(
        &self,
        tx: &mut Transaction,
        caller: &Caller,
        account_id: AccountId,
        workflow: &WorkflowDefinition,
        initiation: Initiation,
        at: Timestamp,
    ) -> Result<Initiated, Error> {
        let settings = &caller.tenant.settings;
        check_products(workflow, settings)?;
        check_consent(workflow, settings, initiation.consent.as_ref(), at)?;
        let slots = workflow.slots(&initiation.requested_categories()).ok_or_else(|| {
            Error::field(
                "workflowDefinition.credentials",
                "must be absent, or name two credentials out of ID and SELFIE",
            )
        })?;

        let mut execution = self.execution(caller, account_id, &initiation, at);
        let reference = &execution.customer_internal_reference;
        let told = sandbox::read_instruction(&caller.tenant, workflow, &slots, reference)?;
        if let Some(told) = &told {
            sandbox::set_times(&mut execution, told);
        }
        self.insert_execution(tx, &execution, initiation.consent.as_ref(), settings).await?;
        let mut members = Vec::with_capacity(slots.len());
        let mut requested = initiation.credentials;
        for (position, slot) in slots.iter().enumerate() {
            let request = take(&mut requested, slot.category);
            let member = self.member(tx, &execution, *slot, request).await?;
            tx.insert_member(execution.id, execution.tenant_id, position, &member).await?;
            members.push(member);
        }

        let initiated = Initiated {
            at,
            account_id,
            api_token: self.issue(tx, &execution, &members, TokenKind::Transaction).await?,
            web_token: self.issue(tx, &execution, &members, TokenKind::Web).await?,
            sdk_token: self.issue(tx, &execution, &members, TokenKind::Sdk).await?,
            members,
            execution,
        };
        let execution = &initiated.execution;
        let expire = Task::Expire { tenant_id: execution.tenant_id, execution_id: execution.id };
        tx.enqueue(&expire, execution.token_expires_at).await?;
        if let Some(told) = &told {
            self.plan_play(tx, execution, told).await?;
        }
        tx.insert_audit(&Entry {
            execution_id: Some(execution.id),
            ..self.entry(caller, Action::ExecutionCreated, account_id)
        })
        .await?;
        Ok(initiated)
    }

    fn execution(
        &self,
        caller: &Caller,
        account_id: AccountId,
        initiation: &Initiation,
        at: Timestamp,
    ) -> Execution {
        Execution {
            id: self.context.id(),
            tenant_id: caller.tenant.id,
            account_id,
            key: initiation.key,
            status: ExecutionStatus::Initiated,
            customer_internal_reference: initiation.customer_internal_reference.clone(),
            user_reference: initiation.user_reference.clone(),
            reporting_criteria: initiation.reporting_criteria.clone(),
            callback_url: initiation
                .callback_url
                .clone()
                .or_else(|| caller.tenant.settings.callback_url.clone()),
            web: initiation.web.clone(),
            token_expires_at: at + initiation.token_lifetime.duration(),
            session_expires_at: None,
            created_at: at,
            started_at: None,
            completed_at: None,
            wiped_out_at: None,
        }
    }

    /// Stores the execution, with the consent sealed beside it unless the tenant keeps none.
    async fn insert_execution(
        &self,
        tx: &mut Transaction,
        execution: &Execution,
        consent: Option<&UserConsent>,
        settings: &Settings,
    ) -> Result<(), Error> {
        let Some(consent) = consent.filter(|_| settings.consent != ConsentPolicy::Off) else {
            return Ok(tx.insert_execution(execution, None).await?);
        };
        let owner = Owner {
            tenant_id: execution.tenant_id,
            account_id: execution.account_id,
            execution_id: execution.id,
        };
        let binding = Binding::Consent {
            tenant: execution.tenant_id,
            account: execution.account_id,
            execution: execution.id,
        };
        let plain = serde_json::to_vec(consent).map_err(Error::internal)?;
        let record = self.seal(owner, &binding, &plain).store(tx).await?;
        Ok(tx.insert_execution(execution, Some(&record)).await?)
    }

    /// The credential of a slot: a new one, or the one on file that the request names.
    async fn member(
        &self,
        tx: &mut Transaction,
        execution: &Execution,
        slot: Slot,
        request: Option<RequestedCredential>,
    ) -> Result<Member, Error> {
        let credential = match slot.source {
            Source::OnFile => {
                self.stored_credential(tx, execution, slot.category, request.as_ref()).await?
            }
            Source::Captured | Source::Brought => {
                let credential = Credential {
                    id: self.context.id(),
                    tenant_id: execution.tenant_id,
                    account_id: execution.account_id,
                    category: slot.category,
                    label: request.as_ref().and_then(|r| r.label.clone()),
                    country: request.as_ref().and_then(|r| r.country.clone()),
                    document_type: request.and_then(|r| r.document_type),
                    created_at: execution.created_at,
                };
                tx.insert_credential(&credential).await?;
                credential
            }
        };
        Ok(Member {
            credential,
            channels: slot.channels.to_vec(),
            classifiers: slot.classifiers.to_vec(),
        })
    }

    async fn stored_credential(
        &self,
        tx: &mut Transaction,
        execution: &Execution,
        category: Category,
        request: Option<&RequestedCredential>,
    ) -> Result<Credential, Error> {
        const FIELD: &str = "workflowDefinition.credentials";
        let id = request.and_then(|request| request.id).ok_or_else(|| {
            Error::field(FIELD, "must name the credential on file by its id, with its category")
        })?;
        tx.find_credential(execution.tenant_id, execution.account_id, id)
            .await?
            .filter(|credential| credential.category == category)
            .ok_or_else(|| {
                Error::field(FIELD, "names a credential that this account does not have")
            })
    }

    /// Makes the token of a channel, if some credential is captured through it.
    async fn issue(
        &self,
        tx: &mut Transaction,
        execution: &Execution,
        members: &[Member],
        kind: TokenKind,
    ) -> Result<Option<Redacted<String>>, Error> {
        use bonafide_domain::credential::Channel;
        let wanted = members.iter().any(|member| match kind {
            TokenKind::Access => false,
            TokenKind::Transaction => member.takes_uploads(),
            TokenKind::Sdk => member.channels.contains(&Channel::Sdk),
            TokenKind::Web => member.channels.contains(&Channel::Web),
        });
        if !wanted {
            return Ok(None);
        }
        let token = self.context.token(kind);
        tx.insert_token(&Token {
            hash: secret::hash(token.expose()),
            kind,
            tenant_id: execution.tenant_id,
            api_client_id: None,
            permissions: None,
            execution_id: Some(execution.id),
            expires_at: execution.token_expires_at,
        })
        .await?;
        Ok(Some(token))
    }

    pub(crate) fn entry(&self, caller: &Caller, action: Action, account_id: AccountId) -> Entry {
        Entry {
            id: self.context.id(),
            tenant_id: caller.tenant.id,
            at: self.context.now(),
            api_client_id: Some(caller.api_client_id),
            action,
            account_id,
            execution_id: None,
        }
    }

    pub(crate) async fn audit(
        &self,
        tx: &mut Transaction,
        caller: &Caller,
        action: Action,
        account_id: AccountId,
    ) -> Result<(), Error> {
        Ok(tx.insert_audit(&self.entry(caller, action, account_id)).await?)
    }
}

/// Takes the first request for a category: key 20 may list the same one twice.
fn take(
    requested: &mut Vec<RequestedCredential>,
    category: Category,
) -> Option<RequestedCredential> {
    let index = requested.iter().position(|request| request.category == category)?;
    Some(requested.remove(index))
}

fn check_products(workflow: &WorkflowDefinition, settings: &Settings) -> Result<(), Error> {
    let products = [
        (
            Prerequisite::IdentityVerification,
            settings.identity_verification,
            "Identity verification",
        ),
        (Prerequisite::Screening, settings.screening, "Screening"),
        (Prerequisite::FacemapOnPremise, settings.facemap_on_premise, "Facemap on premise"),
    ];
    for (prerequisite, switched_on, name) in products {
        if workflow.requires(prerequisite) && !switched_on {
            return Err(Error::new(
                Kind::Forbidden,
                format!(
                    "{name} is not switched on for this tenant; workflow {} needs it.",
                    workflow.key
                ),
            ));
        }
    }
    Ok(())
}

/// Judges a consent that was stated. A request that states none is taken (contract §13; the
/// printed examples do so), and what needs the consent later asks for it then.
fn check_consent(
    workflow: &WorkflowDefinition,
    settings: &Settings,
    consent: Option<&UserConsent>,
    now: Timestamp,
) -> Result<(), Error> {
    let asked = settings.consent == ConsentPolicy::AtInitiation
        && workflow.requires(Prerequisite::BiometricConsent);
    match consent {
        Some(consent) if asked => {
            consent.judge(now).map_err(|refusal| Error::field("userConsent", &refusal.to_string()))
        }
        _ => Ok(()),
    }
}
