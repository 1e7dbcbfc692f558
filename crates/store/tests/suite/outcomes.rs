//! Runs, callbacks and the audit log.

use bonafide_domain::audit::{Action, Entry};
use bonafide_domain::callback::{Callback, CallbackState};
use bonafide_domain::decision::{Capability, Decision, DecisionType, Label};
use bonafide_domain::event::EventStatus;
use bonafide_domain::id::{AuditId, CallbackId, DataKeyId, RunId};
use bonafide_domain::run::{Run, RunState, SealedRecord};
use bonafide_store::CallbackFilter;

use crate::databases::TestDatabase;
use crate::fixture::{Fixture, at, execution, next};
use crate::on_both_databases;

on_both_databases!(
    a_run_is_planned_once_and_decided_once,
    a_failed_attempt_takes_its_late_result_with_it,
    dropped_records_leave_the_decisions,
    a_callback_is_made_once_and_counts_its_attempts,
    a_closed_callback_stays_closed,
    a_replayed_callback_has_the_schedule_before_it_again,
    callbacks_are_listed_newest_first_and_filtered,
    the_audit_log_is_its_tenants,
);

fn run(fixture: &Fixture, capability: Capability) -> Run {
    Run {
        id: RunId::from_u128(next()),
        tenant_id: fixture.tenant.id,
        execution_id: fixture.execution.id,
        capability,
        credentials: vec![fixture.credential_id()],
        state: RunState::Pending,
        attempt: 0,
        decision: None,
        record: None,
        created_at: at(3),
        completed_at: None,
    }
}

fn blurred() -> Decision {
    Decision::new(Capability::Usability, DecisionType::Rejected, Label::Blurred).unwrap()
}

fn record() -> SealedRecord {
    SealedRecord { data_key_id: DataKeyId::from_u128(next()), bytes: vec![0, 1, 2] }
}

async fn a_run_is_planned_once_and_decided_once(database: TestDatabase) {
    let fixture = Fixture::store(&database.store).await;
    let (tenant, stranger) = (fixture.tenant.id, fixture.other.id);
    let run_ = run(&fixture, Capability::Usability);
    let mut decided = run(&fixture, Capability::Extraction);
    decided.decision = Some(Decision::PRECONDITION_NOT_FULFILLED);
    decided.state = RunState::Done;
    decided.completed_at = Some(at(4));
    let mut tx = database.store.begin().await.unwrap();
    assert!(tx.insert_run(&run_).await.unwrap());
    assert!(tx.insert_run(&decided).await.unwrap());
    assert!(!tx.insert_run(&run(&fixture, Capability::Usability)).await.unwrap(), "planned twice");
    assert_eq!(tx.list_runs(tenant, fixture.execution.id).await.unwrap(), [run_.clone(), decided]);
    assert_eq!(tx.list_runs(stranger, fixture.execution.id).await.unwrap(), []);
    assert_eq!(tx.find_run(stranger, run_.id).await.unwrap(), None);

    let record = record();
    let complete = (blurred(), Some(&record), at(9));
    assert!(
        !tx.complete_run(stranger, run_.id, 0, complete.0, complete.1, complete.2).await.unwrap()
    );
    assert!(tx.complete_run(tenant, run_.id, 0, complete.0, complete.1, complete.2).await.unwrap());
    let second = Decision::TECHNICAL_ERROR;
    assert!(!tx.complete_run(tenant, run_.id, 0, second, None, at(10)).await.unwrap());
    let expected = Run {
        state: RunState::Done,
        decision: Some(blurred()),
        record: Some(record),
        completed_at: Some(at(9)),
        ..run_
    };
    assert_eq!(tx.find_run(tenant, expected.id).await.unwrap(), Some(expected));
}

