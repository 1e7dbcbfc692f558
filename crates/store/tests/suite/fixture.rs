//! Two tenants, one of which has an account with an execution.

use std::sync::atomic::{AtomicU64, Ordering};

use bonafide_domain::account::Account;
use bonafide_domain::credential::{
    Accepted, Category, Channel, Classifier, Credential, Member, Part,
};
use bonafide_domain::execution::{Execution, ExecutionStatus};
use bonafide_domain::id::{CredentialId, DataKeyId, ExecutionId, TenantId};
use bonafide_domain::initiation::WebOptions;
use bonafide_domain::region::Region;
use bonafide_domain::tenant::{Settings, Tenant, TenantMode};
use bonafide_domain::workflow::WorkflowKey;
use bonafide_store::Store;
use jiff::{SignedDuration, Timestamp};

/// Ids that differ, and sort by age as those of production do.
pub fn next() -> u128 {
    static COUNT: AtomicU64 = AtomicU64::new(1);
    u128::from(COUNT.fetch_add(1, Ordering::Relaxed)) | u128::from(std::process::id()) << 64
}

pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millisecond(1_700_000_000_123).unwrap() + SignedDuration::from_secs(seconds)
}

#[expect(clippy::disallowed_methods, reason = "tasks are due by the real clock")]
pub fn now() -> Timestamp {
    Timestamp::now()
}

pub struct Fixture {
    pub tenant: Tenant,
    pub other: Tenant,
    pub account: Account,
    pub execution: Execution,
    pub member: Member,
}

impl Fixture {
    /// Everything in the database.
    pub async fn store(store: &Store) -> Self {
        let (tenant, other) = (tenant("tenant"), tenant("other"));
        let account = account(&tenant);
        let execution = execution(&account, 0);
        let member = member(&account);
        let mut tx = store.begin().await.unwrap();
        for tenant in [&tenant, &other] {
            tx.insert_tenant(tenant).await.unwrap();
        }
        tx.insert_account(&account).await.unwrap();
        tx.insert_execution(&execution, None).await.unwrap();
        tx.insert_credential(&member.credential).await.unwrap();
        tx.insert_member(execution.id, tenant.id, 0, &member).await.unwrap();
        tx.commit().await.unwrap();
        Self { tenant, other, account, execution, member }
    }

    pub fn tenant_id(&self) -> TenantId {
        self.tenant.id
    }

    pub fn execution_id(&self) -> ExecutionId {
        self.execution.id
    }

    pub fn credential_id(&self) -> CredentialId {
        self.member.credential.id
    }

    pub fn part(&self, classifier: Classifier) -> Part {
        Part {
            credential_id: self.credential_id(),
            classifier,
            tenant_id: self.tenant.id,
            account_id: self.account.id,
            execution_id: self.execution.id,
            blob: format!("blob-{}", next()),
            data_key_id: DataKeyId::from_u128(next()),
            media_type: "image/jpeg".to_owned(),
            size_bytes: 10_000_000_000,
            uploaded_at: at(5),
        }
    }
}

pub fn tenant(name: &str) -> Tenant {
    Tenant {
        id: TenantId::from_u128(next()),
        name: format!("{name} {}", next()),
        mode: TenantMode::Test,
        region: Region::Emea1,
        settings: Settings { expiry_limit_days: 30, ..Settings::default() },
        created_at: at(0),
    }
}

pub fn account(tenant: &Tenant) -> Account {
    Account {
        id: bonafide_domain::id::AccountId::from_u128(next()),
        tenant_id: tenant.id,
        created_at: at(1),
        wiped_out_at: None,
    }
}

pub fn execution(account: &Account, age: i64) -> Execution {
    Execution {
        id: ExecutionId::from_u128(next()),
        tenant_id: account.tenant_id,
        account_id: account.id,
        key: WorkflowKey::IdVerification,
        original_key: None,
        status: ExecutionStatus::Initiated,
        customer_internal_reference: "order 'ü' 7".to_owned(),
        user_reference: None,
        reporting_criteria: Some("b".to_owned()),
        callback_url: Some("https://example.test/callback".to_owned()),
        search_profile: Some("strict".to_owned()),
        web: WebOptions { locale: Some("de".to_owned()), ..WebOptions::default() },
        token_expires_at: at(1800),
        session_expires_at: None,
        created_at: at(age),
        started_at: None,
        completed_at: None,
        wiped_out_at: None,
        biometrics_wiped_out_at: None,
    }
}

pub fn member(account: &Account) -> Member {
    let accepted =
        Accepted { values: vec!["AUT".to_owned(), "USA".to_owned()], predefined_type: None };
    Member {
        credential: Credential {
            id: CredentialId::from_u128(next()),
            tenant_id: account.tenant_id,
            account_id: account.id,
            category: Category::Id,
            label: Some("front desk".to_owned()),
            country: Some(accepted),
            document_type: None,
            created_at: at(2),
        },
        channels: vec![Channel::Web, Channel::Api],
        classifiers: vec![Classifier::Front, Classifier::Back],
    }
}
