"""Where the accounts of the practice town are written down."""

from pathlib import Path

from django.conf import settings


def accounts_file() -> Path:
    """Beside an SQLite database, else in var/."""
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3") and Path(str(database["NAME"])).parent.is_dir():
        return Path(str(database["NAME"])).parent / "demo-accounts.txt"
    return Path(settings.BASE_DIR) / "var" / "demo-accounts.txt"
