"""The drill: a backup made while others write, restored to equal figures; what is unfit is refused."""

import contextlib
import dataclasses
import os
import threading
from datetime import date
from pathlib import Path

import pytest
from allauth.usersessions.models import UserSession
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from psycopg2 import sql

from config import keys
from foundation import backup, clock
from foundation.backup import archive, databases, making, restoring, stream
from foundation.models import JournalEntry, Office
from membership.models import Person, Session
from recruitment import operations
from recruitment.models import Candidate, CandidateStanding
from reports.indicators import figures
from tests.builders import a_candidate, a_cell, a_clerk, a_town, a_ward, submitted_by, the_procedures
from tests.reports.histories import admitted, asked


@pytest.fixture(autouse=True)
def folder(settings, tmp_path, monkeypatch):
    """Where backups go; and one file lies beside the database."""
    settings.BACKUP_FOLDER = tmp_path / "backups"
    (tmp_path / "accounts.txt").write_text("as it was")
    monkeypatch.setattr(backup, "FILES", [lambda: tmp_path / "accounts.txt"])
    return settings.BACKUP_FOLDER


def said(capsys, *command):
    """What the command prints."""
    call_command(*command)
    return capsys.readouterr().out


def made(capsys):
    """A new backup."""
    return Path(said(capsys, "backup").strip())


# The drill ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def _no_former_database_stays():
    yield
    if connection.vendor == "postgresql":
        former = f"{connection.settings_dict['NAME'][:40]}_before_%"
        with databases.PostgreSQL()._served() as server:
            for name in server(
                sql.SQL("SELECT datname FROM pg_database WHERE datname LIKE {}").format(sql.Literal(former))
            ):
                server(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextlib.contextmanager
def writing(cells, at_least):
    """A clerk of each cell enters candidates, one after the other, as long as the block lasts; each that many."""
    stop, entered, failed = threading.Event(), dict.fromkeys(cells, 0), []

    def write(cell, clerk):
        try:
            while not (stop.is_set() and entered[cell] >= at_least):
                entered[cell] += 1
                fields = {"full_name": f"Lê Văn {entered[cell]}", "sex": "male", "born_on": date(2000, 1, 1)}
                fields |= {"source": "cell", "nominated_on": clock.today()}
                operations.enter_candidate(submitted_by(clerk), cell=cell, **fields)
        except Exception as error:
            failed.append(error)
            raise
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(cell, a_clerk(of=cell))) for cell in cells]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert failed == []


def figures_as_known_on(moment, town):
    today = clock.today()
    return figures(asked(town, first=today.replace(month=1, day=1), last=today, as_at=today, known_on=moment))


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_no_former_database_stays")
def test_a_backup_made_while_others_write_is_restored_to_equal_figures(capsys, tmp_path, folder):
    the_procedures()
    town = a_town()
    cells = [a_cell(under=a_ward(under=town)) for _ in range(2)]
    admitted(cells[0])
    before, others = JournalEntry.objects.count(), Candidate.objects.count()
    with writing(cells, at_least=3):
        pass
    moment = JournalEntry.objects.latest("recorded_at").recorded_at
    with writing(cells, at_least=3):
        path = made(capsys)
    clerk = a_clerk(of=town)
    browser = Client()
    browser.force_login(clerk)
    (tmp_path / "accounts.txt").write_text("changed since")
    known_then, written = figures_as_known_on(moment, town), Candidate.objects.count()
    assert known_then["nominated"] >= 6

    printed = said(capsys, "restore", str(path))

    assert "Every figure agrees with the facts." in printed
    assert figures_as_known_on(moment, town) == known_then
    assert others + 6 <= Candidate.objects.count() <= written
    assert JournalEntry.objects.count() - before == Candidate.objects.count() - others  # each entry whole or not there
    assert not Person.objects.filter(pk=clerk.person_id).exists()  # came after the backup
    assert (Session.objects.count(), UserSession.objects.count()) == (0, 0)
    assert (tmp_path / "accounts.txt").read_text() == "as it was"
    assert restoring.verified_at(folder) is not None
    assert not list(folder.glob(".staging-*"))
    assert "What was there is kept: " in printed


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_no_former_database_stays")
def test_a_backup_of_an_older_version_is_brought_up_to_date(capsys):
    the_procedures()
    standing = a_candidate().standing
    CandidateStanding.objects.update(next_step="ceremony")  # as that version judged
    call_command("migrate", "account", "0008", verbosity=0)
    path = made(capsys)
    call_command("migrate", "account", verbosity=0)
    assert "Made by an older version of the program: migrations that follow, 1." in said(capsys, "restore", str(path))
    assert MigrationRecorder(connection).migration_qs.filter(app="account", name__startswith="0009").exists()
    assert CandidateStanding.objects.get(pk=standing.pk).next_step == standing.next_step != "ceremony"


