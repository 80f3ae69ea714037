//! What templates ask the checker to let pass.

use super::{Fault, MANIFEST, append, fault, swap};

const PROD: &str = "template-axum/config/prod.yaml";

pub(super) const FAULTS: &[Fault] = &[
    fault(
        "a suppression in a template without a reason",
        "bad-suppression",
        PROD,
        &[append(
            PROD,
            "\ntoken: 0123456789abcDEF # lint: allow(secret-in-config)\n",
        )],
    ),
    fault(
        "a suppression without a reason lets nothing pass",
        "secret-in-config",
        PROD,
        &[append(
            PROD,
            "\ntoken: 0123456789abcDEF # lint: allow(secret-in-config)\n",
        )],
    ),
    fault(
        "a suppression that outlived its finding",
        "bad-suppression",
        MANIFEST,
        &[swap(
            MANIFEST,
            "fmt = false",
            "fmt = false # lint: allow(fmt-left-on) it was left on",
        )],
    ),
    fault(
        "a suppression of a rule that there is not, in Rust",
        "bad-suppression",
        "template-axum/src/main.rs",
        &[append(
            "template-axum/src/main.rs",
            "// lint: allow(dangling-modul) it does not\n",
        )],
    ),
];
