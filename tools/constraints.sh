# Write constraints.txt from what a fresh install takes, in a virtual environment that is thrown away.
set -eu

python=$(sh tools/find-python.sh)
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
trap 'exit 130' INT TERM
"$python" -m venv "$fresh/venv"
"$fresh/venv/bin/python" -m pip install --quiet --quiet --disable-pip-version-check -e '.[dev]'
{
    echo '# Versions that a fresh install of ".[dev]" takes. Made by: make constraints'
    "$fresh/venv/bin/python" -m pip freeze --exclude-editable | LC_ALL=C sort -f -t = -k 1,1
} >"$fresh/constraints.txt"
cp "$fresh/constraints.txt" constraints.txt
