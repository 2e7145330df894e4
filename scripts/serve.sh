#!/usr/bin/env bash
# Serves the practice office on this machine: gunicorn with threads on 127.0.0.1:PORT. With --check it only looks
# whether that can be done, so that nobody waits for an installation to hear that the port is taken.
set -euo pipefail
cd "$(dirname "$0")/.."
port=${PORT:-8000}
python=.venv/bin/python
[ -x "$python" ] || python=${PYTHON:-python3}
command -v "$python" >/dev/null || exit 0 # making .venv says what is missing

"$python" - "$port" <<'PYTHON'
import socket
import sys

port = sys.argv[1]
if not port.isdigit() or not 0 < int(port) < 65536:
    sys.exit(f"PORT={port} is no port: choose one from 1024 to 65535, as in 'make run PORT=8001'.")
with socket.socket() as probe:
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        probe.bind(("127.0.0.1", int(port)))
    except PermissionError:
        sys.exit(f"Port {port} needs more rights than yours: choose another, as in 'make run PORT=8001'.")
    except OSError:
        sys.exit(f"Port {port} is taken: stop what uses it, or choose another, as in 'make run PORT={int(port) + 1}'.")
PYTHON
[ "${1:-}" != --check ] || exit 0

echo
echo "The practice office is at http://127.0.0.1:$port/"
if [ -f var/demo-accounts.txt ]; then
    echo "Accounts to try it with (kept in var/demo-accounts.txt):"
    sed 's/^/  /' var/demo-accounts.txt
fi
echo "Stop it with Ctrl+C."
exec .venv/bin/python -m gunicorn config.wsgi --bind "127.0.0.1:$port" --workers 1 --threads 8 --timeout 120 \
    --limit-request-line 8190 --log-level warning
