//! Secrets in files that are committed.

use super::{CALL_DEPLOY, DEPLOY, Edit, Fault, GUARD, append, fault, swap, write};

pub(super) const FAULTS: &[Fault] = &[
    fault(
        "a password in a config file",
        "secret-in-config",
        "template-axum/config/prod.yaml",
        &[append(
            "template-axum/config/prod.yaml",
            "\ndatabase:\n  password: \"hunter2-Sup3r\"\n",
        )],
    ),
    fault(
        "a token in .env.example",
        "secret-in-config",
        "template-axum/.env.example",
        &[append(
            "template-axum/.env.example",
            "\nAPI_TOKEN=ghp_abcdefghijklmnopqrstuvwxyz0123456789\n",
        )],
    ),
    fault(
        "a cloud's key in a comment",
        "secret-in-config",
        "template-axum/config/default.yaml",
        &[append(
            "template-axum/config/default.yaml",
            "\n# AKIAIOSFODNN7EXAMPLE\n",
        )],
    ),
    fault(
        "a password in an address",
        "secret-in-config",
        "template-axum/config/prod.yaml",
        &[append(
            "template-axum/config/prod.yaml",
            "\ndatabase_url: postgres://app:s3cr3tpw@db/app\n",
        )],
    ),
    fault(
        "a private key",
        "secret-in-config",
        "template-axum/config/prod.yaml",
        &[append(
            "template-axum/config/prod.yaml",
            "\nkey: |\n  -----BEGIN PRIVATE KEY-----\n  MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n",
        )],
    ),
    fault(
        "a password in the compose file",
        "secret-in-config",
        "template-axum/docker-compose.yml",
        &[append(
            "template-axum/docker-compose.yml",
            "\nx-extra:\n  environment:\n    POSTGRES_PASSWORD: letmein-9\n",
        )],
    ),
    fault(
        "a secret in a Kubernetes manifest",
        "secret-in-config",
        "template-axum/options/deploy-kubernetes/deploy/kubernetes/base/service.yaml",
        &[append(
            "template-axum/options/deploy-kubernetes/deploy/kubernetes/base/service.yaml",
            "\n---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: x\nstringData:\n  apiKey: 9f8e7d6c5b4a39281706\n",
        )],
    ),
    fault(
        "a token in a new config file",
        "secret-in-config",
        "template-axum/config/local.toml",
        &[Edit::Write(
            "template-axum/config/local.toml",
            b"vault_token = \"hvs.CAESIJ1234567890abcdefghij\"\n",
        )],
    ),
    fault(
        "a collector's token in a config file",
        "secret-in-config",
        "template-axum/config/staging.yaml",
        &[append(
            "template-axum/config/staging.yaml",
            "\ntelemetry:\n  token: 3f9a1c7e5b2d4f6a8c0e\n",
        )],
    ),
    fault(
        "a password in a .env that is not ignored",
        "secret-in-config",
        "template-axum/config/dev.env",
        &[write(
            "template-axum/config/dev.env",
            "DATABASE_PASSWORD=Tr0ub4dor-3\n",
        )],
    ),
    fault(
        "a password in a workflow",
        "P8-literal-secret",
        DEPLOY,
        &[swap(
            DEPLOY,
            "  image:\n",
            "  image:\n    env:\n      REGISTRY_PASSWORD: hunter2-Sup3r\n",
        )],
    ),
    fault(
        "a token in an action",
        "P8-literal-secret",
        GUARD,
        &[swap(
            GUARD,
            "      run: '\"$GITHUB_ACTION_PATH/guard.sh\"'",
            "      run: GH=ghp_0123456789abcdefghijABCDEFGHIJ012345 \"$GITHUB_ACTION_PATH/guard.sh\"",
        )],
    ),
    fault(
        "a password that a caller passes on",
        "P8-literal-secret",
        CALL_DEPLOY,
        &[swap(
            CALL_DEPLOY,
            "registry-password: ${{ secrets.REGISTRY_PASSWORD }}",
            "registry-password: \"hunter2-Sup3r\"",
        )],
    ),
];
