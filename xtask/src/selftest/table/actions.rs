//! P3 and P4: which code of others runs.

use super::{BUILD_IMAGE, CI, DEPLOY, Fault, fault, swap};

pub(super) const FAULTS: &[Fault] = &[
    fault(
        "an action by a tag",
        "P3-unpinned-action",
        CI,
        &[swap(
            CI,
            "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1",
            "actions/checkout@v7",
        )],
    ),
    fault(
        "an action by a branch",
        "P3-unpinned-action",
        BUILD_IMAGE,
        &[swap(
            BUILD_IMAGE,
            "docker/build-push-action@53b7df96c91f9c12dcc8a07bcb9ccacbed38856a # v7.3.0",
            "docker/build-push-action@master",
        )],
    ),
    fault(
        "an action by a short commit",
        "P3-unpinned-action",
        CI,
        &[swap(
            CI,
            "rust-cache@6323deb102c322ba6fcbdcafc7e3dddab59af2b6",
            "rust-cache@6323deb",
        )],
    ),
    fault(
        "a pin without its version",
        "P3-unpinned-action",
        DEPLOY,
        &[swap(
            DEPLOY,
            "docker/login-action@dbcb813823bdd20940b903addbd779551569679f # v4.6.0",
            "docker/login-action@dbcb813823bdd20940b903addbd779551569679f",
        )],
    ),
    fault(
        "an image as a step without a digest",
        "P3-unpinned-action",
        CI,
        &[swap(
            CI,
            "      - run: cargo fmt --check",
            "      - uses: docker://alpine:3.22\n      - run: cargo fmt --check",
        )],
    ),
    fault(
        "an action of the pack's at another version",
        "P3-unpinned-action",
        DEPLOY,
        &[swap(DEPLOY, "actions/guard@<REF>", "actions/guard@v0.0.9")],
    ),
    fault(
        "an action at two commits",
        "P4-two-pins",
        CI,
        &[swap(
            CI,
            "rust-cache@6323deb102c322ba6fcbdcafc7e3dddab59af2b6",
            "rust-cache@6323deb102c322ba6fcbdcafc7e3dddab59af2b7",
        )],
    ),
    fault(
        "one commit under two versions",
        "P4-two-pins",
        CI,
        &[swap(CI, "# v2.9.2", "# v2.9.1")],
    ),
];
