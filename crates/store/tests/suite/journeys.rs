//! Accounts, executions, credentials and parts.

use bonafide_domain::credential::Classifier;
use bonafide_domain::execution::ExecutionStatus as Status;
use bonafide_domain::id::{AccountId, DataKeyId};
use bonafide_domain::run::SealedRecord;
use bonafide_store::Error;

use crate::databases::TestDatabase;
use crate::fixture::{Fixture, account, at, execution, member, next};
use crate::on_both_databases;

on_both_databases!(
    an_account_is_its_tenants,
    an_execution_is_its_tenants,
    a_status_changes_once,
    of_two_that_change_a_status_one_wins,
    a_session_ends_with_the_capture,
    executions_are_listed_oldest_first,
    members_keep_their_order_and_credentials_their_account,
    a_part_is_replaced_and_the_former_given_back,
    parts_are_listed_by_membership_and_by_capture,
    a_reader_sees_one_state,
);

async fn an_account_is_its_tenants(database: TestDatabase) {
    let fixture = Fixture::store(&database.store).await;
    let (id, stranger) = (fixture.account.id, fixture.other.id);
    let mut tx = database.store.begin().await.unwrap();
    assert_eq!(
        tx.find_account(fixture.tenant.id, id).await.unwrap().as_ref(),
        Some(&fixture.account)
    );
    assert_eq!(
        tx.lock_account(fixture.tenant.id, id).await.unwrap().as_ref(),
        Some(&fixture.account)
    );
    assert_eq!(tx.find_account(stranger, id).await.unwrap(), None);
    assert_eq!(tx.lock_account(stranger, id).await.unwrap(), None);
    assert!(!tx.mark_account_wiped(stranger, id, at(6)).await.unwrap());
    assert!(tx.mark_account_wiped(fixture.tenant.id, id, at(7)).await.unwrap());
    assert!(!tx.mark_account_wiped(fixture.tenant.id, id, at(8)).await.unwrap());
    let found = tx.find_account(fixture.tenant.id, id).await.unwrap().unwrap();
    assert_eq!(found.wiped_out_at, Some(at(7)));
    let again = tx.insert_account(&fixture.account).await.unwrap_err();
    assert!(matches!(again, Error::Conflict { .. }), "{again:?}");
}

async fn an_execution_is_its_tenants(database: TestDatabase) {
    let fixture = Fixture::store(&database.store).await;
    let (tenant, stranger) = (fixture.tenant.id, fixture.other.id);
    let consent =
        SealedRecord { data_key_id: DataKeyId::from_u128(next()), bytes: vec![1, 0, 255] };
    let second = execution(&fixture.account, 3);
    let mut tx = database.store.begin().await.unwrap();
    tx.insert_execution(&second, Some(&consent)).await.unwrap();
    let id = second.id;
    assert_eq!(tx.find_execution(tenant, id).await.unwrap().as_ref(), Some(&second));
    assert_eq!(tx.lock_execution(tenant, id).await.unwrap().as_ref(), Some(&second));
    assert_eq!(tx.find_consent(tenant, id).await.unwrap(), Some(consent));
    assert_eq!(tx.find_consent(tenant, fixture.execution.id).await.unwrap(), None);

    assert_eq!(tx.find_execution(stranger, id).await.unwrap(), None);
    assert_eq!(tx.lock_execution(stranger, id).await.unwrap(), None);
    assert_eq!(tx.find_consent(stranger, id).await.unwrap(), None);
    assert_eq!(tx.list_executions(stranger, fixture.account.id).await.unwrap(), []);
    assert!(!tx.extend_session(stranger, id, at(9)).await.unwrap());
    assert!(!tx.mark_execution_wiped(stranger, id, at(9)).await.unwrap());
    let (from, to) = (Status::Initiated, Status::Acquired);
    assert!(!tx.change_status(stranger, id, from, to, at(9)).await.unwrap());

    assert!(tx.mark_execution_wiped(tenant, id, at(9)).await.unwrap());
    assert!(!tx.mark_execution_wiped(tenant, id, at(10)).await.unwrap());
    assert_eq!(tx.find_execution(tenant, id).await.unwrap().unwrap().wiped_out_at, Some(at(9)));
}

