//! What is typed wrong.

use crate::support::world::World;

#[test]
fn bad_input_is_one_line_with_code_2() {
    let Some(world) = World::new() else { return };
    for (words, variables, says) in [
        (
            "promote A dev",
            &[("IDP_BACKEND", "ftp")][..],
            "there is no back end `ftp`",
        ),
        (
            "reconcile dev",
            &[("IDP_BACKEND_COMMAND", "")],
            "needs IDP_BACKEND_COMMAND",
        ),
        (
            "reconcile dev",
            &[("IDP_BACKEND_COMMAND", "/nowhere")],
            "there is no /nowhere",
        ),
        (
            "reconcile dev",
            &[("IDP_BACKEND_TIMEOUT", "soon")],
            "IDP_BACKEND_TIMEOUT `soon`",
        ),
        (
            "reconcile dev",
            &[("IDP_BACKEND_LOCKS", "/proc/1/nowhere")],
            "IDP_BACKEND_LOCKS names",
        ),
        (
            "reconcile dev",
            &[("IDP_REGISTRY_TIMEOUT", "0s")],
            "more than nothing",
        ),
    ] {
        let ran = world.run_with(words, variables);
        assert_eq!(ran.code, Some(2), "{words} {variables:?}: {ran:#?}");
        assert!(ran.err.contains(says), "{}", ran.err);
        assert!(!ran.err.contains("panicked"), "{}", ran.err);
    }
    for arguments in [
        &[
            "promote",
            "--image",
            "ghcr.io/Org/x",
            "--sha",
            "1",
            "--to",
            "dev",
        ][..],
        &["rollback", "--image", "ghcr.io/o/x", "--env", "prod"],
        &[
            "rollback",
            "--image",
            "ghcr.io/o/x",
            "--env",
            "prod",
            "--reason",
            " ",
        ],
        &[],
    ] {
        assert_eq!(world.run_raw(arguments, &[]).code, Some(2), "{arguments:?}");
    }
}
