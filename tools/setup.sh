# Make .venv where it is missing or too old, and install bayestrace into it at the pinned versions.
# Usage: sh tools/setup.sh . (to run it) or '.[dev]' (to work on it).
set -eu

runs() {
    .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1 &&
        .venv/bin/python -m pip --version >/dev/null 2>&1
}

if ! runs; then
    python=$(sh tools/find-python.sh)
    echo "Setting up .venv with $("$python" --version); the first time takes a minute or two." >&2
    "$python" -m venv --clear .venv
else
    echo "Bringing .venv up to the versions in constraints.txt." >&2
fi
said=$(.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-compile -c constraints.txt -e "$1" 2>&1) || {
    printf '%s\n' "$said" "Setting up has stopped at the error above; when it is put right, run make again." >&2
    exit 1
}
# pip would compile file after file on one core, the tests of libraries too. What does not compile, nobody imports.
.venv/bin/python -m compileall -qq -j 0 -x '/tests?/' .venv/lib >/dev/null 2>&1 || true
