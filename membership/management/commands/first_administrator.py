"""manage.py first_administrator"""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from foundation.models import Office
from membership import accounts
from membership.models import User


class Command(BaseCommand):
    help = "Create the office's first administrator and print a one-time code; refuses where one can sign in already."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--username", help="asked for if not given")

    def handle(self, **options: Any) -> None:
        if User.objects.filter(is_superuser=True, is_active=True, password_changed_at__isnull=False).exists():
            raise CommandError("There is an administrator already: accounts are created in the administration.")
        username = User.normalize_username(options["username"] or _asked()).strip()
        user = User.objects.filter(username=username, is_superuser=True).first()
        user = user or User(username=username, is_staff=True, is_superuser=True)
        if user.pk is None:
            user.set_unusable_password()
            self._check(user)
        with transaction.atomic():
            if not settings.PRACTICE:
                Office.objects.get_or_create()  # from now on this is the database of a real office
            user.save()
            code = accounts.issue_code(user)
        self.stdout.write(f"User name: {user.username}\nOne-time code: {code}\n")
        self.stdout.write("Open /sign-in/code/ within 7 days and choose a password. The code works once.")

    def _check(self, user: User) -> None:
        try:
            user.full_clean(exclude=["password"])
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error


def _asked() -> str:
    try:
        return input("User name: ")
    except EOFError:
        raise CommandError("Nobody is there to be asked: name the account, --username NAME.") from None
