#!/usr/bin/env bash
# Extracts what users see into locale/ and compiles it; both are committed.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v msgfmt >/dev/null || { echo "make messages needs gettext: install the package 'gettext'." >&2; exit 1; }
mkdir -p locale
.venv/bin/python manage.py makemessages --locale vi --locale ar --no-wrap --no-location \
    --ignore '.venv/*' --ignore 'tests/*' --ignore 'var/*'
.venv/bin/python manage.py compilemessages --verbosity 0
