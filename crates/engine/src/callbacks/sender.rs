//! The client that posts callbacks. It follows no redirects and filters addresses inside the
//! resolver, so there is no gap between the check and the connection.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header;
use reqwest::redirect::Policy;

use super::address::is_public;
use super::signing::Signature;
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
    /// Eleven attempts over about three and a half days.
    fn default() -> Self {
        const MINUTE: u64 = 60;
        const HOUR: u64 = 60 * MINUTE;
        let seconds = [
            5,
            30,
            5 * MINUTE,
            30 * MINUTE,
            2 * HOUR,
            5 * HOUR,
            10 * HOUR,
            18 * HOUR,
            24 * HOUR,
            24 * HOUR,
        ];
        Self {
            schedule: seconds.map(Duration::from_secs).to_vec(),
            time_limit: Duration::from_secs(15),
            allow_private_addresses: false,
        }
    }
}

/// One attempt, ready to be posted.
pub(crate) struct Delivery {
    /// The event's place among those of the account.
    pub(crate) sequence: i64,
    /// Id, time and signatures.
    pub(crate) signature: Signature,
    /// The body, as it was signed.
    pub(crate) body: String,
}

/// Posts callbacks.
pub struct Sender {
    client: reqwest::Client,
    options: CallbackOptions,
}

impl Sender {
    /// A sender with these options.
    pub fn new(options: CallbackOptions) -> Result<Self, Error> {
        Self::with_lookup(options, System)
    }

    fn with_lookup(options: CallbackOptions, lookup: impl Lookup) -> Result<Self, Error> {
        // Fails when a provider is installed already; then that one serves.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let allow_private = options.allow_private_addresses;
        let client = reqwest::Client::builder()
            .user_agent(concat!("Bonafide/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .timeout(options.time_limit)
            .no_proxy()
            .dns_resolver(PublicResolver { lookup: Arc::new(lookup), allow_private })
            .build()
            .map_err(Error::internal)?;
        Ok(Self { client, options })
    }

    /// The pause after a number of attempts; none when that was the last.
    pub(super) fn pause_after(&self, attempts: i32) -> Option<Duration> {
        let index = usize::try_from(attempts).ok()?.checked_sub(1)?;
        self.options.schedule.get(index).copied()
    }

    /// Posts a callback; gives the status, or a short reason that names no address. The body of the
    /// answer is not read.
    pub(crate) async fn post(&self, url: &str, delivery: Delivery) -> Result<u16, String> {
        self.check_literal(url)?;
        let Delivery { sequence, signature, body } = delivery;
        let mut request = self
            .client
            .post(url)
            .header(header::CONTENT_TYPE, "application/json")
            .header("webhook-id", signature.id)
            .header("webhook-timestamp", signature.timestamp_seconds)
            .header("bonafide-sequence", sequence)
            .body(body);
        if !signature.signatures.is_empty() {
            request = request.header("webhook-signature", signature.signatures);
        }
        let response = request.send().await.map_err(|error| {
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

/// Finds the addresses of a name; a parameter, so that tests can play a name server that lies.
trait Lookup: Send + Sync + 'static {
    fn lookup(&self, name: String) -> BoxFuture<'static, std::io::Result<Vec<SocketAddr>>>;
}

/// The operating system's.
struct System;

impl Lookup for System {
    fn lookup(&self, name: String) -> BoxFuture<'static, std::io::Result<Vec<SocketAddr>>> {
        Box::pin(async move { Ok(tokio::net::lookup_host((name, 0)).await?.collect()) })
    }
}

/// Lets only public addresses through to the connection. What was looked up is what is connected to:
/// a name that leads elsewhere the next time (DNS rebinding) is judged anew then.
struct PublicResolver<L> {
    lookup: Arc<L>,
    allow_private: bool,
}

impl<L: Lookup> Resolve for PublicResolver<L> {
    fn resolve(&self, name: Name) -> Resolving {
        let allow_private = self.allow_private;
        let found = self.lookup.lookup(name.as_str().to_owned());
        Box::pin(async move {
            let mut allowed = found.await?;
            allowed.retain(|address| allow_private || is_public(address.ip()));
            if allowed.is_empty() {
                return Err("the name leads to no public address".into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
#[path = "sender_tests.rs"]
mod tests;
