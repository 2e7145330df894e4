#!/usr/bin/env bash
# Copies the dependency lists of pyproject.toml into requirements/*.in and locks them, hash by hash, without an address.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v uv >/dev/null; then
    echo "make lock needs uv: install it with 'pipx install uv' or 'pip install uv'." >&2
    exit 1
fi
listed() { sed -n "/^$1 = \[/,/^\]/s/^ *\"\(.*\)\",\(.*\)/\1\2/p" pyproject.toml; }
locked() {
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-strip-extras \
        --custom-compile-command "make lock" "${@:2}" --output-file "requirements/$1.txt" "requirements/$1.in" >/dev/null
}
{ echo "# Written by make lock from pyproject.toml."; listed dependencies; } >requirements/base.in
{ printf '# Written by make lock from pyproject.toml.\n-r base.in\n-c base.txt\n'; listed dev; } >requirements/dev.in
locked base "$@"
locked dev "$@"
