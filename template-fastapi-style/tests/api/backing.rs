//! What the service stands on, for the tests: nothing. An option that brings a database has its own file in this place.

/// Secrets without which the service does not start, by name. What they lead to need not be there.
pub(crate) const SECRETS: &[(&str, &str)] = &[];

/// Secrets that lead to something that is there, for one test alone.
#[expect(clippy::unused_async, reason = "a database would be waited for")]
pub(crate) async fn real() -> Vec<(String, String)> {
    Vec::new()
}
