//! The migrations, in order: each file of `migrations/`, applied once, before the service is ready.
//!
//! Instances that start at once take turns: the first one in holds an advisory lock, and the others find the work done.
//! A migration, once released, is never changed: the next one mends it.

use sqlx::postgres::PgConnection;
use sqlx::{SqlSafeStr, migrate};

/// Number, name and text. A new migration is a file and a line; a test holds them together.
const MIGRATIONS: &[(i64, &str, &str)] = &[(
    1,
    "items",
    include_str!("../../../migrations/0001_items.sql"),
)];

/// Applies what the database does not have yet.
pub(super) async fn run(connection: &mut PgConnection) -> Result<(), migrate::MigrateError> {
    let mut migrator = migrate::Migrator::with_migrations(migrations());
    // A database that is ahead is what a version that was rolled back finds.
    migrator.set_ignore_missing(true);
    migrator.run_direct(None, connection, false).await
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