# Refusals -------------------------------------------------------------------------------------------------------------


def lines_of(path):
    return path.read_bytes().splitlines(keepends=True)


def written_to(path, lines):
    path.write_bytes(b"".join(lines))


def flipped(path, _other):
    [head, *parts] = lines_of(path)
    middle = len(parts[0]) // 2
    written_to(path, [head, parts[0][:middle] + bytes([parts[0][middle] ^ 1]) + parts[0][middle + 1 :], *parts[1:]])


def cut(path, _other):
    os.truncate(path, path.stat().st_size - 40)


def without_its_last_part(path, _other):
    written_to(path, lines_of(path)[:-1])


def with_a_part_twice(path, _other):
    [head, first, *parts] = lines_of(path)
    written_to(path, [head, first, first, *parts])


def with_something_behind(path, _other):
    written_to(path, [*lines_of(path), b"more"])


def of_two(path, other):
    written_to(path, [*lines_of(path)[:2], *lines_of(other)[2:]])


def no_backup(path, _other):
    written_to(path, [b"SQLite format 3"])


def of_a_newer_kind(path, _other):
    [head, *parts] = lines_of(path)
    written_to(path, [head.replace(b'"format": 1', b'"format": 2'), *parts])


@pytest.fixture
def small_parts(monkeypatch):
    """Parts of 4 KiB, so that a small backup has many."""
    monkeypatch.setattr(stream, "_PART", 4096)


@contextlib.contextmanager
def refused(capsys, because):
    """The block's restore is refused with that reason; the database and the file are as they were."""
    Office.objects.update_or_create(defaults={"practice_day": date(2024, 10, 31)})
    with pytest.raises(CommandError) as refusal:
        yield
    assert str(refusal.value).startswith("Nothing was replaced. ")
    assert because in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert Office.objects.get().practice_day == date(2024, 10, 31)
    assert backup.FILES[0]().read_text() == "as it is"


@pytest.mark.django_db
@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize(
    ("spoil", "because"),
    [
        (flipped, "altered"),
        (cut, "truncated"),
        (without_its_last_part, "truncated"),
        (with_a_part_twice, "altered"),
        (with_something_behind, "altered"),
        (of_two, "parts of different backups"),
        (no_backup, "no backup of this program"),
        (of_a_newer_kind, "newer version"),
    ],
)
def test_an_unfit_backup_is_refused_with_the_reason(capsys, tmp_path, spoil, because):
    path, other = made(capsys), made(capsys)
    spoil(path, other)
    backup.FILES[0]().write_text("as it is")
    with refused(capsys, because):
        call_command("restore", str(path))


@pytest.mark.django_db
def test_a_backup_under_another_key_is_refused(capsys, settings):
    path = made(capsys)
    backup.FILES[0]().write_text("as it is")
    settings.SEALING_KEYS = [keys.new_key(32)]
    with refused(capsys, "not among SEALING_KEYS"):
        call_command("restore", str(path))


@pytest.mark.django_db
def test_an_older_key_opens_what_it_sealed(capsys, settings):
    path = made(capsys)
    settings.SEALING_KEYS = [keys.new_key(32), *settings.SEALING_KEYS]
    manifest, members = archive.read(path, settings.BACKUP_FOLDER, lambda manifest: None)
    assert sorted(members) == sorted(manifest.members) == ["database", "files/accounts.txt"]


def packed_anew(path, folder, change):
    """The same backup with another manifest: `change(manifest, members)` gives it."""
    unpacked = folder / "unpacked"
    unpacked.mkdir()
    manifest, members = archive.read(path, unpacked, lambda manifest: None)
    changed = folder / f"changed{making.SUFFIX}"
    archive.write(changed, change(manifest, members), members)
    return changed


def newer(manifest, _members):
    return dataclasses.replace(manifest, migrations=[*manifest.migrations, "reports.9999_of_tomorrow"])


def newer_manifest(manifest, _members):
    return dataclasses.replace(manifest, format=2)


