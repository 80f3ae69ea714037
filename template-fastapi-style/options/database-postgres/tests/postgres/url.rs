//! The URL, a secret: what is refused, how, and what a placeholder is.

use crate::support::state;

#[tokio::test]
async fn a_url_that_can_not_be_one_refuses_to_start_without_being_quoted() {
    for url in [
        "sesame",
        "dbname=orders password=sesame",
        "https://user:sesame@127.0.0.1/orders",
        "postgres://",
        "postgres://user:sesame@/orders",
        "postgres://:sesame@127.0.0.1/orders",
        "postgres://user@127.0.0.1/orders?password=sesame",
        "postgres://user:sesame@127.0.0.1",
        "postgres://user:sesame@127.0.0.1/",
        "postgres://user:sesame@127.0.0.1:port/orders",
        "postgres://user:sesame@127.0.0.1:99999/orders",
        "postgres://user:ses#ame@127.0.0.1/orders",
        "postgres://user:ses/ame@127.0.0.1/orders",
        "postgres://user:sesame@127.0.0.1/orders#sesame",
        "postgres://user:sesame@127.0.0.1/orders?sslmode=sesame",
        "postgres://user:sesame@127.0.0.1/orders?sesame=1",
        "postgres://user:sesame@127.0.0.1/orders?host=sesame",
    ] {
        let refused = state(url, &[]).await.err().map(|error| error.to_string());
        let said = refused.unwrap_or_else(|| panic!("{url}: taken"));
        assert!(said.starts_with("database.url: "), "{said}");
        assert!(said.contains("; provide one like `postgres://"), "{said}");
        assert!(!said.contains("ses"), "{said}");
    }
}

#[tokio::test]
async fn a_url_that_leads_nowhere_starts_and_waits() {
    for url in [
        "postgres://user:sesame@127.0.0.1:1/orders",
        "postgresql://user:ses%2Fame@127.0.0.1:1/orders?sslmode=verify-full",
        "postgres://user:sesame@no-such-host.invalid/orders?application_name=x",
        "postgres://user:sesame@%2Fno%2Fsuch%2Ffolder/orders",
    ] {
        assert!(state(url, &[]).await.is_ok(), "{url}");
    }
}

#[tokio::test]
async fn the_password_of_dev_is_a_placeholder() {
    let url = "postgres://user:dev-only-password@127.0.0.1:1/orders";
    for (environment, allowed) in [("dev", true), ("staging", false), ("prod", false)] {
        let started = state(url, &[("APP_ENV", environment)]).await;
        assert_eq!(started.is_ok(), allowed, "{environment}");
        if let Err(error) = started {
            let said = error.to_string();
            assert!(
                said.starts_with("database.url: ") && said.contains("dev-only-"),
                "{said}"
            );
        }
    }
    // Only where a password stands.
    let url = "postgres://user:sesame@dev-only-host.invalid/dev-only-orders";
    assert!(state(url, &[]).await.is_ok());
}
