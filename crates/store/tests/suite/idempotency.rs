//! Idempotency keys.

use bonafide_domain::id::{ApiClientId, DataKeyId};
use bonafide_domain::run::SealedRecord;
use bonafide_store::{DataKeyRow, Scope, Transaction};
use bonafide_vault::WrappedKey;
use jiff::Timestamp;

use crate::databases::TestDatabase;
use crate::fixture::{Fixture, account, at, next};
use crate::on_both_databases;

on_both_databases!(
    a_key_is_taken_once_in_its_scope,
    what_was_rolled_back_leaves_the_key_free,
    of_two_at_once_one_takes_effect,
    what_has_expired_goes_with_its_data_key,
);

const KEY: [u8; 32] = [1; 32];
const CONTENT: [u8; 32] = [2; 32];

async fn keep(tx: &mut Transaction, scope: Scope) -> DataKeyId {
    let record = SealedRecord { data_key_id: DataKeyId::from_u128(next()), bytes: vec![7] };
    tx.insert_data_key(&DataKeyRow {
        id: record.data_key_id,
        tenant_id: scope.tenant_id(),
        account_id: None,
        execution_id: None,
        wrapped: WrappedKey { ring_key_id: "one".to_owned(), bytes: vec![1] },
    })
    .await
    .unwrap();
    tx.keep_outcome(scope, &KEY, &record).await.unwrap();
    record.data_key_id
}

async fn claim(tx: &mut Transaction, scope: Scope, until: Timestamp) -> bool {
    tx.claim_idempotency_key(scope, &KEY, &CONTENT, until).await.unwrap()
}

async fn a_key_is_taken_once_in_its_scope(database: TestDatabase) {
    let fixture = Fixture::store(&database.store).await;
    let tenant = fixture.tenant.id;
    let client = ApiClientId::from_u128(next());
    let scope = Scope::Client(tenant, client);
    let mut tx = database.store.begin().await.unwrap();
    assert_eq!(tx.find_outcome(scope, &KEY).await.unwrap(), None);
    assert!(claim(&mut tx, scope, at(60)).await);
    let data_key = keep(&mut tx, scope).await;
    assert!(!claim(&mut tx, scope, at(60)).await);
    let kept = tx.find_outcome(scope, &KEY).await.unwrap().unwrap();
    assert_eq!((kept.fingerprint, kept.expires_at), (CONTENT, at(60)));
    assert_eq!(kept.outcome, SealedRecord { data_key_id: data_key, bytes: vec![7] });
    for other in [
        Scope::Client(tenant, ApiClientId::from_u128(next())),
        Scope::Client(fixture.other.id, client),
        Scope::Journey(tenant, fixture.execution.id),
    ] {
        assert_eq!(tx.find_outcome(other, &KEY).await.unwrap(), None);
        assert!(claim(&mut tx, other, at(60)).await);
    }
}

async fn what_was_rolled_back_leaves_the_key_free(database: TestDatabase) {
    let fixture = Fixture::store(&database.store).await;
    let scope = Scope::Journey(fixture.tenant.id, fixture.execution.id);
    let mut tx = database.store.begin().await.unwrap();
    assert!(claim(&mut tx, scope, at(60)).await);
    drop(tx);
    let mut tx = database.store.begin().await.unwrap();
    assert!(claim(&mut tx, scope, at(60)).await);
}

/// The second waits for the first and then finds what came of it.
async fn of_two_at_once_one_takes_effect(database: TestDatabase) {
    let fixture = Fixture::store(&database.store).await;
    let scope = Scope::Client(fixture.tenant.id, ApiClientId::from_u128(next()));
    let contestants = [(); 4].map(|()| {
        let (store, tenant) = (database.store.clone(), fixture.tenant.clone());
        tokio::spawn(async move {
            let mut tx = store.begin().await.unwrap();
            if !claim(&mut tx, scope, at(60)).await {
                assert!(tx.find_outcome(scope, &KEY).await.unwrap().is_some());
                return 0;
            }
            tx.insert_account(&account(&tenant)).await.unwrap();
            keep(&mut tx, scope).await;
            tx.commit().await.unwrap();
            1
        })
    });
    let mut effects = 0;
    for contestant in contestants {
        effects += contestant.await.unwrap();
    }
    assert_eq!(effects, 1);
}

async fn what_has_expired_goes_with_its_data_key(database: TestDatabase) {
    let fixture = Fixture::store(&database.store).await;
    let tenant = fixture.tenant.id;
    let scopes = [(); 3].map(|()| Scope::Client(tenant, ApiClientId::from_u128(next())));
    let mut keys = Vec::new();
    let mut tx = database.store.begin().await.unwrap();
    for (scope, until) in scopes.into_iter().zip([at(60), at(60), at(90)]) {
        assert!(claim(&mut tx, scope, until).await);
        keys.push(keep(&mut tx, scope).await);
    }
    tx.delete_expired_outcome(scopes[0], &KEY, at(59)).await.unwrap();
    assert!(tx.find_outcome(scopes[0], &KEY).await.unwrap().is_some(), "a second too early");
    tx.delete_expired_outcome(scopes[0], &KEY, at(60)).await.unwrap();
    assert_eq!(tx.find_outcome(scopes[0], &KEY).await.unwrap(), None);
    assert_eq!(tx.delete_outcomes_expired_before(at(60)).await.unwrap(), 1);
    for (index, there) in [(0, false), (1, false), (2, true)] {
        assert_eq!(tx.find_outcome(scopes[index], &KEY).await.unwrap().is_some(), there);
        let data_key = tx.find_data_key(tenant, keys[index]).await.unwrap();
        assert_eq!(data_key.is_some(), there, "the data key of {index}");
    }
}
