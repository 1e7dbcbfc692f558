//! What an account has on file: verified IDs and valid facemaps.

use bonafide_domain::credential::{Category, Classifier, Member, Part};
use bonafide_domain::decision::{Capability, Decision, DecisionType, Label};
use bonafide_domain::execution::{Execution, ExecutionStatus};
use bonafide_domain::id::{DataKeyId, RunId};
use bonafide_domain::run::{Run, RunState, SealedRecord};
use bonafide_store::Transaction;

use crate::databases::TestDatabase;
use crate::fixture::{Fixture, at, execution, member, next};
use crate::on_both_databases;

on_both_databases!(
    runs_on_file_are_those_of_processed_executions,
    a_facemap_is_valid_once_its_liveness_passed,
    consents_are_listed_latest_first,
);

fn liveness(execution: &Execution, member: &Member, kind: DecisionType, label: Label) -> Run {
    Run {
        id: RunId::from_u128(next()),
        tenant_id: execution.tenant_id,
        execution_id: execution.id,
        capability: Capability::Liveness,
        credentials: vec![member.credential.id],
        state: RunState::Done,
        attempt: 0,
        decision: Some(Decision::new(Capability::Liveness, kind, label).unwrap()),
        record: None,
        created_at: at(3),
        completed_at: Some(at(4)),
    }
}

/// An execution of the fixture's account with a facemap, captured `age` seconds in.
async fn with_facemap(tx: &mut Transaction, fixture: &Fixture, age: i64) -> (Execution, Member) {
    let execution = execution(&fixture.account, age);
    let mut facemap = member(&fixture.account);
    facemap.credential.category = Category::Facemap;
    tx.insert_execution(&execution, None).await.unwrap();
    tx.insert_credential(&facemap.credential).await.unwrap();
    tx.insert_member(execution.id, execution.tenant_id, 0, &facemap).await.unwrap();
    let part = Part {
        credential_id: facemap.credential.id,
        execution_id: execution.id,
        uploaded_at: at(age),
        ..fixture.part(Classifier::Facemap)
    };
    tx.put_part(&part).await.unwrap();
    (execution, facemap)
}

async fn runs_on_file_are_those_of_processed_executions(database: TestDatabase) {
    let fixture = Fixture::store(&database.store).await;
    let (tenant, credential) = (fixture.tenant.id, fixture.credential_id());
    let run = liveness(&fixture.execution, &fixture.member, DecisionType::Passed, Label::Ok);
    let mut tx = database.store.begin().await.unwrap();
    tx.insert_run(&run).await.unwrap();
    assert_eq!(tx.list_runs_on_file(tenant, credential).await.unwrap(), []);
    for (from, to) in [
        (ExecutionStatus::Initiated, ExecutionStatus::Acquired),
        (ExecutionStatus::Acquired, ExecutionStatus::Processed),
    ] {
        assert!(tx.change_status(tenant, fixture.execution.id, from, to, at(9)).await.unwrap());
    }
    assert_eq!(tx.list_runs_on_file(tenant, credential).await.unwrap(), [run]);
    assert_eq!(tx.list_runs_on_file(fixture.other.id, credential).await.unwrap(), []);
    let another = member(&fixture.account).credential.id;
    assert_eq!(tx.list_runs_on_file(tenant, another).await.unwrap(), []);
}

async fn a_facemap_is_valid_once_its_liveness_passed(database: TestDatabase) {
    let fixture = Fixture::store(&database.store).await;
    let (tenant, account) = (fixture.tenant.id, fixture.account.id);
    let mut tx = database.store.begin().await.unwrap();
    let (first, first_map) = with_facemap(&mut tx, &fixture, 10).await;
    let (second, second_map) = with_facemap(&mut tx, &fixture, 20).await;
    let (third, third_map) = with_facemap(&mut tx, &fixture, 30).await;
    let valid = async |tx: &mut Transaction, preferred: Option<&Execution>| {
        let preferred = preferred.map(|execution| execution.id);
        let part = tx.find_valid_facemap(tenant, account, preferred).await.unwrap();
        part.map(|part| part.credential_id)
    };
    assert_eq!(valid(&mut tx, None).await, None, "liveness has not run");
    let failed = liveness(&third, &third_map, DecisionType::Rejected, Label::DigitalCopy);
    tx.insert_run(&failed).await.unwrap();
    assert_eq!(valid(&mut tx, None).await, None, "liveness was rejected");
    for (execution, map) in [(&first, &first_map), (&second, &second_map)] {
        let passed = liveness(execution, map, DecisionType::Passed, Label::Ok);
        tx.insert_run(&passed).await.unwrap();
    }
    assert_eq!(valid(&mut tx, None).await, Some(second_map.credential.id), "the latest");
    assert_eq!(valid(&mut tx, Some(&first)).await, Some(first_map.credential.id), "its own");
    assert_eq!(valid(&mut tx, Some(&third)).await, Some(second_map.credential.id), "it has none");
    let stranger = tx.find_valid_facemap(fixture.other.id, account, None).await.unwrap();
    assert_eq!(stranger, None);
}

async fn consents_are_listed_latest_first(database: TestDatabase) {
    let fixture = Fixture::store(&database.store).await;
    let mut tx = database.store.begin().await.unwrap();
    let record = |bytes: &[u8]| SealedRecord {
        data_key_id: DataKeyId::from_u128(next()),
        bytes: bytes.to_vec(),
    };
    let (earlier, later) = (execution(&fixture.account, 10), execution(&fixture.account, 20));
    let (first, second) = (record(b"first"), record(b"second"));
    tx.insert_execution(&later, Some(&second)).await.unwrap();
    tx.insert_execution(&earlier, Some(&first)).await.unwrap();
    assert_eq!(
        tx.list_consents(fixture.tenant.id, fixture.account.id).await.unwrap(),
        [(later.id, second), (earlier.id, first)],
        "the fixture's own execution has none"
    );
    assert_eq!(tx.list_consents(fixture.other.id, fixture.account.id).await.unwrap(), []);
}
