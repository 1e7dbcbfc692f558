//! Fetching lists from the addresses that the operator configured, and from no others. What a
//! publisher says is unchanged (`ETag`) only becomes young again; what is broken replaces nothing.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bonafide_screening::list::Source;
use bonafide_screening::store::{ImportOptions, Manifest};
use jiff::Timestamp;
use reqwest::{StatusCode, header};

use super::Watchlists;
use crate::error::Error;

/// The longest that one file may take.
const TIME_LIMIT: Duration = Duration::from_mins(15);
const CONNECT_LIMIT: Duration = Duration::from_secs(15);
/// More than any list has, in bytes.
const MOST_BYTES: u64 = 2 * 1024 * 1024 * 1024;
/// Publishers send from one address to another; an endless chain is an error.
const MOST_REDIRECTS: usize = 5;

/// Where lists are fetched from.
#[derive(Debug, Clone, Default)]
pub struct ListAddresses {
    /// The files of each list.
    pub files: Vec<(Source, Vec<String>)>,
    /// The licence of `opensanctions` was read and fits.
    pub licence_acknowledged: bool,
}

/// What fetching a list brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refreshed {
    /// Its publisher says that the active version is the newest.
    Unchanged,
    /// A version was imported; the same one where its bytes were.
    Imported(Manifest),
    /// Nothing: why. The active version stays, and grows old.
    Failed(String),
}

/// How far a refresh is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefreshStep {
    /// A file of the list comes in.
    Fetching {
        /// So far.
        bytes: u64,
        /// Of how many, where its publisher says so.
        of: Option<u64>,
    },
    /// What came in is read.
    Reading {
        /// So far.
        entities: usize,
    },
}

/// Is told how far the refresh of a list is.
type Watch = dyn Fn(Source, RefreshStep) + Send + Sync;

impl Watchlists {
    /// Fetches every list that has an address; `watch` is told how far it is.
    pub async fn refresh(
        &self,
        now: Timestamp,
        watch: impl Fn(Source, RefreshStep) + Send + Sync + 'static,
    ) -> Result<Vec<(Source, Refreshed)>, Error> {
        let watch: Arc<Watch> = Arc::new(watch);
        // Fails when a provider is installed already; then that one serves.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .user_agent(concat!("Bonafide/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::limited(MOST_REDIRECTS))
            .connect_timeout(CONNECT_LIMIT)
            .timeout(TIME_LIMIT)
            .build()
            .map_err(Error::internal)?;
        let mut all = Vec::new();
        for (source, urls) in &self.addresses.files {
            let refreshed = self.refresh_one(&client, *source, urls, now, &watch).await;
            let refreshed = refreshed.unwrap_or_else(Refreshed::Failed);
            if let Refreshed::Failed(why) = &refreshed {
                tracing::error!(list = %source, why, "a watchlist could not be fetched");
            }
            all.push((*source, refreshed));
        }
        Ok(all)
    }

    async fn refresh_one(
        &self,
        client: &reqwest::Client,
        source: Source,
        urls: &[String],
        now: Timestamp,
        watch: &Arc<Watch>,
    ) -> Result<Refreshed, String> {
        let tags = self.store.tags(source).map_err(|error| error.to_string())?;
        if is_unchanged(client, urls, &tags).await
            && self.store.renew(source, now).map_err(|error| error.to_string())?
        {
            return Ok(Refreshed::Unchanged);
        }
        let folder = self.store.scratch(source).map_err(|error| error.to_string())?;
        let mut tags = BTreeMap::new();
        let mut files = Vec::new();
        for url in urls {
            let path = folder.path().join(file_name(url)?);
            if files.contains(&path) {
                return Err("two of its addresses end alike".to_owned());
            }
            let fetching = |bytes, of| watch(source, RefreshStep::Fetching { bytes, of });
            if let Some(tag) = download(client, url, &path, fetching).await? {
                tags.insert(url.clone(), tag);
            }
            files.push(path);
        }
        let manifest = self.import_fetched(source, files, now, Arc::clone(watch)).await?;
        // A list of which one file has no tag is fetched whole each time.
        if tags.len() == urls.len() {
            let kept = self.store.set_tags(source, &manifest.version, tags);
            kept.map_err(|error| error.to_string())?;
        }
        Ok(Refreshed::Imported(manifest))
    }

    async fn import_fetched(
        &self,
        source: Source,
        files: Vec<PathBuf>,
        now: Timestamp,
        watch: Arc<Watch>,
    ) -> Result<Manifest, String> {
        let store = Arc::clone(&self.store);
        let licence_acknowledged = self.addresses.licence_acknowledged;
        let options = ImportOptions { licence_acknowledged, allow_shrink: false };
        let import = move || {
            let mut reading = |entities| watch(source, RefreshStep::Reading { entities });
            reading(0);
            store.import_watched(source, &files, now, options, &mut reading)
        };
        let imported = tokio::task::spawn_blocking(import).await;
        imported.map_err(|_| "the reader failed".to_owned())?.map_err(|error| error.to_string())
    }
}

/// Whether the publisher says of every file that it is the one that we have.
async fn is_unchanged(
    client: &reqwest::Client,
    urls: &[String],
    tags: &BTreeMap<String, String>,
) -> bool {
    for url in urls {
        let Some(tag) = tags.get(url) else { return false };
        let answer = client.get(url).header(header::IF_NONE_MATCH, tag).send().await;
        if !answer.is_ok_and(|answer| answer.status() == StatusCode::NOT_MODIFIED) {
            return false;
        }
    }
    !urls.is_empty()
}

/// Writes what an address gives into a file; gives its tag.
async fn download(
    client: &reqwest::Client,
    url: &str,
    path: &Path,
    watch: impl Fn(u64, Option<u64>),
) -> Result<Option<String>, String> {
    let failed = |error: reqwest::Error| format!("{}: {}", host(url), error.without_url());
    watch(0, None);
    let mut response = client.get(url).send().await.map_err(failed)?;
    if !response.status().is_success() {
        return Err(format!("{} answered {}", host(url), response.status()));
    }
    let tag = response.headers().get(header::ETAG).and_then(|tag| tag.to_str().ok());
    let tag = tag.map(str::to_owned);
    let written = |error: std::io::Error| format!("{}: {error}", path.display());
    let mut file = File::create(path).map_err(written)?;
    let (mut bytes, of) = (0, response.content_length());
    while let Some(chunk) = response.chunk().await.map_err(failed)? {
        bytes += chunk.len() as u64;
        if bytes > MOST_BYTES {
            return Err(format!("{} sends more than {MOST_BYTES} bytes", host(url)));
        }
        file.write_all(&chunk).map_err(written)?;
        watch(bytes, of);
    }
    file.sync_all().map_err(written)?;
    Ok(tag)
}

/// The host alone: addresses may hold a token.
fn host(url: &str) -> String {
    let parsed = url::Url::parse(url).ok();
    let host = parsed.as_ref().and_then(url::Url::host_str);
    host.unwrap_or("an address that is no URL").to_owned()
}

/// The file's name, which tells the readers what it is.
fn file_name(url: &str) -> Result<String, String> {
    let parsed = url::Url::parse(url).map_err(|_| "an address is no URL".to_owned())?;
    let last = parsed.path_segments().and_then(|mut segments| segments.next_back());
    let plain = |name: &&str| {
        !name.is_empty()
            && !name.starts_with('.')
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
    };
    let name = last.filter(plain).map(str::to_owned);
    name.ok_or_else(|| format!("an address at {} does not end with a file's name", host(url)))
}
