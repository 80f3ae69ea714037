#!/usr/bin/env bash
# Upgrades the service in $SERVICE by the pack in $PACK to $TO, or to the newest version, and puts that on $BRANCH and into
# one pull request to $BASE. Run again, it changes what is different and nothing else. A branch that somebody else has
# committed to is left alone.
set -euo pipefail
export LC_ALL=C

fail() {
  echo "::error title=upgrade::$1"
  exit 1
}
git_() { git -C "$SERVICE" "$@"; }
# Git asks for a password only where the repository is GitHub's; the token stands in no URL, command line or file.
remote() {
  # shellcheck disable=SC2016 # git's shell expands it
  git_ -c credential.helper= -c credential.helper='!f() { echo username=x-access-token; echo "password=$GH_TOKEN"; }; f' "$@"
}

[[ -n ${GH_TOKEN:-} ]] ||
  fail "there is no token; set the secret UPGRADE_TOKEN to one that may write contents, pull requests and workflows"
[[ -n ${GITHUB_REPOSITORY:-} ]] || fail "nobody said which repository it is; set GITHUB_REPOSITORY to OWNER/NAME"
[[ -n ${BASE:-} ]] || fail "nobody said what the default branch is; set BASE"
[[ ${GITHUB_REF_NAME:-$BASE} == "$BASE" ]] ||
  fail "this runs on $(printf '%q' "$GITHUB_REF_NAME"), and the pull request goes to $BASE; start it there"
command -v gh >/dev/null || fail "gh is not on PATH; install GitHub's command line on this runner"
xtask=$PACK/target/debug/xtask
[[ -x $xtask ]] || fail "$xtask is not there; run \`cargo build --locked --package xtask\` in $PACK"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
base=$(git_ rev-parse --verify HEAD)

# 1: there is drift, which is what a pull request is for.
status=0
"$xtask" drift "$SERVICE" ${TO:+"--to=$TO"} --markdown "$scratch/drift.md" || status=$?
if [[ -n ${GITHUB_STEP_SUMMARY:-} ]]; then
  cat "$scratch/drift.md" >>"$GITHUB_STEP_SUMMARY"
fi
((status <= 1)) || fail "\`cargo xtask drift\` could not look at the service; its message stands above"

# 1: something has to be decided; where that can be marked, it is marked in the files.
conflicts=0
"$xtask" upgrade "$SERVICE" ${TO:+"--to=$TO"} --branch "$BRANCH" --markdown "$scratch/upgrade.md" || conflicts=$?
((conflicts <= 1)) || fail "\`cargo xtask upgrade\` could not upgrade the service; its message stands above"

git_ switch --quiet --force-create "$BRANCH"
git_ add --all
# Conflicts and all: somebody has to see them, and the pull request is a draft.
version=$(sed -n '/^\[template\]/,/^\[/s/^version = "\(.*\)"$/\1/p' "$SERVICE/.idp/answers.toml")
title="Upgrade the template to $version"
machine='41898282+github-actions[bot]@users.noreply.github.com'
if ! git_ diff --cached --quiet; then
  git_ -c user.name='github-actions[bot]' -c user.email="$machine" commit --quiet --no-verify \
    --message "$title" --message "Written by \`cargo xtask upgrade\`."
fi
if [[ $(git_ rev-parse 'HEAD^{tree}') == $(git_ rev-parse "$base^{tree}") ]]; then
  echo "nothing to upgrade: the service is at $version"
  exit 0
fi

seen=$(git_ rev-parse --verify --quiet "refs/remotes/origin/$BRANCH" || true)
if [[ -n $seen ]]; then
  others=$(git_ log --format=%ae "$base..$seen" | grep --fixed-strings --line-regexp --invert-match --count "$machine" || true)
  if ((others > 0)); then
    echo "::notice title=upgrade::commits of others are on $BRANCH ($others), and it is left as it is; merge it, or delete it to have it made anew"
    exit 0
  fi
fi
if [[ -n $seen && $(git_ rev-parse "$seen^{tree}") == $(git_ rev-parse 'HEAD^{tree}') ]]; then
  echo "$BRANCH is up to date"
else
  remote push --quiet --force-with-lease="refs/heads/$BRANCH:$seen" origin "HEAD:refs/heads/$BRANCH"
fi

# GitHub takes 65536 characters.
{
  if ((conflicts)); then
    printf '**Something has to be decided**, see below. Commit that to this branch, and mark the pull request as ready.\n\n'
  fi
  head -c 15000 "$scratch/upgrade.md"
  printf '\nWhat was found before the upgrade:\n\n'
  cat "$scratch/drift.md"
} >"$scratch/whole.md"
head -c 60000 "$scratch/whole.md" >"$scratch/body.md"

pull() { gh pr "$1" --repo "$GITHUB_REPOSITORY" "${@:2}"; }
open=$(pull list --head "$BRANCH" --base "$BASE" --state open --json number,isDraft --jq '.[0] // empty | "\(.number) \(.isDraft)"')
# Both empty where none is open.
read -r number is_draft <<<"$open"
if [[ -z $number ]]; then
  new=(create --head "$BRANCH" --base "$BASE" --title "$title" --body-file "$scratch/body.md")
  if ((conflicts)); then
    # Not every plan has drafts.
    pull "${new[@]}" --draft || pull "${new[@]}"
  else
    pull "${new[@]}"
  fi
  exit 0
fi
pull edit "$number" --title "$title" --body-file "$scratch/body.md"
# The other way round it is for whoever has looked at it.
if ((conflicts)) && [[ $is_draft == false ]]; then
  pull ready "$number" --undo || echo "::notice title=upgrade::pull request $number has conflicts, and could not be made a draft"
fi
