//! Who is it? Client credentials, access tokens and the tokens of one execution (contract §2).

use bonafide_domain::credential::Channel;
use bonafide_domain::id::TenantId;
use bonafide_domain::tenant::{ApiClient, Tenant};
use bonafide_domain::token::{ACCESS_TOKEN_LIFETIME, Token, TokenKind};
use bonafide_store::Transaction;
use bonafide_vault::{Redacted, secret};
use jiff::Timestamp;

use crate::Engine;
use crate::caller::{Caller, Journey};
use crate::error::{Error, Kind};

/// What the token endpoint gives out.
#[derive(Debug)]
pub struct AccessToken {
    /// The token.
    pub token: Redacted<String>,
    /// How long it lives.
    pub expires_in_seconds: i64,
}

const BAD_CREDENTIALS: &str = "The provided credentials are invalid.";

impl Engine {
    /// Makes an access token for a client (RFC 6749 §4.4).
    pub async fn issue_access_token(
        &self,
        client_id: &str,
        client_secret: &str,
    ) -> Result<AccessToken, Error> {
        let now = self.context.now();
        let mut tx = self.store.begin().await?;
        let client = check_client(&mut tx, client_id, client_secret).await?;
        self.get_tenant(&mut tx, client.tenant_id).await?;
        let token = self.context.token(TokenKind::Access);
        tx.insert_tokens(&[Token {
            hash: secret::hash(token.expose()),
            kind: TokenKind::Access,
            tenant_id: client.tenant_id,
            api_client_id: Some(client.id),
            permissions: Some(client.permissions),
            execution_id: None,
            expires_at: now + ACCESS_TOKEN_LIFETIME,
        }])
        .await?;
        tx.commit().await?;
        Ok(AccessToken { token, expires_in_seconds: ACCESS_TOKEN_LIFETIME.as_secs() })
    }

    /// The client behind an access token.
    pub async fn authenticate_bearer(&self, token: &str) -> Result<Caller, Error> {
        let now = self.context.now();
        let (token, tenant) = self.find_token(token, &[TokenKind::Access]).await?;
        if now >= token.expires_at {
            return Err(Error::new(Kind::Unauthenticated, "The access token has expired."));
        }
        let (Some(api_client_id), Some(permissions)) = (token.api_client_id, token.permissions)
        else {
            return Err(Error::internal("an access token without a client"));
        };
        Ok(Caller { tenant: self.check_region(tenant)?, api_client_id, permissions })
    }

    /// The client behind HTTP Basic: deprecated by the contract and in use all the same.
    pub async fn authenticate_basic(
        &self,
        client_id: &str,
        client_secret: &str,
    ) -> Result<Caller, Error> {
        let mut tx = self.store.read().await?;
        let client = check_client(&mut tx, client_id, client_secret).await?;
        let tenant = self.get_tenant(&mut tx, client.tenant_id).await?;
        Ok(Caller { tenant, api_client_id: client.id, permissions: client.permissions })
    }

    /// The execution behind `api.token`. It stays valid while the execution's session runs, and
    /// afterwards until its own end, so that a repeated finalize can be answered.
    pub async fn authenticate_transaction(&self, token: &str) -> Result<Journey, Error> {
        self.authenticate_journey(token, &[TokenKind::Transaction]).await
    }

    /// The execution behind `sdk.token` or the token of `web.href`, for as long as that of `api.token`.
    pub async fn authenticate_end_user(&self, token: &str) -> Result<Journey, Error> {
        self.authenticate_journey(token, &[TokenKind::Web, TokenKind::Sdk]).await
    }

    async fn authenticate_journey(
        &self,
        token: &str,
        kinds: &[TokenKind],
    ) -> Result<Journey, Error> {
        let now = self.context.now();
        let (found, tenant) = self.find_token(token, kinds).await?;
        let execution_id = found
            .execution_id
            .ok_or_else(|| Error::internal("a journey's token without an execution"))?;
        let mut tx = self.store.read().await?;
        let execution = tx
            .find_execution(found.tenant_id, execution_id)
            .await?
            .ok_or_else(|| Error::not_found("workflow execution"))?;
        let ends_at = found.expires_at.max(execution.session_expires_at.unwrap_or(Timestamp::MIN));
        if execution.status.has_expired() || execution.expiry(now).is_some() || now >= ends_at {
            return Err(Error::new(
                Kind::Unauthenticated,
                "The token has expired; start a new workflow execution with an account update.",
            ));
        }
        let tenant = self.check_region(tenant)?;
        let channel = match found.kind {
            TokenKind::Web => Channel::Web,
            TokenKind::Sdk => Channel::Sdk,
            TokenKind::Transaction | TokenKind::Access => Channel::Api,
        };
        Ok(Journey { tenant, execution_id, channel, token: Redacted::new(token.to_owned()) })
    }

    /// Finds a token and sees that it is of one of the wanted kinds.
    async fn find_token(&self, token: &str, kinds: &[TokenKind]) -> Result<(Token, Tenant), Error> {
        let (found, tenant) = self
            .store
            .find_token(&secret::hash(token))
            .await?
            .ok_or_else(|| Error::new(Kind::Unauthenticated, BAD_CREDENTIALS))?;
        if kinds.contains(&found.kind) {
            return Ok((found, tenant));
        }
        let wanted = match kinds {
            [TokenKind::Access] => "an access token of the token endpoint",
            [TokenKind::Transaction] => "the `api.token` of the workflow execution",
            _ => "the `sdk.token` of the workflow execution, or the token of its `web.href`",
        };
        Err(Error::forbidden(&format!(
            "This is a token of another kind; this call takes {wanted}."
        )))
    }

    async fn get_tenant(&self, tx: &mut Transaction, id: TenantId) -> Result<Tenant, Error> {
        let tenant = tx
            .find_tenant(id)
            .await?
            .ok_or_else(|| Error::internal("a client without a tenant"))?;
        self.check_region(tenant)
    }

    /// The tenant, if it belongs here: nothing crosses from one region to another (contract §1).
    fn check_region(&self, tenant: Tenant) -> Result<Tenant, Error> {
        if tenant.region == self.region {
            return Ok(tenant);
        }
        Err(Error::forbidden(&format!(
            "This tenant belongs to the region {}, and this server serves {}; call the addresses of its own region.",
            tenant.region, self.region
        )))
    }
}

async fn check_client(
    tx: &mut Transaction,
    client_id: &str,
    client_secret: &str,
) -> Result<ApiClient, Error> {
    tx.find_client_by_client_id(client_id)
        .await?
        .filter(|client| client.revoked_at.is_none())
        .filter(|client| secret::matches(&client.secret_hash, client_secret))
        .ok_or_else(|| Error::new(Kind::Unauthenticated, BAD_CREDENTIALS))
}
