#!/usr/bin/env bash
# The whole suite on SQLite, then what asks a database on a private PostgreSQL; the browser's tests on SQLite.
set -euo pipefail
cd "$(dirname "$0")/.."
export PYTHONDONTWRITEBYTECODE=1
suite=(.venv/bin/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder)

POSTGRES_NOTE=$(mktemp) # its own server, also beside another run
export POSTGRES_NOTE
trap 'scripts/postgres.sh stop; rm -f "$POSTGRES_NOTE"' EXIT
address=$(scripts/postgres.sh start)
unset DATABASE_URL
failed=()

run() { # every part runs, also after one that failed
    echo "== $1"
    "${@:2}" || failed+=("$1")
}
run SQLite "${suite[@]}" tests --ignore=tests/e2e "$@"
run PostgreSQL env DATABASE_URL="$address" "${suite[@]}" tests --ignore=tests/e2e -m database "$@"
run Chromium env DJANGO_ALLOW_ASYNC_UNSAFE=true .venv/bin/python -m pytest -q -n 2 tests/e2e
if [ ${#failed[@]} -gt 0 ]; then
    echo "failed on: ${failed[*]}" >&2
    exit 1
fi
