//! Data keys: kept wrapped, rotated, destroyed without a trace.

use bonafide_domain::id::DataKeyId;
use bonafide_store::DataKeyRow;
use bonafide_vault::{Binding, KeyRing, WrappedKey};
use rand::SeedableRng as _;
use rand::rngs::StdRng;

use crate::databases::TestDatabase;
use crate::fixture::{Fixture, account, execution, next};
use crate::on_both_databases;

on_both_databases!(
    a_data_key_is_its_tenants,
    keys_are_destroyed_by_execution_and_by_account,
    rotation_finds_what_another_key_wraps,
    a_destroyed_key_leaves_what_it_sealed_shut,
);

fn key(fixture: &Fixture, ring_key_id: &str) -> DataKeyRow {
    DataKeyRow {
        id: DataKeyId::from_u128(next()),
        tenant_id: fixture.tenant.id,
        account_id: Some(fixture.account.id),
        execution_id: Some(fixture.execution.id),
        wrapped: WrappedKey { ring_key_id: ring_key_id.to_owned(), bytes: vec![1, 2, 3] },
    }
}

async fn a_data_key_is_its_tenants(database: TestDatabase) {
    let fixture = Fixture::store(&database.store).await;
    let (tenant, stranger) = (fixture.tenant.id, fixture.other.id);
    let key = key(&fixture, "one");
    let mut tx = database.store.begin().await.unwrap();
    tx.insert_data_key(&key).await.unwrap();
    assert_eq!(tx.find_data_key(tenant, key.id).await.unwrap(), Some(key.wrapped));
    assert_eq!(tx.find_data_key(stranger, key.id).await.unwrap(), None);
    assert!(!tx.destroy_data_key(stranger, key.id).await.unwrap());
    assert_eq!(tx.destroy_execution_keys(stranger, fixture.execution.id).await.unwrap(), []);
    assert_eq!(tx.destroy_account_keys(stranger, fixture.account.id).await.unwrap(), []);
    assert!(tx.destroy_data_key(tenant, key.id).await.unwrap());
    assert_eq!(tx.find_data_key(tenant, key.id).await.unwrap(), None);
}

async fn keys_are_destroyed_by_execution_and_by_account(database: TestDatabase) {
    let fixture = Fixture::store(&database.store).await;
    let tenant = fixture.tenant.id;
    let other_account = account(&fixture.tenant);
    let (second, foreign) = (execution(&fixture.account, 9), execution(&other_account, 9));
    let first_key = key(&fixture, "one");
    let second_key = DataKeyRow { execution_id: Some(second.id), ..key(&fixture, "one") };
    let foreign_key = DataKeyRow {
        execution_id: Some(foreign.id),
        account_id: Some(other_account.id),
        ..key(&fixture, "one")
    };
    let mut tx = database.store.begin().await.unwrap();
    // A key may come before what it belongs to, in the same transaction.
    for key in [&first_key, &second_key, &foreign_key] {
        tx.insert_data_key(key).await.unwrap();
    }
    tx.insert_account(&other_account).await.unwrap();
    for execution in [&second, &foreign] {
        tx.insert_execution(execution, None).await.unwrap();
    }
    tx.commit().await.unwrap();

    let mut tx = database.store.begin().await.unwrap();
    let destroyed = tx.destroy_execution_keys(tenant, fixture.execution.id).await.unwrap();
    assert_eq!(destroyed, [first_key.id]);
    assert_eq!(tx.find_data_key(tenant, first_key.id).await.unwrap(), None);
    assert!(tx.find_data_key(tenant, second_key.id).await.unwrap().is_some());
    let destroyed = tx.destroy_account_keys(tenant, fixture.account.id).await.unwrap();
    assert_eq!(destroyed, [second_key.id]);
    assert_eq!(tx.find_data_key(tenant, second_key.id).await.unwrap(), None);
    assert!(tx.find_data_key(tenant, foreign_key.id).await.unwrap().is_some());
}

async fn rotation_finds_what_another_key_wraps(database: TestDatabase) {
    let fixture = Fixture::store(&database.store).await;
    let keys = [key(&fixture, "old"), key(&fixture, "older"), key(&fixture, "new")];
    let mut tx = database.store.begin().await.unwrap();
    for key in &keys {
        tx.insert_data_key(key).await.unwrap();
    }
    let [old, older, _] = keys;
    assert_eq!(
        tx.list_data_keys_not_under("new", 10).await.unwrap(),
        [(old.id, old.wrapped.clone()), (older.id, older.wrapped)]
    );
    assert_eq!(tx.list_data_keys_not_under("new", 1).await.unwrap().len(), 1);
    let rewrapped = WrappedKey { ring_key_id: "new".to_owned(), bytes: vec![9] };
    assert!(tx.update_wrapped_key(old.id, &rewrapped).await.unwrap());
    assert_eq!(tx.find_data_key(fixture.tenant.id, old.id).await.unwrap(), Some(rewrapped.clone()));
    assert_eq!(tx.list_data_keys_not_under("new", 10).await.unwrap().len(), 1);
    tx.destroy_data_key(fixture.tenant.id, old.id).await.unwrap();
    assert!(!tx.update_wrapped_key(old.id, &rewrapped).await.unwrap(), "destroyed meanwhile");
}

/// With a real key: what was sealed opens, and after the key's end nothing in the database, nor, on
/// SQLite, in its files, could open it again.
async fn a_destroyed_key_leaves_what_it_sealed_shut(database: TestDatabase) {
    let fixture = Fixture::store(&database.store).await;
    let tenant = fixture.tenant.id;
    let mut rng = StdRng::seed_from_u64(1);
    let ring = KeyRing::generate(&mut rng, "one".to_owned()).unwrap();
    let binding =
        Binding::Consent { tenant, account: fixture.account.id, execution: fixture.execution.id };
    let id = DataKeyId::from_u128(next());
    let (data_key, wrapped) = ring.new_data_key(id, &mut rng);
    let sealed = data_key.seal(&binding, b"plain", &mut rng);
    let row = DataKeyRow { id, wrapped, ..key(&fixture, "one") };

    let mut tx = database.store.begin().await.unwrap();
    tx.insert_data_key(&row).await.unwrap();
    // Neighbours, so that the page stays in use when the key goes.
    for _ in 0..20 {
        tx.insert_data_key(&key(&fixture, "one")).await.unwrap();
    }
    tx.commit().await.unwrap();
    if let Some(folder) = database.folder() {
        assert!(files_contain(&folder, &row.wrapped.bytes), "the test looks in the wrong place");
    }
    let mut tx = database.store.read().await.unwrap();
    let found = tx.find_data_key(tenant, id).await.unwrap().unwrap();
    assert_eq!(
        ring.unwrap(id, &found).unwrap().open(&binding, &sealed).unwrap().as_slice(),
        b"plain"
    );
    drop(tx);

    let mut tx = database.store.begin().await.unwrap();
    assert!(tx.destroy_data_key(tenant, id).await.unwrap());
    tx.commit().await.unwrap();
    if let Some(folder) = database.folder() {
        assert!(
            !files_contain(&folder, &row.wrapped.bytes),
            "the wrapped key is still on the disk"
        );
    }
    assert_eq!(database.store.read().await.unwrap().find_data_key(tenant, id).await.unwrap(), None);
}

fn files_contain(folder: &std::path::Path, bytes: &[u8]) -> bool {
    let files = std::fs::read_dir(folder).unwrap();
    files.into_iter().any(|file| {
        let content = std::fs::read(file.unwrap().path()).unwrap();
        content.windows(bytes.len()).any(|window| window == bytes)
    })
}
