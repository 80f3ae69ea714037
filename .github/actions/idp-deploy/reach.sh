#!/usr/bin/env bash
# Refuses to deploy to an engine that is gone when the job ends: it would be green, recorded, and nowhere.
set -euo pipefail
if [[ ${IDP_BACKEND:-} == compose && -z ${DOCKER_HOST:-} && ${RUNNER_ENVIRONMENT:-} == github-hosted ]]; then
  echo "::error title=idp-deploy::DOCKER_HOST is not set: compose would run on GitHub's runner, which ends with this job; set the environment's variable, or take a runner of your own"
  exit 1
fi
