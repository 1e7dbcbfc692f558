//! Durable timers of what recurs.

use std::time::Duration;

use bonafide_domain::chore::Chore;

use crate::databases::TestDatabase;
use crate::on_both_databases;
use crate::queue::waiting;

on_both_databases!(a_chore_has_one_timer_however_many_set_it,);

async fn a_chore_has_one_timer_however_many_set_it(database: TestDatabase) {
    let (first, second) = (&database.store, database.another_store().await);
    for (store, started) in [(first, true), (&second, false)] {
        let mut tx = store.begin().await.unwrap();
        assert_eq!(tx.start_chore(Chore::Retention).await.unwrap(), started);
        tx.commit().await.unwrap();
    }
    assert_eq!(waiting(first).await, 1);
    let wait = Duration::from_hours(1);
    for (turn, set) in [(1, true), (1, false), (3, false), (2, true)] {
        let mut tx = first.begin().await.unwrap();
        let next = tx.set_next_turn(Chore::Retention, turn, wait).await.unwrap();
        assert_eq!(next, set, "turn {turn}");
        tx.commit().await.unwrap();
    }
    assert_eq!(waiting(first).await, 3, "the first timer and two turns");
}
