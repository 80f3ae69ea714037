#!/usr/bin/env bash
# Judges a pipeline's inputs, which stand in the environment, and writes `image=…` to $GITHUB_OUTPUT.
# Every fault is one line that says what to do; it changes nothing and asks nobody.
set -euo pipefail
# Ranges such as [a-z] mean the same on every machine.
export LC_ALL=C

faults=0
refuse() {
  echo "::error title=guard::$1"
  faults=1
}
# A value that somebody typed, so that it can't pass for a command of the runner's.
shown() { printf '%q' "$1"; }

[[ $SERVICE =~ ^[a-z][a-z0-9]*(-[a-z0-9]+)*$ && ${#SERVICE} -le 50 ]] ||
  refuse "service: $(shown "$SERVICE") can't be an image's name; write it as in \`orders\` or \`user-accounts\`, 50 characters at most"

[[ $REGISTRY =~ ^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]+)?(/[a-z0-9]([a-z0-9._-]*[a-z0-9])?)*$ &&
  ${REGISTRY%%/*} =~ [.:]|^localhost$ ]] ||
  refuse "registry: $(shown "$REGISTRY") is no registry; write a host in lower case without https://, as in \`ghcr.io\` or \`registry.example.com:5000\`"

[[ $BACKEND =~ ^(compose|kubernetes|command)$ ]] ||
  refuse "backend: $(shown "$BACKEND") deploys nothing; write \`compose\`, \`kubernetes\` or \`command\`"

[[ $ATTEST =~ ^(public|always|never)$ ]] ||
  refuse "attest: $(shown "$ATTEST") means nothing; write \`public\`, \`always\` or \`never\`"

# Registries take lower case only, whatever the organisation's spelling.
image=$REGISTRY/$(tr '[:upper:]' '[:lower:]' <<<"$OWNER")/$SERVICE

[[ ${USERNAME:+set} == "${PASSWORD:+set}" ]] ||
  refuse "secrets: registry-username and registry-password come together; set both, or none to use GitHub's own token"
# GitHub drops a job's output that contains a secret's text: the stages would learn no image.
if [[ -n $USERNAME && $image == *"$USERNAME"* ]]; then
  refuse "secrets: registry-username is a part of the image's name, so GitHub would not hand the name on; push as another user, such as a robot account"
fi

# The compose file, and all else that a stage reads, comes from the branch that it runs on.
[[ -n $DEFAULT_BRANCH && $REF == "refs/heads/$DEFAULT_BRANCH" ]] ||
  refuse "ref: $(shown "$REF") is not the default branch ($(shown "${DEFAULT_BRANCH:-unknown}")); nothing else is deployed from"

if [[ -n $ACTION ]]; then
  [[ $ACTION =~ ^(rollback|lift)$ ]] ||
    refuse "action: $(shown "$ACTION") is unknown; write \`rollback\` or \`lift\`"
  [[ $ENVIRONMENT =~ ^(dev|staging|prod)$ ]] ||
    refuse "environment: $(shown "$ENVIRONMENT") does not exist; write \`dev\`, \`staging\` or \`prod\`"
  [[ -z $COMMIT || $COMMIT =~ ^[0-9a-f]{40}$ ]] ||
    refuse "commit: $(shown "$COMMIT") is no commit; write all 40 hexadecimal digits, which \`git rev-parse REVISION\` prints"
  [[ $ACTION != lift || -n $COMMIT ]] ||
    refuse "commit: say which commit's quarantine is lifted; \`idp-deploy status\` lists them"
  [[ $REASON =~ [^[:space:]] && ! $REASON =~ [[:cntrl:]] && ${#REASON} -le 200 ]] ||
    refuse "reason: say why in one line of at most 200 characters; it is kept in the record"
fi

((faults == 0)) || exit 1
echo "image=$image" >>"$GITHUB_OUTPUT"
echo "guard: $image, $BACKEND"
