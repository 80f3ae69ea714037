#!/usr/bin/env bash
# Writes `digest=…` to $GITHUB_OUTPUT where the registry has $IMAGE already. Where it hasn't, or can't be asked, that is
# left out: the image is built then, and the registry has its say when it is pushed.
set -euo pipefail
if answer=$(docker pull "$IMAGE" 2>&1); then
  digest=$(sed -n 's/^Digest: //p' <<<"$answer")
  echo "build-image: $IMAGE is published as $digest; nothing to build"
  echo "digest=$digest" >>"$GITHUB_OUTPUT"
else
  echo "build-image: not published yet: ${answer##*$'\n'}"
fi
