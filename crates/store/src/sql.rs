//! One statement for both databases.
//!
//! Each macro takes the transaction, the SQL with `$1` placeholders and the values, and expands the
//! same call once for each database. The SQL may be an expression, for the few that differ.

/// Runs a statement; gives the number of rows that it touched.
macro_rules! execute {
    ($transaction:expr, $sql:expr $(, $value:expr)* $(,)?) => {
        match &mut $transaction.connection {
            $crate::transaction::Connection::Sqlite(connection) => {
                sqlx::query($sql)$(.bind($value))*.execute(&mut **connection).await
                    .map(|done| done.rows_affected())
            }
            $crate::transaction::Connection::Postgres(connection) => {
                sqlx::query($sql)$(.bind($value))*.execute(&mut **connection).await
                    .map(|done| done.rows_affected())
            }
        }
        .map_err($crate::Error::from)
    };
}

/// Gives at most one row.
macro_rules! fetch_optional {
    ($transaction:expr, $sql:expr $(, $value:expr)* $(,)?) => {
        match &mut $transaction.connection {
            $crate::transaction::Connection::Sqlite(connection) => {
                sqlx::query_as($sql)$(.bind($value))*.fetch_optional(&mut **connection).await
            }
            $crate::transaction::Connection::Postgres(connection) => {
                sqlx::query_as($sql)$(.bind($value))*.fetch_optional(&mut **connection).await
            }
        }
        .map_err($crate::Error::from)
    };
}

/// Gives all rows.
macro_rules! fetch_all {
    ($transaction:expr, $sql:expr $(, $value:expr)* $(,)?) => {
        match &mut $transaction.connection {
            $crate::transaction::Connection::Sqlite(connection) => {
                sqlx::query_as($sql)$(.bind($value))*.fetch_all(&mut **connection).await
            }
            $crate::transaction::Connection::Postgres(connection) => {
                sqlx::query_as($sql)$(.bind($value))*.fetch_all(&mut **connection).await
            }
        }
        .map_err($crate::Error::from)
    };
}

/// Adds rows in one statement, of which there is at least one: how the statement begins, the rows, and
/// the values of each.
macro_rules! insert_all {
    ($transaction:expr, $sql:expr, $rows:expr, $row:pat => $($value:expr),+ $(,)?) => {
        match &mut $transaction.connection {
            $crate::transaction::Connection::Sqlite(connection) => {
                let mut statement = sqlx::QueryBuilder::<sqlx::Sqlite>::new($sql);
                statement.push_values($rows, |mut values, $row| {
                    values$(.push_bind($value))+;
                });
                statement.build().execute(&mut **connection).await.map(|done| done.rows_affected())
            }
            $crate::transaction::Connection::Postgres(connection) => {
                let mut statement = sqlx::QueryBuilder::<sqlx::Postgres>::new($sql);
                statement.push_values($rows, |mut values, $row| {
                    values$(.push_bind($value))+;
                });
                statement.build().execute(&mut **connection).await.map(|done| done.rows_affected())
            }
        }
        .map_err($crate::Error::from)
    };
}

pub(crate) use {execute, fetch_all, fetch_optional, insert_all};
