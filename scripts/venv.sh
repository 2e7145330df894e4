#!/usr/bin/env bash
# Makes .venv and installs one lock into it: venv.sh base|dev. Says in one sentence what to do where it cannot.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}

stop() {
    echo "$1" >&2
    exit 1
}
command -v "$python" >/dev/null ||
    stop "Python 3.11 or newer is needed, but there is no '$python': install it (on Debian: apt-get install python3 python3-venv)."
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    stop "Python 3.11 or newer is needed, but '$python' is $("$python" -V): name a newer one, as in 'make run PYTHON=python3.12'."
fi
"$python" -c 'import venv, ensurepip' 2>/dev/null ||
    stop "Python's venv module is missing: install it (on Debian: apt-get install python3-venv), then run this again."

[ -x .venv/bin/python ] || { echo "Making .venv"; "$python" -m venv .venv; }
echo "Installing requirements/$1.txt (once; about a minute)"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "requirements/$1.txt"
touch ".venv/.$1"
