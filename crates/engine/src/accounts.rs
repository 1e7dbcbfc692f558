//! Create and update: an account, and a workflow execution on it (contract §3).

use bonafide_domain::account::Account;
use bonafide_domain::audit::{Action, Entry};
use bonafide_domain::consent::UserConsent;
use bonafide_domain::credential::{Category, Credential, Member};
use bonafide_domain::execution::{Execution, ExecutionStatus};
use bonafide_domain::id::AccountId;
use bonafide_domain::initiation::{Initiation, RequestedCredential};
use bonafide_domain::task::Task;
use bonafide_domain::tenant::Settings;
use bonafide_domain::token::{Token, TokenKind};
use bonafide_domain::workflow::{Slot, WorkflowDefinition, WorkflowKey, definition};
use bonafide_store::Transaction;
use bonafide_vault::{Redacted, secret};
use jiff::Timestamp;

use crate::Engine;
use crate::caller::Caller;
use crate::error::Error;
use crate::idempotency::Once;
use crate::kept::{KeptInitiation, initiated_before};
use crate::prerequisites::{check_facemap, check_products, linked_credential};
use crate::sandbox;

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
        once: Option<&Once>,
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
        if let Some(kept) = self.recall(&mut tx, caller.scope(), once).await? {
            return initiated_before(&mut tx, caller, kept).await;
        }
        tx.insert_account(&account).await?;
        let created = self.entry(caller, Action::AccountCreated, account.id);
        let initiated =
            self.initiate(&mut tx, caller, account.id, workflow, initiation, at).await?;
        tx.insert_audit(&[created, self.execution_created(caller, &initiated)]).await?;
        self.keep(&mut tx, caller.scope(), once, &KeptInitiation::of(&initiated)).await?;
        tx.commit().await?;
        Ok(initiated)
    }

    /// Starts a new execution on an account.
    pub async fn update_account(
        &self,
        caller: &Caller,
        account_id: AccountId,
        initiation: Initiation,
        once: Option<&Once>,
    ) -> Result<Initiated, Error> {
        caller.may_initiate()?;
        let workflow = definition(initiation.key);
        let at = self.context.now();
        let mut tx = self.store.begin().await?;
        if let Some(kept) = self.recall(&mut tx, caller.scope(), once).await? {
            return initiated_before(&mut tx, caller, kept).await;
        }
        // Locked, so that a deletion of the account comes before or after and not in between.
        tx.lock_account(caller.tenant.id, account_id)
            .await?
            .filter(|account| account.wiped_out_at.is_none())
            .ok_or_else(|| Error::not_found("account"))?;
        let initiated =
            self.initiate(&mut tx, caller, account_id, workflow, initiation, at).await?;
        tx.insert_audit(&[self.execution_created(caller, &initiated)]).await?;
        self.keep(&mut tx, caller.scope(), once, &KeptInitiation::of(&initiated)).await?;
        tx.commit().await?;
        Ok(initiated)
    }

    async fn initiate(
        &self,
        tx: &mut Transaction,
        caller: &Caller,
        account_id: AccountId,
        workflow: &WorkflowDefinition,
        mut initiation: Initiation,
        at: Timestamp,
    ) -> Result<Initiated, Error> {
        let settings = &caller.tenant.settings;
        check_products(workflow, settings)?;
        let stated = initiation.consent.take();
        let consent = self.consent_for(tx, caller, account_id, workflow, stated, at).await?;
        let slots = workflow.slots(&initiation.requested_categories()).ok_or_else(|| {
            Error::field(
                "workflowDefinition.credentials",
                "must be absent, or name two credentials out of ID and SELFIE",
            )
        })?;

        check_facemap(tx, workflow, caller.tenant.id, account_id).await?;

        let mut execution = self.execution(caller, account_id, &initiation, at);
        let reference = &execution.customer_internal_reference;
        let told = sandbox::read_instruction(&caller.tenant, workflow, &slots, reference)?;
        if let Some(told) = &told {
            sandbox::set_times(&mut execution, told);
        }
        self.insert_execution(tx, &execution, consent.as_ref()).await?;
        let mut members = Vec::with_capacity(slots.len());
        let mut requested = initiation.credentials;
        for (position, slot) in slots.iter().enumerate() {
            let request = take(&mut requested, slot.category);
            let member = self.member(tx, &execution, workflow, slot, request).await?;
            tx.insert_member(execution.id, execution.tenant_id, position, &member).await?;
            members.push(member);
        }
        if members.iter().all(|member| member.channels.is_empty()) {
            return Err(Error::field(
                "workflowDefinition.credentials",
                "links every credential; one at least is captured now",
            ));
        }

        let mut tokens = Vec::new();
        let initiated = Initiated {
            at,
            account_id,
            api_token: self.issue(&execution, &members, TokenKind::Transaction, &mut tokens),
            web_token: self.issue(&execution, &members, TokenKind::Web, &mut tokens),
            sdk_token: self.issue(&execution, &members, TokenKind::Sdk, &mut tokens),
            members,
            execution,
        };
        tx.insert_tokens(&tokens).await?;
        let execution = &initiated.execution;
        let expire = Task::Expire { tenant_id: execution.tenant_id, execution_id: execution.id };
        tx.enqueue(&expire, execution.token_expires_at).await?;
        if let Some(told) = &told {
            self.plan_play(tx, execution, told).await?;
        }
        Ok(initiated)
    }

    fn execution_created(&self, caller: &Caller, initiated: &Initiated) -> Entry {
        Entry {
            execution_id: Some(initiated.execution.id),
            ..self.entry(caller, Action::ExecutionCreated, initiated.account_id)
        }
    }

    fn execution(
        &self,
        caller: &Caller,
        account_id: AccountId,
        initiation: &Initiation,
        at: Timestamp,
    ) -> Execution {
        let (key, original_key) = mapped_key(initiation.key, &caller.tenant.settings);
        Execution {
            id: self.context.id(),
            tenant_id: caller.tenant.id,
            account_id,
            key,
            original_key,
            status: ExecutionStatus::Initiated,
            customer_internal_reference: initiation.customer_internal_reference.clone(),
            user_reference: initiation.user_reference.clone(),
            reporting_criteria: initiation.reporting_criteria.clone(),
            callback_url: initiation
                .callback_url
                .clone()
                .or_else(|| caller.tenant.settings.callback_url.clone()),
            search_profile: initiation.search_profile.clone(),
            web: initiation.web.clone(),
            token_expires_at: at + initiation.token_lifetime.duration(),
            session_expires_at: None,
            created_at: at,
            started_at: None,
            completed_at: None,
            wiped_out_at: None,
            biometrics_wiped_out_at: None,
        }
    }

    /// Stores the execution, with the consent sealed beside it.
    async fn insert_execution(
        &self,
        tx: &mut Transaction,
        execution: &Execution,
        consent: Option<&UserConsent>,
    ) -> Result<(), Error> {
        let record = match consent {
            Some(consent) => Some(self.seal_consent(tx, execution, consent).await?),
            None => None,
        };
        Ok(tx.insert_execution(execution, record.as_ref()).await?)
    }

    /// The credential of a slot: a new one, or the one on file that the request links.
    async fn member(
        &self,
        tx: &mut Transaction,
        execution: &Execution,
        workflow: &WorkflowDefinition,
        slot: &Slot,
        request: Option<RequestedCredential>,
    ) -> Result<Member, Error> {
        let linked = linked_credential(tx, execution, workflow, slot, request.as_ref()).await?;
        if let Some(credential) = linked {
            return Ok(Member { credential, channels: Vec::new(), classifiers: Vec::new() });
        }
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
        Ok(Member {
            credential,
            channels: slot.channels.to_vec(),
            classifiers: slot.classifiers.to_vec(),
        })
    }

    /// Makes the token of a channel, if some credential is captured through it; its row joins `rows`.
    fn issue(
        &self,
        execution: &Execution,
        members: &[Member],
        kind: TokenKind,
        rows: &mut Vec<Token>,
    ) -> Option<Redacted<String>> {
        use bonafide_domain::credential::Channel;
        let wanted = members.iter().any(|member| match kind {
            TokenKind::Access => false,
            TokenKind::Transaction => member.takes_uploads(),
            TokenKind::Sdk => member.channels.contains(&Channel::Sdk),
            TokenKind::Web => member.channels.contains(&Channel::Web),
        });
        if !wanted {
            return None;
        }
        let token = self.context.token(kind);
        rows.push(Token {
            hash: secret::hash(token.expose()),
            kind,
            tenant_id: execution.tenant_id,
            api_client_id: None,
            permissions: None,
            execution_id: Some(execution.id),
            expires_at: execution.token_expires_at,
        });
        Some(token)
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
        Ok(tx.insert_audit(&[self.entry(caller, action, account_id)]).await?)
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

/// The workflow that runs, and the key that was asked for where the tenant's keys are mapped
/// (contract §6.3). A v3 key without a known platform form stays what it is.
fn mapped_key(asked: WorkflowKey, settings: &Settings) -> (WorkflowKey, Option<WorkflowKey>) {
    if settings.key_mapping && !asked.is_platform() {
        (asked.platform_form().unwrap_or(asked), Some(asked))
    } else {
        (asked, None)
    }
}
