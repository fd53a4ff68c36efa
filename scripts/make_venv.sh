#!/bin/sh
# Make a virtual environment with the first Python that is 3.10 or newer and able to make one.
# Usage: make_venv.sh FOLDER; PYTHON names the Python to use.
set -eu

folder=$1
why=

fits() {
    # A name may be a version manager's stub that fails when run; Debian splits off ensurepip.
    "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))' >/dev/null 2>&1
}

for python in ${PYTHON:-python3.11 python3.12 python3.13 python3.10 python3 python}; do
    found=$(command -v "$python") || continue
    if fits "$found"; then
        echo "Making $folder with $("$found" --version) ($found) ..." >&2
        "$found" -m venv "$folder" || { rm -rf "$folder"; exit 1; }
        exit 0
    fi
    version=$("$found" --version 2>&1 | head -n 1) || version="does not run"
    why="$why
  $found: $version"
done

echo "error: no Python 3.10 or newer that can make a virtual environment was found." >&2
[ -z "$why" ] || echo "These were passed over:$why" >&2
echo "hint: install one (Debian/Ubuntu: apt install python3 python3-venv; macOS: brew install python)," >&2
echo "      or name it: make run PYTHON=/path/to/python3.11" >&2
exit 1
