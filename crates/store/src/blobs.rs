use std::path::Path as Folder;
use std::sync::Arc;

use bytes::Bytes;
use futures::stream::BoxStream;
use futures::{StreamExt as _, TryStreamExt as _};
use jiff::Timestamp;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{ObjectStore, ObjectStoreExt as _};

use crate::error::Error;

/// Sealed files, by name. Names are made by the caller and have no personal data.
#[derive(Clone)]
pub struct BlobStore {
    objects: Arc<dyn ObjectStore>,
}

/// Where an S3-compatible store is, and how it is entered.
#[derive(Clone)]
pub struct S3Options {
    /// Its address; that of the region at Amazon where absent. `http` is for a store in one's own house.
    pub endpoint: Option<String>,
    /// The region that requests are signed for.
    pub region: String,
    /// The bucket, which must exist.
    pub bucket: String,
    /// What every name begins with, so that several servers can share a bucket; may be empty.
    pub prefix: String,
    /// The key's id.
    pub access_key_id: String,
    /// The key.
    pub secret_access_key: String,
}

/// The key is a secret.
impl std::fmt::Debug for S3Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "S3Options({}/{})", self.bucket, self.prefix)
    }
}

/// A blob as the sweep for orphans sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredBlob {
    /// Its name.
    pub name: String,
    /// When it was stored.
    pub stored_at: Timestamp,
}

impl BlobStore {
    /// Opens a folder, and makes it if it is absent.
    pub fn open(folder: &Folder) -> Result<Self, Error> {
        std::fs::create_dir_all(folder)
            .map_err(|error| Error::Blobs { reason: format!("cannot make the folder: {error}") })?;
        // A part that was answered for survives a power cut, as its row does.
        let objects = LocalFileSystem::new_with_prefix(folder)
            .map_err(|error| failed(&error))?
            .with_fsync(true);
        Ok(Self { objects: Arc::new(objects) })
    }

    /// Opens an S3-compatible store. Nothing is asked of it yet; [`Self::check`] does.
    ///
    /// The process must have installed rustls's provider of cryptography (ADR 0006).
    pub fn s3(options: &S3Options) -> Result<Self, Error> {
        let mut builder = AmazonS3Builder::new()
            .with_region(&options.region)
            .with_bucket_name(&options.bucket)
            .with_access_key_id(&options.access_key_id)
            .with_secret_access_key(&options.secret_access_key);
        if let Some(endpoint) = &options.endpoint {
            builder =
                builder.with_endpoint(endpoint).with_allow_http(endpoint.starts_with("http://"));
        }
        let bucket = builder.build().map_err(|error| failed(&error))?;
        Ok(Self { objects: Arc::new(PrefixStore::new(bucket, path(&options.prefix)?)) })
    }

    /// Stores a blob: all of it or nothing.
    pub async fn put(&self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        let payload = Bytes::copy_from_slice(bytes).into();
        self.objects.put(&path(name)?, payload).await.map_err(|error| failed(&error))?;
        Ok(())
    }

    /// Reads a blob of at most `max_bytes`.
    pub async fn get(&self, name: &str, max_bytes: u64) -> Result<Bytes, Error> {
        let found = self.objects.get(&path(name)?).await.map_err(|error| match error {
            object_store::Error::NotFound { .. } => Error::BlobMissing { name: name.to_owned() },
            error => failed(&error),
        })?;
        if found.meta.size > max_bytes {
            return Err(Error::BlobTooLarge { name: name.to_owned(), max_bytes });
        }
        found.bytes().await.map_err(|error| failed(&error))
    }

    /// Deletes a blob, or finds it absent: that is the same.
    pub async fn delete(&self, name: &str) -> Result<(), Error> {
        match self.objects.delete(&path(name)?).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(failed(&error)),
        }
    }

    /// Every blob, in no order: for the sweep that deletes those without a row.
    pub fn list(&self) -> BoxStream<'static, Result<StoredBlob, Error>> {
        self.objects
            .list(None)
            .map_err(|error| failed(&error))
            .map(|object| {
                let object = object?;
                let stored_at = Timestamp::from_millisecond(
                    object.last_modified.timestamp_millis(),
                )
                .map_err(|_| Error::Blobs { reason: "a blob of no known age".to_owned() })?;
                Ok(StoredBlob { name: object.location.to_string(), stored_at })
            })
            .boxed()
    }

    /// Writes, reads and deletes a probe.
    pub async fn check(&self) -> Result<(), Error> {
        let name = format!("probe-{}", std::process::id());
        self.put(&name, name.as_bytes()).await?;
        let read = self.get(&name, 64).await?;
        self.delete(&name).await?;
        if read == name.as_bytes() {
            Ok(())
        } else {
            Err(Error::Blobs { reason: "a probe was read back changed".to_owned() })
        }
    }
}

fn path(name: &str) -> Result<Path, Error> {
    Path::parse(name)
        .map_err(|_| Error::Blobs { reason: "a blob's name that cannot be stored".to_owned() })
}

fn failed(error: &object_store::Error) -> Error {
    Error::Blobs { reason: error.to_string() }
}
