//! The configuration: defaults, then a file, then the environment, then flags. An unknown key is an
//! error.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use bonafide_api::{Rate, RateLimits};
use bonafide_domain::region::Region;
use bonafide_engine::screening::ListAddresses;
use bonafide_engine::{CallbackOptions, PublicUrls, WorkerSize};
use bonafide_imaging::Limits;
use bonafide_store::S3Options;
use serde::Deserialize;

const DEFAULTS: &str = include_str!("default.toml");
/// No upload may be larger, whatever is configured (contract §4.2).
const MOST_BYTES: usize = 15_000_000;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    pub(crate) server: Server,
    data: Data,
    database: Database,
    blobs: Blobs,
    keys: Keys,
    models: Models,
    lists: Lists,
    public: Public,
    uploads: Uploads,
    callbacks: Callbacks,
    worker: Worker,
    idempotency: Idempotency,
    limits: LimitSettings,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Server {
    pub(crate) listen: String,
    pub(crate) worker: bool,
    pub(crate) region: Region,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Data {
    folder: PathBuf,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Database {
    url: String,
    url_file: PathBuf,
}

/// The URL may hold a password.
impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Database(redacted)")
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Blobs {
    folder: PathBuf,
    s3: S3,
}

#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct S3 {
    bucket: String,
    endpoint: String,
    region: String,
    prefix: String,
    access_key_id: String,
    secret_access_key: String,
    secret_access_key_file: PathBuf,
}

impl std::fmt::Debug for S3 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("S3(redacted)")
    }
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Keys {
    ring: String,
    ring_file: PathBuf,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(redacted)")
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Models {
    folder: PathBuf,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Lists {
    folder: PathBuf,
    stale_after_hours: u32,
    addresses: BTreeMap<String, Vec<String>>,
    licence_acknowledged: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Public {
    base: String,
    account: String,
    api: String,
    retrieval: String,
    web: String,
    web_sdk: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Uploads {
    max_bytes: usize,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Callbacks {
    schedule_seconds: Vec<u64>,
    time_limit_seconds: u64,
    allow_private_addresses: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Worker {
    compute: usize,
    delivery: usize,
}

/// Where sealed blobs lie.
pub(crate) enum BlobPlace {
    /// In a folder.
    Folder(PathBuf),
    /// In an S3-compatible store.
    S3(S3Options),
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Idempotency {
    hours: u32,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct LimitSettings {
    token_per_second: f64,
    token_burst: NonZeroU32,
    initiate_per_second: f64,
    initiate_burst: NonZeroU32,
    acquire_per_second: f64,
    acquire_burst: NonZeroU32,
    retrieve_per_second: f64,
    retrieve_burst: NonZeroU32,
}

/// Where the key ring comes from.
pub(crate) enum KeyRingSource {
    /// It stands in the configuration.
    Value(String),
    /// It lies in a file; `make` says whether one may be made there.
    File { path: PathBuf, make: bool },
}

impl Settings {
    /// Reads the configuration.
    pub(crate) fn load(file: Option<&Path>, data: Option<&Path>) -> Result<Self> {
        let mut builder = config::Config::builder()
            .add_source(config::File::from_str(DEFAULTS, config::FileFormat::Toml));
        if let Some(file) = file {
            builder = builder.add_source(config::File::from(file).format(config::FileFormat::Toml));
        }
        let environment =
            config::Environment::with_prefix("BONAFIDE").prefix_separator("__").separator("__");
        builder = builder.add_source(environment.try_parsing(true));
        if let Some(data) = data {
            let data = data.to_str().context("the data folder's name is not UTF-8")?;
            builder = builder.set_override("data.folder", data)?;
        }
        let settings: Self = builder.build().and_then(config::Config::try_deserialize).context(
            "the configuration cannot be read; `bonafide serve --help` shows where it comes from",
        )?;
        settings.check()?;
        Ok(settings)
    }

    fn check(&self) -> Result<()> {
        if self.uploads.max_bytes == 0 || self.uploads.max_bytes > MOST_BYTES {
            bail!("uploads.max_bytes must be 1 to {MOST_BYTES}");
        }
        if !self.database.url.is_empty() && !self.database.url_file.as_os_str().is_empty() {
            bail!("give database.url or database.url_file, not both");
        }
        if !self.keys.ring.is_empty() && !self.keys.ring_file.as_os_str().is_empty() {
            bail!("give keys.ring or keys.ring_file, not both");
        }
        let Blobs { folder, s3 } = &self.blobs;
        if !s3.bucket.is_empty() && !folder.as_os_str().is_empty() {
            bail!("give blobs.folder or blobs.s3.bucket, not both");
        }
        if !s3.secret_access_key.is_empty() && !s3.secret_access_key_file.as_os_str().is_empty() {
            bail!("give blobs.s3.secret_access_key or blobs.s3.secret_access_key_file, not both");
        }
        if self.idempotency.hours == 0 {
            bail!("idempotency.hours must be at least 1");
        }
        let LimitSettings {
            token_per_second,
            initiate_per_second,
            acquire_per_second,
            retrieve_per_second,
            ..
        } = self.limits;
        for rate in [token_per_second, initiate_per_second, acquire_per_second, retrieve_per_second]
        {
            if rate != 0.0 && !(0.001..=1e6).contains(&rate) {
                bail!("limits.…_per_second must be 0, or 0.001 to 1000000");
            }
        }
        Ok(())
    }

    /// The folder of everything that is not placed elsewhere.
    pub(crate) fn data_folder(&self) -> &Path {
        &self.data.folder
    }

    /// These settings on another data folder, with nothing placed outside it but the models.
    pub(crate) fn with_data_folder(mut self, folder: &Path) -> Self {
        folder.clone_into(&mut self.data.folder);
        self.database = Database { url: String::new(), url_file: PathBuf::new() };
        self.blobs = Blobs { folder: PathBuf::new(), s3: S3::default() };
        self.keys = Keys { ring: String::new(), ring_file: PathBuf::new() };
        self
    }

    /// The database's URL.
    pub(crate) fn database_url(&self) -> Result<String> {
        if !self.database.url.is_empty() {
            return Ok(self.database.url.clone());
        }
        let file = &self.database.url_file;
        if !file.as_os_str().is_empty() {
            return read_secret("database.url_file", file);
        }
        Ok(format!("sqlite://{}", self.data.folder.join("bonafide.db").display()))
    }

    /// Where the key ring comes from.
    pub(crate) fn key_ring(&self) -> KeyRingSource {
        if !self.keys.ring.is_empty() {
            return KeyRingSource::Value(self.keys.ring.clone());
        }
        if self.keys.ring_file.as_os_str().is_empty() {
            KeyRingSource::File { path: self.data.folder.join("keys"), make: true }
        } else {
            KeyRingSource::File { path: self.keys.ring_file.clone(), make: false }
        }
    }

    /// Where sealed blobs lie.
    pub(crate) fn blobs(&self) -> Result<BlobPlace> {
        let Blobs { folder, s3 } = &self.blobs;
        if s3.bucket.is_empty() {
            return Ok(BlobPlace::Folder(or_else(folder, || self.data.folder.join("blobs"))));
        }
        let secret_access_key = if s3.secret_access_key_file.as_os_str().is_empty() {
            s3.secret_access_key.clone()
        } else {
            read_secret("blobs.s3.secret_access_key_file", &s3.secret_access_key_file)?
        };
        Ok(BlobPlace::S3(S3Options {
            endpoint: Some(s3.endpoint.clone()).filter(|endpoint| !endpoint.is_empty()),
            region: s3.region.clone(),
            bucket: s3.bucket.clone(),
            prefix: s3.prefix.clone(),
            access_key_id: s3.access_key_id.clone(),
            secret_access_key,
        }))
    }

    /// The folder of model packs.
    pub(crate) fn models_folder(&self) -> PathBuf {
        or_else(&self.models.folder, || cache_folder().join("bonafide").join("models"))
    }

    /// The folder of watchlists.
    pub(crate) fn lists_folder(&self) -> PathBuf {
        or_else(&self.lists.folder, || self.data.folder.join("lists"))
    }

    /// From which age on a watchlist may not be relied on.
    pub(crate) fn lists_stale_after(&self) -> jiff::SignedDuration {
        jiff::SignedDuration::from_hours(i64::from(self.lists.stale_after_hours))
    }

    /// Where lists are fetched from.
    pub(crate) fn list_addresses(&self) -> Result<ListAddresses> {
        let files = self.lists.addresses.iter().filter(|(_, urls)| !urls.is_empty());
        let files = files.map(|(name, urls)| {
            let source =
                name.parse().map_err(|_| anyhow!("lists.addresses.{name}: no such list"))?;
            Ok((source, urls.clone()))
        });
        Ok(ListAddresses {
            files: files.collect::<Result<_>>()?,
            licence_acknowledged: self.lists.licence_acknowledged,
        })
    }

    /// The public URLs, given the address that the API listens on.
    pub(crate) fn public_urls(&self, listen: &str) -> PublicUrls {
        let base = if self.public.base.is_empty() {
            format!("http://{listen}")
        } else {
            self.public.base.clone()
        };
        let or_base = |url: &str| {
            let url = if url.is_empty() { &base } else { url };
            url.trim_end_matches('/').to_owned()
        };
        PublicUrls {
            account: or_base(&self.public.account),
            api: or_base(&self.public.api),
            retrieval: or_base(&self.public.retrieval),
            web: or_base(&self.public.web),
            web_sdk: or_base(&self.public.web_sdk),
        }
    }

    /// What an upload may be.
    pub(crate) fn limits(&self) -> Limits {
        Limits { bytes: self.uploads.max_bytes, ..Limits::default() }
    }

    /// How callbacks are sent.
    pub(crate) fn callbacks(&self, development: bool) -> CallbackOptions {
        CallbackOptions {
            schedule: self
                .callbacks
                .schedule_seconds
                .iter()
                .copied()
                .map(Duration::from_secs)
                .collect(),
            time_limit: Duration::from_secs(self.callbacks.time_limit_seconds),
            allow_private_addresses: development || self.callbacks.allow_private_addresses,
        }
    }

    /// How long what came of a request is kept under its idempotency key.
    pub(crate) fn idempotency_lifetime(&self) -> Duration {
        Duration::from_hours(u64::from(self.idempotency.hours))
    }

    /// How many requests are served in a time.
    pub(crate) fn rate_limits(&self) -> RateLimits {
        let rate = |per_second: f64, burst| {
            (per_second > 0.0)
                .then(|| Rate { every: Duration::from_secs_f64(1.0 / per_second), burst })
        };
        let limits = &self.limits;
        RateLimits {
            token: rate(limits.token_per_second, limits.token_burst),
            initiate: rate(limits.initiate_per_second, limits.initiate_burst),
            acquire: rate(limits.acquire_per_second, limits.acquire_burst),
            retrieve: rate(limits.retrieve_per_second, limits.retrieve_burst),
        }
    }

    /// How much a worker does at once.
    pub(crate) fn worker_size(&self) -> WorkerSize {
        let default = WorkerSize::default();
        WorkerSize {
            compute: if self.worker.compute == 0 { default.compute } else { self.worker.compute },
            delivery: self.worker.delivery.max(1),
        }
    }
}

/// The secret in a file that the configuration names.
fn read_secret(key: &str, file: &Path) -> Result<String> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("{key} {} cannot be read", file.display()))?;
    Ok(text.trim().to_owned())
}

fn or_else(path: &Path, default: impl FnOnce() -> PathBuf) -> PathBuf {
    if path.as_os_str().is_empty() { default() } else { path.to_owned() }
}

/// The user's cache: models are large, the same for every data folder, and can be had again.
fn cache_folder() -> PathBuf {
    let variable =
        |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    variable("XDG_CACHE_HOME")
        .or_else(|| variable("HOME").map(|home| home.join(".cache")))
        .unwrap_or_else(std::env::temp_dir)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_complete() {
        let settings = Settings::load(None, Some(Path::new("/tmp/x"))).unwrap();
        assert_eq!(settings.server.listen, "127.0.0.1:8080");
        assert_eq!(settings.database_url().unwrap(), "sqlite:///tmp/x/bonafide.db");
        assert_eq!(settings.limits().bytes, Limits::default().bytes);
        assert_eq!(settings.callbacks(false).schedule, CallbackOptions::default().schedule);
        assert_eq!(settings.rate_limits(), RateLimits::default());
        assert_eq!(settings.idempotency_lifetime(), Duration::from_hours(24));
    }

    #[test]
    fn an_unknown_key_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("bonafide.toml");
        std::fs::write(&file, "[server]\nlisten_on = \"127.0.0.1:1\"\n").unwrap();
        let error = format!("{:#}", Settings::load(Some(&file), None).unwrap_err());
        assert!(error.contains("listen_on"), "{error}");
    }

    #[test]
    fn rates_are_read_per_second() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("bonafide.toml");
        let load = |limits: &str| {
            std::fs::write(&file, format!("[limits]\n{limits}\n[server]\nregion = \"apac-1\"\n"))
                .unwrap();
            Settings::load(Some(&file), None)
        };
        let settings = load("initiate_per_second = 0.5\ninitiate_burst = 3").unwrap();
        let initiate = settings.rate_limits().initiate.unwrap();
        assert_eq!((initiate.every, initiate.burst.get()), (Duration::from_secs(2), 3));
        assert_eq!(settings.rate_limits().retrieve, None);
        assert_eq!(settings.server.region, Region::Apac1);
        for wrong in ["token_per_second = -1", "token_per_second = 1e-9", "token_burst = 0"] {
            assert!(load(wrong).is_err(), "{wrong}");
        }
    }
}
