//! `bench`: what is refused before anything is built or measured.

use crate::support::{Sandbox, pack};

#[test]
fn what_cannot_be_measured_is_refused_in_a_line() {
    let sandbox = Sandbox::new();
    let root = pack();
    for (args, expected) in [
        (
            &["speed"][..],
            "possible values: service, lint, create, verify",
        ),
        (&["lint", "--soak", "10s"], "are about a service"),
        (&["--only", "speed"], "possible values: build"),
        (&["--rounds", "0"], "1..=100"),
        (&["--seconds", "61"], "1..=60"),
        (&["--rate", "fast"], "--rate"),
        (&["--soak", "10"], "write it as 90s or 10m"),
        (&["--soak", "5s"], "give 10s to 60m"),
        (&["create", "--only", "size"], "are about a service"),
        (&["lint", "--python", "python3"], "are about a service"),
        (&["--case", "metrics=some"], "has no case `metrics=some`"),
        (&["--template", "nowhere"], "nowhere"),
        (&["--format", "sarif"], "figures are no findings"),
    ] {
        let run = sandbox.run_with(&[&["bench"], args].concat(), |command| {
            command.arg("--root").arg(&root);
        });
        assert_eq!(run.code, 2, "{args:?}: {run:?}");
        assert!(run.stderr.contains(expected), "{args:?}: {run:?}");
        assert_eq!(run.stdout, "", "{args:?}");
    }
}
