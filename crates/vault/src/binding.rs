use bonafide_domain::credential::Classifier;
use bonafide_domain::id::{
    AccountId, CallbackSecretId, ChallengeId, CredentialId, ExecutionId, RunId, TenantId,
};

/// The place that sealed bytes belong to. They open nowhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Binding {
    /// The file of a part.
    Part {
        /// Its owner.
        tenant: TenantId,
        /// Its account.
        account: AccountId,
        /// Its credential.
        credential: CredentialId,
        /// Which part it is.
        classifier: Classifier,
    },
    /// The data and evidence of a run.
    Run {
        /// Its owner.
        tenant: TenantId,
        /// Its account.
        account: AccountId,
        /// Its execution.
        execution: ExecutionId,
        /// The run.
        run: RunId,
    },
    /// The consent stated for an execution.
    Consent {
        /// Its owner.
        tenant: TenantId,
        /// Its account.
        account: AccountId,
        /// Its execution.
        execution: ExecutionId,
    },
    /// The challenge of a credential, and how it was answered.
    Challenge {
        /// Its owner.
        tenant: TenantId,
        /// Its account.
        account: AccountId,
        /// Its credential.
        credential: CredentialId,
        /// The challenge.
        challenge: ChallengeId,
    },
    /// The face of a document that an execution saw.
    KnownFace {
        /// Its owner.
        tenant: TenantId,
        /// Its account.
        account: AccountId,
        /// Its execution.
        execution: ExecutionId,
    },
    /// The secret behind a tenant's facemaps.
    FacemapSecret {
        /// Its owner.
        tenant: TenantId,
    },
    /// A secret that signs a tenant's callbacks.
    CallbackSecret {
        /// Its owner.
        tenant: TenantId,
        /// The secret.
        secret: CallbackSecretId,
    },
    /// A search in watchlists.
    Search {
        /// Its owner.
        tenant: TenantId,
        /// Its number.
        search: i64,
    },
    /// A step of a search's review.
    SearchReview {
        /// Its owner.
        tenant: TenantId,
        /// The search's number.
        search: i64,
        /// The step's place.
        position: i32,
    },
    /// A key of a tenant's at its screening provider.
    ProviderKey {
        /// Its owner.
        tenant: TenantId,
    },
    /// What came of a request that was made under a key of the client's.
    Outcome {
        /// Its owner.
        tenant: TenantId,
        /// Whose key it is: the id of a client or of an execution.
        scope: [u8; 16],
        /// SHA-256 of the key.
        key_hash: [u8; 32],
    },
}

impl Binding {
    /// The associated data: a letter for the kind, then ids of fixed length, then at most one text.
    /// No two bindings have the same bytes.
    pub(crate) fn canonical(&self) -> Vec<u8> {
        match self {
            Self::Part { tenant, account, credential, classifier } => join(
                b'P',
                [tenant.as_bytes(), account.as_bytes(), credential.as_bytes()],
                classifier.as_str(),
            ),
            Self::Run { tenant, account, execution, run } => join(
                b'R',
                [tenant.as_bytes(), account.as_bytes(), execution.as_bytes(), run.as_bytes()],
                "",
            ),
            Self::Consent { tenant, account, execution } => {
                join(b'C', [tenant.as_bytes(), account.as_bytes(), execution.as_bytes()], "")
            }
            Self::Challenge { tenant, account, credential, challenge } => join(
                b'H',
                [
                    tenant.as_bytes(),
                    account.as_bytes(),
                    credential.as_bytes(),
                    challenge.as_bytes(),
                ],
                "",
            ),
            Self::KnownFace { tenant, account, execution } => {
                join(b'G', [tenant.as_bytes(), account.as_bytes(), execution.as_bytes()], "")
            }
            Self::FacemapSecret { tenant } => join(b'F', [tenant.as_bytes()], ""),
            Self::CallbackSecret { tenant, secret } => {
                join(b'S', [tenant.as_bytes(), secret.as_bytes()], "")
            }
            Self::Search { tenant, search } => {
                [b"W".as_slice(), tenant.as_bytes(), &search.to_be_bytes()].concat()
            }
            Self::SearchReview { tenant, search, position } => {
                let places = [search.to_be_bytes().as_slice(), &position.to_be_bytes()].concat();
                [b"V".as_slice(), tenant.as_bytes(), &places].concat()
            }
            Self::ProviderKey { tenant } => join(b'K', [tenant.as_bytes()], ""),
            Self::Outcome { tenant, scope, key_hash } => {
                [b"O".as_slice(), tenant.as_bytes(), scope, key_hash].concat()
            }
        }
    }
}

fn join<const N: usize>(kind: u8, ids: [&[u8; 16]; N], text: &str) -> Vec<u8> {
    [[kind].as_slice(), ids.map(|id| *id).as_flattened(), text.as_bytes()].concat()
}