async fn a_failed_attempt_takes_its_late_result_with_it(database: TestDatabase) {
    let fixture = Fixture::store(&database.store).await;
    let (tenant, run) = (fixture.tenant.id, run(&fixture, Capability::Usability));
    let mut tx = database.store.begin().await.unwrap();
    tx.insert_run(&run).await.unwrap();
    assert!(!tx.fail_attempt(fixture.other.id, run.id, 0).await.unwrap());
    assert!(tx.fail_attempt(tenant, run.id, 0).await.unwrap());
    assert!(!tx.fail_attempt(tenant, run.id, 0).await.unwrap(), "counted once");
    assert!(!tx.complete_run(tenant, run.id, 0, blurred(), None, at(9)).await.unwrap(), "too late");
    assert_eq!(tx.find_run(tenant, run.id).await.unwrap().unwrap().attempt, 1);
    assert!(tx.complete_run(tenant, run.id, 1, blurred(), None, at(9)).await.unwrap());
    assert!(!tx.fail_attempt(tenant, run.id, 1).await.unwrap(), "done");
}

async fn dropped_records_leave_the_decisions(database: TestDatabase) {
    let fixture = Fixture::store(&database.store).await;
    let (tenant, run) = (fixture.tenant.id, run(&fixture, Capability::Usability));
    let mut tx = database.store.begin().await.unwrap();
    tx.insert_run(&run).await.unwrap();
    tx.complete_run(tenant, run.id, 0, blurred(), Some(&record()), at(9)).await.unwrap();
    tx.drop_records(fixture.other.id, fixture.execution.id).await.unwrap();
    assert!(tx.find_run(tenant, run.id).await.unwrap().unwrap().record.is_some());
    tx.drop_records(tenant, fixture.execution.id).await.unwrap();
    let found = tx.find_run(tenant, run.id).await.unwrap().unwrap();
    assert_eq!((found.record, found.decision), (None, Some(blurred())));
}

fn callback(fixture: &Fixture) -> Callback {
    Callback {
        id: CallbackId::from_u128(next()),
        tenant_id: fixture.tenant.id,
        account_id: fixture.account.id,
        execution_id: fixture.execution.id,
        sequence: 1,
        url: "https://example.test/callback".to_owned(),
        status: EventStatus::Processed,
        state: CallbackState::Pending,
        attempts: 0,
        replayed_after: 0,
        created_at: at(6),
        delivered_at: None,
    }
}

async fn a_callback_is_made_once_and_counts_its_attempts(database: TestDatabase) {
    let fixture = Fixture::store(&database.store).await;
    let (tenant, stranger) = (fixture.tenant.id, fixture.other.id);
    let callback_ = callback(&fixture);
    let mut tx = database.store.begin().await.unwrap();
    assert!(tx.insert_callback(&callback_).await.unwrap());
    assert!(!tx.insert_callback(&callback(&fixture)).await.unwrap(), "made twice");
    let id = callback_.id;
    assert_eq!(tx.find_callback(tenant, id).await.unwrap().as_ref(), Some(&callback_));
    assert_eq!(tx.find_callback(stranger, id).await.unwrap(), None);
    let listed = tx.list_callbacks(tenant, fixture.execution.id).await.unwrap();
    assert_eq!(listed, [callback_]);
    assert_eq!(tx.list_callbacks(stranger, fixture.execution.id).await.unwrap(), []);

    assert!(!tx.record_attempt(stranger, id, 1, at(7), "200").await.unwrap());
    assert!(!tx.record_attempt(tenant, id, 2, at(7), "200").await.unwrap(), "the first is missing");
    assert!(tx.record_attempt(tenant, id, 1, at(7), "503").await.unwrap());
    assert!(!tx.record_attempt(tenant, id, 1, at(7), "503").await.unwrap(), "counted once");
    assert!(tx.record_attempt(tenant, id, 2, at(8), "timeout").await.unwrap());
    assert_eq!(tx.find_callback(tenant, id).await.unwrap().unwrap().attempts, 2);
}

async fn a_closed_callback_stays_closed(database: TestDatabase) {
    let fixture = Fixture::store(&database.store).await;
    let (tenant, callback) = (fixture.tenant.id, callback(&fixture));
    let mut tx = database.store.begin().await.unwrap();
    tx.insert_callback(&callback).await.unwrap();
    let (delivered, dead) = (CallbackState::Delivered, CallbackState::Dead);
    assert!(!tx.close_callback(fixture.other.id, callback.id, dead, at(8)).await.unwrap());
    assert!(tx.close_callback(tenant, callback.id, delivered, at(9)).await.unwrap());
    assert!(!tx.close_callback(tenant, callback.id, dead, at(10)).await.unwrap());
    assert!(!tx.record_attempt(tenant, callback.id, 1, at(11), "200").await.unwrap());
    let found = tx.find_callback(tenant, callback.id).await.unwrap().unwrap();
    assert_eq!((found.state, found.delivered_at), (delivered, Some(at(9))));
}

