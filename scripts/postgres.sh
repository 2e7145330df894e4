#!/usr/bin/env bash
# A private PostgreSQL for the tests: postgres.sh start [PORT] prints its address, stop ends it and removes its data.
# Without PORT (or POSTGRES_PORT) it takes a free one. POSTGRES_NOTE is the file that remembers it, for stop.
set -euo pipefail
cd "$(dirname "$0")/.."
note=${POSTGRES_NOTE:-var/postgres}

found() { ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1; }
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
as_root=()
[ "$(id -u)" = 0 ] || as_root=(sudo -n)
install() {
    if command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }; then
        echo "Installing postgresql" >&2
        DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -qq -y --no-install-recommends postgresql >/dev/null
    else
        echo "The tests need PostgreSQL: install the package 'postgresql', then run this again." >&2
        exit 1
    fi
}
as_postgres() { # root may not run the server
    if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}

case ${1:-} in
start)
    [ ! -s "$note" ] || "$0" stop
    port=${2:-${POSTGRES_PORT:-$(free_port)}}
    bin=$(found)
    [ -n "$bin" ] || { install; bin=$(found); }
    data=$(mktemp -d)
    [ "$(id -u)" != 0 ] || chown postgres "$data"
    as_postgres "$bin/initdb" -D "$data" -U app --auth=trust --encoding=UTF8 --locale=C.UTF-8 >/dev/null
    if ! as_postgres "$bin/pg_ctl" -D "$data" -w -l "$data/log" \
        -o "-p $port -k $data -c listen_addresses=127.0.0.1 -c fsync=off" start >/dev/null; then
        echo "PostgreSQL did not start on port $port: choose another, as in 'make test POSTGRES_PORT=5434'." >&2
        rm -rf "$data"
        exit 1
    fi
    mkdir -p "$(dirname "$note")"
    printf '%s\n%s\n' "$bin" "$data" >"$note"
    echo "postgres://app@127.0.0.1:$port/postgres"
    ;;
stop)
    [ -s "$note" ] || exit 0
    { read -r bin && read -r data; } <"$note"
    as_postgres "$bin/pg_ctl" -D "$data" -m fast stop >/dev/null || true
    rm -rf "$data" "$note"
    ;;
*)
    echo "usage: $0 start [PORT] | stop" >&2
    exit 2
    ;;
esac
