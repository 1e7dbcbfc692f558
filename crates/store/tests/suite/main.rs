//! The contract of the store: one suite, run on SQLite and on PostgreSQL.
#![allow(missing_docs, reason = "tests name what they show")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::print_stdout, reason = "figures, and what was skipped")]
#![allow(unreachable_pub, reason = "a test binary has no outside")]

mod blobs;
mod children;
mod chores;
mod databases;
mod events;
mod fixture;
mod idempotency;
mod identities;
mod journeys;
mod known_faces;
mod listing;
mod on_file;
mod outcomes;
mod queue;
mod queue_kill;
mod retention;
mod schema;
mod sealed;
mod secrets;

/// Declares each test once for each database. On PostgreSQL it is skipped, aloud, where none is
/// given.
macro_rules! on_both_databases {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    super::$name($crate::databases::TestDatabase::sqlite().await).await;
                }
            )+
        }
        mod postgres {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    if let Some(database) = $crate::databases::TestDatabase::postgres().await {
                        super::$name(database).await;
                    }
                }
            )+
        }
    };
}
pub(crate) use on_both_databases;