def mixed(manifest, members):
    members["database"].write_bytes(members["database"].read_bytes() + b" ")
    return manifest


def without_a_file(manifest, members):
    del members["files/accounts.txt"]
    return manifest


def with_a_strange_file(manifest, members):
    return dataclasses.replace(manifest, members={**manifest.members, "files/../settings": "0" * 64})


def of_another_kind(manifest, _members):
    return dataclasses.replace(manifest, practice=not manifest.practice)


def of_another_database(manifest, _members):
    return dataclasses.replace(manifest, vendor="oracle")


def with_another_identity_key(manifest, _members):
    return dataclasses.replace(manifest, identity_key="0" * 64)


def with_other_counts(manifest, _members):
    return dataclasses.replace(manifest, counts={**manifest.counts, "membership_person": 5})


def no_database(manifest, members):
    members["database"].write_bytes(b"no database at all")
    return dataclasses.replace(manifest, members={**manifest.members, "database": archive.sha256(members["database"])})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "because"),
    [
        (newer, "newer version of the program, which has reports.9999_of_tomorrow"),
        (newer_manifest, "newer version of the program"),
        (mixed, "parts of different backups"),
        (without_a_file, "lacks “files/accounts.txt”"),
        (with_a_strange_file, "a file that has no place here"),
        (of_another_kind, "The backup is of a"),
        (of_another_database, "The backup is of oracle"),
        (with_another_identity_key, "another IDENTITY_KEY"),
        (with_other_counts, "membership_person has 0 rows, its manifest says 5"),
        (no_database, "refuses: "),
    ],
)
def test_a_backup_that_does_not_belong_here_is_refused(capsys, folder, change, because):
    path = packed_anew(made(capsys), folder, change)
    backup.FILES[0]().write_text("as it is")
    with refused(capsys, because):
        call_command("restore", str(path))
    assert restoring.verified_at(folder) is None


@pytest.mark.django_db(transaction=True)
def test_a_backup_whose_figures_differ_is_refused(capsys):
    the_procedures()
    a_candidate(a_cell(under=a_ward(under=a_town())))
    CandidateStanding.objects.update(stage="decision")
    path = made(capsys)
    backup.FILES[0]().write_text("as it is")
    with refused(capsys, "check_figures fails on the restored database"):
        call_command("restore", str(path))


# What else the commands say -------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_nothing_in_a_backup_can_be_read_without_the_key(capsys):
    Person.objects.create(full_name="Zoquamarker", sex="male", born_on=date(2000, 1, 1))
    backup.FILES[0]().write_text("zoquamarker")
    path = made(capsys)
    assert b"zoquamarker" not in path.read_bytes().lower()
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.django_db
def test_as_many_are_kept_as_wished(capsys, folder):
    paths = [made(capsys) for _ in range(2)]
    printed = said(capsys, "backup", "--keep", "2")
    assert f"removed {paths[0].name}" in printed
    assert making.present(folder)[1:] == paths[1:]
    with pytest.raises(CommandError, match="at least 1"):
        call_command("backup", "--keep", "0")


@pytest.mark.django_db
def test_two_do_not_run_at_once(folder):
    with making.alone(folder), pytest.raises(CommandError, match="Another backup or restore is running"):
        call_command("backup")


@pytest.mark.django_db
def test_what_a_killed_one_left_is_swept(capsys, folder):
    left = folder / ".staging-1"
    left.mkdir(parents=True)
    (left / "copy").write_text("unsealed")
    (folder / "x.backup.partial").write_text("half")
    made(capsys)
    assert not left.exists()
    assert [path.name for path in making.present(folder)] == [path.name for path in folder.glob("*.backup*")]


def test_a_restore_names_its_backup(capsys, folder):
    with pytest.raises(CommandError, match="the newest is none in"):
        call_command("restore")
    with pytest.raises(CommandError, match="There is no backup nowhere"):
        call_command("restore", "nowhere")


@pytest.mark.django_db
def test_a_missing_program_is_named(monkeypatch, capsys):
    if connection.vendor != "postgresql":
        assert (
            databases._missing("pg_dump") == "The program pg_dump is missing: install the package 'postgresql-client'."
        )
        return
    path = made(capsys)
    backup.FILES[0]().write_text("as it is")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(CommandError, match="pg_dump is missing: install the package 'postgresql-client'"):
        call_command("backup")
    with refused(capsys, "pg_restore is missing"):
        call_command("restore", str(path))
