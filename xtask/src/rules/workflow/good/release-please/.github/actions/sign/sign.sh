#!/usr/bin/env bash
set -euo pipefail
openssl dgst -"$1" -hmac "$(cat)" /dev/null
