//! Liquid that does not parse, and what it eats.

use super::{CALL_CI, CALL_ROLLBACK, Fault, README, append, fault, swap};

pub(super) const FAULTS: &[Fault] = &[
    fault(
        "Liquid that does not parse",
        "broken-liquid",
        README,
        &[append(README, "\n{{ team | }}\n")],
    ),
    fault(
        "an unknown filter",
        "broken-liquid",
        README,
        &[append(README, "\n{{ team | upper }}\n")],
    ),
    fault(
        "an unknown tag",
        "broken-liquid",
        README,
        &[append(README, "\n{% fi %}\n")],
    ),
    fault(
        "an if that is never ended",
        "broken-liquid",
        README,
        &[append(README, "\n{% if database == \"none\" %}\n")],
    ),
    fault(
        "an if with one equals sign",
        "broken-liquid",
        README,
        &[append(
            README,
            "\n{% if metrics = \"none\" %}x{% endif %}\n",
        )],
    ),
    fault(
        "an if with two ampersands",
        "broken-liquid",
        README,
        &[append(
            README,
            "\n{% if metrics == \"none\" && database == \"none\" %}x{% endif %}\n",
        )],
    ),
    fault(
        "raw left open",
        "broken-liquid",
        README,
        &[append(README, "\n{% raw %}\n")],
    ),
    fault(
        "raw left open in a workflow",
        "broken-liquid",
        CALL_ROLLBACK,
        &[swap(CALL_ROLLBACK, "{%- endraw %}\n", "")],
    ),
    fault(
        "endraw without raw",
        "broken-liquid",
        README,
        &[append(README, "\n{% endraw %}\n")],
    ),
    fault(
        "an expression that Liquid eats",
        "eaten-expression",
        CALL_CI,
        &[append(CALL_CI, "\n# ${{ github.ref }}\n")],
    ),
    fault(
        "a whole block whose raw was taken away",
        "eaten-expression",
        CALL_ROLLBACK,
        &[
            swap(CALL_ROLLBACK, "{%- raw %}\n", ""),
            swap(CALL_ROLLBACK, "{%- endraw %}\n", ""),
        ],
    ),
    fault(
        "a bare expression that Liquid eats",
        "eaten-expression",
        CALL_CI,
        &[swap(
            CALL_CI,
            "name: ci\n",
            "name: ci\nrun-name: ci of ${{ actor }}\n",
        )],
    ),
    fault(
        "a filter without its arguments",
        "broken-liquid",
        README,
        &[append(README, "\n{{ team | replace }}\n")],
    ),
    fault(
        "a file that is included and not there",
        "broken-liquid",
        README,
        &[append(README, "\n{% include \"footer.md\" %}\n")],
    ),
    fault(
        "a loop over what nothing defines",
        "undefined-variable",
        README,
        &[append(
            README,
            "\n{% for x in teams %}{{ x }}{% endfor %}\n",
        )],
    ),
    fault(
        "a name that a tag defines, misspelt",
        "undefined-variable",
        README,
        &[append(README, "\n{% assign owner = team %}{{ onwer }}\n")],
    ),
];
