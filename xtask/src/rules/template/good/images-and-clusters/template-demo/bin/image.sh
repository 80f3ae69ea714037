#!/usr/bin/env bash
set -euo pipefail
docker buildx build \
  --target runtime \
  --build-arg GIT_SHA="$(git rev-parse HEAD)" \
  --build-arg BUILD_DATE="$(date -u +%FT%TZ)" \
  --build-arg HTTP_PROXY --build-arg BUILDKIT_INLINE_CACHE=1 \
  --tag "$1" .
docker build --file tools/Dockerfile --build-arg GIT_SH=1 tools
