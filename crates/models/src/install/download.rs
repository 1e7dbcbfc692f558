//! Downloading from an address.

use std::io::Read;
use std::time::Duration;

use reqwest::blocking::Client;
use reqwest::redirect::Policy;

use crate::install::take::Trouble;

/// The slowest line that an installation waits for, in bytes a second.
const SLOWEST_LINE: u64 = 50_000;
/// What everything but the transfer may take.
const PATIENCE: Duration = Duration::from_mins(1);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Model hosts redirect to where the bytes are.
const REDIRECTS: usize = 5;

/// The body of a successful answer that announces no other length than `bytes`.
pub(crate) fn open(url: &str, bytes: u64) -> Result<impl Read, Trouble> {
    let response = client(bytes)?.get(url).send().map_err(|error| unavailable(&error))?;
    if !response.status().is_success() {
        return Err(Trouble::Unavailable(format!("it answered {}", response.status())));
    }
    match response.content_length() {
        Some(length) if length != bytes => {
            Err(Trouble::Refused(format!("it has {length} bytes, not {bytes}")))
        }
        _ => Ok(response),
    }
}

fn client(bytes: u64) -> Result<Client, Trouble> {
    // Fails where a provider is installed already, which then serves.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(PATIENCE + Duration::from_secs(bytes / SLOWEST_LINE))
        .redirect(Policy::limited(REDIRECTS))
        .build()
        .map_err(|error| unavailable(&error))
}

/// The innermost cause, which names the matter ("connection refused"), without the address.
fn unavailable(error: &reqwest::Error) -> Trouble {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    Trouble::Unavailable(cause.to_string())
}
