//! The blob store, in a folder and in an S3-compatible store.

use std::sync::atomic::{AtomicU32, Ordering};

use bonafide_store::{BlobStore, Error, S3Options, StoredBlob};
use futures::TryStreamExt as _;
use tempfile::TempDir;

/// Address of an S3-compatible store and its bucket, `http://host:port/bucket`; keys do not matter there.
const S3: &str = "BONAFIDE_TEST_S3_URL";

/// Declares each test once for each kind of store. On S3 it is skipped, aloud, where none is given.
macro_rules! on_both_stores {
    ($($name:ident),+ $(,)?) => {
        mod folder {
            $(
                #[tokio::test]
                async fn $name() {
                    let folder = tempfile::tempdir().unwrap();
                    super::$name(super::in_folder(&folder)).await;
                }
            )+
        }
        mod s3 {
            $(
                #[tokio::test]
                async fn $name() {
                    if let Some(blobs) = super::in_s3() {
                        super::$name(blobs).await;
                    }
                }
            )+
        }
    };
}

on_both_stores!(
    a_blob_comes_back_until_it_is_deleted,
    the_list_has_every_blob_and_its_age,
    the_check_leaves_nothing,
);

fn in_folder(folder: &TempDir) -> BlobStore {
    BlobStore::open(&folder.path().join("made/on/the/way")).unwrap()
}

/// A store that nobody else has: its names begin with a prefix of their own.
fn in_s3() -> Option<BlobStore> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let Ok(url) = std::env::var(S3) else {
        println!("skipped: {S3} is not set; `cargo xtask test` sets it");
        return None;
    };
    // Fails only when a provider is installed already; then that one serves.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let (endpoint, bucket) = url.rsplit_once('/').unwrap();
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let options = S3Options {
        endpoint: Some(endpoint.to_owned()),
        region: "us-east-1".to_owned(),
        bucket: bucket.to_owned(),
        prefix: format!("blobs-{}-{number}", std::process::id()),
        access_key_id: "test".to_owned(),
        secret_access_key: "test".to_owned(),
    };
    Some(BlobStore::s3(&options).unwrap())
}

async fn a_blob_comes_back_until_it_is_deleted(blobs: BlobStore) {
    let bytes: Vec<u8> = (0..=255).collect();
    blobs.put("tenant/one", b"old").await.unwrap();
    blobs.put("tenant/one", &bytes).await.unwrap();
    assert_eq!(blobs.get("tenant/one", 256).await.unwrap(), bytes);
    let error = blobs.get("tenant/one", 255).await.unwrap_err();
    assert!(matches!(error, Error::BlobTooLarge { max_bytes: 255, .. }), "{error:?}");

    blobs.delete("tenant/one").await.unwrap();
    blobs.delete("tenant/one").await.unwrap();
    let error = blobs.get("tenant/one", 256).await.unwrap_err();
    assert!(matches!(error, Error::BlobMissing { .. }), "{error:?}");
}

async fn the_list_has_every_blob_and_its_age(blobs: BlobStore) {
    let before = crate::fixture::now();
    for name in ["b", "a/c"] {
        blobs.put(name, b"x").await.unwrap();
    }
    let mut listed: Vec<StoredBlob> = blobs.list().try_collect().await.unwrap();
    listed.sort_by(|one, two| one.name.cmp(&two.name));
    assert_eq!(listed.iter().map(|blob| blob.name.as_str()).collect::<Vec<_>>(), ["a/c", "b"]);
    let age = listed[0].stored_at.duration_since(before).as_secs();
    assert!((-2..=60).contains(&age), "{age} s");
}

async fn the_check_leaves_nothing(blobs: BlobStore) {
    blobs.check().await.unwrap();
    assert_eq!(blobs.list().try_collect::<Vec<_>>().await.unwrap(), []);
}

#[tokio::test]
async fn names_stay_in_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = BlobStore::open(&folder.path().join("inside")).unwrap();
    for name in ["../outside", "a/../../outside", "/outside//x"] {
        assert!(matches!(blobs.put(name, b"x").await, Err(Error::Blobs { .. })), "{name}");
    }
    assert!(!folder.path().join("outside").exists());
}

#[tokio::test]
async fn the_check_notices_a_folder_that_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = BlobStore::open(folder.path()).unwrap();
    blobs.check().await.unwrap();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "the probe is gone");
    std::fs::remove_dir(folder.path()).unwrap();
    std::fs::write(folder.path(), b"now a file").unwrap();
    assert!(blobs.check().await.is_err());
    std::fs::remove_file(folder.path()).unwrap();
}
