//! Ids, each kind a type of its own, so that one cannot be taken for another.

use newtype_uuid::{TypedUuid, TypedUuidKind, TypedUuidTag};

macro_rules! ids {
    ( $( $(#[$meta:meta])* $alias:ident, $kind:ident, $tag:literal );+ $(;)? ) => {
        $(
            #[doc = concat!("The kind behind [`", stringify!($alias), "`].")]
            #[derive(Debug, Clone, Copy, PartialEq, Eq)]
            pub enum $kind {}

            impl TypedUuidKind for $kind {
                fn tag() -> TypedUuidTag {
                    const TAG: TypedUuidTag = TypedUuidTag::new($tag);
                    TAG
                }
            }

            $(#[$meta])*
            pub type $alias = TypedUuid<$kind>;
        )+
    };
}

ids! {
    /// A customer of this server; owns accounts, clients and settings.
    TenantId, TenantKind, "tenant";
    /// An API client of a tenant.
    ApiClientId, ApiClientKind, "api_client";
    /// The container of one person's credentials and executions.
    AccountId, AccountKind, "account";
    /// One transaction on an account.
    ExecutionId, ExecutionKind, "workflow_execution";
    /// A thing captured: an ID, a selfie, a facemap.
    CredentialId, CredentialKind, "credential";
    /// One capability on one set of credentials of an execution.
    RunId, RunKind, "run";
    /// One notification of a customer.
    CallbackId, CallbackKind, "callback";
    /// A secret that signs callbacks.
    CallbackSecretId, CallbackSecretKind, "callback_secret";
    /// The receipt of a deletion.
    ReceiptId, ReceiptKind, "receipt";
    /// The key that seals one blob or record.
    DataKeyId, DataKeyKind, "data_key";
    /// What an end user is asked to do before the camera.
    ChallengeId, ChallengeKind, "challenge";
    /// A line of the audit log.
    AuditId, AuditKind, "audit";
}
