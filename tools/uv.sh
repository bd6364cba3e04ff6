#!/bin/sh
# Runs the uv that tools/get_uv.sh found or installed. uv does not read pip's settings: where it has none of its own,
# the index and the certificates that pip is told to use hold here too.
set -eu
home=$(dirname "$0")/../.uv
python=$(cat "$home/python")

pip_setting() { "$python" -m pip config list 2>/dev/null | sed -n "s/^[a-z:]*\.$1='\(.*\)'$/\1/p" | tail -n 1; }

if [ -z "${UV_DEFAULT_INDEX:-}${UV_INDEX_URL:-}${UV_INDEX:-}${UV_CONFIG_FILE:-}" ] &&
    [ ! -s "${XDG_CONFIG_HOME:-$HOME/.config}/uv/uv.toml" ] && [ ! -s /etc/uv/uv.toml ]; then
    index=$(pip_setting index-url)
    [ -z "$index" ] || export UV_DEFAULT_INDEX="$index"
fi
if [ -z "${SSL_CERT_FILE:-}" ]; then
    cert=$(pip_setting cert)
    [ -z "$cert" ] || export SSL_CERT_FILE="$cert"
fi
exec "$(cat "$home/uv")" "$@"
