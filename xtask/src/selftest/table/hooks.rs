//! Hooks that are missing, broken, or fail with some answers.

use super::{Edit, Fault, MANIFEST, NAMING, WIRING, append, fault, swap, write};

pub(super) const FAULTS: &[Fault] = &[
    fault(
        "a hook that is not there",
        "broken-hook",
        MANIFEST,
        &[Edit::Remove(WIRING)],
    ),
    fault(
        "a misspelt hook",
        "broken-hook",
        MANIFEST,
        &[swap(MANIFEST, "hooks/naming.rhai", "hooks/namign.rhai")],
    ),
    fault(
        "a hook twice",
        "broken-hook",
        MANIFEST,
        &[swap(
            MANIFEST,
            "\"hooks/wiring.rhai\"]",
            "\"hooks/wiring.rhai\", \"hooks/naming.rhai\"]",
        )],
    ),
    fault(
        "a hook before and after",
        "broken-hook",
        MANIFEST,
        &[swap(
            MANIFEST,
            "post = [",
            "post = [\"hooks/naming.rhai\", ",
        )],
    ),
    fault(
        "a hook that does not compile",
        "broken-hook",
        WIRING,
        &[swap(
            WIRING,
            "file::delete(\"options\");",
            "file::delete(\"options\"",
        )],
    ),
    fault(
        "a method that there is not, to_lowercase",
        "broken-hook",
        WIRING,
        &[append(WIRING, "\nlet x = \"A\".to_lowercase();\n")],
    ),
    fault(
        "a function that there is not, file::remove",
        "broken-hook",
        WIRING,
        &[swap(
            WIRING,
            "file::delete(\"options\")",
            "file::remove(\"options\")",
        )],
    ),
    fault(
        "a module that there is not, fs",
        "broken-hook",
        WIRING,
        &[append(WIRING, "\nfs::delete(\"deny.toml\");\n")],
    ),
    fault(
        "a function with too few arguments",
        "broken-hook",
        WIRING,
        &[append(WIRING, "\nfile::rename(\"deny.toml\");\n")],
    ),
    fault(
        "an unknown function under one answer alone",
        "broken-hook",
        NAMING,
        &[append(
            NAMING,
            "\nif variable::get(\"metrics\") == \"otlp\" {\n    refuze(name, \"is taken\");\n}\n",
        )],
    ),
    fault(
        "a hook that is not listed",
        "unlisted-hook",
        "template-axum/hooks/extra.rhai",
        &[write(
            "template-axum/hooks/extra.rhai",
            "file::delete(\"deny.toml\");\n",
        )],
    ),
    fault(
        "a system command",
        "system-command",
        WIRING,
        &[append(WIRING, "\nsystem::command(\"git\", [\"init\"]);\n")],
    ),
    fault(
        "a move of a file that is not there",
        "failing-hook",
        WIRING,
        &[swap(
            WIRING,
            "\"options/metrics-otlp/src/metrics/span.rs\"",
            "\"options/metrics-otlp/src/metrics/spam.rs\"",
        )],
    ),
    fault(
        "a move into a folder that is not there",
        "failing-hook",
        WIRING,
        &[swap(
            WIRING,
            "\"options/deploy-kubernetes/deploy\", \"deploy\"",
            "\"options/deploy-kubernetes/deploy\", \"k8s/deploy\"",
        )],
    ),
    fault(
        "a move out of the service",
        "failing-hook",
        WIRING,
        &[swap(
            WIRING,
            "\"options/deploy-kubernetes/deploy\", \"deploy\"",
            "\"options/deploy-kubernetes/deploy\", \"../deploy\"",
        )],
    ),
    fault(
        "a hook that refuses the defaults",
        "failing-hook",
        NAMING,
        &[append(
            NAMING,
            "\nif variable::get(\"deploy\") == \"compose\" { abort(\"no\"); }\n",
        )],
    ),
    fault(
        "a hook that fails with one answer",
        "failing-hook",
        WIRING,
        &[append(
            WIRING,
            "\nif variable::get(\"metrics\") == \"otlp\" { let a = [1]; let b = a[3]; }\n",
        )],
    ),
    fault(
        "a hook that never ends",
        "failing-hook",
        WIRING,
        &[append(WIRING, "\nloop { }\n")],
    ),
    fault(
        "a hook that reads a file that there is not",
        "failing-hook",
        WIRING,
        &[append(
            WIRING,
            "\nlet text = file::exists(\"nothing.txt\");\nif variable::get(\"metrics\") == \"otlp\" { throw \"no\"; }\n",
        )],
    ),
    fault(
        "a variable of a hook, misspelt",
        "broken-hook",
        WIRING,
        &[swap(
            WIRING,
            "variable::set(\"description_markdown\", escaped)",
            "variable::set(\"description_markdown\", escapd)",
        )],
    ),
];
