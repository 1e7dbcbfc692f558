//! Who asks: a tenant's client with an access token, or a journey with a token of one execution.

use bonafide_domain::credential::Channel;
use bonafide_domain::id::{ApiClientId, ExecutionId};
use bonafide_domain::initiation::{ReferenceProfile, RequestProfile, UrlProfile};
use bonafide_domain::tenant::{Permissions, Tenant, TenantMode};
use bonafide_store::Scope;
use bonafide_vault::Redacted;

use crate::error::Error;

/// A tenant's API client.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Whose data it may see.
    pub tenant: Tenant,
    /// Which client it is.
    pub api_client_id: ApiClientId,
    /// What it may do.
    pub permissions: Permissions,
}

impl Caller {
    /// What its tenant's requests may say.
    pub fn request_profile(&self) -> RequestProfile {
        RequestProfile {
            urls: if self.tenant.settings.development_urls {
                UrlProfile::Development
            } else {
                UrlProfile::Strict
            },
            reference: if self.tenant.mode == TenantMode::Sandbox {
                ReferenceProfile::Sandbox
            } else {
                ReferenceProfile::Strict
            },
        }
    }

    /// Whose idempotency keys it uses.
    pub(crate) fn scope(&self) -> Scope {
        Scope::Client(self.tenant.id, self.api_client_id)
    }

    pub(crate) fn may_initiate(&self) -> Result<(), Error> {
        if self.permissions.initiate {
            Ok(())
        } else {
            Err(Error::forbidden("This client may not create or update accounts."))
        }
    }

    pub(crate) fn may_retrieve(&self) -> Result<(), Error> {
        if self.permissions.retrieve {
            Ok(())
        } else {
            Err(Error::forbidden("This client may not retrieve or delete."))
        }
    }
}

/// The holder of a token of one execution: it may capture for it, through its channel.
#[derive(Debug, Clone)]
pub struct Journey {
    /// Whose execution it is.
    pub tenant: Tenant,
    /// The one execution.
    pub execution_id: ExecutionId,
    /// `api.token` captures over the API, the other two before the end user.
    pub channel: Channel,
    /// The token itself, which upload answers repeat.
    pub token: Redacted<String>,
}

impl Journey {
    /// Whose idempotency keys it uses.
    pub(crate) fn scope(&self) -> Scope {
        Scope::Journey(self.tenant.id, self.execution_id)
    }

    pub(crate) fn is_for(&self, execution_id: ExecutionId) -> Result<(), Error> {
        if self.execution_id == execution_id {
            Ok(())
        } else {
            Err(Error::forbidden("This token belongs to another workflow execution."))
        }
    }
}
