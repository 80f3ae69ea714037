#!/usr/bin/env bash
# Whether the pack says everywhere that it is version $1: a tag, as in v1.2.3.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
tag=${1:?the tag, as in v1.2.3}

faults=0
holds() { # FILE LINE
  grep --fixed-strings --line-regexp --quiet -- "$2" "$1" && return
  echo "::error file=$1::no line says \`$2\`; write it, run \`cargo xtask sync\`, and tag that commit"
  faults=1
}
[[ $tag =~ ^v[0-9]+\.[0-9]+\.[0-9]+$ ]] || { echo "::error::$(printf '%q' "$tag") is no tag of a release; take one as in v1.2.3"; exit 1; }
holds Cargo.toml "version = \"${tag#v}\""
holds platform.toml "ref = \"$tag\""
exit "$faults"
