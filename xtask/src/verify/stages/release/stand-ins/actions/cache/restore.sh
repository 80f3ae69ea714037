#!/usr/bin/env bash
# Makes $CACHED a link to the folder that is kept under $KEY. Unlike the real action it has no second half at the end of the
# job: what is written is kept at once.
set -euo pipefail
kept=$STAND_IN_HOME/caches/$KEY
mkdir -p "$kept" "$(dirname "$CACHED")"
[[ ! -e $CACHED || -L $CACHED ]] || { echo "::error::$CACHED is there already"; exit 1; }
ln -sfn "$kept" "$CACHED"
hit=false
[[ -z $(ls -A "$kept") ]] || hit=true
echo "cache-hit=$hit" >>"$GITHUB_OUTPUT"
echo "cache: $KEY, hit: $hit"
