"""Each database's own means: a copy of one instant, a copy beside the running one, and the swap of the two.

SQLite: its backup interface, both ways; the swap is one transaction, also under a running program.
PostgreSQL: pg_dump of one snapshot, pg_restore into a database beside; the swap renames both in one transaction.
"""

import contextlib
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from django.db import connection, connections
from psycopg2 import errors, sql

from foundation.backup import BackupRefused

_APPLIED = "SELECT app || '.' || name FROM django_migrations ORDER BY 1"
_SESSIONS = {"django_session", "membership_session", "usersessions_usersession"}
_TRIES = 20  # to find the running database unused for the moment of the swap

Query = Callable[[Any], list[Any]]  # a statement's first column


@dataclass
class Contents:
    """What a copy holds, to be found again."""

    counts: dict[str, int]
    migrations: list[str]


@dataclass
class Beside:
    """A restored database that nobody uses yet."""

    address: str  # its DATABASE_URL
    contents: Callable[[], Contents]
    end_sessions: Callable[[], None]
    swap: Callable[[], str]  # it is the running one from now on; says where the former one is kept


def save(file: Path) -> Contents:
    """The running database as it stands at one instant is in the file; nobody who writes waits."""
    return _means().save(file)


def beside(saved: Path) -> contextlib.AbstractContextManager[Beside]:
    """A database restored from the file, whole by its own checks; gone again unless swapped."""
    return _means().beside(saved)


def overwritten_by_swap() -> bool:
    """Whether there is something in the running database that a swap does not keep by itself."""
    return _means().overwritten()


def _means() -> Any:
    return SQLite() if connection.vendor == "sqlite" else PostgreSQL()


class SQLite:
    """A file, copied by SQLite's backup interface."""

    def __init__(self) -> None:
        self.path = Path(connection.settings_dict["NAME"])

    def save(self, file: Path) -> Contents:
        """All pages in one step: one read transaction, which in WAL mode stops no writer."""
        with _file(self.path) as live, _file(file) as copy:
            live.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file from now on
            return _contents(_sqlite_query(copy), _SQLITE_TABLES)

    @contextlib.contextmanager
    def beside(self, saved: Path) -> Iterator[Beside]:
        """The file itself is the copy."""
        try:
            with _file(saved) as copy:
                query = _sqlite_query(copy)
                found = query("PRAGMA integrity_check")
                if found != ["ok"] or query("PRAGMA foreign_key_check"):
                    raise BackupRefused(f"The database in the backup is damaged: {found[0]}")
                yield Beside(
                    address=f"sqlite:///{saved.resolve()}",
                    contents=lambda: _contents(query, _SQLITE_TABLES),
                    end_sessions=lambda: _end_sessions(query, copy, _SQLITE_TABLES),
                    swap=lambda: self._swap(copy),
                )
        except sqlite3.Error as error:
            raise BackupRefused(f"SQLite refuses: {error}") from error

    def overwritten(self) -> bool:
        """Where there is a database with tables."""
        if not self.path.exists():
            return False
        with _file(self.path) as live:
            return bool(_sqlite_query(live)(_SQLITE_TABLES))

    def _swap(self, copy: sqlite3.Connection) -> str:
        connections.close_all()
        with _file(self.path) as live:
            live.execute("PRAGMA synchronous=FULL")
            copy.backup(live)
        return ""


@contextlib.contextmanager
def _file(path: Path) -> Iterator[sqlite3.Connection]:
    opened = sqlite3.connect(path, timeout=20)
    try:
        yield opened
    finally:
        opened.close()


def _sqlite_query(opened: sqlite3.Connection) -> Query:
    return lambda statement: [row[0] for row in opened.execute(statement)]


