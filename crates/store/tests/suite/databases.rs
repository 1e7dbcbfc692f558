//! A fresh, migrated database for each test.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use bonafide_store::Store;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _};
use tempfile::TempDir;

/// Address of a PostgreSQL superuser; each test makes a database of its own there.
const POSTGRES: &str = "BONAFIDE_TEST_POSTGRES_URL";

pub struct TestDatabase {
    pub url: String,
    pub store: Store,
    home: Home,
}

enum Home {
    Folder(TempDir),
    Server { url: String, database: String },
}

impl TestDatabase {
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("bonafide.db").display());
        Self::migrated(url, Home::Folder(folder)).await
    }

    pub async fn postgres() -> Option<Self> {
        let (url, home) = postgres_database().await?;
        Some(Self::migrated(url, home).await)
    }

    async fn migrated(url: String, home: Home) -> Self {
        let store = Store::connect(&url).await.unwrap();
        assert!(store.has_pending_migrations().await.unwrap());
        store.migrate().await.unwrap();
        assert!(!store.has_pending_migrations().await.unwrap());
        Self { url, store, home }
    }

    /// The folder of SQLite's files.
    pub fn folder(&self) -> Option<PathBuf> {
        match &self.home {
            Home::Folder(folder) => Some(folder.path().to_owned()),
            Home::Server { .. } => None,
        }
    }

    /// Another connection pool to the same database, as another process would have.
    pub async fn another_store(&self) -> Store {
        Store::connect(&self.url).await.unwrap()
    }

    /// Runs SQL behind the store's back.
    pub async fn tamper(&self, sql: &str) {
        let sql = AssertSqlSafe(sql);
        match &self.home {
            Home::Folder(_) => {
                let options: sqlx::sqlite::SqliteConnectOptions = self.url.parse().unwrap();
                options.connect().await.unwrap().execute(sql).await.unwrap();
            }
            Home::Server { .. } => {
                let options: sqlx::postgres::PgConnectOptions = self.url.parse().unwrap();
                options.connect().await.unwrap().execute(sql).await.unwrap();
            }
        }
    }
}

static COUNT: AtomicU32 = AtomicU32::new(0);

/// An empty database, or none where no server is given.
async fn postgres_database() -> Option<(String, Home)> {
    let Ok(server) = std::env::var(POSTGRES) else {
        println!("skipped: {POSTGRES} is not set; `cargo xtask test` sets it");
        return None;
    };
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let database = format!("store_{}_{number}", std::process::id());
    on_server(&server, &format!("CREATE DATABASE {database}")).await;
    let (base, _) = server.rsplit_once('/').unwrap();
    Some((format!("{base}/{database}"), Home::Server { url: server, database }))
}

/// Runs SQL on the server's own database.
pub async fn on_server(url: &str, sql: &str) {
    let mut connection = sqlx::PgConnection::connect(url).await.unwrap();
    connection.execute(AssertSqlSafe(sql)).await.unwrap();
    connection.close().await.unwrap();
}

/// The address of the server, for the tests that are about it.
pub fn postgres_server() -> Option<String> {
    std::env::var(POSTGRES).ok()
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let Home::Server { url, database } = &self.home else { return };
        let (url, sql) = (url.clone(), format!("DROP DATABASE {database} WITH (FORCE)"));
        let dropped = std::thread::spawn(move || {
            tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap()
                .block_on(on_server(&url, &sql));
        });
        let failed = dropped.join().is_err();
        assert!(!failed || std::thread::panicking(), "the test's database could not be dropped");
    }
}
