use sqlx::migrate::{MigrateError, Migrator};

use crate::connect::{Database, Store};
use crate::error::Error;

/// A name of our own, so that another program's migrations in the same database cannot be mistaken
/// for ours (sqlx's default name is everybody's).
const TABLE: &str = "bonafide_migrations";

fn sqlite() -> Migrator {
    named(sqlx::migrate!("./migrations/sqlite"))
}

fn postgres() -> Migrator {
    named(sqlx::migrate!("./migrations/postgres"))
}

fn named(mut migrator: Migrator) -> Migrator {
    migrator.dangerous_set_table_name(TABLE);
    migrator
}

impl Store {
    /// Brings the database up to date. Harmless when it is, and when two do it at once.
    pub async fn migrate(&self) -> Result<(), Error> {
        match &self.database {
            Database::Sqlite { writer, .. } => sqlite().run(&writer.pool).await,
            Database::Postgres(pool) => postgres().run(pool).await,
        }
        .map_err(|error| Error::Migration { reason: explain(&error) })
    }

    /// Whether the database is older than this program.
    pub async fn has_pending_migrations(&self) -> Result<bool, Error> {
        Ok(self.pending_migrations().await? > 0)
    }

    /// Refuses a database that is older than this program.
    pub async fn require_migrated(&self) -> Result<(), Error> {
        match self.pending_migrations().await? {
            0 => Ok(()),
            count => Err(Error::PendingMigrations { count }),
        }
    }

    async fn pending_migrations(&self) -> Result<usize, Error> {
        const APPLIED: &str = "SELECT version FROM bonafide_migrations WHERE success";
        let (migrator, applied) = match &self.database {
            Database::Sqlite { readers, .. } => {
                let exists: i64 =
                    sqlx::query_scalar("SELECT COUNT(*) FROM sqlite_master WHERE name = $1")
                        .bind(TABLE)
                        .fetch_one(readers)
                        .await?;
                let applied: Vec<i64> = if exists == 0 {
                    Vec::new()
                } else {
                    sqlx::query_scalar(APPLIED).fetch_all(readers).await?
                };
                (sqlite(), applied)
            }
            Database::Postgres(pool) => {
                let exists: bool = sqlx::query_scalar("SELECT to_regclass($1) IS NOT NULL")
                    .bind(TABLE)
                    .fetch_one(pool)
                    .await?;
                let applied: Vec<i64> = if exists {
                    sqlx::query_scalar(APPLIED).fetch_all(pool).await?
                } else {
                    Vec::new()
                };
                (postgres(), applied)
            }
        };
        Ok(migrator.iter().filter(|migration| !applied.contains(&migration.version)).count())
    }
}

/// What happened, and what to do about it.
fn explain(error: &MigrateError) -> String {
    let database = match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => {
            error.as_database_error()
        }
        _ => None,
    };
    let remedy = match (error, database.and_then(sqlx::error::DatabaseError::code).as_deref()) {
        // insufficient_privilege; since PostgreSQL 15 only its owner may create in schema public.
        (_, Some("42501")) => {
            "; the role may not make tables: as the database's owner, \
             GRANT CREATE, USAGE ON SCHEMA public TO this role (no extensions are needed)"
        }
        (MigrateError::VersionMissing(_), _) => {
            "; the database is newer than this program: start the newer version"
        }
        _ => "",
    };
    format!("{error}{remedy}")
}

#[cfg(test)]
mod tests {
    use bonafide_domain::callback::CallbackState;
    use bonafide_domain::chore::Chore;
    use bonafide_domain::credential::{Category, Classifier};
    use bonafide_domain::decision::DecisionType;
    use bonafide_domain::event::EventStatus;
    use bonafide_domain::execution::ExecutionStatus;
    use bonafide_domain::receipt::{Extent, Reason};
    use bonafide_domain::region::Region;
    use bonafide_domain::run::RunState;
    use bonafide_domain::task::Lane;
    use bonafide_domain::tenant::TenantMode;
    use bonafide_domain::token::TokenKind;

    use super::*;

    #[test]
    fn both_databases_have_the_same_steps() {
        let steps = |migrator: Migrator| {
            migrator
                .iter()
                .map(|step| (step.version, step.description.to_string()))
                .collect::<Vec<_>>()
        };
        assert!(!steps(sqlite()).is_empty());
        assert_eq!(steps(sqlite()), steps(postgres()));
    }

    /// The vocabularies that the schema closes are the domain's, word for word.
    #[test]
    fn closed_vocabularies_are_the_domains() {
        fn list<T: Copy>(all: &[T], text: impl Fn(T) -> &'static str) -> String {
            let words: Vec<_> = all.iter().map(|&word| format!("'{}'", text(word))).collect();
            format!("IN ({})", words.join(", "))
        }
        let vocabularies = [
            list(TenantMode::ALL, TenantMode::as_str),
            list(ExecutionStatus::ALL, ExecutionStatus::as_str),
            list(TokenKind::ALL, TokenKind::as_str),
            list(Category::ALL, Category::as_str),
            list(Classifier::ALL, Classifier::as_str),
            list(RunState::ALL, RunState::as_str),
            list(DecisionType::ALL, DecisionType::as_str),
            list(CallbackState::ALL, CallbackState::as_str),
            list(Lane::ALL, Lane::as_str),
            list(Region::ALL, Region::as_str),
            list(EventStatus::ALL, EventStatus::as_str),
            list(Extent::ALL, Extent::as_str),
            list(Reason::ALL, Reason::as_str),
            list(Chore::ALL, Chore::as_str),
        ];
        for migrator in [sqlite(), postgres()] {
            let sql: String = migrator.iter().map(|step| step.sql.as_str()).collect();
            let words: Vec<_> = sql.split_whitespace().collect();
            let flat = words.join(" ").replace("IN ( ", "IN (").replace("' )", "')");
            for vocabulary in &vocabularies {
                assert!(flat.contains(vocabulary), "no {vocabulary}");
            }
        }
    }
}
