#!/usr/bin/env bash
# Everything that can be said about the code without running it.
set -uo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin
failed=()

step() {
    local name=$1
    shift
    echo "== $name"
    "$@" || failed+=("$name")
}
production() { # the settings of a real office, with keys drawn for this one check
    env -u DEBUG -u PRACTICE SETTINGS_FILE="$1" "$bin/python" manage.py check --deploy --fail-level WARNING
}
secrets=$(mktemp)
trap 'rm -f "$secrets"' EXIT
$bin/python -m config.keys production >"$secrets"

step "lint" $bin/ruff check .
step "format" $bin/ruff format --check --quiet .
step "templates" $bin/djlint --lint --quiet templates
step "project" $bin/python -m scripts.lint
step "translations" $bin/python -m scripts.catalogues
step "types" $bin/mypy
step "imports" $bin/lint-imports
step "migrations" $bin/python manage.py makemigrations --check --dry-run
step "production" production "$secrets"
if [ ${#failed[@]} -gt 0 ]; then
    printf 'failed: %s\n' "${failed[@]}" >&2
    exit 1
fi
echo "all checks passed"
