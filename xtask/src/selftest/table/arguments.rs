//! What a build of the image is told, and what it makes of it; and names that no service can have.

use super::{BUILD_IMAGE, DOCKERFILE, Fault, NAMING, each, fault, swap, write};

const SCRIPT: &str = "template-axum/image.sh";

pub(super) const FAULTS: &[Fault] = &[
    fault(
        "a variable of the build that no source reads",
        "broken-dockerfile",
        DOCKERFILE,
        &[swap(DOCKERFILE, "BUILD_COMMIT=", "BUILD_COMIT=")],
    ),
    fault(
        "a build argument that the Dockerfile has under another name",
        "unknown-argument",
        BUILD_IMAGE,
        &[swap(BUILD_IMAGE, "BUILT_AT=${{", "BUILD_AT=${{")],
    ),
    fault(
        "an argument that the Dockerfile has come to misspell",
        "unknown-argument",
        BUILD_IMAGE,
        // In all templates: what one of them declares, the action may give.
        &[each("Dockerfile", "ARG VERSION=", "ARG VERSON=")],
    ),
    fault(
        "a misspelt argument of a script",
        "unknown-argument",
        SCRIPT,
        &[write(
            SCRIPT,
            "#!/bin/sh\ndocker build --build-arg COMIT=1 .\n",
        )],
    ),
    fault(
        "a hook that no longer refuses reserved names",
        "unrefused-name",
        NAMING,
        &[swap(
            NAMING,
            "if variable::get(\"reserved_names\").contains(name) {\n    refuse(name, \"is reserved by Rust, cargo or an operating system\");\n}\n",
            "",
        )],
    ),
    fault(
        "a hook that no longer looks at the first letter",
        "unrefused-name",
        NAMING,
        &[swap(
            NAMING,
            "if name[0] >= '0' && name[0] <= '9' {\n    refuse(name, \"starts with a digit\");\n}\n",
            "",
        )],
    ),
];
