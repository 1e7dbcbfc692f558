//! The blob store in a folder.

use bonafide_store::{BlobStore, Error, StoredBlob};
use futures::TryStreamExt as _;

#[tokio::test]
async fn a_blob_comes_back_until_it_is_deleted() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = BlobStore::open(&folder.path().join("made/on/the/way")).unwrap();
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

#[tokio::test]
async fn the_list_has_every_blob_and_its_age() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = BlobStore::open(folder.path()).unwrap();
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
