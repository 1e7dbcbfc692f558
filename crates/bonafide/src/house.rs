//! Wires the parts of the house together from the settings.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use bonafide_engine::capability::{Capabilities, DocumentReader};
use bonafide_engine::screening::{ComplyAdvantage, Watchlists};
use bonafide_engine::{Context, Engine, Parts, PublicUrls, Sender};
use bonafide_store::{BlobStore, Store};
use bonafide_vault::KeyRing;

use crate::settings::{BlobPlace, KeyRingSource, Settings};

/// Opens the database; migrates it when that is wanted, else refuses to run before it is migrated.
pub(crate) async fn open_store(settings: &Settings, migrate: bool) -> Result<Store> {
    std::fs::create_dir_all(settings.data_folder()).with_context(|| {
        format!("the data folder {} cannot be made", settings.data_folder().display())
    })?;
    let store = Store::connect(&settings.database_url()?).await?;
    if migrate {
        store.migrate().await?;
    } else if store.has_pending_migrations().await? {
        bail!("the database is older than this program; run `bonafide migrate` first");
    }
    Ok(store)
}

/// Refuses a database of another region: nothing crosses from one to another, and a worker here would
/// judge what belongs there.
pub(crate) async fn require_region(settings: &Settings, store: &Store) -> Result<()> {
    let region = settings.server.region;
    let tenants = store.read().await?.list_tenants().await?;
    if let Some(tenant) = tenants.iter().find(|tenant| tenant.region != region) {
        bail!(
            "this server is of the region {region}, and the tenant {} in its database belongs to {}: set server.region, or give each region a database of its own",
            tenant.name,
            tenant.region
        );
    }
    Ok(())
}

/// An engine with real capabilities. Models that are missing leave it without their capabilities,
/// which then end as `TECHNICAL_ERROR`.
pub(crate) fn engine(
    settings: &Settings,
    store: Store,
    public_urls: PublicUrls,
    development: bool,
) -> Result<Engine> {
    let context = Context::system();
    let key_ring = open_key_ring(settings, &context)?;
    Ok(Engine::new(Parts {
        store,
        blobs: open_blobs(settings)?,
        key_ring,
        context,
        capabilities: Capabilities::new(&document_reader(settings)?),
        watchlists: Arc::new(watchlists(settings)?),
        comply_advantage: ComplyAdvantage::new(std::time::Duration::from_secs(2))?,
        public_urls,
        limits: settings.limits(),
        sender: Sender::new(settings.callbacks(development))?,
        region: settings.server.region,
        idempotency_lifetime: settings.idempotency_lifetime(),
    }))
}

/// The lists that names are searched in.
pub(crate) fn watchlists(settings: &Settings) -> Result<Watchlists> {
    let lists = Watchlists::new(settings.lists_folder(), settings.lists_stale_after());
    Ok(lists.with_addresses(settings.list_addresses()?))
}

/// Opens the store of sealed blobs.
pub(crate) fn open_blobs(settings: &Settings) -> Result<BlobStore> {
    Ok(match settings.blobs()? {
        BlobPlace::Folder(folder) => BlobStore::open(&folder)?,
        BlobPlace::S3(options) => BlobStore::s3(&options)?,
    })
}

/// The reader of documents, with its models if they are installed.
pub(crate) fn document_reader(settings: &Settings) -> Result<Arc<DocumentReader>> {
    let library = bonafide_models::Library::open(settings.models_folder())?;
    Ok(Arc::new(DocumentReader::open(&library, &settings.limits())))
}

/// Opens the key ring. One in the data folder is made on the first start; one that was placed
/// elsewhere must be there, or everything sealed under it would seem lost.
pub(crate) fn open_key_ring(settings: &Settings, context: &Context) -> Result<KeyRing> {
    match settings.key_ring() {
        KeyRingSource::Value(text) => Ok(KeyRing::parse(&text)?),
        KeyRingSource::File { path, make } => {
            if make && !path.exists() {
                let ring = new_key_ring(context)?;
                write_key_ring(&path, &ring)?;
                tracing::info!(path = %path.display(), "made a key ring: back it up, for without it nothing sealed can be opened");
                return Ok(ring);
            }
            let text = std::fs::read_to_string(&path)
                .with_context(|| format!("the key ring {} cannot be read", path.display()))?;
            KeyRing::parse(&text).with_context(|| format!("in the key ring {}", path.display()))
        }
    }
}

/// A ring with one key.
pub(crate) fn new_key_ring(context: &Context) -> Result<KeyRing> {
    let id = new_key_id(context);
    Ok(context.with_random(|rng| KeyRing::generate(rng, id))?)
}

/// The id of a key that is made now.
pub(crate) fn new_key_id(context: &Context) -> String {
    format!("key-{}", context.now().strftime("%Y%m%d-%H%M%S"))
}

/// Writes a key ring: complete or not at all, and readable for its owner alone.
pub(crate) fn write_key_ring(path: &Path, ring: &KeyRing) -> Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::PermissionsExt as _;
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut file = tempfile::Builder::new()
        .permissions(std::fs::Permissions::from_mode(0o600))
        .tempfile_in(folder)?;
    file.write_all(ring.render().as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}
