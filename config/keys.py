"""Where settings come from: the process environment, and the one file it names."""

import base64
import os
import secrets
import stat
import sys
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from config.guard import KEY_BYTES

PRACTICE_FILE = Path(__file__).resolve().parent.parent / "var" / "practice.env"


def settings_file() -> Path | None:
    """The file SETTINGS_FILE names, else the practice file if there is one; refuses a file that others can read."""
    named = os.environ.get("SETTINGS_FILE")
    path = Path(named) if named else PRACTICE_FILE
    if not path.is_file():
        if named:
            raise ImproperlyConfigured(f"SETTINGS_FILE names {path}, which does not exist or is no file.")
        return None
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise ImproperlyConfigured(f"SETTINGS_FILE {path} can be read by others: chmod 600 {path}")
    return path


def new_key(size: int) -> str:
    """That many random bytes as text: what SECRET_KEY, SEALING_KEYS and IDENTITY_KEY are made of."""
    return base64.urlsafe_b64encode(secrets.token_bytes(size)).decode()


def practice() -> str:
    """The settings of a practice office, with keys of its own."""
    return "\n".join(["PRACTICE=1", *_keys(), ""])


def production() -> str:
    """Settings a real office can start from: keys drawn, its own names to be filled in."""
    return "\n".join(["DATABASE_URL=postgres://office@127.0.0.1/office", "ALLOWED_HOSTS=office.invalid", *_keys(), ""])


def write_practice_file() -> None:
    """`var/practice.env` exists, readable by its owner only; one that is there stays as it is."""
    PRACTICE_FILE.parent.mkdir(mode=0o700, exist_ok=True)
    try:
        handle = os.open(PRACTICE_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w") as file:
        file.write(practice())


def _keys() -> list[str]:
    return [f"{name}={new_key(size)}" for name, size in KEY_BYTES.items()]


if __name__ == "__main__":
    if sys.argv[1:] == ["production"]:
        sys.stdout.write(production())
    else:
        write_practice_file()
