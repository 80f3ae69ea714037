//! The migrations, in order: each file of `migrations/`, applied once, before the service is ready.
//!
//! Instances that start at once take turns: the first one in holds an advisory lock, and the others find the work done.
//! A migration, once released, is never changed: the next one mends it.

use sqlx::migrate::{self, Migrate, MigrateError};
use sqlx::postgres::PgConnection;
use sqlx::{Executor, SqlSafeStr};

/// Number, name and text. A new migration is a file and a line; a test holds them together.
// One line each, however long: who deletes one deletes a line.
#[rustfmt::skip]
const MIGRATIONS: &[(i64, &str, &str)] = &[
    (1, "items", include_str!("../../../migrations/0001_items.sql")),
];
/// Where the migrator keeps what was applied.
const TABLE: &str = "_sqlx_migrations";

/// Applies what the database does not have yet.
pub(super) async fn run(connection: &mut PgConnection) -> Result<(), MigrateError> {
    // Whoever has nothing to do does not wait for those who have: a later version may be at it for minutes.
    if are_applied(connection).await? {
        return Ok(());
    }
    connection.lock().await?;
    // A change that waits for its lock keeps everybody waiting who comes after it. It gives up before they do.
    connection.execute("SET lock_timeout = '3s'").await?;
    let mut migrator = migrate::Migrator::with_migrations(migrations());
    // A database that is ahead is what a version that was rolled back finds.
    migrator.set_ignore_missing(true);
    migrator.set_locking(false);
    migrator.run_direct(None, connection, false).await?;
    connection.unlock().await
}

/// Whether the database has all of them, as they are here. What is amiss with them the migrator says.
async fn are_applied(connection: &mut PgConnection) -> Result<bool, MigrateError> {
    let there = sqlx::query_scalar("SELECT to_regclass($1) IS NOT NULL").bind(TABLE);
    let there: bool = there.fetch_one(&mut *connection).await?;
    if !there || connection.dirty_version(TABLE).await?.is_some() {
        return Ok(false);
    }
    let applied = connection.list_applied_migrations(TABLE).await?;
    let is_applied = |wanted: &migrate::Migration| {
        let mut applied = applied.iter();
        applied.any(|one| one.version == wanted.version && one.checksum == wanted.checksum)
    };
    Ok(migrations().iter().all(is_applied))
}

fn migrations() -> Vec<migrate::Migration> {
    let each = MIGRATIONS.iter().map(|&(number, name, text)| {
        let kind = migrate::MigrationType::Simple;
        migrate::Migration::new(number, name.into(), kind, text.into_sql_str(), false)
    });
    each.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_has_its_line() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .filter(|file| file != "README.md")
            .collect();
        files.sort();
        let lines = MIGRATIONS
            .iter()
            .map(|(number, name, _)| format!("{number:04}_{name}.sql"));
        assert_eq!(
            files,
            lines.collect::<Vec<_>>(),
            "left: the files of migrations/; right: MIGRATIONS"
        );
    }
}
