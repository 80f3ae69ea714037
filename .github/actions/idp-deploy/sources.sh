#!/usr/bin/env bash
# Writes `hash=…` to $GITHUB_OUTPUT: of all that the release driver is built from.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
# git hashes alike on every system; the order is by name, the names themselves don't matter.
hash=$(find Cargo.toml Cargo.lock rust-toolchain.toml deploy -type f | LC_ALL=C sort | git hash-object --no-filters --stdin-paths | git hash-object --stdin)
echo "hash=$hash" >>"$GITHUB_OUTPUT"
