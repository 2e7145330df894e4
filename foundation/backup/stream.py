"""The sealed file: a plain line that says what it is, then numbered parts, each encrypted and authenticated (Fernet).

Every part says which backup it belongs to, its number, and whether it is the last, so that none can be left out,
exchanged or added. The keys are drawn from SEALING_KEYS: a backup opens with the keys that open what is in it.
"""

import base64
import io
import json
import secrets
import struct
from typing import BinaryIO

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.encoding import force_bytes

from foundation.backup import BackupRefused

FORMAT = 1
_KIND = "party-admissions"
_PART = 1 << 20  # bytes
_LONGEST_LINE = 2 * _PART
_HEAD = struct.Struct(">16sI?")  # backup, number of the part, whether it is the last

ALTERED = "The backup was altered or damaged: one of its parts does not open."
TRUNCATED = "The backup is truncated: its last part is missing."
MIXED = "The backup is put together from parts of different backups."


class Sealer(io.RawIOBase):
    """Writes what it is given into `file`, sealed; closing writes the last part and leaves the file open."""

    def __init__(self, file: BinaryIO):
        self._file, self._buffer, self._number, self._name = file, bytearray(), 0, secrets.token_bytes(16)
        key, self._box = next(iter(_boxes().items()))
        file.write(json.dumps({"backup": _KIND, "format": FORMAT, "key": key}).encode() + b"\n")

    def writable(self) -> bool:
        """Yes."""
        return True

    def write(self, data: object) -> int:
        """All of it is taken."""
        given = memoryview(data)  # type: ignore[arg-type]
        self._buffer += given
        while len(self._buffer) > _PART:
            self._put(bytes(self._buffer[:_PART]))
            del self._buffer[:_PART]
        return given.nbytes

    def close(self) -> None:
        """The last part is written."""
        if not self.closed:
            self._put(bytes(self._buffer), last=True)
            super().close()

    def _put(self, data: bytes, *, last: bool = False) -> None:
        self._file.write(self._box.encrypt(_HEAD.pack(self._name, self._number, last) + data) + b"\n")
        self._number += 1


class Opener(io.RawIOBase):
    """Reads what was sealed; BackupRefused where the file is not whole, not of one piece, or not ours to open."""

    def __init__(self, file: BinaryIO):
        self._file, self._rest, self._number, self._name, self._ended = file, b"", 0, b"", False
        self._box = _box(file.readline(_LONGEST_LINE))

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, into: object) -> int:
        """As much as there is of a part."""
        view = memoryview(into)  # type: ignore[arg-type]
        while not self._rest and not self._ended:
            self._rest = self._next()
        size = min(len(view), len(self._rest))
        view[:size], self._rest = self._rest[:size], self._rest[size:]
        return size

    def finish(self) -> None:
        """All parts are read, to the last."""
        while self.read(_PART):
            pass

    def _next(self) -> bytes:
        line = self._file.readline(_LONGEST_LINE)
        if not line or (not line.endswith(b"\n") and len(line) < _LONGEST_LINE):
            raise BackupRefused(TRUNCATED)
        try:
            opened = self._box.decrypt(line[:-1])
            name, number, self._ended = _HEAD.unpack_from(opened)
        except (InvalidToken, struct.error):
            raise BackupRefused(ALTERED) from None
        if name != (self._name or name):
            raise BackupRefused(MIXED)
        if number != self._number or (self._ended and self._file.read(1)):
            raise BackupRefused(ALTERED)
        self._name, self._number = name, number + 1
        return opened[_HEAD.size :]


def _box(line: bytes) -> Fernet:
    """The key for the file that begins with this line."""
    try:
        head = json.loads(line)
        kind, form, key = head["backup"], head["format"], head["key"]
    except (ValueError, TypeError, KeyError):
        raise BackupRefused("This is no backup of this program, or its beginning was altered.") from None
    if kind != _KIND or not isinstance(form, int):
        raise BackupRefused("This is no backup of this program, or its beginning was altered.")
    if form > FORMAT:
        raise BackupRefused("The backup was made by a newer version of the program: restore it with that one.")
    if (box := _boxes().get(key)) is None:
        raise BackupRefused("The backup was sealed with a key that is not among SEALING_KEYS.")
    return box


def _boxes() -> dict[str, Fernet]:
    """A key for backups for each of SEALING_KEYS, by the name it has in a file; the first seals."""
    found = {}
    for key in settings.SEALING_KEYS:
        drawn = HKDF(SHA256(), length=48, salt=None, info=b"backup").derive(base64.urlsafe_b64decode(force_bytes(key)))
        found[drawn[32:].hex()] = Fernet(base64.urlsafe_b64encode(drawn[:32]))
    return found
