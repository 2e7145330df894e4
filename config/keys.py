"""Where settings come from: the process environment, and the one file it names."""

import base64
import os
import secrets
import stat
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

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


def new_key() -> str:
    """32 random bytes as text: what SECRET_KEY, SEALING_KEYS and IDENTITY_KEY are made of."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def write_practice_file() -> None:
    """`var/practice.env` exists, with keys of its own, readable by its owner only; one that is there stays as it is."""
    PRACTICE_FILE.parent.mkdir(mode=0o700, exist_ok=True)
    lines = ["PRACTICE=1", f"SECRET_KEY={new_key()}", f"SEALING_KEYS={new_key()}", f"IDENTITY_KEY={new_key()}"]
    try:
        handle = os.open(PRACTICE_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w") as file:
        file.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    write_practice_file()
