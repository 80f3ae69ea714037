//! S1 and S2: what no workflow may look like.

use super::{
    BUILD_IMAGE, CALL_CI, CI, DEPLOY, Edit, Fault, GUARD, RELEASE, VERIFY, append, fault, swap,
};

pub(super) const FAULTS: &[Fault] = &[
    fault(
        "a misspelt top-level key, permissons",
        "S1-workflow-shape",
        CI,
        &[swap(
            CI,
            "permissions: {}\n\njobs",
            "permissons: {}\n\njobs",
        )],
    ),
    fault(
        "a misspelt key of a job, timeout-minuts",
        "S1-workflow-shape",
        DEPLOY,
        &[swap(DEPLOY, "timeout-minutes: 40", "timeout-minuts: 40")],
    ),
    fault(
        "a misspelt permission, content",
        "S1-workflow-shape",
        DEPLOY,
        &[swap(
            DEPLOY,
            "      contents: read\n",
            "      content: read\n",
        )],
    ),
    fault(
        "a permission at a level that there is not",
        "S1-workflow-shape",
        DEPLOY,
        &[swap(DEPLOY, "packages: write", "packages: wirte")],
    ),
    fault(
        "cancel-in-progress misspelt",
        "S1-workflow-shape",
        DEPLOY,
        &[swap(
            DEPLOY,
            "cancel-in-progress: false",
            "cancel-in-progres: false",
        )],
    ),
    fault(
        "a time-out in words",
        "S1-workflow-shape",
        CI,
        &[swap(CI, "timeout-minutes: 20", "timeout-minutes: twenty")],
    ),
    fault(
        "a step that neither runs nor uses anything",
        "S1-workflow-shape",
        CI,
        &[swap(
            CI,
            "    steps:\n",
            "    steps:\n      - timeout-minutes: 3\n",
        )],
    ),
    fault(
        "a step that runs and uses",
        "S1-workflow-shape",
        RELEASE,
        &[swap(
            RELEASE,
            "      - run: cargo xtask sync --check",
            "      - run: cargo xtask sync --check\n        uses: ./.github/actions/guard",
        )],
    ),
    fault(
        "an event that there is not, pull_requests",
        "S1-workflow-shape",
        CALL_CI,
        &[swap(CALL_CI, "  pull_request:\n", "  pull_requests:\n")],
    ),
    fault(
        "a composite action's step without a shell",
        "S1-workflow-shape",
        GUARD,
        &[swap(GUARD, "      shell: bash\n", "")],
    ),
    fault(
        "an input of a type that workflow_call does not have",
        "S1-workflow-shape",
        CI,
        &[swap(CI, "type: string", "type: choice")],
    ),
    fault(
        "a job without steps",
        "S1-workflow-shape",
        CI,
        &[append(
            CI,
            "\n  empty:\n    runs-on: ubuntu-24.04\n    timeout-minutes: 5\n    permissions: {}\n",
        )],
    ),
    fault(
        "a key twice",
        "S2-unparsable",
        CI,
        &[swap(
            CI,
            "    timeout-minutes: 20\n",
            "    timeout-minutes: 20\n    timeout-minutes: 30\n",
        )],
    ),
    fault(
        "indentation that is no YAML",
        "S2-unparsable",
        DEPLOY,
        &[swap(
            DEPLOY,
            "  image:\n    needs: guard",
            "  image:\n   needs: guard",
        )],
    ),
    fault(
        "a tab for indentation",
        "S2-unparsable",
        CI,
        &[swap(
            CI,
            "    timeout-minutes: 20\n",
            "\ttimeout-minutes: 20\n",
        )],
    ),
    fault(
        "a workflow that is not UTF-8",
        "S2-unparsable",
        ".github/workflows/extra.yml",
        &[Edit::Write(
            ".github/workflows/extra.yml",
            b"name: \xff\xfe\n",
        )],
    ),
    fault(
        "a filter of an event, misspelt",
        "S1-workflow-shape",
        VERIFY,
        &[swap(VERIFY, "    branches: [main]", "    branch: [main]")],
    ),
    fault(
        "a schedule of four fields",
        "S1-workflow-shape",
        VERIFY,
        &[swap(
            VERIFY,
            "  pull_request:\n",
            "  pull_request:\n  schedule:\n    - cron: \"0 3 * *\"\n",
        )],
    ),
    fault(
        "one id for two steps",
        "S4-dangling-reference",
        BUILD_IMAGE,
        &[swap(BUILD_IMAGE, "- id: facts", "- id: published")],
    ),
    fault(
        "a job whose id begins with a digit",
        "S5-needs",
        CI,
        &[swap(CI, "  test:\n", "  2test:\n")],
    ),
    fault(
        "an action without a ref",
        "R7-callee",
        CI,
        &[swap(
            CI,
            "      - run: cargo fmt --check",
            "      - uses: actions/cache\n      - run: cargo fmt --check",
        )],
    ),
];
