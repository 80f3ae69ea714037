//! The record of the answers, without which no service can be upgraded.

use super::{ANSWERS, Fault, fault, swap};

pub(super) const FAULTS: &[Fault] = &[
    fault(
        "answers in another file",
        "missing-answers",
        "template-axum/.idp/answers.toml",
        &[swap(
            ANSWERS,
            "\".idp/answers.toml\"",
            "\".idp/answer.toml\"",
        )],
    ),
    fault(
        "answers with one option alone",
        "missing-answers",
        "template-axum/.idp/answers.toml",
        &[swap(
            ANSWERS,
            "file::write(\".idp/answers.toml\", lines);",
            "if variable::get(\"deploy\") == \"compose\" {\n    file::write(\".idp/answers.toml\", lines);\n}",
        )],
    ),
    fault(
        "an answer that is not recorded",
        "missing-answers",
        "template-axum/.idp/answers.toml",
        &[swap(ANSWERS, "\"metrics\", ", "")],
    ),
    fault(
        "answers that are not quoted",
        "missing-answers",
        "template-axum/.idp/answers.toml",
        &[swap(
            ANSWERS,
            "quote(variable::get(name))",
            "variable::get(name)",
        )],
    ),
];
