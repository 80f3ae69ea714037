//! Each gap in a digest's way is named.

use super::*;

fn read(file: &str) -> String {
    crate::pack::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file)).unwrap()
}

/// What is said when `from` is `to` in `file`.
fn said(file: &str, from: &str, to: &str) -> String {
    let sound = read(file);
    let broken = sound.replace(from, to);
    assert!(from == to || sound != broken, "{from}");
    let value: Value = serde_yaml::from_str(&broken).unwrap();
    let faults = match file {
        BUILD => pushed(&value),
        _ if file == DEPLOY => [built(&value["jobs"]), deployed(file, &value["jobs"])].concat(),
        _ => deployed(file, &value["jobs"]),
    };
    faults.join("\n")
}

#[test]
fn a_tag_in_a_digest_s_place_is_named() {
    for file in [DEPLOY, ROLLBACK, BUILD] {
        assert_eq!(said(file, "", ""), "");
    }
    for (file, from, to, expected) in [
        (
            DEPLOY,
            "          DIGEST: ${{ needs.image.outputs.digest }}\n\n  staging",
            "          DIGEST: ${{ github.sha }}\n\n  staging",
            "job `dev`: it deploys `${{ github.sha }}`; what is deployed is the digest",
        ),
        (
            DEPLOY,
            "--digest \"$DIGEST\" --to dev",
            "--digest latest-dev --to dev",
            "job `dev`: it deploys `${{ needs.image",
        ),
        (
            DEPLOY,
            " --digest \"$DIGEST\" --to dev",
            " --to dev",
            "it has to promote with `--digest",
        ),
        (
            DEPLOY,
            "idp-deploy promote --image \"$IMAGE\" --sha \"$GITHUB_SHA\" --to prod",
            "IMAGE=$IMAGE:staging docker compose --profile prod up --detach",
            "job `prod`: it runs `IMAGE=$IMAGE:staging docker",
        ),
        (
            DEPLOY,
            "--to staging\n",
            "--to staging && docker compose up\n",
            "job `staging`: it runs",
        ),
        (
            DEPLOY,
            "IMAGE: ${{ needs.guard.outputs.image }}\n\n  # Puts back",
            "IMAGE: ${{ needs.guard.outputs.image }}:staging\n\n  # Puts back",
            "job `prod`: it deploys the image `${{ needs.guard.outputs.image }}:staging`",
        ),
        (
            DEPLOY,
            "DIGEST: ${{ steps.build.outputs.digest }}",
            "DIGEST: ${{ github.sha }}",
            "job `image`: its output `digest`",
        ),
        (
            DEPLOY,
            "digest: ${{ steps.publish.outputs.digest }}",
            "digest: ${{ github.sha }}",
            "job `image`: its output `digest`",
        ),
        (
            ROLLBACK,
            "run: idp-deploy rollback --image \"$IMAGE\" --env prod",
            "run: docker pull \"$IMAGE:prod-previous\" #",
            "rollback.yml: job `rollback-prod`: it runs",
        ),
        (
            BUILD,
            "push-by-digest=true",
            "push-by-digest=false",
            "push with `push-by-digest=true`",
        ),
        (
            BUILD,
            "steps.published.outputs.digest || ",
            "steps.published.outputs.tag || ",
            "its output `digest` is",
        ),
    ] {
        let said = said(file, from, to);
        assert!(said.contains(expected), "{expected}: {said}");
    }
}

#[test]
fn another_program_in_a_stage_is_named() {
    let broken = said(
        DEPLOY,
        "      - run: idp-deploy reconcile --image \"$IMAGE\" --env prod",
        "      - uses: somebody/deploy@v1\n      - run: idp-deploy reconcile --image \"$IMAGE\" --env prod",
    );
    assert!(
        broken.contains("job `rollback-prod`: it uses `somebody/deploy@v1`"),
        "{broken}"
    );
}
