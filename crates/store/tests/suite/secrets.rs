//! Secrets that sign callbacks.

use bonafide_domain::callback::CallbackSecret;
use bonafide_domain::id::{CallbackSecretId, DataKeyId};
use bonafide_store::DataKeyRow;
use bonafide_vault::WrappedKey;

use crate::databases::TestDatabase;
use crate::fixture::{Fixture, at, next};
use crate::on_both_databases;

on_both_databases!(a_new_secret_retires_the_former_ones,);

async fn a_new_secret_retires_the_former_ones(database: TestDatabase) {
    let fixture = Fixture::store(&database.store).await;
    let (tenant, stranger) = (fixture.tenant.id, fixture.other.id);
    let mut tx = database.store.begin().await.unwrap();
    let mut ids = Vec::new();
    let mut keys = Vec::new();
    for (made_at, retire_others_at) in [(10, 10), (20, 100), (30, 50)] {
        let key = DataKeyRow {
            id: DataKeyId::from_u128(next()),
            tenant_id: tenant,
            account_id: None,
            execution_id: None,
            wrapped: WrappedKey { ring_key_id: "one".to_owned(), bytes: vec![1] },
        };
        tx.insert_data_key(&key).await.unwrap();
        let secret = CallbackSecret {
            id: CallbackSecretId::from_u128(next()),
            tenant_id: tenant,
            data_key_id: key.id,
            bytes: vec![1, 2],
            created_at: at(made_at),
            retires_at: None,
        };
        tx.insert_callback_secret(&secret, at(retire_others_at)).await.unwrap();
        ids.push(secret.id);
        keys.push(key.id);
    }
    let listed = tx.list_callback_secrets(tenant).await.unwrap();
    let retirements: Vec<_> = listed.iter().map(|secret| (secret.id, secret.retires_at)).collect();
    let expected = [(ids[2], None), (ids[1], Some(at(50))), (ids[0], Some(at(50)))];
    assert_eq!(retirements, expected, "newest first; a retirement is never put off");
    assert_eq!(tx.list_callback_secrets(stranger).await.unwrap(), []);

    assert_eq!(tx.delete_callback_secrets_retired_before(at(50)).await.unwrap(), 2);
    assert_eq!(tx.list_callback_secrets(tenant).await.unwrap().len(), 1);
    assert_eq!(tx.find_data_key(tenant, keys[0]).await.unwrap(), None);
    assert!(tx.find_data_key(tenant, keys[2]).await.unwrap().is_some());
}
