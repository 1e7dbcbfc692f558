//! The feed of events.

use std::collections::BTreeSet;

use bonafide_domain::event::EventStatus;
use bonafide_store::Store;

use crate::databases::TestDatabase;
use crate::fixture::{Fixture, account, at, execution};
use crate::on_both_databases;

on_both_databases!(
    events_are_numbered_by_tenant_and_by_account,
    a_status_is_told_once,
    an_event_that_is_rolled_back_leaves_no_gap,
    a_reader_that_follows_its_cursor_misses_nothing,
);

async fn events_are_numbered_by_tenant_and_by_account(database: TestDatabase) {
    let fixture = Fixture::store(&database.store).await;
    let (tenant, first) = (fixture.tenant.id, &fixture.execution);
    let elsewhere = account(&fixture.tenant);
    let second = execution(&elsewhere, 5);
    let mut tx = database.store.begin().await.unwrap();
    tx.insert_account(&elsewhere).await.unwrap();
    tx.insert_execution(&second, None).await.unwrap();
    for (execution, status) in [
        (first, EventStatus::AcquisitionStarted),
        (&second, EventStatus::TokenExpired),
        (first, EventStatus::SessionExpired),
    ] {
        tx.append_event(tenant, execution.account_id, execution.id, status, at(9)).await.unwrap();
    }
    let all = tx.list_events(tenant, 0, 10).await.unwrap();
    let numbers: Vec<_> =
        all.iter().map(|e| (e.event.position, e.event.account_id, e.event.sequence)).collect();
    assert_eq!(
        numbers,
        [(1, first.account_id, 1), (2, second.account_id, 1), (3, first.account_id, 2)]
    );
    assert_eq!((all[0].key, all[0].event.at), (first.key, at(9)));
    assert_eq!(tx.list_events(tenant, 1, 1).await.unwrap(), all[1..2]);
    assert_eq!(tx.list_events(fixture.other.id, 0, 10).await.unwrap(), []);
}

async fn a_status_is_told_once(database: TestDatabase) {
    let fixture = Fixture::store(&database.store).await;
    let mut tx = database.store.begin().await.unwrap();
    for (turn, expected) in [(1, true), (2, false)] {
        let told = append(&mut tx, &fixture, EventStatus::Processed).await;
        assert_eq!(told, expected, "turn {turn}");
    }
    assert!(append(&mut tx, &fixture, EventStatus::Acquired).await);
    assert_eq!(tx.list_events(fixture.tenant.id, 0, 10).await.unwrap().len(), 2);
}

async fn an_event_that_is_rolled_back_leaves_no_gap(database: TestDatabase) {
    let fixture = Fixture::store(&database.store).await;
    let mut tx = database.store.begin().await.unwrap();
    assert!(append(&mut tx, &fixture, EventStatus::AcquisitionStarted).await);
    drop(tx);
    let mut tx = database.store.begin().await.unwrap();
    assert!(append(&mut tx, &fixture, EventStatus::Acquired).await);
    tx.commit().await.unwrap();
    let mut tx = database.store.read().await.unwrap();
    let events = tx.list_events(fixture.tenant.id, 0, 10).await.unwrap();
    assert_eq!(events.iter().map(|e| e.event.position).collect::<Vec<_>>(), [1]);
}

async fn append(
    tx: &mut bonafide_store::Transaction,
    fixture: &Fixture,
    status: EventStatus,
) -> bool {
    let execution = &fixture.execution;
    let (account, id) = (execution.account_id, execution.id);
    tx.append_event(fixture.tenant.id, account, id, status, at(9)).await.unwrap().is_some()
}

/// Writers commit in any order while a reader asks again and again. With positions given out at the
/// insert and not at the commit, a later one could show before an earlier one, and be the cursor.
async fn a_reader_that_follows_its_cursor_misses_nothing(database: TestDatabase) {
    const WRITERS: usize = 4;
    const EACH: usize = 15;
    let fixture = Fixture::store(&database.store).await;
    let tenant = fixture.tenant.id;
    let mut writers = Vec::new();
    for _ in 0..WRITERS {
        let (store, tenant_) = (database.store.clone(), fixture.tenant.clone());
        writers.push(tokio::spawn(async move {
            for number in 0..EACH {
                end_one(&store, &tenant_, number).await;
            }
        }));
    }
    let mut seen = Vec::new();
    let mut cursor = 0;
    while seen.len() < WRITERS * EACH {
        let mut tx = database.store.read().await.unwrap();
        for entry in tx.list_events(tenant, cursor, 7).await.unwrap() {
            cursor = entry.event.position;
            seen.push(entry.event.execution_id);
        }
        drop(tx);
        tokio::task::yield_now().await;
        assert!(cursor <= (WRITERS * EACH) as i64);
        let over = writers.iter().all(tokio::task::JoinHandle::is_finished);
        let last = database.store.read().await.unwrap().list_events(tenant, cursor, 1).await;
        assert!(!over || !last.unwrap().is_empty() || seen.len() == WRITERS * EACH, "missed one");
    }
    for writer in writers {
        writer.await.unwrap();
    }
    assert_eq!(cursor, (WRITERS * EACH) as i64);
    assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), WRITERS * EACH);
}

async fn end_one(store: &Store, tenant: &bonafide_domain::tenant::Tenant, number: usize) {
    let account = account(tenant);
    let execution = execution(&account, 1);
    let mut tx = store.begin().await.unwrap();
    tx.insert_account(&account).await.unwrap();
    tx.insert_execution(&execution, None).await.unwrap();
    let status = EventStatus::Processed;
    tx.append_event(tenant.id, account.id, execution.id, status, at(9)).await.unwrap();
    if number.is_multiple_of(3) {
        tokio::task::yield_now().await;
    }
    tx.commit().await.unwrap();
}
