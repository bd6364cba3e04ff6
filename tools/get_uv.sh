#!/bin/sh
# Usage: tools/get_uv.sh FOLDER LOCK
# Leaves two paths: FOLDER/python, the interpreter that the project is to use, and FOLDER/uv, the machine's own uv if
# it has a recent one, else one installed from LOCK into a private environment.
set -eu
folder=$1
lock=$2
mkdir -p "$folder"

suits='import sys; sys.exit(not ((3, 11) <= sys.version_info[:2] <= (3, 14)))'
found=
for name in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11 python; do
    if "$name" -c "$suits" 2>/dev/null; then
        found=$("$name" -c 'import sys; print(sys.executable)')
        break
    fi
done
if [ -z "$found" ]; then
    echo "Python 3.11 to 3.14 is needed and none is on the PATH. Install one, or name it: make PYTHON=/path/to/python" >&2
    exit 2
fi
echo "$found" > "$folder/python"

if own=$(command -v uv) && "$own" pip sync --help 2>/dev/null | grep -q -- --build-constraints; then
    echo "$own" > "$folder/uv"
    exit 0
fi

echo "Installing uv into $folder" >&2
if ! "$found" -m venv "$folder/env" >/dev/null 2>&1; then
    rm -rf "$folder/env"
    if ! "$found" -m pip --version >/dev/null 2>&1; then
        echo "This Python has neither venv nor pip ($found). On Debian and Ubuntu: apt-get install python3-venv" >&2
        exit 2
    fi
    "$found" -m pip install --quiet --require-hashes --requirement "$lock" --target "$folder/env"
else
    "$folder/env/bin/python" -m pip install --quiet --require-hashes --requirement "$lock"
fi
echo "$folder/env/bin/uv" > "$folder/uv"