async fn a_status_changes_once(database: TestDatabase) {
    let fixture = Fixture::store(&database.store).await;
    let (tenant, id) = (fixture.tenant.id, fixture.execution.id);
    let mut tx = database.store.begin().await.unwrap();
    let (initiated, acquired) = (Status::Initiated, Status::Acquired);
    assert!(tx.change_status(tenant, id, initiated, acquired, at(10)).await.unwrap());
    assert!(!tx.change_status(tenant, id, initiated, acquired, at(11)).await.unwrap());
    assert!(tx.change_status(tenant, id, acquired, Status::Processed, at(12)).await.unwrap());
    let found = tx.find_execution(tenant, id).await.unwrap().unwrap();
    assert_eq!(
        (found.status, found.started_at, found.completed_at),
        (Status::Processed, Some(at(10)), Some(at(12)))
    );
}

async fn of_two_that_change_a_status_one_wins(database: TestDatabase) {
    let fixture = Fixture::store(&database.store).await;
    let (tenant, id) = (fixture.tenant.id, fixture.execution.id);
    let contestants = [Status::Acquired, Status::TokenExpired].map(|to| {
        let store = database.store.clone();
        tokio::spawn(async move {
            let mut tx = store.begin().await.unwrap();
            let won = tx.change_status(tenant, id, Status::Initiated, to, at(10)).await.unwrap();
            tx.commit().await.unwrap();
            won
        })
    });
    let mut wins = 0;
    for contestant in contestants {
        wins += u32::from(contestant.await.unwrap());
    }
    assert_eq!(wins, 1);
}

async fn a_session_ends_with_the_capture(database: TestDatabase) {
    let fixture = Fixture::store(&database.store).await;
    let (tenant, id) = (fixture.tenant.id, fixture.execution.id);
    let mut tx = database.store.begin().await.unwrap();
    assert!(tx.extend_session(tenant, id, at(900)).await.unwrap());
    let found = tx.find_execution(tenant, id).await.unwrap().unwrap();
    assert_eq!(found.session_expires_at, Some(at(900)));
    tx.change_status(tenant, id, Status::Initiated, Status::Acquired, at(10)).await.unwrap();
    assert!(!tx.extend_session(tenant, id, at(1000)).await.unwrap());
}

async fn executions_are_listed_oldest_first(database: TestDatabase) {
    let fixture = Fixture::store(&database.store).await;
    let (newer, older) = (execution(&fixture.account, 20), execution(&fixture.account, -20));
    let mut tx = database.store.begin().await.unwrap();
    for execution in [&newer, &older] {
        tx.insert_execution(execution, None).await.unwrap();
    }
    assert_eq!(
        tx.list_executions(fixture.tenant.id, fixture.account.id).await.unwrap(),
        [older, fixture.execution.clone(), newer]
    );
}

async fn members_keep_their_order_and_credentials_their_account(database: TestDatabase) {
    let fixture = Fixture::store(&database.store).await;
    let (tenant, stranger) = (fixture.tenant.id, fixture.other.id);
    let mut second = member(&fixture.account);
    second.channels.clear();
    let mut tx = database.store.begin().await.unwrap();
    tx.insert_credential(&second.credential).await.unwrap();
    tx.insert_member(fixture.execution.id, tenant, 1, &second).await.unwrap();
    assert_eq!(
        tx.list_members(tenant, fixture.execution.id).await.unwrap(),
        [fixture.member.clone(), second.clone()]
    );
    assert_eq!(tx.list_members(stranger, fixture.execution.id).await.unwrap(), []);

    let (account, id) = (fixture.account.id, second.credential.id);
    assert_eq!(
        tx.find_credential(tenant, account, id).await.unwrap().as_ref(),
        Some(&second.credential)
    );
    assert_eq!(tx.find_credential(stranger, account, id).await.unwrap(), None);
    let elsewhere = AccountId::from_u128(next());
    assert_eq!(tx.find_credential(tenant, elsewhere, id).await.unwrap(), None);
    let twice = tx.insert_member(fixture.execution.id, tenant, 2, &second).await.unwrap_err();
    assert!(matches!(twice, Error::Conflict { .. }), "{twice:?}");
}

