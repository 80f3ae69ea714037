//! Conditions that do not parse, or say the same whatever is answered.

use super::{DOCKERFILE, Fault, MANIFEST, README, WIRING, append, fault, swap};

pub(super) const FAULTS: &[Fault] = &[
    fault(
        "a condition that does not parse",
        "broken-condition",
        MANIFEST,
        &[append(
            MANIFEST,
            "\n[conditional.'database == ']\nignore = [\"deny.toml\"]\n",
        )],
    ),
    fault(
        "a condition that is never true, postgre",
        "broken-condition",
        MANIFEST,
        &[append(
            MANIFEST,
            "\n[conditional.'database == \"postgre\"']\nignore = [\"deny.toml\"]\n",
        )],
    ),
    fault(
        "a condition that is always true",
        "broken-condition",
        MANIFEST,
        &[append(
            MANIFEST,
            "\n[conditional.'database != \"mysql\"']\nignore = [\"deny.toml\"]\n",
        )],
    ),
    fault(
        "a condition that contradicts itself",
        "broken-condition",
        MANIFEST,
        &[append(
            MANIFEST,
            "\n[conditional.'database == \"none\" && database == \"postgres\"']\nignore = [\"deny.toml\"]\n",
        )],
    ),
    fault(
        "a condition with a dash, which subtracts",
        "broken-condition",
        MANIFEST,
        &[append(
            MANIFEST,
            "\n[conditional.'project-name == \"x\"']\nignore = [\"deny.toml\"]\n",
        )],
    ),
    fault(
        "a condition that assigns",
        "broken-condition",
        MANIFEST,
        &[append(
            MANIFEST,
            "\n[conditional.'database = \"none\"']\nignore = [\"deny.toml\"]\n",
        )],
    ),
    fault(
        "a condition on a variable of a hook, misspelt",
        "broken-condition",
        MANIFEST,
        &[append(
            MANIFEST,
            "\n[conditional.'codeownr == \"x\"']\nignore = [\"deny.toml\"]\n",
        )],
    ),
    fault(
        "an if in a file that is never true",
        "dead-branch",
        README,
        &[append(
            README,
            "\n{% if database == \"postgre\" %}x{% endif %}\n",
        )],
    ),
    fault(
        "an if in a file on text, which is always true",
        "dead-branch",
        README,
        &[append(README, "\n{% if database %}x{% endif %}\n")],
    ),
    fault(
        "an elsif that is never true",
        "dead-branch",
        README,
        &[append(
            README,
            "\n{% if database == \"none\" %}x{% elsif database == \"mongo\" %}y{% endif %}\n",
        )],
    ),
    fault(
        "a when that is no choice",
        "dead-branch",
        README,
        &[append(
            README,
            "\n{% case metrics %}{% when \"promethues\" %}x{% endcase %}\n",
        )],
    ),
    fault(
        "an unless in another case",
        "dead-branch",
        README,
        &[append(
            README,
            "\n{% unless metrics == \"Prometheus\" %}x{% endunless %}\n",
        )],
    ),
    fault(
        "an if that contradicts itself",
        "dead-branch",
        README,
        &[append(
            README,
            "\n{% if metrics == \"none\" and metrics == \"otlp\" %}x{% endif %}\n",
        )],
    ),
    fault(
        "a value of another option in the Dockerfile",
        "dead-branch",
        DOCKERFILE,
        &[swap(
            DOCKERFILE,
            "{%- if database == \"postgres\" %}\nCOPY",
            "{%- if deploy == \"postgres\" %}\nCOPY",
        )],
    ),
    fault(
        "an if in a hook that is never true",
        "dead-branch",
        WIRING,
        &[swap(
            WIRING,
            "variable::get(\"metrics\") == \"otlp\"",
            "variable::get(\"metrics\") == \"oltp\"",
        )],
    ),
    fault(
        "an if in a hook that is never true, by way of a name",
        "dead-branch",
        WIRING,
        &[append(
            WIRING,
            "\nlet d = variable::get(\"database\");\nif d == \"postgresql\" {\n    file::delete(\"deny.toml\");\n}\n",
        )],
    ),
    fault(
        "a switch in a hook that is never taken",
        "dead-branch",
        WIRING,
        &[append(
            WIRING,
            "\nswitch variable::get(\"database\") { \"postgresql\" => file::delete(\"deny.toml\"), _ => () }\n",
        )],
    ),
    fault(
        "a choice that was taken away and is still wired",
        "dead-branch",
        WIRING,
        &[swap(
            MANIFEST,
            "[\"none\", \"prometheus\", \"otlp\"]",
            "[\"none\", \"prometheus\"]",
        )],
    ),
    fault(
        "a choice that nothing wires",
        "indistinct-choice",
        MANIFEST,
        &[swap(
            MANIFEST,
            "\"prometheus\", \"otlp\"]",
            "\"prometheus\", \"otlp\", \"statsd\"]",
        )],
    ),
    fault(
        "a choice that only the page speaks of",
        "indistinct-choice",
        MANIFEST,
        &[
            swap(
                MANIFEST,
                "\"prometheus\", \"otlp\"]",
                "\"prometheus\", \"otlp\", \"logs\"]",
            ),
            append(
                README,
                "\n{% if metrics == \"logs\" %}Look at the logs.{% endif %}\n",
            ),
        ],
    ),
];
