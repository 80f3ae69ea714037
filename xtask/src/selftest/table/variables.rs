//! Variables that nothing defines.

use super::{
    CALL_CI, DOCKERFILE, Fault, MANIFEST, NAMING, README, WIRING, append, fault, swap, write,
};

pub(super) const FAULTS: &[Fault] = &[
    fault(
        "a misspelt variable in a file",
        "undefined-variable",
        README,
        &[swap(README, "{{project-name}}", "{{projectname}}")],
    ),
    fault(
        "a variable in another case",
        "undefined-variable",
        README,
        &[append(README, "\n{{Team}}\n")],
    ),
    fault(
        "a misspelt variable in a file's name",
        "undefined-variable",
        "template-axum/docs/{{projct-name}}.md",
        &[write("template-axum/docs/{{projct-name}}.md", "x\n")],
    ),
    fault(
        "a misspelt variable in a hook",
        "undefined-variable",
        WIRING,
        &[swap(
            WIRING,
            "variable::get(\"database\")",
            "variable::get(\"databse\")",
        )],
    ),
    fault(
        "a misspelt variable in a tag",
        "undefined-variable",
        DOCKERFILE,
        &[swap(DOCKERFILE, "{%- if database ==", "{%- if databse ==")],
    ),
    fault(
        "a misspelt variable in a workflow",
        "undefined-variable",
        CALL_CI,
        &[swap(CALL_CI, "{{org}}", "{{organisation}}")],
    ),
    fault(
        "a variable that a hook sets under one option alone",
        "undefined-variable",
        README,
        &[
            swap(
                WIRING,
                "if variable::get(\"deploy\") == \"kubernetes\" {",
                "if variable::get(\"deploy\") == \"kubernetes\" {\n    variable::set(\"cluster\", \"eu\");",
            ),
            append(README, "\nRuns on {{cluster}}.\n"),
        ],
    ),
    fault(
        "a variable that a hook does not set any more",
        "undefined-variable",
        "template-axum/.github/CODEOWNERS",
        &[
            swap(
                NAMING,
                "variable::set(\"codeowner\", team)",
                "variable::set(\"code_owner\", team)",
            ),
            swap(
                NAMING,
                "variable::set(\"codeowner\"",
                "variable::set(\"code_owner\"",
            ),
            swap(
                NAMING,
                "variable::set(\"codeowner\"",
                "variable::set(\"code_owner\"",
            ),
        ],
    ),
    fault(
        "a misspelt variable in a condition of the manifest",
        "broken-condition",
        MANIFEST,
        &[append(
            MANIFEST,
            "\n[conditional.'databas == \"none\"']\nignore = [\"deny.toml\"]\n",
        )],
    ),
    fault(
        "a variable that a hook does not set any more, in Cargo.toml",
        "undefined-variable",
        "template-axum/Cargo.toml.liquid",
        &[swap(
            WIRING,
            "variable::set(\"description_quoted\"",
            "variable::set(\"description_qouted\"",
        )],
    ),
];
