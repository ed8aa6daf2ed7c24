# Install bayestrace with the lowest versions that pyproject.toml declares, in a virtual environment that is thrown away,
# and use it there: make a study, check it, update it at face value and with the model, report it. Where there is the
# lowest Python too it is taken, unless PYTHON names another.
set -eu

python=$(PYTHON=${PYTHON:-python3.12} sh tools/find-python.sh 2>/dev/null) || python=$(sh tools/find-python.sh)
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
trap 'exit 130' INT TERM
"$python" -m venv "$fresh/venv"
"$fresh/venv/bin/python" tools/lowest.py >"$fresh/lowest.txt"
"$fresh/venv/bin/python" -m pip install --quiet --disable-pip-version-check --prefer-binary -c "$fresh/lowest.txt" .
cd "$fresh"
program="$fresh/venv/bin/bayestrace"
"$fresh/venv/bin/python" --version
"$program" --version
"$program" new study >/dev/null
"$program" check study
"$program" update study --face-value --quiet --lang both >/dev/null
"$program" report study --quiet >/dev/null
# So few draws fail the check of their number (exit code 4); any other failure is one.
"$program" update study --draws 100 --chains 2 --quiet >/dev/null || [ $? -eq 4 ]
"$program" verify study/reports/*/manifest.json
"$fresh/venv/bin/python" -m pip freeze --exclude bayestrace