async fn a_replayed_callback_has_the_schedule_before_it_again(database: TestDatabase) {
    let fixture = Fixture::store(&database.store).await;
    let (tenant, callback) = (fixture.tenant.id, callback(&fixture));
    let id = callback.id;
    let mut tx = database.store.begin().await.unwrap();
    tx.insert_callback(&callback).await.unwrap();
    assert!(!tx.reopen_callback(tenant, id).await.unwrap(), "still under way");
    for attempt in 1..=3 {
        tx.record_attempt(tenant, id, attempt, at(7), "503").await.unwrap();
    }
    tx.close_callback(tenant, id, CallbackState::Dead, at(8)).await.unwrap();
    assert!(!tx.reopen_callback(fixture.other.id, id).await.unwrap());
    assert!(tx.reopen_callback(tenant, id).await.unwrap());
    let found = tx.find_callback(tenant, id).await.unwrap().unwrap();
    assert_eq!((found.state, found.attempts, found.replayed_after), (CallbackState::Pending, 3, 3));
    tx.record_attempt(tenant, id, 4, at(9), "200").await.unwrap();
    let attempts = tx.list_attempts(tenant, id).await.unwrap();
    let outcomes: Vec<_> = attempts.iter().map(|a| (a.attempt, a.outcome.as_str())).collect();
    assert_eq!(outcomes, [(1, "503"), (2, "503"), (3, "503"), (4, "200")]);
    assert_eq!(tx.list_attempts(fixture.other.id, id).await.unwrap(), []);
}

async fn callbacks_are_listed_newest_first_and_filtered(database: TestDatabase) {
    let fixture = Fixture::store(&database.store).await;
    let (tenant, stranger) = (fixture.tenant.id, fixture.other.id);
    let other = execution(&fixture.account, 9);
    let first = callback(&fixture);
    let second = Callback { execution_id: other.id, sequence: 2, ..callback(&fixture) };
    let mut tx = database.store.begin().await.unwrap();
    tx.insert_execution(&other, None).await.unwrap();
    for callback in [&first, &second] {
        tx.insert_callback(callback).await.unwrap();
    }
    tx.close_callback(tenant, second.id, CallbackState::Dead, at(9)).await.unwrap();
    let second = Callback { state: CallbackState::Dead, ..second };
    let all = CallbackFilter::default();
    for (filter, limit, expected) in [
        (all, 10, vec![second.clone(), first.clone()]),
        (all, 1, vec![second.clone()]),
        (CallbackFilter { before: Some(second.id), ..all }, 10, vec![first.clone()]),
        (CallbackFilter { state: Some(CallbackState::Dead), ..all }, 10, vec![second.clone()]),
        (CallbackFilter { execution_id: Some(first.execution_id), ..all }, 10, vec![first.clone()]),
    ] {
        assert_eq!(tx.find_callbacks(tenant, filter, limit).await.unwrap(), expected);
    }
    assert_eq!(tx.find_callbacks(stranger, all, 10).await.unwrap(), []);
}

async fn the_audit_log_is_its_tenants(database: TestDatabase) {
    let fixture = Fixture::store(&database.store).await;
    let entry = |action, seconds| Entry {
        id: AuditId::from_u128(next()),
        tenant_id: fixture.tenant.id,
        at: at(seconds),
        api_client_id: None,
        action,
        account_id: fixture.account.id,
        execution_id: Some(fixture.execution.id),
    };
    let entries = [entry(Action::ExecutionFinalized, 20), entry(Action::ExecutionCreated, 10)];
    let mut tx = database.store.begin().await.unwrap();
    for entry in &entries {
        tx.insert_audit(std::slice::from_ref(entry)).await.unwrap();
    }
    let [later, earlier] = entries;
    assert_eq!(
        tx.list_audit(fixture.tenant.id, fixture.account.id).await.unwrap(),
        [earlier, later]
    );
    assert_eq!(tx.list_audit(fixture.other.id, fixture.account.id).await.unwrap(), []);
}
