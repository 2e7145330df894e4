"""A register file from the shell: the same reading, the same sentences, the same operations."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from foundation import clock
from foundation.days import parse_day
from foundation.operation import NotPermitted, OperationRefused, Submission
from foundation.tables import TableRefused, read
from membership.models import Template, User
from membership.operations import imports


class Command(BaseCommand):
    """Exit status 0: the file is in the register. Otherwise a sentence a wrong row, and nothing was stored."""

    help = "Take a file of units, members or workplaces into the register."

    def add_arguments(self, parser: Any) -> None:
        """FILE, what it holds, and who takes it."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--template", required=True, choices=Template.values)
        parser.add_argument("--actor", required=True, help="user name of the clerk")
        parser.add_argument("--as-on", help="day of the register, today if not given")
        parser.add_argument("--leave-out-wrong", action="store_true", help="take the right rows only")

    def handle(self, **options: Any) -> None:
        """The file is read, checked and applied."""
        path: Path = options["file"]
        actor = User.objects.filter(username=options["actor"], is_active=True).first()
        if not actor:
            raise CommandError(f"There is no account {options['actor']}.")
        try:
            with path.open("rb") as file:
                table = read(file, path.name)
                file.seek(0)
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            as_on = parse_day(options["as_on"]) if options["as_on"] else clock.today()
            batch = imports.upload_register(
                Submission(actor),
                template=options["template"],
                file_name=path.name,
                file_hash=digest,
                headers=table.headers,
                rows=table.rows,
                as_on=as_on,
            )
            wrong = [row for row in imports.checked(batch) if row.findings]
            for row in wrong:
                self.stderr.write(f"{row.number}: " + " ".join(str(sentence) for _column, sentence in row.findings))
            if wrong and options["leave_out_wrong"]:
                numbers = [row.number for row in wrong]
                batch = imports.mend_rows(Submission(actor), batch=batch, cells={}, left_out=numbers)
            imports.apply_register(Submission(actor), batch=batch)
        except (OSError, ValueError, TableRefused) as error:
            raise CommandError(str(error.args[0] if isinstance(error, ValueError) else error)) from error
        except NotPermitted as error:
            raise CommandError(f"{actor} may not import registers.") from error
        except OperationRefused as refusal:
            raise CommandError("\n".join(map(str, refusal.messages))) from refusal
        self.stdout.write(f"{path.name}: {len(table.rows)} rows read, {len(wrong)} wrong.")
