//! What the service stands on, for the tests: PostgreSQL, started where a test needs it.

#[path = "../server/mod.rs"]
mod server;

/// Secrets without which the service does not start, by name. What they lead to need not be there.
pub(crate) const SECRETS: &[(&str, &str)] = &[(
    "database-url",
    "postgres://nobody:nothing@127.0.0.1:1/nowhere",
)];

/// Secrets that lead to something that is there, for one test alone.
pub(crate) async fn real() -> Vec<(String, String)> {
    vec![("database-url".to_owned(), server::database().await)]
}
