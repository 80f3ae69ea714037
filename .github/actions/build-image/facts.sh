#!/usr/bin/env bash
# Writes to $GITHUB_OUTPUT what an image says of itself and no expression knows: `built-at` and `version`.
set -euo pipefail
# The first such line is the package's own. Not `cargo pkgid`: a toolchain would be installed for it.
version=$(grep -m1 '^version = "' Cargo.toml | cut -d'"' -f2) || true
[[ -n $version ]] || { echo "::error file=Cargo.toml::no version; write \`version = \"X.Y.Z\"\` under [package]"; exit 1; }
{
  echo "built-at=$(date -u +%FT%TZ)"
  echo "version=$version"
} >>"$GITHUB_OUTPUT"
