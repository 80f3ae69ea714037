//! The guard: what a deployment or a rollback may be asked for.

use crate::{Run, pack, run};

/// A rollback as it should be.
const SOUND: &[(&str, &str)] = &[
    ("SERVICE", "orders"),
    ("REGISTRY", "ghcr.io"),
    ("BACKEND", "compose"),
    ("ATTEST", "public"),
    ("USERNAME", ""),
    ("PASSWORD", ""),
    ("ACTION", "rollback"),
    ("ENVIRONMENT", "prod"),
    ("COMMIT", ""),
    ("REASON", "checkout fails since 14:05"),
    ("OWNER", "Your-Org"),
    ("REF", "refs/heads/main"),
    ("DEFAULT_BRANCH", "main"),
];
const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

fn judged(changes: &[(&str, &str)]) -> Run {
    let mut variables = SOUND.to_vec();
    for (name, value) in changes {
        variables.retain(|(known, _)| known != name);
        variables.push((name, value));
    }
    let script = pack().join(".github/actions/guard/guard.sh");
    run(&script, &pack(), &[], &variables)
}

#[test]
fn the_image_is_named_in_lower_case() {
    for (changes, image) in [
        (&[][..], "ghcr.io/your-org/orders"),
        (
            &[
                ("REGISTRY", "localhost:5000/mirror"),
                ("SERVICE", "user-accounts"),
            ],
            "localhost:5000/mirror/your-org/user-accounts",
        ),
        (
            &[
                ("REGISTRY", "registry.example.com:5000"),
                ("USERNAME", "robot$ci"),
                ("PASSWORD", "x"),
            ],
            "registry.example.com:5000/your-org/orders",
        ),
        // A deployment: no action, and nothing that belongs to one.
        (
            &[("ACTION", ""), ("ENVIRONMENT", ""), ("REASON", "")],
            "ghcr.io/your-org/orders",
        ),
        (
            &[("ACTION", "lift"), ("COMMIT", COMMIT)],
            "ghcr.io/your-org/orders",
        ),
        (
            &[("REF", "refs/heads/trunk"), ("DEFAULT_BRANCH", "trunk")],
            "ghcr.io/your-org/orders",
        ),
    ] {
        let run = judged(changes);
        assert!(run.passed, "{changes:?}: {run:?}");
        assert_eq!(run.output, format!("image={image}\n"));
    }
}

#[test]
fn what_would_go_wrong_later_is_refused_in_one_line_and_names_no_image() {
    for (name, value, message) in [
        ("SERVICE", "Orders", "service: Orders can't be"),
        ("SERVICE", "", "service: '' can't be"),
        ("SERVICE", "two--dashes", "service: "),
        ("SERVICE", "a b", "service: a\\ b can't be"),
        ("SERVICE", &"a".repeat(51), "50 characters at most"),
        (
            "REGISTRY",
            "https://ghcr.io",
            "registry: https://ghcr.io is no registry",
        ),
        ("REGISTRY", "GHCR.io", "registry: "),
        ("REGISTRY", "registry", "registry: "),
        ("REGISTRY", "ghcr.io/", "registry: "),
        ("BACKEND", "helm", "backend: helm deploys nothing"),
        ("ATTEST", "true", "attest: true means nothing"),
        (
            "USERNAME",
            "robot",
            "secrets: registry-username and registry-password come together",
        ),
        ("PASSWORD", "secret", "come together"),
        (
            "REF",
            "refs/heads/feature",
            "ref: refs/heads/feature is not the default branch (main)",
        ),
        ("REF", "refs/tags/main", "is not the default branch"),
        ("DEFAULT_BRANCH", "", "is not the default branch (unknown)"),
        ("ACTION", "destroy", "action: destroy is unknown"),
        ("ACTION", "lift", "commit: say which"),
        (
            "ENVIRONMENT",
            "production",
            "environment: production does not exist",
        ),
        ("ENVIRONMENT", "", "environment: '' does not exist"),
        ("COMMIT", "0123456", "commit: 0123456 is no commit"),
        ("COMMIT", "HEAD", "commit: HEAD is no commit"),
        ("REASON", "", "reason: say why"),
        ("REASON", "  ", "reason: say why"),
        ("REASON", "two\nlines", "reason: say why"),
        ("REASON", &"x".repeat(201), "reason: say why"),
    ] {
        let run = judged(&[(name, value)]);
        assert!(!run.passed, "{name}={value:?}: {run:?}");
        assert!(run.said.starts_with("::error title=guard::"), "{run:?}");
        assert!(run.said.contains(message), "{name}={value:?}: {run:?}");
        assert_eq!(run.said.lines().count(), 1, "{run:?}");
        assert_eq!(run.output, "", "{run:?}");
    }
}

#[test]
fn a_user_that_stands_in_the_images_name_is_refused_since_github_would_drop_the_output() {
    let run = judged(&[("USERNAME", "your-org"), ("PASSWORD", "x")]);
    assert!(
        !run.passed && run.said.contains("a part of the image's name"),
        "{run:?}"
    );
}

#[test]
fn every_fault_is_named_at_once_and_none_passes_for_a_command_of_the_runner() {
    let run = judged(&[
        ("SERVICE", "x\n::set-output name=image::evil"),
        ("BACKEND", ""),
        ("REF", ""),
    ]);
    assert!(!run.passed, "{run:?}");
    let lines: Vec<&str> = run.said.lines().collect();
    assert_eq!(lines.len(), 3, "{run:?}");
    assert!(
        lines
            .iter()
            .all(|line| line.starts_with("::error title=guard::")),
        "{run:?}"
    );
}
