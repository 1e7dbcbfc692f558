//! How many requests are served in a time (contract §12). Each process counts for itself.

use std::hash::{BuildHasher, RandomState};
use std::num::NonZeroU32;
use std::time::Duration;

use bonafide_domain::id::TenantId;
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::error::ApiError;

/// One request each `every`, and up to `burst` of them at once after a pause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// The time from one request to the next; not zero.
    pub every: Duration,
    /// How many may come at once.
    pub burst: NonZeroU32,
}

/// What an operator may limit; nothing by default.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RateLimits {
    /// Access tokens, for each client.
    pub token: Option<Rate>,
    /// Creates and updates, for each tenant.
    pub initiate: Option<Rate>,
    /// Uploads and finalizes, for each tenant.
    pub acquire: Option<Rate>,
    /// Retrieval and deletion, for each tenant.
    pub retrieve: Option<Rate>,
}

/// What is counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rated {
    Initiate,
    Acquire,
    Retrieve,
}

/// The limits at work. They remember tenants that have authenticated and a fixed number of clients
/// that claim to be some, so nobody can make them grow.
pub(crate) struct Rates {
    token: Option<DefaultKeyedRateLimiter<u16>>,
    clients: RandomState,
    initiate: Option<DefaultKeyedRateLimiter<TenantId>>,
    acquire: Option<DefaultKeyedRateLimiter<TenantId>>,
    retrieve: Option<DefaultKeyedRateLimiter<TenantId>>,
    clock: DefaultClock,
}

impl Rates {
    pub(crate) fn new(limits: &RateLimits) -> Self {
        Self {
            token: limits.token.and_then(limiter),
            clients: RandomState::new(),
            initiate: limits.initiate.and_then(limiter),
            acquire: limits.acquire.and_then(limiter),
            retrieve: limits.retrieve.and_then(limiter),
            clock: DefaultClock::default(),
        }
    }

    /// Counts a request of a tenant, or refuses it.
    pub(crate) fn check(&self, rated: Rated, tenant_id: TenantId) -> Result<(), ApiError> {
        let limiter = match rated {
            Rated::Initiate => &self.initiate,
            Rated::Acquire => &self.acquire,
            Rated::Retrieve => &self.retrieve,
        };
        self.count(limiter.as_ref(), &tenant_id)
    }

    /// Counts a request for an access token, before its secret is looked at, or refuses it.
    pub(crate) fn check_token(&self, client_id: &str) -> Result<(), ApiError> {
        let bucket = self.clients.hash_one(client_id) as u16;
        self.count(self.token.as_ref(), &bucket)
    }

    fn count<K: std::hash::Hash + Eq + Clone>(
        &self,
        limiter: Option<&DefaultKeyedRateLimiter<K>>,
        key: &K,
    ) -> Result<(), ApiError> {
        let Some(limiter) = limiter else { return Ok(()) };
        limiter
            .check_key(key)
            .map_err(|until| ApiError::too_many_requests(until.wait_time_from(self.clock.now())))
    }
}

fn limiter<K: std::hash::Hash + Eq + Clone>(rate: Rate) -> Option<DefaultKeyedRateLimiter<K>> {
    let quota = Quota::with_period(rate.every)?.allow_burst(rate.burst);
    Some(RateLimiter::keyed(quota))
}
