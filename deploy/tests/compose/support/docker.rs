//! The engine as the tests ask it, past the code that is tested.

use std::process::{Command, Output};
use std::sync::OnceLock;

/// The registry that the images go through.
pub fn registry() -> String {
    std::env::var("DEPLOY_TEST_REGISTRY").unwrap_or_else(|_| "localhost:5000".to_owned())
}

/// Whether there is what the tests need; says so where there is not.
pub fn available() -> bool {
    static AVAILABLE: OnceLock<Result<(), String>> = OnceLock::new();
    let found = AVAILABLE.get_or_init(|| {
        if !cfg!(target_os = "linux") {
            return Err(
                "the test service is compiled for this machine, which is not Linux".to_owned(),
            );
        }
        let asked = run(&["compose", "ls"]).map_err(|error| format!("no `docker` ({error})"))?;
        if !asked.status.success() {
            return Err(String::from_utf8_lossy(&asked.stderr).trim().to_owned());
        }
        let registry = registry();
        std::net::TcpStream::connect(&registry)
            .map_err(|error| format!("no registry at {registry} ({error})"))?;
        Ok(())
    });
    let Err(reason) = found else {
        return true;
    };
    let required = std::env::var("DEPLOY_TESTS_REQUIRE").unwrap_or_default();
    assert!(!required.contains("docker"), "{reason}");
    eprintln!("skipped: {reason}");
    false
}

fn run(args: &[&str]) -> std::io::Result<Output> {
    Command::new("docker")
        .args(args)
        .env("DOCKER_BUILDKIT", "1")
        .output()
}

/// Runs docker, and fails the test when docker does. Gives what it printed.
pub fn docker(args: &[&str]) -> String {
    let output = run(args).unwrap();
    assert!(
        output.status.success(),
        "docker {args:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// The same, where there may be nothing to do.
pub fn perhaps(args: &[&str]) -> String {
    let output = run(args).unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
