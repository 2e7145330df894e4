#!/usr/bin/env bash
# Extracts what users see into locale/ and compiles it; both are committed. Twice in a row changes nothing.
# Languages may be named: scripts/messages.sh vi
set -euo pipefail
cd "$(dirname "$0")/.."
command -v msgfmt >/dev/null || { echo "make messages needs gettext: install the package 'gettext'." >&2; exit 1; }
mkdir -p locale
[ $# -gt 0 ] || set -- vi ar
for language in "$@"; do
    .venv/bin/python manage.py makemessages --locale "$language" --no-wrap --no-location --no-obsolete --verbosity 0 \
        --ignore '.venv/*' --ignore 'tests/*' --ignore 'var/*' --ignore 'static/*' --ignore 'bench/*' --ignore 'docs/*'
    catalogue=locale/$language/LC_MESSAGES/django.po
    sed -i '/^"POT-Creation-Date: /d; /^"PO-Revision-Date: /d' "$catalogue"
    msgfmt --check-format --output-file "${catalogue%.po}.mo" "$catalogue"
done
