//! Where this server is seen from outside: one public base URL per service (contract §1).

use bonafide_domain::credential::Classifier;
use bonafide_domain::id::{AccountId, CredentialId, ExecutionId};
use bonafide_domain::screening::SearchId;

/// A public base URL for each service of the contract, without a trailing slash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrls {
    /// `account.{region}`.
    pub account: String,
    /// `api.{region}`: uploads and finalize.
    pub api: String,
    /// `retrieval.{region}`.
    pub retrieval: String,
    /// `{prefix}.web.{region}`: the end user's journey.
    pub web: String,
    /// `web-sdk.{region}`.
    pub web_sdk: String,
}

impl PublicUrls {
    /// All services at one address.
    pub fn single_host(base: &str) -> Self {
        let base = base.trim_end_matches('/');
        Self {
            account: base.to_owned(),
            api: base.to_owned(),
            retrieval: base.to_owned(),
            web: base.to_owned(),
            web_sdk: base.to_owned(),
        }
    }

    /// `account.href`.
    pub fn account(&self, account: AccountId) -> String {
        format!("{}/api/v1/accounts/{account}", self.retrieval)
    }

    /// `workflowExecution.href`.
    pub fn execution(&self, account: AccountId, execution: ExecutionId) -> String {
        format!("{}/workflow-executions/{execution}", self.account(account))
    }

    /// `steps.href`.
    pub fn steps(&self, account: AccountId, execution: ExecutionId) -> String {
        format!("{}/steps", self.execution(account, execution))
    }

    /// Where a search in watchlists is retrieved.
    pub fn search(&self, search: SearchId) -> String {
        format!("{}/api/v1/searches/{search}", self.retrieval)
    }

    /// Where the execution is finalized.
    pub fn finalize(&self, account: AccountId, execution: ExecutionId) -> String {
        format!("{}/api/v1/accounts/{account}/workflow-executions/{execution}", self.api)
    }

    /// Where a part is uploaded.
    pub fn upload(
        &self,
        account: AccountId,
        execution: ExecutionId,
        credential: CredentialId,
        classifier: Classifier,
    ) -> String {
        let execution = self.finalize(account, execution);
        format!("{execution}/credentials/{credential}/parts/{classifier}")
    }

    /// Where a part is downloaded.
    pub fn retrieve_part(
        &self,
        account: AccountId,
        credential: CredentialId,
        classifier: Classifier,
    ) -> String {
        format!("{}/credentials/{credential}/parts/{classifier}", self.account(account))
    }

    /// `web.href`. The token is base64url and the locale letters and a dash, so neither needs
    /// escaping.
    pub fn web_journey(&self, token: &str, locale: &str) -> String {
        format!("{}/web/v4/app?authorizationToken={token}&locale={locale}", self.web)
    }
}
