#!/usr/bin/env bash
# Builds $CONTEXT and pushes the image by its digest, without a tag, as the real action does with `push-by-digest`.
set -euo pipefail
refuse() { echo "::error::the stand-in for build-push-action $1"; exit 1; }

[[ $ATTESTATIONS == "false false" ]] || refuse "makes no attestations: provenance and sbom have to be false"
options=()
while IFS= read -r line; do [[ -z $line ]] || options+=(--build-arg "$line"); done <<<"$BUILD_ARGS"
while IFS= read -r line; do [[ -z $line ]] || options+=(--label "$line"); done <<<"$LABELS"
# Builders reach a registry of crates that the machine reaches.
options+=(--network host)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
docker build --progress plain "${options[@]}" --iidfile "$folder/id" "$CONTEXT"
if [[ $OUTPUTS == type=cacheonly ]]; then
  exit 0
fi
[[ $OUTPUTS =~ ^type=image,name=([^,]+),.*push-by-digest=true && $OUTPUTS == *,push=true ]] ||
  refuse "can't do outputs: $OUTPUTS"
name=${BASH_REMATCH[1]}

# The engine's own push wants a tag. The manifest is made here, so that its digest is known, and pushed under that.
tls=()
[[ $name != localhost:* && $name != 127.0.0.1:* ]] || tls=(--dest-tls-verify=false)
tag=stand-in/build:${folder##*.}
docker tag "$(<"$folder/id")" "$tag"
skopeo copy --quiet --dest-compress "docker-daemon:$tag" "dir:$folder/image"
docker rmi --no-prune "$tag" >/dev/null
digest=sha256:$(sha256sum <"$folder/image/manifest.json" | cut -d' ' -f1)
skopeo copy --quiet ${tls[@]+"${tls[@]}"} "dir:$folder/image" "docker://$name@$digest"
echo "pushed $name@$digest"
echo "digest=$digest" >>"$GITHUB_OUTPUT"