class PostgreSQL:
    """Its client programs, and a second database beside the first."""

    def __init__(self) -> None:
        self.name = connection.settings_dict["NAME"]
        self.restored = f"{self.name[:50]}_restored"

    def save(self, file: Path) -> Contents:
        """pg_dump reads the snapshot in which the rows are counted."""
        with self._connected(self.name) as live:
            live.set_session(isolation_level="REPEATABLE READ", readonly=True)
            query = _query(live)
            [snapshot] = query("SELECT pg_export_snapshot()")
            contents = _contents(query, _TABLES)
            self._run(
                "pg_dump", self.name, "--format=custom", "--compress=0", "--no-owner", "--no-privileges",
                f"--snapshot={snapshot}", f"--file={file}",
            )  # fmt: skip
        return contents

    @contextlib.contextmanager
    def beside(self, saved: Path) -> Iterator[Beside]:
        """A database of its own on the same server, which checks every constraint while it is filled."""
        if not shutil.which("pg_restore"):
            raise BackupRefused(_missing("pg_restore"))
        try:
            with self._served() as server:
                self._drop(server)
                server(self._create(server))
            try:
                options = ("--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges", "--no-comments")
                self._run("pg_restore", self.restored, *options, str(saved))
                yield Beside(
                    address=_address(self.restored),
                    contents=self._contents,
                    end_sessions=self._end_sessions,
                    swap=self._swap,
                )
            finally:
                with self._served() as server:
                    self._drop(server)
        except errors.InsufficientPrivilege as error:
            raise BackupRefused(
                "The database account may not create the database to check in: ALTER ROLE … CREATEDB."
            ) from error
        except psycopg2.Error as error:
            raise BackupRefused(f"PostgreSQL refuses: {str(error).strip().splitlines()[0]}") from error

    def overwritten(self) -> bool:
        """Never: the former database keeps its data under another name."""
        return False

    def _contents(self) -> Contents:
        with self._connected(self.restored) as copy:
            return _contents(_query(copy), _TABLES)

    def _end_sessions(self) -> None:
        with self._connected(self.restored) as copy:
            _end_sessions(_query(copy), copy, _TABLES)

    def _swap(self) -> str:
        connections.close_all()
        with self._served() as server:
            [stamp] = server(sql.SQL("SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYYMMDD_HH24MISS')"))
        former = f"{self.name[:40]}_before_{stamp}"
        for tries in range(_TRIES):
            try:
                self._rename({self.name: former, self.restored: self.name})
            except errors.ObjectInUse:
                if tries == _TRIES - 1:
                    raise BackupRefused("The database is in use: stop the program, then restore again.") from None
            else:
                break
        return f"the database “{former}”"

    def _rename(self, names: dict[str, str]) -> None:
        with self._connected("postgres") as server:
            query = _query(server)
            for old, new in names.items():
                ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = {}"
                query(sql.SQL(ended).format(sql.Literal(old)))
                rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
                with server.cursor() as cursor:
                    cursor.execute(rename.format(sql.Identifier(old), sql.Identifier(new)))
            server.commit()

    def _drop(self, server: Query) -> None:
        server(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(self.restored)))

    def _create(self, server: Query) -> sql.Composed:
        """An empty database that sorts and compares as the running one."""
        [row] = server(
            sql.SQL("SELECT to_jsonb(d) || jsonb_build_object('coding', pg_encoding_to_char(encoding)) ")
            + sql.SQL("FROM pg_database d WHERE datname = {}").format(sql.Literal(self.name))
        ) or [{}]
        if not row:
            raise BackupRefused(f"There is no database “{self.name}” to restore into: create an empty one first.")
        values = {"ENCODING": row["coding"], "LC_COLLATE": row["datcollate"], "LC_CTYPE": row["datctype"]}
        provider, locale = row["datlocprovider"], row.get("datlocale") or row.get("daticulocale")
        if provider == "i":
            values |= {"LOCALE_PROVIDER": "icu", "ICU_LOCALE": locale}
        elif provider == "b":
            values |= {"LOCALE_PROVIDER": "builtin", "BUILTIN_LOCALE": locale}
        options = [sql.SQL(f"{word} {{}}").format(sql.Literal(value)) for word, value in values.items()]
        beginning = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ").format(sql.Identifier(self.restored))
        return beginning + sql.SQL(" ").join(options)

    @contextlib.contextmanager
    def _served(self) -> Iterator[Query]:
        """Statements to the server that stand in no transaction."""
        with self._connected("postgres") as server:
            server.autocommit = True
            yield _query(server)

    @contextlib.contextmanager
    def _connected(self, name: str) -> Iterator[Any]:
        limits = "-c statement_timeout=0 -c idle_in_transaction_session_timeout=0 -c lock_timeout=5s"
        opened = psycopg2.connect(**{**connection.get_connection_params(), "dbname": name, "options": limits})
        try:
            yield opened
        finally:
            opened.close()

    def _run(self, program: str, name: str, *arguments: str) -> None:
        """One of PostgreSQL's programs, on the database of that name."""
        if not (found := shutil.which(program)):
            raise BackupRefused(_missing(program))
        settings = {**connection.settings_dict, "NAME": name}
        named, secrets = connection.client.settings_to_cmd_args_env(settings, [])
        command = [found, *named[1:-1], f"--dbname={name}", *arguments]
        done = subprocess.run(
            command, env={**os.environ, **(secrets or {})}, capture_output=True, text=True, check=False
        )
        if done.returncode:
            said = done.stderr.strip().splitlines() or ["no reason given"]
            raise BackupRefused(f"{program} refuses: {said[0].removeprefix(f'{program}: ').removeprefix('error: ')}")


def _missing(program: str) -> str:
    return f"The program {program} is missing: install the package 'postgresql-client'."


def _query(opened: Any) -> Query:
    def ask(statement: Any) -> list[Any]:
        with opened.cursor() as cursor:
            cursor.execute(statement)
            return [row[0] for row in cursor.fetchall()] if cursor.description else []

    return ask


def _address(name: str) -> str:
    """DATABASE_URL, with another database."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path=f"{parts.path.rpartition('/')[0]}/{name}"))


_SQLITE_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1"
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
_COUNT = 'SELECT COUNT(*) FROM "{}"'
_EMPTY = 'DELETE FROM "{}"'


def _contents(query: Query, tables: str) -> Contents:
    counts = {table: query(_COUNT.format(table))[0] for table in query(tables)}
    return Contents(counts, query(_APPLIED))


def _end_sessions(query: Query, opened: Any, tables: str) -> None:
    for table in _SESSIONS.intersection(query(tables)):  # a backup of an earlier version has not all of them
        query(_EMPTY.format(table))
    opened.commit()
