"""Accounts: who can sign in, from which browser, and how often it was tried."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.sessions.base_session import AbstractBaseSession
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _


class UserQuerySet(models.QuerySet["User"]):
    """Questions about accounts."""

    def visible_to(self, user: Any, capability: str = "access.write") -> "UserQuerySet":
        """Accounts of people appointed in the user's units; who sets up sees those without an appointment too."""
        from membership import scope
        from membership.models.access import Appointment

        if scope.reach(user, capability) is None:
            return self
        here = Appointment.objects.visible_to(user, capability)
        return self.filter(person__in=here.values("person"))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Makes accounts; without a password nobody can sign in until a one-time code is redeemed."""

    def create_user(self, username: str, password: str | None = None, **values: Any) -> "User":
        """A new account that may sign in, with the password if one is given."""
        user = self.model(username=self.model.normalize_username(username), **values)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **values: Any) -> "User":
        """A new account that may do everything: for set-up only."""
        return self.create_user(username, password, is_staff=True, is_superuser=True, **values)


class User(AbstractBaseUser, PermissionsMixin):
    """An account. Rights come from the appointments of its person, never from the account."""

    username = models.CharField(
        _("user name"),
        max_length=64,
        unique=True,
        validators=[RegexValidator(r"\A[a-z0-9][a-z0-9._-]*\Z", _("Use small letters, digits, dots and hyphens."))],
        error_messages={"unique": _("An account with this user name exists already.")},
    )
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_staff = models.BooleanField(_("uses the administration"), default=False)
    date_joined = models.DateTimeField(_("created"), default=timezone.now)
    language = models.CharField(_("language"), max_length=10, blank=True)
    password_changed_at = models.DateTimeField(_("password changed"), null=True, blank=True)
    must_change_password = models.BooleanField(_("must choose a password"), default=False)
    person = models.OneToOneField("membership.Person", models.PROTECT, null=True, blank=True, related_name="account")
    first_steps = models.BooleanField(default=True)  # shown on the first page until they are put away
    session_epoch = models.PositiveIntegerField(default=0)  # one more ends every session of the account

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")

    def __str__(self) -> str:
        return self.username

    def get_full_name(self) -> str:
        """What the frame shows for the account."""
        return self.username

    def get_short_name(self) -> str:
        """What the admin's greeting shows for the account."""
        return self.username

    def permission_units(self) -> list[Any]:
        """The units in which its holder has an office."""
        from membership.models.access import units_in_office

        return units_in_office(self.person_id)

    def permission_unit(self) -> Any:
        """The first of them; None where there is none."""
        return next(iter(self.permission_units()), None)

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        """Differs after a new password or epoch, so that Django ends the sessions that carry the old one."""
        proof = f"{self.password}:{self.session_epoch}"
        return salted_hmac("membership.User.session", proof, secret=secret, algorithm="sha256").hexdigest()


class Session(AbstractBaseSession):
    """What a browser is remembered by, and the account that is signed in with it (`membership/sessions.py`)."""

    account = models.ForeignKey(User, models.CASCADE, null=True, related_name="sessions")

    @classmethod
    def get_session_store_class(cls) -> type:
        """What reads and writes it."""
        from membership.sessions import SessionStore

        return SessionStore


class OneTimeCode(models.Model):
    """The code on an account's slip: with it, once and in time, its holder chooses a password."""

    user = models.OneToOneField(User, models.CASCADE, related_name="one_time_code")
    code_hash = models.CharField(max_length=256)  # hashed like a password: the slip is the only place that has it
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user_id}, until {self.expires_at:%Y-%m-%d}"


class KnownBrowser(models.Model):
    """A browser from which an account signed in before: strangers cannot use up its attempts."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64)
    signed_in_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="browser_known_once", fields=["token_hash", "user"])]

    def __str__(self) -> str:
        return f"{self.user_id}, {self.signed_in_at:%Y-%m-%d}"


class SignInBudget(models.Model):
    """Failed or unfinished attempts of the last hour under one key: account, address, both, or a known browser."""

    key = models.CharField(max_length=64, unique=True)  # a keyed hash: what was typed as a user name is kept nowhere
    attempts = models.JSONField(default=list)  # seconds since the epoch, oldest first
    touched_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.key[:8]}: {len(self.attempts)}"
