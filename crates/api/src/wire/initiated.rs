//! The answer to a create or update (contract §3.6).

use bonafide_domain::credential::{Category, Channel, Classifier, Member};
use bonafide_domain::id::{AccountId, CredentialId, ExecutionId};
use bonafide_engine as engine;
use bonafide_engine::PublicUrls;
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

use super::{AccountReference, Timestamp, locale, vocabulary};

/// What was made, and how its credentials are captured.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Initiated {
    /// When it was made.
    pub timestamp: Timestamp,
    /// The account.
    pub account: AccountReference,
    /// The web journey; present when some credential is captured through it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub web: Option<Web>,
    /// The SDK's token; present when some credential is captured through it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sdk: Option<Sdk>,
    /// The new execution.
    pub workflow_execution: InitiatedExecution,
}

/// The web journey.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Web {
    /// Where the end user begins.
    #[schema(format = "uri")]
    pub href: String,
    /// Where a journey that succeeded ends, when it was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub success_url: Option<String>,
    /// Where a journey that failed ends, when it was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_url: Option<String>,
}

/// What the SDK needs.
#[derive(Serialize, ToSchema)]
pub struct Sdk {
    /// Its token.
    pub token: String,
}

/// The new execution.
#[derive(Serialize, ToSchema)]
pub struct InitiatedExecution {
    /// Its id.
    #[schema(value_type = String, format = Uuid)]
    pub id: ExecutionId,
    /// Its credentials.
    pub credentials: Vec<InitiatedCredential>,
}

/// A credential of the new execution.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InitiatedCredential {
    /// Its id.
    #[schema(value_type = String, format = Uuid)]
    pub id: CredentialId,
    /// What it is.
    #[schema(schema_with = vocabulary::category)]
    pub category: Category,
    /// The customer's label, when it was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// How it is captured; empty when it is on file already.
    #[schema(schema_with = vocabulary::channels)]
    pub allowed_channels: Vec<Channel>,
    /// How the customer's server uploads it; present when it may.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api: Option<ApiBlock>,
}

/// How the customer's server uploads a credential.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApiBlock {
    /// The bearer token for uploads and finalize of this execution.
    pub token: String,
    /// Where each part is uploaded.
    pub parts: Parts,
    /// Where the execution is finalized.
    #[schema(format = "uri")]
    pub workflow_execution: String,
}

/// The address of each part, under its classifier in lower case.
#[derive(ToSchema)]
#[schema(value_type = std::collections::BTreeMap<String, String>, example = json!({
    "front": "https://api.example.com/api/v1/accounts/…/parts/FRONT",
    "back": "https://api.example.com/api/v1/accounts/…/parts/BACK"
}))]
pub struct Parts(Vec<(Classifier, String)>);

impl Serialize for Parts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(part, href)| (part.part_key(), href)))
    }
}

impl Initiated {
    /// The answer, with addresses of `urls`.
    pub fn new(initiated: engine::Initiated, urls: &PublicUrls) -> Self {
        let engine::Initiated { at, account_id, execution, members, .. } = initiated;
        let web = initiated.web_token.map(|token| Web {
            href: urls
                .web_journey(token.expose(), locale::resolve(execution.web.locale.as_deref())),
            success_url: execution.web.success_url,
            error_url: execution.web.error_url,
        });
        let credentials = members
            .into_iter()
            .map(|member| {
                let api = initiated
                    .api_token
                    .as_ref()
                    .filter(|_| member.takes_uploads())
                    .map(|token| ApiBlock::new(token.expose(), execution.id, &member, urls));
                InitiatedCredential {
                    id: member.credential.id,
                    category: member.credential.category,
                    label: member.credential.label,
                    allowed_channels: member.channels,
                    api,
                }
            })
            .collect();
        Self {
            timestamp: at.into(),
            account: AccountReference { id: account_id },
            web,
            sdk: initiated.sdk_token.map(|token| Sdk { token: token.into_exposed() }),
            workflow_execution: InitiatedExecution { id: execution.id, credentials },
        }
    }
}

impl ApiBlock {
    /// How the parts of `member` are uploaded.
    pub fn new(token: &str, execution: ExecutionId, member: &Member, urls: &PublicUrls) -> Self {
        let account: AccountId = member.credential.account_id;
        let credential = member.credential.id;
        let parts = member
            .classifiers
            .iter()
            .map(|part| (*part, urls.upload(account, execution, credential, *part)))
            .collect();
        Self {
            token: token.to_owned(),
            parts: Parts(parts),
            workflow_execution: urls.finalize(account, execution),
        }
    }
}
