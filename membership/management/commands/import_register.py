"""A register file from the shell: the same reading, the same sentences, the same operations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from foundation import clock
from foundation.days import parse_day
from foundation.operation import NotPermitted, OperationRefused, Submission
from foundation.tables import read
from membership import register, scope
from membership.models import ImportBatch, Template, User
from membership.operations import imports


class Command(BaseCommand):
    """Exit status 0: the file is in the register. Otherwise a sentence a wrong row, and nothing was stored."""

    help = "Take a file of units, members or workplaces into the register."

    def add_arguments(self, parser: Any) -> None:
        """FILE, what it holds, and who takes it."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--template", choices=Template.values, help="what the file holds; by default what it says")
        parser.add_argument("--actor", help="user name of the clerk; by default the only one who may import")
        parser.add_argument("--as-on", help="day of the register, today if not given")
        parser.add_argument("--leave-out-wrong", action="store_true", help="take the right rows only")

    def handle(self, **options: Any) -> None:
        """The file is read, checked and applied."""
        actor = self._actor(options["actor"])
        try:
            batch = self._upload(Submission(actor), options)
            wrong = [row for row in imports.checked(batch, actor) if row.findings]
            for row in wrong:
                self.stderr.write(f"{row.number}: " + " ".join(str(sentence) for _column, sentence in row.findings))
            if wrong and options["leave_out_wrong"]:
                numbers = [row.number for row in wrong]
                batch = imports.mend_rows(Submission(actor), batch=batch, cells={}, left_out=numbers)
            imports.apply_register(Submission(actor), batch=batch)
        except NotPermitted as error:
            raise CommandError(f"{actor} may not import registers.") from error
        except OperationRefused as refusal:
            raise CommandError("\n".join(map(str, refusal.messages))) from refusal
        left = f", {len(wrong)} left out" if wrong else ""
        self.stdout.write(f"{batch.file_name}: {len(batch.rows) - len(wrong)} rows are in the register{left}.")

    def _actor(self, name: str | None) -> User:
        active = User.objects.filter(is_active=True)
        if name:
            if not (actor := active.filter(username=name).first()):
                raise CommandError(f"There is no account {name} that may sign in.")
            return actor
        able = [user for user in active.order_by("username") if scope.may(user, imports.CAPABILITY)]
        if len(able) != 1:
            names = ", ".join(user.username for user in able) or "nobody"
            raise CommandError(f"Say with --actor who takes the file: {names} may import.")
        return able[0]

    def _upload(self, submission: Submission, options: dict[str, Any]) -> ImportBatch:
        path: Path = options["file"]
        try:
            as_on = parse_day(options["as_on"]) if options["as_on"] else clock.today()
            with path.open("rb") as file:
                table = read(file, path.name)
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        if as_on > clock.today():
            raise CommandError("The day of the register is still to come.")
        if not (template := options["template"] or register.template_of(table.headers)):
            raise CommandError(f"Say with --template what the file holds: {', '.join(Template.values)}.")
        return imports.upload_register(
            submission,
            template=template,
            file_name=path.name,
            file_hash=table.sha256,
            headers=table.headers,
            rows=table.rows,
            lossy=table.lossy,
            as_on=as_on,
        )
