#!/usr/bin/env bash
# Whether the pack says everywhere that it is version $1: a tag, as in v1.2.3. Writes `commit=`, where that tag belongs, to
# GITHUB_OUTPUT: the commit in releases.toml, or this one while it is not recorded.
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

version=${tag#v}
commit=
# The first release has no such file yet.
[[ -f releases.toml ]] && commit=$(sed -n "/^version = \"${version//./\\.}\"/,/^commit/s/^commit = \"\(.*\)\"/\1/p" releases.toml)
if [[ ${GITHUB_REF_TYPE:-} == tag && -n $commit && $commit != "${GITHUB_SHA:-}" ]]; then
  echo "::error file=releases.toml::\`$tag\` belongs to $commit, and was pushed at ${GITHUB_SHA:-no commit}; delete that tag, and push \`git tag -a $tag $commit\`"
  faults=1
fi
echo "commit=${commit:-${GITHUB_SHA:-}}" >>"${GITHUB_OUTPUT:-/dev/null}"
exit "$faults"
