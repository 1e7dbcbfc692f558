//! Wires the parts of the house together from the settings.

use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use bonafide_engine::capability::{Capabilities, DocumentReader, Faces};
use bonafide_engine::screening::{ComplyAdvantage, Watchlists};
use bonafide_engine::{Context, Engine, Parts, PublicUrls, Sender};
use bonafide_store::{BlobStore, Store};
use bonafide_vault::KeyRing;
use tempfile::NamedTempFile;

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
        capabilities: capabilities(settings)?,
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

/// What judges, with the models that are installed.
pub(crate) fn capabilities(settings: &Settings) -> Result<Capabilities> {
    let library = Arc::new(bonafide_models::Library::open(settings.models_folder())?);
    let documents = Arc::new(DocumentReader::open(&library, &settings.limits()));
    let faces = Arc::new(Faces::open(&library, &settings.limits()));
    Ok(Capabilities::new(&documents, &faces))
}

/// Opens the key ring. One in the data folder is made on the first start; one that was placed
/// elsewhere must be there, or everything sealed under it would seem lost.
pub(crate) fn open_key_ring(settings: &Settings, context: &Context) -> Result<KeyRing> {
    match settings.key_ring() {
        KeyRingSource::Value(text) => Ok(KeyRing::parse(&text)?),
        KeyRingSource::File { path, make } => {
            if make && !path.exists() {
                make_key_ring(&path, &new_key_ring(context)?)?;
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

/// Makes the first key ring, unless another process that starts at the same time was quicker: then
/// its ring is everybody's.
fn make_key_ring(path: &Path, ring: &KeyRing) -> Result<()> {
    match written_aside(path, ring)?.persist_noclobber(path) {
        Ok(_) => {
            tracing::info!(path = %path.display(), "made a key ring: back it up, for without it nothing sealed can be opened");
            Ok(())
        }
        Err(error) if error.error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error.error)
            .with_context(|| format!("the key ring {} cannot be written", path.display())),
    }
}

/// Writes a key ring over the one that is there: complete or not at all.
pub(crate) fn write_key_ring(path: &Path, ring: &KeyRing) -> Result<()> {
    written_aside(path, ring)?.persist(path)?;
    Ok(())
}

/// A key ring in a file beside its place, readable for its owner alone.
fn written_aside(path: &Path, ring: &KeyRing) -> Result<NamedTempFile> {
    use std::io::Write as _;
    use std::os::unix::fs::PermissionsExt as _;
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut file = tempfile::Builder::new()
        .permissions(std::fs::Permissions::from_mode(0o600))
        .tempfile_in(folder)?;
    file.write_all(ring.render().as_bytes())?;
    file.as_file().sync_all()?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two processes that started at once on an empty folder each made a ring, and one went on with
    /// the ring that was overwritten.
    #[test]
    fn the_first_key_ring_is_everybodys() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys");
        let context = Context::system();
        let [first, second] = [(); 2].map(|()| new_key_ring(&context).unwrap());
        make_key_ring(&path, &first).unwrap();
        make_key_ring(&path, &second).unwrap();
        assert_eq!(*std::fs::read_to_string(&path).unwrap(), **first.render());
    }
}
