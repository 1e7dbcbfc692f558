//! For the tests of other crates: databases of their own on a PostgreSQL server.

use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

/// Makes an empty database on the server and gives its URL. Nobody drops it: the servers that tests
/// use live no longer than the tests.
pub async fn fresh_database(server: &str) -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("bonafide_test_{}_{number}", std::process::id());
    let mut connection =
        PgConnection::connect(server).await.expect("the test server can be reached");
    let sql = format!("CREATE DATABASE {name}");
    connection.execute(AssertSqlSafe(sql)).await.expect("its user may make databases");
    let (base, _) = server.rsplit_once('/').expect("the server's URL names a database");
    format!("{base}/{name}")
}
