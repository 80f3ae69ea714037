#!/usr/bin/env bash
# Writes to $GITHUB_OUTPUT what an image says of itself and no expression knows: `built-at`, `created` and `version`.
set -euo pipefail
# The commit's time, as reproducible builds have it: deployment's build finds every layer of CI's build of the same commit.
built_at=$(TZ=UTC git log -1 --date=format-local:%FT%TZ --format=%cd) ||
  { echo "::error::no commit to build; check out the sources first"; exit 1; }
# The first such line is the package's own. Not `cargo pkgid`: a toolchain would be installed for it.
version=$(grep -m1 '^version = "' Cargo.toml | cut -d'"' -f2) ||
  { echo "::error file=Cargo.toml::no version; write \`version = \"X.Y.Z\"\` under [package]"; exit 1; }
{
  echo "built-at=$built_at"
  # By this, dev tells older from newer: commits' times need not be in the order of the branch.
  echo "created=$(date -u +%FT%TZ)"
  echo "version=$version"
} >>"$GITHUB_OUTPUT"
