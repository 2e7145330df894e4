#!/usr/bin/env bash
# The whole suite on SQLite, then on a private PostgreSQL; the browser's tests on SQLite.
set -euo pipefail
cd "$(dirname "$0")/.."
export PYTHONDONTWRITEBYTECODE=1
suite=(.venv/bin/python -m pytest -q -n 2 --dist loadfile)

trap 'scripts/postgres.sh stop' EXIT
address=$(scripts/postgres.sh start)
echo "== SQLite"
"${suite[@]}" tests --ignore=tests/e2e "$@"
echo "== PostgreSQL"
DATABASE_URL=$address "${suite[@]}" tests --ignore=tests/e2e "$@"
if [ -d tests/e2e ]; then
    echo "== Chromium"
    DJANGO_ALLOW_ASYNC_UNSAFE=true .venv/bin/python -m pytest -q tests/e2e
fi
