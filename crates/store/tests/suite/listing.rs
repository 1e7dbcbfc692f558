//! A tenant's executions, page by page; and lanes that nobody serves.

use std::time::Duration;

use bonafide_domain::execution::{Execution, Filter, PageStart};
use bonafide_domain::id::ExecutionId;
use bonafide_domain::task::{Lane, Task};
use bonafide_domain::workflow::WorkflowKey;
use jiff::SignedDuration;

use crate::databases::TestDatabase;
use crate::fixture::{Fixture, at, execution, now};
use crate::on_both_databases;

on_both_databases!(
    pages_have_everything_once_and_newest_first,
    filters_let_through_what_they_name,
    a_lane_without_workers_is_overdue,
);

async fn several(database: &TestDatabase) -> (Fixture, Vec<Execution>) {
    let fixture = Fixture::store(&database.store).await;
    let mut tx = database.store.begin().await.unwrap();
    let mut all = vec![fixture.execution.clone()];
    // Two of each age: the id decides between them.
    for age in [1, 1, 2, 2, 3, 3] {
        let mut one = execution(&fixture.account, age);
        one.user_reference = (age == 2).then(|| "u-2".to_owned());
        if age == 3 {
            one.key = WorkflowKey::PlatformIdVerification;
            one.original_key = Some(WorkflowKey::IdVerification);
        }
        tx.insert_execution(&one, None).await.unwrap();
        all.push(one);
    }
    tx.commit().await.unwrap();
    all.sort_by_key(|one| std::cmp::Reverse((one.created_at, one.id)));
    (fixture, all)
}

async fn pages_have_everything_once_and_newest_first(database: TestDatabase) {
    let (fixture, all) = several(&database).await;
    let mut tx = database.store.read().await.unwrap();
    for limit in [1, 2, 3, 100] {
        let mut found: Vec<Execution> = Vec::new();
        loop {
            let after = found.last().map(|e| PageStart { created_at: e.created_at, id: e.id });
            let filter = Filter::default();
            let page = tx.list_page(fixture.tenant.id, &filter, after, limit).await.unwrap();
            if page.is_empty() {
                break;
            }
            assert!(page.len() <= usize::from(limit));
            found.extend(page);
        }
        assert_eq!(found, all, "pages of {limit}");
    }
    let others = tx.list_page(fixture.other.id, &Filter::default(), None, 100).await.unwrap();
    assert_eq!(others, []);
}

async fn filters_let_through_what_they_name(database: TestDatabase) {
    let (fixture, all) = several(&database).await;
    let mut tx = database.store.read().await.unwrap();
    let ids = |keep: &dyn Fn(&Execution) -> bool| -> Vec<ExecutionId> {
        all.iter().filter(|e| keep(e)).map(|e| e.id).collect()
    };
    let none = Filter::default;
    let platform = WorkflowKey::PlatformIdVerification;
    for (name, filter, expected) in [
        ("key", Filter { key: Some(platform), ..none() }, ids(&|e| e.key == platform)),
        (
            "status",
            Filter {
                status: Some(bonafide_domain::execution::ExecutionStatus::Processed),
                ..none()
            },
            Vec::new(),
        ),
        (
            "end user",
            Filter { user_reference: Some("u-2".to_owned()), ..none() },
            ids(&|e| e.user_reference.is_some()),
        ),
        (
            "reference",
            Filter { customer_internal_reference: Some("order 'ü' 7".to_owned()), ..none() },
            ids(&|_| true),
        ),
        ("from", Filter { created_from: Some(at(2)), ..none() }, ids(&|e| e.created_at >= at(2))),
        (
            "before",
            Filter { created_before: Some(at(2)), ..none() },
            ids(&|e| e.created_at < at(2)),
        ),
    ] {
        let page = tx.list_page(fixture.tenant.id, &filter, None, 100).await.unwrap();
        assert_eq!(page.iter().map(|e| e.id).collect::<Vec<_>>(), expected, "{name}");
    }
}

async fn a_lane_without_workers_is_overdue(database: TestDatabase) {
    let fixture = Fixture::store(&database.store).await;
    let (tenant_id, execution_id) = (fixture.tenant.id, fixture.execution.id);
    let mut tx = database.store.begin().await.unwrap();
    let ago = now() - SignedDuration::from_mins(10);
    tx.enqueue(&Task::Advance { tenant_id, execution_id }, ago).await.unwrap();
    tx.enqueue(
        &Task::DeliverCallback { tenant_id, callback_id: bonafide_domain::id::CallbackId::nil() },
        now() + SignedDuration::from_mins(10),
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    let overdue = async |patience| database.store.overdue_lanes(patience).await.unwrap();
    assert_eq!(overdue(Duration::from_mins(5)).await, [Lane::Control]);
    assert_eq!(overdue(Duration::from_mins(15)).await, []);
}
