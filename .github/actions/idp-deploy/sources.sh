#!/usr/bin/env bash
# Writes `hash=…` to $GITHUB_OUTPUT: of all that the release driver is built from.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
hash=$(find Cargo.toml Cargo.lock rust-toolchain.toml deploy -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum)
echo "hash=${hash%% *}" >>"$GITHUB_OUTPUT"
