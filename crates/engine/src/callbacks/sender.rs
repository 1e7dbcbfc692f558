//! The client that posts callbacks. It follows no redirects and filters addresses inside the
//! resolver, so there is no gap between the check and the connection.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;

use super::address::is_public;
use crate::error::Error;

/// How callbacks are sent.
#[derive(Debug, Clone)]
pub struct CallbackOptions {
    /// Pauses between attempts; their number is the number of further attempts.
    pub schedule: Vec<Duration>,
    /// How long a customer's server may take to answer.
    pub time_limit: Duration,
    /// Whether private addresses are allowed: for development, and for customers in one's own house.
    pub allow_private_addresses: bool,
}

impl Default for CallbackOptions {
    /// Nine attempts over about a day and a half.
    fn default() -> Self {
        const MINUTE: u64 = 60;
        const HOUR: u64 = 60 * MINUTE;
        let seconds = [5, 30, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 18 * HOUR];
        Self {
            schedule: seconds.map(Duration::from_secs).to_vec(),
            time_limit: Duration::from_secs(15),
            allow_private_addresses: false,
        }
    }
}

/// Posts callbacks.
pub struct Sender {
    client: reqwest::Client,
    options: CallbackOptions,
}

impl Sender {
    /// A sender with these options.
    pub fn new(options: CallbackOptions) -> Result<Self, Error> {
        // Fails when a provider is installed already; then that one serves.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let allow_private = options.allow_private_addresses;
        let client = reqwest::Client::builder()
            .user_agent(concat!("Bonafide/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .timeout(options.time_limit)
            .no_proxy()
            .dns_resolver(PublicResolver { allow_private })
            .build()
            .map_err(Error::internal)?;
        Ok(Self { client, options })
    }

    /// The pause after a number of attempts; none when that was the last.
    pub(super) fn pause_after(&self, attempts: i32) -> Option<Duration> {
        let index = usize::try_from(attempts).ok()?.checked_sub(1)?;
        self.options.schedule.get(index).copied()
    }

    /// Posts a body; gives the status, or a short reason that names no address.
    pub(super) async fn post(&self, url: &str, body: &serde_json::Value) -> Result<u16, String> {
        self.check_literal(url)?;
        let response = self.client.post(url).json(body).send().await.map_err(|error| {
            let reason = if error.is_timeout() {
                "no answer in time"
            } else if error.is_connect() {
                "no connection"
            } else {
                "the request failed"
            };
            reason.to_owned()
        })?;
        Ok(response.status().as_u16())
    }

    /// A literal address asks no resolver, so it is judged here.
    fn check_literal(&self, url: &str) -> Result<(), String> {
        let url = url::Url::parse(url).map_err(|_| "not a URL".to_owned())?;
        let literal: Option<IpAddr> = match url.host() {
            Some(url::Host::Ipv4(address)) => Some(address.into()),
            Some(url::Host::Ipv6(address)) => Some(address.into()),
            _ => None,
        };
        match literal {
            Some(address) if !self.options.allow_private_addresses && !is_public(address) => {
                Err("a private address, which the operator does not allow".to_owned())
            }
            _ => Ok(()),
        }
    }
}

struct PublicResolver {
    allow_private: bool,
}

impl Resolve for PublicResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let allow_private = self.allow_private;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> =
                found.filter(|address| allow_private || is_public(address.ip())).collect();
            if allowed.is_empty() {
                return Err("the name leads to no public address".into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}
