"""What is in a backup: a manifest, then the members it names, each with its SHA-256."""

import contextlib
import gzip
import hashlib
import io
import json
import os
import tarfile
import zlib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from foundation.backup import BackupRefused, stream

DATABASE = "database"  # the member that holds the database; the others are files/NAME
_MANIFEST = "manifest.json"
_LONGEST_MANIFEST = 16 << 20  # bytes
_BLOCK = 1 << 20


@dataclass
class Manifest:
    """What the backup says of itself, and what it must come to when it is restored."""

    made_at: str  # UTC
    practice: bool
    vendor: str
    identity_key: str  # fingerprint: shows whether the same IDENTITY_KEY is set
    migrations: list[str]  # app.name of each that was applied
    counts: dict[str, int]  # rows of each table
    members: dict[str, str]  # name -> SHA-256
    format: int = stream.FORMAT


def write(path: Path, manifest: Manifest, members: dict[str, Path]) -> None:
    """The backup lies at `path`, whole and on the disk, readable by its owner only; or it does not exist."""
    partial = path.with_name(f"{path.name}.partial")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        with contextlib.closing(stream.Sealer(file)) as sealer, _packed(sealer) as packed:
            _add(packed, _MANIFEST, json.dumps(asdict(manifest), indent=1).encode())
            for name, member in members.items():
                packed.add(member, name, recursive=False)
        file.flush()
        os.fsync(file.fileno())
    partial.rename(path)
    sync_folder(path.parent)


def read(path: Path, folder: Path, refuse: Callable[[Manifest], None]) -> tuple[Manifest, dict[str, Path]]:
    """Manifest and members, unpacked into `folder` and equal to their hashes. `refuse` sees the manifest first."""
    try:
        with path.open("rb") as file, stream.Opener(file) as opener:
            with (
                gzip.GzipFile(fileobj=opener, mode="rb") as unzipped,
                tarfile.open(fileobj=unzipped, mode="r|") as packed,
            ):
                manifest = _manifest(packed)
                refuse(manifest)
                members = _unpacked(packed, manifest, folder)
            opener.finish()
    except (tarfile.TarError, zlib.error, EOFError, gzip.BadGzipFile):
        raise BackupRefused(stream.ALTERED) from None
    return manifest, members


def sha256(path: Path) -> str:
    """Of the file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync_folder(folder: Path) -> None:
    """A file renamed in the folder stays so when the power goes."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def _packed(sealer: Any) -> Any:
    with (
        gzip.GzipFile(fileobj=sealer, mode="wb", compresslevel=1, mtime=0) as zipped,
        tarfile.open(fileobj=zipped, mode="w|", format=tarfile.PAX_FORMAT) as packed,
    ):
        yield packed


def _add(packed: tarfile.TarFile, name: str, data: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(data)
    packed.addfile(entry, io.BytesIO(data))


def _manifest(packed: tarfile.TarFile) -> Manifest:
    entry = packed.next()
    if entry is None or entry.name != _MANIFEST or entry.size > _LONGEST_MANIFEST:
        raise BackupRefused("The backup has no manifest.")
    try:
        said = json.loads(_file(packed, entry).read())
        if said["format"] > stream.FORMAT:
            raise BackupRefused("The backup was made by a newer version of the program: restore it with that one.")
        return Manifest(**said)
    except (ValueError, TypeError, KeyError):
        raise BackupRefused("The manifest of the backup cannot be read.") from None


def _unpacked(packed: tarfile.TarFile, manifest: Manifest, folder: Path) -> dict[str, Path]:
    found: dict[str, Path] = {}
    while entry := packed.next():
        if not entry.isfile() or entry.name not in manifest.members or entry.name in found:
            raise BackupRefused(stream.MIXED)
        target = folder / f"member-{len(found)}"
        digest = hashlib.sha256()
        with target.open("xb") as file, _file(packed, entry) as part:
            while block := part.read(_BLOCK):
                digest.update(block)
                file.write(block)
        if digest.hexdigest() != manifest.members[entry.name]:
            raise BackupRefused(stream.MIXED)
        found[entry.name] = target
    if missing := sorted(set(manifest.members) - set(found)):
        raise BackupRefused(f"The backup lacks “{missing[0]}”, which its manifest names.")
    return found


def _file(packed: tarfile.TarFile, entry: tarfile.TarInfo) -> Any:
    file = packed.extractfile(entry)
    if file is None:
        raise BackupRefused(stream.ALTERED)
    return file
