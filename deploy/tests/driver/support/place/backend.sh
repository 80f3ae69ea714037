#!/bin/sh
# Keeps what runs in files, and is told by other files to fail, to hang, to be ready and then die.
set -eu
state=$(dirname "$0")/state
verb=$1
environment=$2

is() { [ -e "$state/$1" ]; }

if is down; then
    echo "the engine does not answer" >&2
    exit 69
fi
case $verb in
deploy)
    digest=${3#*@}
    echo "begin $environment $digest" >>"$state/log"
    if is "slow-$digest"; then sleep "$(cat "$state/slow-$digest")"; fi
    if is "hangs-$digest"; then sleep 600; fi
    if is "unready-$digest"; then
        echo "end $environment $digest" >>"$state/log"
        echo "not ready" >&2
        exit 1
    fi
    if is "engine-dies-$digest"; then
        touch "$state/down"
        exit 69
    fi
    if is "elsewhere-$digest"; then
        # It runs, and says the right commit, and is another build.
        other=sha256:0000000000000000000000000000000000000000000000000000000000000000
        cp "$state/says-$digest" "$state/says-$other"
        echo "end $environment $digest" >>"$state/log"
        echo "$other" >"$state/$environment"
        exit
    fi
    echo "$digest" >"$state/$environment.new"
    mv "$state/$environment.new" "$state/$environment"
    if is "dies-$digest"; then rm "$state/$environment"; fi
    echo "end $environment $digest" >>"$state/log"
    # A back end that is not careful: it takes the old one away and then finds out.
    if is "breaks-$digest"; then exit 1; fi
    ;;
running)
    if is "$environment"; then cat "$state/$environment"; fi
    ;;
verify)
    is "$environment"
    digest=$(cat "$state/$environment")
    if is "breaks-$digest"; then exit 1; fi
    [ "$(cat "$state/says-$digest")" = "$3" ]
    ;;
esac
