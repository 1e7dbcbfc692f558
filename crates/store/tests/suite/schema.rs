//! Migrations, and what happens to values that nobody understands.

use bonafide_store::{Error, Store, WorkerOptions};

use crate::databases::{TestDatabase, on_server, postgres_server};
use crate::fixture::{Fixture, next};
use crate::on_both_databases;

on_both_databases!(
    migrating_twice_is_harmless,
    a_database_that_is_too_old_is_refused,
    what_cannot_be_understood_is_named,
);

async fn migrating_twice_is_harmless(database: TestDatabase) {
    let fixture = Fixture::store(&database.store).await;
    let other = database.another_store().await;
    let (one, two) = tokio::join!(database.store.migrate(), other.migrate());
    one.unwrap();
    two.unwrap();
    let mut tx = other.read().await.unwrap();
    assert!(tx.find_tenant(fixture.tenant.id).await.unwrap().is_some());
    database.store.ping().await.unwrap();
    assert!(["SQLite", "PostgreSQL"].contains(&database.store.backend_name()));
}

async fn a_database_that_is_too_old_is_refused(database: TestDatabase) {
    database.tamper("DELETE FROM bonafide_migrations WHERE version = 2").await;
    assert!(database.store.has_pending_migrations().await.unwrap());
    let error = database.store.require_migrated().await.unwrap_err();
    assert!(matches!(error, Error::PendingMigrations { count: 1 }), "{error:?}");
    let handler = std::sync::Arc::new(crate::queue::Recorder::default());
    let worked = database.store.work(handler, WorkerOptions::default(), async {}).await;
    assert!(matches!(worked, Err(Error::PendingMigrations { .. })));
}

async fn what_cannot_be_understood_is_named(database: TestDatabase) {
    let fixture = Fixture::store(&database.store).await;
    database.tamper("UPDATE executions SET workflow_key = 'nonsense'").await;
    database.tamper("UPDATE tenants SET settings = '{\"unknown\": 1}'").await;
    let mut tx = database.store.read().await.unwrap();
    let error = tx.find_execution(fixture.tenant.id, fixture.execution.id).await.unwrap_err();
    assert!(
        matches!(
            error,
            Error::Inconsistency { table: "executions", column: "workflow_key", row }
                if row.as_u128() == fixture.execution.id.as_u128()
        ),
        "{error:?}"
    );
    let error = tx.find_tenant(fixture.tenant.id).await.unwrap_err();
    assert!(matches!(error, Error::Inconsistency { column: "settings", .. }), "{error:?}");
}

#[tokio::test]
async fn addresses_that_cannot_be_used_say_why() {
    for (address, word) in [
        ("mysql://localhost/x", "neither"),
        ("sqlite::memory:", "file"),
        ("sqlite://x?mode=memory", "file"),
        ("postgres://secret@:not-a-port/x", "form"),
    ] {
        let Err(error) = Store::connect(address).await else { panic!("{address} was opened") };
        let text = error.to_string();
        assert!(text.contains(word) && !text.contains("secret"), "{text}");
    }
}

/// Since PostgreSQL 15 an ordinary role may make nothing in the schema `public`. The error says what to
/// grant, and after the grant nothing else, no extension either, is missing.
#[tokio::test]
async fn an_ordinary_role_is_told_what_it_lacks() {
    let Some(server) = postgres_server() else {
        println!("skipped: BONAFIDE_TEST_POSTGRES_URL is not set; `cargo xtask test` sets it");
        return;
    };
    let database = TestDatabase::postgres().await.expect("there is a server");
    let role = format!("ordinary_{}_{}", std::process::id(), next() as u64);
    on_server(&server, &format!("CREATE ROLE {role} LOGIN")).await;
    on_server(
        &database.url,
        "DROP SCHEMA public CASCADE; CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO PUBLIC",
    )
    .await;
    let (_, host) = database.url.split_once('@').expect("the address has a user");
    let store = Store::connect(&format!("postgres://{role}@{host}")).await.unwrap();
    let error = store.migrate().await.unwrap_err();
    assert!(error.to_string().contains("GRANT CREATE"), "{error}");

    on_server(&database.url, &format!("GRANT CREATE ON SCHEMA public TO {role}")).await;
    store.migrate().await.unwrap();
    Fixture::store(&store).await;
    store.close().await;
    drop(database);
    on_server(&server, &format!("DROP ROLE {role}")).await;
}
