//! A, B and C as images that run: the test service of the compose back end, a megabyte each, built and pushed once.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use super::engine::{docker, perhaps};
use crate::support::images::Repository;
use crate::support::world::{NAMES, labels, sha};

/// Where they are pushed to first; each world has a copy.
const NAME: &str = "tests/shop";

/// No base, since the service is linked statically. It is given up after five seconds, so that a case does not wait for long;
/// and is not asked more often, since each question is a process in its container.
const DOCKERFILE: &str = "\
FROM scratch
COPY shop /app/shop
USER 65532:65532
ARG COMMIT
ENV COMMIT=${COMMIT} BEHAVIOUR=good
HEALTHCHECK --interval=5s --timeout=3s --start-period=1s --retries=1 CMD [\"/app/shop\", \"healthcheck\"]
ENTRYPOINT [\"/app/shop\"]
";

/// Copies them to a world's repository; their digests, in the order of their names.
pub fn copy(address: &str, to: &Repository) -> Vec<String> {
    static PUSHED: OnceLock<()> = OnceLock::new();
    PUSHED.get_or_init(|| push(address));
    let from = Repository::new(address, NAME);
    let copied = NAMES.map(|name| to.copy(&from, &name.to_string()));
    copied.into()
}

fn push(address: &str) {
    let folder = binary();
    for name in NAMES {
        // Stays, so that the next run finds its layers.
        let tag = format!("deploy-tests/faults:{}", name.to_ascii_lowercase());
        let commit = format!("COMMIT={}", sha(name));
        let mut args = vec!["build", "--quiet", "--tag", &tag, "--build-arg", &commit];
        let own = labels(name);
        let own: Vec<String> = own
            .as_object()
            .unwrap()
            .iter()
            .map(|(key, value)| format!("{key}={}", value.as_str().unwrap()))
            .collect();
        for label in &own {
            args.extend(["--label", label]);
        }
        args.push(folder.to_str().unwrap());
        docker(&args);
        let pushed = format!("{address}/{NAME}:{name}");
        docker(&["tag", &tag, &pushed]);
        docker(&["push", "--quiet", &pushed]);
        perhaps(&["rmi", "--no-prune", &pushed]);
    }
}

/// A folder with the compiled service and its Dockerfile.
fn binary() -> PathBuf {
    let source = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/compose/fixtures/server.rs"
    );
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("faults");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("Dockerfile"), DOCKERFILE).unwrap();
    let compiled = Command::new("rustc")
        .args(["--edition", "2024", "-O", "-C", "strip=symbols"])
        .args(["-C", "target-feature=+crt-static", "-o"])
        .arg(folder.join("shop"))
        .arg(source)
        .status();
    assert!(compiled.unwrap().success());
    folder
}
