//! What retention and the orphan sweep look up, and receipts.

use bonafide_domain::credential::Classifier;
use bonafide_domain::execution::ExecutionStatus as Status;
use bonafide_domain::id::{DataKeyId, ReceiptId};
use bonafide_domain::receipt::{Extent, Reason, Receipt};

use crate::databases::TestDatabase;
use crate::fixture::{Fixture, account, at, execution, next};
use crate::on_both_databases;

on_both_databases!(
    an_account_is_idle_since_its_last_activity,
    biometrics_are_wiped_execution_by_execution,
    a_blob_is_named_by_its_part,
    receipts_are_the_accounts,
);

async fn an_account_is_idle_since_its_last_activity(database: TestDatabase) {
    let fixture = Fixture::store(&database.store).await;
    let (tenant, id) = (fixture.tenant.id, fixture.account.id);
    let empty = account(&fixture.tenant);
    let mut tx = database.store.begin().await.unwrap();
    tx.insert_account(&empty).await.unwrap();
    assert_eq!(tx.list_idle_accounts(tenant, at(0), 10).await.unwrap(), [], "not made yet");
    assert_eq!(tx.list_idle_accounts(tenant, at(1), 10).await.unwrap(), [id, empty.id]);
    assert_eq!(tx.list_idle_accounts(tenant, at(1), 1).await.unwrap(), [id]);
    assert_eq!(tx.list_idle_accounts(fixture.other.id, at(1), 10).await.unwrap(), []);

    // Each of these is activity: a capture, the finalize, the end, another execution.
    let mut last = 1;
    let mut is_active_until = async |tx: &mut bonafide_store::Transaction, until: i64| {
        assert_eq!(tx.list_idle_accounts(tenant, at(last), 10).await.unwrap(), [empty.id]);
        assert_eq!(tx.list_idle_accounts(tenant, at(until), 10).await.unwrap().len(), 2);
        last = until;
    };
    let execution_id = fixture.execution.id;
    tx.extend_session(tenant, execution_id, at(100)).await.unwrap();
    is_active_until(&mut tx, 100).await;
    let (open, acquired) = (Status::Initiated, Status::Acquired);
    tx.change_status(tenant, execution_id, open, acquired, at(200)).await.unwrap();
    is_active_until(&mut tx, 200).await;
    tx.change_status(tenant, execution_id, acquired, Status::Processed, at(300)).await.unwrap();
    is_active_until(&mut tx, 300).await;
    tx.insert_execution(&execution(&fixture.account, 400), None).await.unwrap();
    is_active_until(&mut tx, 400).await;

    tx.mark_account_wiped(tenant, id, at(500)).await.unwrap();
    assert_eq!(tx.list_idle_accounts(tenant, at(999), 10).await.unwrap(), [empty.id]);
}

async fn biometrics_are_wiped_execution_by_execution(database: TestDatabase) {
    let fixture = Fixture::store(&database.store).await;
    let (tenant, id) = (fixture.tenant.id, fixture.account.id);
    let second = execution(&fixture.account, 5);
    let mut tx = database.store.begin().await.unwrap();
    tx.insert_execution(&second, None).await.unwrap();
    for (execution, still_there) in [(fixture.execution.id, true), (second.id, false)] {
        let stranger = fixture.other.id;
        assert!(!tx.mark_biometrics_wiped(stranger, execution, at(50)).await.unwrap());
        assert!(tx.mark_biometrics_wiped(tenant, execution, at(50)).await.unwrap());
        assert!(!tx.mark_biometrics_wiped(tenant, execution, at(60)).await.unwrap());
        let idle = tx.list_idle_accounts_with_biometrics(tenant, at(99), 10).await.unwrap();
        assert_eq!(idle == [id], still_there);
    }
    let found = tx.find_execution(tenant, second.id).await.unwrap().unwrap();
    assert_eq!((found.biometrics_wiped_out_at, found.wiped_out_at), (Some(at(50)), None));
    assert!(!found.is_open(at(6)), "nothing more is captured for it");
    // A new execution captures new ones.
    tx.insert_execution(&execution(&fixture.account, 70), None).await.unwrap();
    let idle = tx.list_idle_accounts_with_biometrics(tenant, at(99), 10).await.unwrap();
    assert_eq!(idle, [id]);
}

async fn a_blob_is_named_by_its_part(database: TestDatabase) {
    let fixture = Fixture::store(&database.store).await;
    let part = fixture.part(Classifier::Front);
    let mut tx = database.store.begin().await.unwrap();
    assert!(!tx.is_blob_named(&part.blob).await.unwrap());
    tx.put_part(&part).await.unwrap();
    assert!(tx.is_blob_named(&part.blob).await.unwrap());
}

async fn receipts_are_the_accounts(database: TestDatabase) {
    let fixture = Fixture::store(&database.store).await;
    let (tenant, account_id) = (fixture.tenant.id, fixture.account.id);
    let first = Receipt {
        id: ReceiptId::from_u128(next()),
        tenant_id: tenant,
        account_id,
        execution_id: Some(fixture.execution.id),
        extent: Extent::Biometrics,
        reason: Reason::Request,
        wiped_out_at: at(5),
        destroyed_keys: vec![DataKeyId::from_u128(next()), DataKeyId::from_u128(next())],
    };
    let second = Receipt {
        id: ReceiptId::from_u128(next()),
        execution_id: None,
        extent: Extent::Everything,
        reason: Reason::Retention,
        wiped_out_at: at(6),
        destroyed_keys: Vec::new(),
        ..first.clone()
    };
    let mut tx = database.store.begin().await.unwrap();
    for receipt in [&second, &first] {
        tx.insert_receipt(receipt).await.unwrap();
    }
    assert_eq!(tx.list_receipts(tenant, account_id).await.unwrap(), [first, second]);
    assert_eq!(tx.list_receipts(fixture.other.id, account_id).await.unwrap(), []);
}
