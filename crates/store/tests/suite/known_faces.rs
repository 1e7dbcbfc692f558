//! Faces that a tenant has seen.

use bonafide_domain::execution::Execution;
use bonafide_domain::id::DataKeyId;
use bonafide_domain::known_face::KnownFace;
use bonafide_domain::run::SealedRecord;
use bonafide_store::{DataKeyRow, Transaction};
use bonafide_vault::WrappedKey;

use crate::databases::TestDatabase;
use crate::fixture::{Fixture, execution, next};
use crate::on_both_databases;

on_both_databases!(what_is_learnt_and_forgotten_is_told_in_order, a_face_is_its_tenants,);

async fn learn(tx: &mut Transaction, execution: &Execution) -> (KnownFace, bool) {
    let key = DataKeyRow {
        id: DataKeyId::from_u128(next()),
        tenant_id: execution.tenant_id,
        account_id: Some(execution.account_id),
        execution_id: Some(execution.id),
        wrapped: WrappedKey { ring_key_id: "one".to_owned(), bytes: vec![7] },
    };
    tx.insert_data_key(&key).await.unwrap();
    let face = KnownFace {
        tenant_id: execution.tenant_id,
        account_id: execution.account_id,
        execution_id: execution.id,
        record: SealedRecord { data_key_id: key.id, bytes: vec![1, 2, 3] },
    };
    let learnt = tx.learn_face(&face).await.unwrap();
    (face, learnt)
}

async fn what_is_learnt_and_forgotten_is_told_in_order(database: TestDatabase) {
    let fixture = Fixture::store(&database.store).await;
    let tenant = fixture.tenant.id;
    let mut tx = database.store.begin().await.unwrap();
    let [one, other] = [execution(&fixture.account, 5), execution(&fixture.account, 6)];
    tx.insert_execution(&one, None).await.unwrap();
    tx.insert_execution(&other, None).await.unwrap();
    let (first, learnt) = learn(&mut tx, &one).await;
    assert!(learnt);
    assert!(!learn(&mut tx, &one).await.1, "it is known already");
    let (second, _) = learn(&mut tx, &other).await;
    tx.commit().await.unwrap();

    let mut tx = database.store.begin().await.unwrap();
    let changes = tx.list_face_changes(tenant, 0, 10).await.unwrap();
    let faces: Vec<_> = changes.iter().map(|it| it.learnt.clone().unwrap().0).collect();
    assert_eq!(faces, [first.clone(), second]);
    let read_to = changes[1].sequence;
    assert!(changes[0].sequence < read_to);
    assert_eq!(tx.list_face_changes(tenant, 0, 1).await.unwrap().len(), 1);

    let key = tx.forget_face(tenant, one.id).await.unwrap();
    assert_eq!(key, Some(first.record.data_key_id));
    assert_eq!(tx.forget_face(tenant, one.id).await.unwrap(), None, "nothing is left to forget");
    let changes = tx.list_face_changes(tenant, read_to, 10).await.unwrap();
    assert_eq!(changes.len(), 1);
    assert_eq!((changes[0].execution_id, &changes[0].learnt), (one.id, &None));
    assert_eq!(tx.find_face_change(tenant, one.id).await.unwrap().unwrap().learnt, None);
    assert!(!learn(&mut tx, &one).await.1, "what was forgotten is not learnt again");
}

async fn a_face_is_its_tenants(database: TestDatabase) {
    let fixture = Fixture::store(&database.store).await;
    let mut tx = database.store.begin().await.unwrap();
    let execution = &fixture.execution;
    learn(&mut tx, execution).await;
    let stranger = fixture.other.id;
    assert_eq!(tx.list_face_changes(stranger, 0, 10).await.unwrap(), []);
    assert_eq!(tx.find_face_change(stranger, execution.id).await.unwrap(), None);
    assert_eq!(tx.forget_face(stranger, execution.id).await.unwrap(), None);
}
