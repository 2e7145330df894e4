"""The databases and servers that are measured: made here, on this machine alone, and ended here."""

from __future__ import annotations

import contextlib
import gzip
import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "var" / "bench"
LOAD_SECONDS, START_SECONDS, STOP_SECONDS = 1_800, 60, 10


@dataclass(frozen=True)
class Place:
    """A database with so many practice towns."""

    engine: str  # SQLite, PostgreSQL
    towns: int
    url: str

    @property
    def name(self) -> str:
        """How the table calls it."""
        return f"{self.engine}, {self.towns} town{'s' if self.towns > 1 else ''}"

    @property
    def environment(self) -> dict[str, str]:
        """In which its programs run; commands that load may take their time."""
        return {**os.environ, "DATABASE_URL": self.url, "STATEMENT_SECONDS": "300", "PYTHONPATH": str(ROOT)}

    def run(self, *words: str, seconds: float = LOAD_SECONDS) -> str:
        """What a program says that ends well within the seconds."""
        done = subprocess.run(
            [sys.executable, *words], cwd=ROOT, env=self.environment, timeout=seconds, capture_output=True, text=True
        )
        if done.returncode:
            raise SystemExit(f"{self.name}: {' '.join(words)} failed\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
        return done.stdout

    def load(self) -> float:
        """The towns stand in the empty database; seconds for the demo alone."""
        self.run("manage.py", "migrate", "--verbosity", "0")
        start = time.monotonic()
        self.run("manage.py", "load_demo", "--scale", str(self.towns), "--accounts", str(KEPT / "accounts.txt"))
        return time.monotonic() - start


def sqlite(towns: int, fresh: bool) -> tuple[Place, float | None]:
    """A file kept from run to run; loaded anew if `fresh`, and then with the seconds it took."""
    KEPT.mkdir(parents=True, exist_ok=True)
    file = KEPT / f"towns-{towns}.sqlite3"
    place = Place("SQLite", towns, f"sqlite:///{file}")
    if file.exists() and not fresh:
        place.run("manage.py", "migrate", "--verbosity", "0")
        return place, None
    for old in KEPT.glob(f"{file.name}*"):
        old.unlink()
    return place, place.load()


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL of our own, which is gone afterwards."""
    KEPT.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "POSTGRES_NOTE": str(KEPT / "postgres")}
    script = str(ROOT / "scripts" / "postgres.sh")
    started = subprocess.run([script, "start"], env=environment, check=True, capture_output=True, text=True)
    try:
        yield started.stdout.split()[-1]
    finally:
        subprocess.run([script, "stop"], env=environment, check=False, capture_output=True)


def in_postgres(address: str, towns: int) -> tuple[Place, float]:
    """A database of its own in that server, loaded, with the seconds it took.

    Then tidied up, as the server does by itself within minutes: else some pages are measured before, some after.
    """
    place = Place("PostgreSQL", towns, f"{address.rsplit('/', 1)[0]}/towns_{towns}")
    _told(address, f"CREATE DATABASE towns_{towns}")
    seconds = place.load()
    _told(place.url, "VACUUM (ANALYZE)")
    return place, seconds


def spoilt(place: Place) -> Place:
    """A copy of the place's database that may be spoilt; the last copy is gone."""
    if place.engine == "SQLite":
        for old in KEPT.glob("spoilt.sqlite3*"):  # with what it had not written yet
            old.unlink()
        shutil.copy(place.url.removeprefix("sqlite:///"), KEPT / "spoilt.sqlite3")
        return Place(place.engine, place.towns, f"sqlite:///{KEPT}/spoilt.sqlite3")
    server, _slash, name = place.url.rpartition("/")
    _told(f"{server}/postgres", "DROP DATABASE IF EXISTS spoilt")
    _told(f"{server}/postgres", f"CREATE DATABASE spoilt TEMPLATE {name}")
    return Place(place.engine, place.towns, f"{server}/spoilt")


def _told(address: str, statement: str) -> None:
    import psycopg2

    connection = psycopg2.connect(address)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(statement)
    connection.close()


class Server:
    """gunicorn, as the office is served: one worker with eight threads, on 127.0.0.1."""

    def __init__(self, place: Place, application: str):
        self.place, self.application, self.port = place, application, _free_port()

    def __enter__(self) -> Server:
        words = [
            "-m",
            "gunicorn",
            self.application,
            "--bind",
            f"127.0.0.1:{self.port}",
            "--workers",
            "1",
            "--threads",
            "8",
            "--keep-alive",
            "60",  # a round of 20 towns takes longer than a connection would otherwise stay
        ]
        start = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, *words, "--timeout", "120", "--log-level", "warning"],
            cwd=ROOT,
            env={**self.place.environment, "STATEMENT_SECONDS": "15"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() - start > START_SECONDS:
                self.__exit__()
                raise SystemExit(f"{self.application} does not start")
            time.sleep(0.02)
        self.cold_start = time.monotonic() - start
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        return self

    def __exit__(self, *_error: object) -> None:
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _answers(self) -> bool:
        probe = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            probe.request("GET", "/accounts/login/")
            return probe.getresponse().status < 500
        except OSError:
            return False
        finally:
            probe.close()

    def get(self, path: str, cookie: str, **headers: str) -> tuple[float, bytes]:
        """Milliseconds until the whole answer is here, and its body. Anything but 200 ends the run."""
        start = time.perf_counter()
        self.connection.request("GET", path, headers={"Cookie": cookie, "Accept-Encoding": "gzip", **headers})
        answer = self.connection.getresponse()
        body = answer.read()
        spent = (time.perf_counter() - start) * 1000
        if answer.status != 200:
            raise SystemExit(f"{self.place.name}: {path} gave {answer.status}")
        return spent, gzip.decompress(body) if answer.getheader("Content-Encoding") == "gzip" else body

    def worker_mebibytes(self) -> float:
        """Resident memory of the worker, where the system tells it; else nought."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        worker = children.read_text().split() if children.exists() else []
        status = Path(f"/proc/{worker[0]}/status").read_text() if worker else ""
        line = next((line for line in status.splitlines() if line.startswith("VmRSS")), "VmRSS: 0 kB")
        return int(line.split()[1]) / 1024


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
