# Print the path of a Python that bayestrace runs on, or say in one sentence what is missing.
# Usage: sh tools/find-python.sh, with PYTHON set to try that one alone.
set -u

# Ask an interpreter for its version; a shim without a Python behind it prints none.
version_of() {
    "$1" -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])' 2>/dev/null </dev/null
}

new_enough() {
    case $1 in
        3.[0-9].* | 3.1[01].*) return 1 ;;
        3.[1-9][0-9].*) return 0 ;;
        *) return 1 ;;
    esac
}

# pyenv answers on PATH only for the version it has chosen, so its other ones are looked up.
candidates() {
    if [ -n "${PYTHON:-}" ]; then
        printf '%s\n' "$PYTHON"
        return
    fi
    printf '%s\n' python3 python3.14 python3.13 python3.12 python
    if command -v pyenv >/dev/null 2>&1; then
        for one in "$(pyenv root)"/versions/3.*/bin/python3; do
            printf '%s\n' "$one"
        done
    fi
}

old=
bare=
while IFS= read -r name; do
    path=$(command -v "$name") || continue
    version=$(version_of "$path")
    if new_enough "$version"; then
        if "$path" -c 'import ensurepip, venv' >/dev/null 2>&1 </dev/null; then
            printf '%s\n' "$path"
            exit 0
        fi
        [ -n "$bare" ] || bare="$version ($path)"
    elif [ -n "$version" ] && [ -z "$old" ]; then
        old="$version ($path)"
    fi
done <<LIST
$(candidates)
LIST

if [ -n "$bare" ]; then
    minor=${bare%%" "*}
    minor=${minor%.*}
    echo "Python $bare comes without its venv module: install it" \
        "(on Debian and Ubuntu: \`apt install python$minor-venv\`) and run make again." >&2
    exit 1
fi
if [ -n "$old" ]; then
    found="only Python $old was found"
elif [ -n "${PYTHON:-}" ]; then
    found="$PYTHON is no Python that runs"
else
    found="no Python was found"
fi
echo "bayestrace needs Python 3.12 or newer and $found: get a newer one with the installer from python.org," \
    "\`pyenv install 3.13\`, \`uv python install 3.13\`, \`brew install python@3.13\` or" \
    "\`apt install python3.12-venv\`, and run make again." >&2
exit 1
