//! Files that Cargo.toml names.

use super::{Edit, Fault, append, fault, swap};

const CARGO: &str = "template-axum/Cargo.toml.liquid";

pub(super) const FAULTS: &[Fault] = &[
    fault(
        "a misspelt path of the binary",
        "missing-target",
        CARGO,
        &[swap(CARGO, "\"src/main.rs\"", "\"src/mian.rs\"")],
    ),
    fault(
        "a library elsewhere",
        "missing-target",
        CARGO,
        &[swap(
            CARGO,
            "name = \"service\"",
            "name = \"service\"\npath = \"lib/service.rs\"",
        )],
    ),
    fault(
        "a test that only one option brings",
        "missing-target",
        CARGO,
        &[append(
            CARGO,
            "\n[[test]]\nname = \"otlp\"\npath = \"tests/otlp/main.rs\"\n",
        )],
    ),
    fault(
        "an example by its name alone",
        "missing-target",
        CARGO,
        &[append(CARGO, "\n[[example]]\nname = \"client\"\n")],
    ),
    fault(
        "a build script that is not there",
        "missing-target",
        CARGO,
        &[swap(
            CARGO,
            "publish = false",
            "publish = false\nbuild = \"build.rs\"",
        )],
    ),
    fault(
        "a library whose file is gone",
        "missing-target",
        CARGO,
        &[Edit::Move(
            "template-axum/src/lib.rs",
            "template-axum/src/library.rs",
        )],
    ),
];
