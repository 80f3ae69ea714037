//! D7 to D9: what is built, once, and how it is named.

use super::{BUILD_IMAGE, DEPLOY, Fault, IDP_DEPLOY, ROLLBACK, fault, swap};

pub(super) const FAULTS: &[Fault] = &[
    fault(
        "a build in prod",
        "D7-build-in-stage",
        DEPLOY,
        &[swap(
            DEPLOY,
            "      - run: idp-deploy promote --image \"$IMAGE\" --sha \"$GITHUB_SHA\" --to prod",
            "      - run: docker build --tag app .\n      - run: idp-deploy promote --image \"$IMAGE\" --sha \"$GITHUB_SHA\" --to prod",
        )],
    ),
    fault(
        "the pack's build action in a stage",
        "D7-build-in-stage",
        DEPLOY,
        &[swap(
            DEPLOY,
            "      - run: idp-deploy promote --image \"$IMAGE\" --sha \"$GITHUB_SHA\" --to staging",
            "      - uses: <ORG>/<REPO>/.github/actions/build-image@<REF>\n      - run: idp-deploy promote --image \"$IMAGE\" --sha \"$GITHUB_SHA\" --to staging",
        )],
    ),
    fault(
        "a build in the action that every stage begins with",
        "D7-build-in-stage",
        DEPLOY,
        &[swap(
            IDP_DEPLOY,
            "  steps:\n",
            "  steps:\n    - shell: bash\n      run: docker buildx build --push .\n",
        )],
    ),
    fault(
        "a build in a rollback",
        "D7-build-in-stage",
        DEPLOY,
        &[swap(
            DEPLOY,
            "      - run: idp-deploy reconcile --image \"$IMAGE\" --env prod",
            "      - run: docker compose up --build\n      - run: idp-deploy reconcile --image \"$IMAGE\" --env prod",
        )],
    ),
    fault(
        "a deployment by tag",
        "D8-mutable-tag",
        DEPLOY,
        &[swap(
            DEPLOY,
            "      - run: idp-deploy promote --image \"$IMAGE\" --sha \"$GITHUB_SHA\" --to prod",
            "      - run: kubectl set image deployment/app app=\"$IMAGE:latest\"",
        )],
    ),
    fault(
        "a deployment of latest-dev",
        "D8-mutable-tag",
        DEPLOY,
        &[swap(
            DEPLOY,
            "      - run: idp-deploy promote --image \"$IMAGE\" --sha \"$GITHUB_SHA\" --to staging",
            "      - run: docker service update --image \"$IMAGE:latest-dev\" app",
        )],
    ),
    fault(
        "a stage that is not told the digest",
        "D8-mutable-tag",
        DEPLOY,
        &[swap(DEPLOY, " --digest \"$DIGEST\" --to dev", " --to dev")],
    ),
    fault(
        "a stage that deploys what the branch is called",
        "D8-mutable-tag",
        DEPLOY,
        &[swap(
            DEPLOY,
            "          IMAGE: ${{ needs.guard.outputs.image }}\n\n  # Puts",
            "          IMAGE: ${{ needs.guard.outputs.image }}:${{ github.ref_name }}\n\n  # Puts",
        )],
    ),
    fault(
        "an image that is pushed as latest",
        "D9-image-tag",
        DEPLOY,
        &[swap(
            DEPLOY,
            "      - id: publish\n",
            "      - run: docker push \"$IMAGE:latest\"\n      - id: publish\n",
        )],
    ),
    fault(
        "an image that is tagged by the action that builds it",
        "D9-image-tag",
        BUILD_IMAGE,
        &[swap(
            BUILD_IMAGE,
            "        provenance: false\n",
            "        provenance: false\n        tags: ${{ inputs.image }}:v1\n",
        )],
    ),
    fault(
        "a rollback by hand that deploys by tag",
        "D8-mutable-tag",
        ROLLBACK,
        &[swap(
            ROLLBACK,
            "        run: idp-deploy rollback --image \"$IMAGE\" --env prod",
            "        run: docker run --detach \"$IMAGE:stable\" && idp-deploy rollback --image \"$IMAGE\" --env prod",
        )],
    ),
    fault(
        "a tag that another tool gives",
        "D9-image-tag",
        DEPLOY,
        &[swap(
            DEPLOY,
            "      - id: publish\n",
            "      - run: crane tag \"$IMAGE@$DIGEST\" stable\n        env:\n          IMAGE: ${{ needs.guard.outputs.image }}\n          DIGEST: ${{ steps.build.outputs.digest }}\n      - id: publish\n",
        )],
    ),
    fault(
        "a deployment by an action, with a tag that moves",
        "D8-mutable-tag",
        DEPLOY,
        &[swap(
            DEPLOY,
            "      - run: idp-deploy promote --image \"$IMAGE\" --sha \"$GITHUB_SHA\" --to prod",
            "      - uses: azure/k8s-deploy@0f67c3f4856b2e3261c31976d6725780e5e4c373 # v5.0.0\n        with:\n          images: <REGISTRY>/acme/orders:main\n      - run: idp-deploy promote --image \"$IMAGE\" --sha \"$GITHUB_SHA\" --to prod",
        )],
    ),
    fault(
        "a build for Kubernetes in staging",
        "D7-build-in-stage",
        DEPLOY,
        &[swap(
            DEPLOY,
            "      - run: idp-deploy promote --image \"$IMAGE\" --sha \"$GITHUB_SHA\" --to staging",
            "      - run: skaffold run\n      - run: idp-deploy promote --image \"$IMAGE\" --sha \"$GITHUB_SHA\" --to staging",
        )],
    ),
];
