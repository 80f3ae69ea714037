//! What the tests stand on: a real registry, images pushed to it, a proxy that injects faults, and a world for each test.

pub mod driver;
pub mod images;
pub mod observe;
pub mod place;
pub mod proxy;
pub mod registry;
pub mod tokens;
pub mod wire;
pub mod world;

/// Whether a test may go without `what`: not where `DEPLOY_TESTS_REQUIRE` names it.
pub fn skip(what: &str, why: &str) {
    let required = std::env::var("DEPLOY_TESTS_REQUIRE").unwrap_or_default();
    assert!(
        !required.split(',').any(|name| name == what),
        "DEPLOY_TESTS_REQUIRE names `{what}`: {why}"
    );
    println!("skipped, no {what}: {why}");
}
