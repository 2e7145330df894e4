#!/usr/bin/env bash
# Extracts what users see into locale/ and compiles it; both are committed. Twice in a row changes nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v msgfmt >/dev/null || { echo "make messages needs gettext: install the package 'gettext'." >&2; exit 1; }
mkdir -p locale
.venv/bin/python manage.py makemessages --locale vi --locale ar --no-wrap --no-location --no-obsolete \
    --ignore '.venv/*' --ignore 'tests/*' --ignore 'var/*' --ignore 'static/*' --ignore 'bench/*' --ignore 'docs/*'
sed -i '/^"POT-Creation-Date: /d; /^"PO-Revision-Date: /d' locale/*/LC_MESSAGES/django.po
for catalogue in locale/*/LC_MESSAGES/django.po; do
    msgfmt --check-format --output-file "${catalogue%.po}.mo" "$catalogue"
done