async fn a_part_is_replaced_and_the_former_given_back(database: TestDatabase) {
    let fixture = Fixture::store(&database.store).await;
    let (first, second) = (fixture.part(Classifier::Front), fixture.part(Classifier::Front));
    let place = (fixture.credential_id(), Classifier::Front);
    let mut tx = database.store.begin().await.unwrap();
    assert_eq!(tx.put_part(&first).await.unwrap(), None);
    assert_eq!(tx.put_part(&second).await.unwrap(), Some(first));

    let (tenant, account) = (fixture.tenant.id, fixture.account.id);
    let found = tx.find_part(tenant, account, place.0, place.1).await.unwrap();
    assert_eq!(found.as_ref(), Some(&second));
    assert_eq!(tx.find_part(fixture.other.id, account, place.0, place.1).await.unwrap(), None);
    assert_eq!(tx.find_part(tenant, account, place.0, Classifier::Back).await.unwrap(), None);

    let mut stolen = second.clone();
    stolen.tenant_id = fixture.other.id;
    assert_eq!(tx.put_part(&stolen).await.unwrap(), None);
    let found = tx.find_part(tenant, account, place.0, place.1).await.unwrap();
    assert_eq!(found, Some(second), "another tenant replaces nothing");

    assert_eq!(tx.delete_parts(fixture.other.id, &[place]).await.unwrap(), 0);
    assert_eq!(tx.delete_parts(tenant, &[place]).await.unwrap(), 1);
    assert_eq!(tx.find_part(tenant, account, place.0, place.1).await.unwrap(), None);
}

async fn parts_are_listed_by_membership_and_by_capture(database: TestDatabase) {
    let fixture = Fixture::store(&database.store).await;
    let (tenant, stranger) = (fixture.tenant.id, fixture.other.id);
    // A later execution uses the first one's credential and captures one of its own.
    let later = execution(&fixture.account, 50);
    let own = member(&fixture.account);
    let inherited = fixture.part(Classifier::Front);
    let mut captured = fixture.part(Classifier::Face);
    captured.credential_id = own.credential.id;
    captured.execution_id = later.id;
    let mut tx = database.store.begin().await.unwrap();
    tx.insert_execution(&later, None).await.unwrap();
    tx.insert_credential(&own.credential).await.unwrap();
    tx.insert_member(later.id, tenant, 0, &fixture.member).await.unwrap();
    tx.insert_member(later.id, tenant, 1, &own).await.unwrap();
    for part in [&inherited, &captured] {
        tx.put_part(part).await.unwrap();
    }
    assert_eq!(
        tx.list_parts(tenant, later.id).await.unwrap(),
        [inherited.clone(), captured.clone()]
    );
    assert_eq!(tx.list_captured_parts(tenant, later.id).await.unwrap(), [captured]);
    assert_eq!(tx.list_parts(tenant, fixture.execution_id()).await.unwrap(), [inherited]);
    assert_eq!(tx.list_parts(stranger, later.id).await.unwrap(), []);
    assert_eq!(tx.list_captured_parts(stranger, later.id).await.unwrap(), []);
}

async fn a_reader_sees_one_state(database: TestDatabase) {
    let fixture = Fixture::store(&database.store).await;
    let mut reader = database.store.read().await.unwrap();
    assert!(reader.find_tenant(fixture.tenant_id()).await.unwrap().is_some());
    let late = account(&fixture.tenant);
    let mut tx = database.store.begin().await.unwrap();
    tx.insert_account(&late).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(reader.find_account(late.tenant_id, late.id).await.unwrap(), None);
    assert!(
        reader.insert_account(&account(&fixture.tenant)).await.is_err(),
        "readers cannot write"
    );
    drop(reader);
    let mut reader = database.store.read().await.unwrap();
    assert_eq!(reader.find_account(late.tenant_id, late.id).await.unwrap(), Some(late));
}
